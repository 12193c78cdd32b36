// The form of a page: what was typed in it, and what colleagues have changed meanwhile. An answer of
// theirs is shown where nobody types; else it waits until the field is left or sent.

import { controlsOf, fieldsOf, setFields, isSame, questionOf } from "./fields.js";

export class Draft {
  // owner: isWaiting(question), merged(question, change), lacksRoom()
  constructor(form, owner) {
    Object.assign(this, { form, owner });
    this.field = form.elements[form.dataset.version ?? ".version"];
    this.version = Number(this.field.value); // of which the page shows all but `behind`
    this.behind = new Map(); // question: the version that the page shows of it
    this.known = new Map(); // question: its inputs as the server has them
    this.unseen = new Map(); // question: a change that could not be shown yet
    const asked = form.querySelectorAll('input[name=".clash"]');
    this.asked = new Set([...asked].map(({ value }) => value)); // the server asks: sent by the buttons
  }

  questions() {
    const found = new Set([...this.form.elements].map(questionOf));
    found.delete("");
    return [...found].filter((question) => !this.asked.has(question));
  }

  shown(question) {
    if (!this.known.has(question)) this.known.set(question, fieldsOf(this.form, question, true));
    return this.known.get(question);
  }

  versionOf(question) {
    return this.behind.get(question) ?? this.version;
  }

  // Return the inputs of a question where they are not those of `last`, or of what is known.
  typed(question, last) {
    const fields = fieldsOf(this.form, question);
    return isSame(question, fields, last ?? this.shown(question)) ? null : fields;
  }

  // Take over what others have changed since the version of the page.
  take({ version, changes, is_long: isLong }) {
    if (isLong || version < this.version) return;
    for (const change of changes) {
      this.hold(change.question, { ...change, version }, this.versionOf(change.question));
    }
    this.version = version;
    this.showUnseen();
  }

  // Keep in mind a change; `seen` is the version that the page shows of it until it is shown.
  hold(question, change, seen) {
    this.unseen.set(question, change);
    this.behind.set(question, seen);
  }

  // The server has what was sent; `answer` holds what stands instead, where a colleague's was merged.
  taken({ question, fields, at_version: at }, answer, version) {
    this.known.set(question, fields);
    if (!answer?.fields || isSame(question, answer.fields, fields)) return;
    this.hold(question, { ...answer, version }, at);
    this.showUnseen();
  }

  showUnseen() {
    for (const [question, change] of this.unseen) {
      if (!this.isBusy(question)) this.show(question, change);
    }
  }

  isBusy(question) {
    const isFocused = controlsOf(this.form, question).some(
      (control) => control === document.activeElement && /^(text|textarea)$/.test(control.type),
    );
    return isFocused || this.owner.isWaiting(question) || this.typed(question) !== null;
  }

  show(question, change) {
    const isNew = !isSame(question, fieldsOf(this.form, question), change.fields);
    if (isNew && !setFields(this.form, question, change.fields)) {
      this.owner.lacksRoom(); // for a text in one language more: the page has to come anew
      return;
    }
    this.settle(question, change.fields, change.version);
    if (!isNew) return;
    this.owner.merged(question, change);
    this.tellRules(question);
  }

  // Put an answer into its inputs; return false where there is no room.
  put(question, fields) {
    const isDone = setFields(this.form, question, fields);
    if (isDone) this.tellRules(question);
    return isDone;
  }

  // Put back what a page that is gone had in its inputs, where nothing was typed since.
  putBack(question, fields) {
    if (this.typed(question) === null) this.put(question, fields);
  }

  tellRules(question) {
    const [control] = controlsOf(this.form, question);
    control?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The page shows `fields` of this version.
  settle(question, fields, version) {
    this.known.set(question, fields);
    this.unseen.delete(question);
    if (version > this.version) this.behind.set(question, version);
    else this.behind.delete(question);
  }

  // Write into the form what a save by one of its buttons is to know.
  prepare(page, entries) {
    this.field.value = Math.min(this.version, ...this.behind.values());
    this.form.elements[".page"].value = page;
    this.form.querySelectorAll("input[data-operation]").forEach((input) => input.remove());
    for (const { id, order, question } of entries) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: `.op.${question}`, value: `${id}:${order}` });
      input.dataset.operation = "";
      this.form.append(input);
    }
  }
}
