// Saves by itself what is typed on a page of a draft, and says so only when the server has confirmed.
// What is not sent yet waits in this browser, encrypted, and is sent once, by this page or a later one.
// Protocol: app/web/operations.py. Without it the buttons of the page save as ever.

import { clashId, showClash, updateClash } from "./clash.js";
import { labelOf, questionOf, toRead } from "./fields.js";
import { Keeping } from "./keeping.js";
import { Following } from "./following.js";
import { Draft } from "./merging.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";
import { Told } from "./told.js";

const KEEP_AFTER = 150; // milliseconds after a key, in this browser
const SEND_AFTER = 1000; // on the server
const LONGEST_DELAY = 10_000; // while somebody types on and on

class Saving {
  constructor(root, form) {
    Object.assign(this, { root, form });
    this.page = newId();
    this.place = form?.dataset.place ?? "";
    this.queue = new Queue(newId);
    this.words = JSON.parse(root.dataset.words);
    this.sender = new Sender(this.queue, root, this);
    this.told = new Told(root, this.words, this);
    this.keeping = new Keeping(root, this.page, {
      adopt: (entries) => this.adopt(entries),
      changed: () => this.show(),
    });
    this.draft = form && new Draft(form, this);
    this.following = new Following(root, this);
  }

  async start() {
    if (this.form) this.listen();
    window.addEventListener("online", () => this.sender.push());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("beforeunload", (event) => this.goAway(event));
    document.addEventListener("visibilitychange", () => this.turn());
    this.show();
    this.noteAll();
    await this.keeping.start();
    await this.keepAll();
    await this.keeping.look();
    this.show();
    await this.sender.push();
    if (this.form) this.following.start();
    else this.keeping.watch();
  }

  listen() {
    this.form.autocomplete = "off"; // what is saved needs no copy that a browser brings back
    this.form.addEventListener("input", ({ target }) => this.typed(target, false));
    this.form.addEventListener("change", ({ target }) => this.typed(target, true));
    this.form.addEventListener("focusout", () => setTimeout(() => this.draft.showUnseen()));
    this.form.addEventListener("submit", (event) => this.submit(event));
  }

  typed(control, isDone) {
    const question = questionOf(control);
    if (!question || this.draft.asked.has(question)) return;
    if (!this.note(question) && !(isDone && this.isWaiting(question))) return;
    this.following.touch();
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => this.keepAll(), isDone ? 0 : KEEP_AFTER);
    this.firstTyped ??= performance.now(); // no clock that can jump
    const delay = isDone || performance.now() - this.firstTyped > LONGEST_DELAY ? 0 : SEND_AFTER;
    clearTimeout(this.sendTimer);
    this.sendTimer = setTimeout(() => this.send(), delay);
    this.show();
  }

  // Take what stands in a question now; return whether it is new.
  note(question) {
    const last = this.clashOf(question) ?? this.queue.lastOf(question, this.page);
    const fields = this.draft.typed(question, last?.fields);
    if (!fields) return false;
    const text = toRead(this.form, question, fields);
    if (last?.state === "clash") {
      updateClash(this.form, Object.assign(last, { fields, text }), this.words);
      return true;
    }
    if (last?.state === "refused") this.forget([last]);
    const { account, locale, draft } = this.root.dataset;
    const { page, place } = this;
    const common = { page, place, account, locale, draft, label: labelOf(this.form, question) };
    this.queue.note(question, fields, this.draft.versionOf(question), { ...common, text });
    return true;
  }

  noteAll() {
    this.draft?.questions().forEach((question) => this.note(question));
  }

  async keepAll() {
    const fresh = this.queue.entries.filter((entry) => !this.keeping.isKept(entry));
    await Promise.all(fresh.map((entry) => this.keeping.keep(entry)));
    if (fresh.length) this.show();
  }

  async send() {
    this.firstTyped = null;
    if (this.sender.trouble) return; // its own clock tries again
    await this.sender.push();
    if (this.queue.waiting().length && !this.sender.trouble) await this.sender.push();
  }

  turn() {
    if (document.visibilityState === "hidden") this.keepAll().then(() => this.send());
    else if (this.sender.trouble) this.sender.push();
  }

  // What was typed last is put away now, before the page is gone; where it could be lost, one is asked.
  goAway(event) {
    if (this.isSubmitting) return;
    this.noteAll();
    const { entries } = this.queue;
    if (!entries.length || (this.keeping.isReady() && entries.every((each) => this.keeping.isKept(each)))) return;
    this.keepAll();
    if (this.sender.trouble || !this.keeping.isReady()) event.preventDefault();
  }

  leave() {
    if (this.isSubmitting) return;
    this.noteAll();
    for (const entry of this.queue.waiting()) {
      if (!entry.isTried && this.keeping.isOutdated(entry)) this.queue.renew(entry);
    }
    this.sender.leave();
  }

  // The buttons save as ever; the server knows by its id what was about to be sent.
  submit(event) {
    this.noteAll();
    const isAway = !navigator.onLine || ["offline", "unreachable"].includes(this.sender.trouble);
    if (isAway && this.queue.waiting().length && !this.isWarned) {
      event.preventDefault();
      this.isWarned = true;
      this.told.say(this.words.stay);
      this.retry(event.submitter);
      return;
    }
    const own = this.queue.waiting().filter(({ page }) => page === this.page);
    for (const entry of own) entry.isTried = true;
    own.forEach((entry) => this.keeping.keep(entry));
    this.draft.prepare(this.page, own);
    this.isSubmitting = true;
    setTimeout(() => (this.isSubmitting = false), LONGEST_DELAY);
  }

  async retry(button) {
    await this.keepAll();
    await this.sender.push();
    this.show();
    if (!this.sender.trouble) this.form.requestSubmit(button);
  }

  // Entries that pages left which are gone.
  adopt(entries) {
    const fresh = this.queue.adopt(entries);
    for (const entry of fresh) if (entry.state === "clash") this.ask(entry);
    this.show();
    if (fresh.length) this.sender.push().then(() => this.following.look());
  }

  isHere(entry) {
    return Boolean(this.form) && entry.place === this.place;
  }

  isWaiting(question) {
    return this.queue.entries.some((entry) => this.isHere(entry) && entry.question === question);
  }

  // For the sender

  keep(entry) {
    return this.keeping.keep(entry);
  }

  forget(entry) {
    if (!Array.isArray(entry)) return this.keeping.forget(entry);
    for (const each of entry) {
      this.queue.remove(each);
      this.keeping.forget(each);
    }
    return this.show();
  }

  forgetLost() {
    return this.keeping.forgetLost();
  }

  answered(entry, told, body) {
    this.savedAt = body.saved_at ?? this.savedAt;
    this.isWarned = false;
    if (told.result === "clash") this.ask(entry);
    if (body.is_open_again) this.told.note("is_open_again");
    if (!this.isHere(entry) || entry.page !== this.page) return;
    if (told.result === "applied" || told.result === "same") {
      this.draft.taken(entry, told.answers[0], told.version);
    }
    if (body.came_back.includes(this.place)) this.told.note("came_back");
    if (location.pathname.endsWith("/add")) this.moveToRow();
  }

  // A new row is there now: shown anew, its page is that of the row.
  moveToRow() {
    const back = this.form.elements.from?.value;
    history.replaceState(null, "", this.form.action + (back ? `?from=${encodeURIComponent(back)}` : ""));
  }

  clashOf(question) {
    return this.queue.ofState("clash").find((entry) => this.isHere(entry) && entry.question === question);
  }

  // Show what has become of theirs, while one has not chosen yet.
  followClashes({ changes, version }) {
    for (const change of changes) {
      const entry = this.clashOf(change.question);
      if (!entry) continue;
      const isNew = change.html !== entry.theirs.html;
      Object.assign(entry, { theirs: change, version });
      if (isNew) this.ask(entry);
    }
  }

  ask(entry) {
    if (!this.isHere(entry) || !entry.theirs) return;
    const { question } = entry;
    if (this.draft.asked.has(question)) {
      this.forget([entry]); // the page asks already, and its buttons send the choice
      return;
    }
    for (const each of this.queue.entries.filter((one) => one !== entry && one.question === question)) {
      if (!this.isHere(each) || (each.state === "waiting" && each.isTried)) continue;
      if (each.order > entry.order) Object.assign(entry, { fields: each.fields, text: each.text });
      this.forget([each]);
    }
    this.draft.putBack(question, entry.fields);
    showClash(this.form, entry, this.words, (isMine) => this.choose(entry, isMine));
  }

  choose(entry, isMine) {
    const { question, theirs, version } = entry;
    this.forget([entry]);
    this.draft.settle(question, theirs.fields, version);
    if (isMine) this.note(question);
    else if (!this.draft.put(question, theirs.fields)) this.lacksRoom();
    this.keepAll();
    this.send();
    this.show();
  }

  placeOf(entry) {
    if (this.isHere(entry)) return `#${clashId(entry.question)}`;
    return `${this.root.dataset.home}/draft/${entry.place}`;
  }

  async renewed() {
    return this.following.look();
  }

  async signedIn() {
    await this.keeping.renew(this.queue.entries);
    this.show();
  }

  // For merging

  merged(question, change) {
    this.told.say(change.told ?? this.words.merged.replace("%(question)s", labelOf(this.form, question)));
  }

  lacksRoom() {
    this.told.note("much");
    this.show();
  }

  show() {
    const { trouble, sentence } = this.sender;
    this.told.show({
      entries: this.queue.entries,
      trouble,
      sentence,
      savedAt: this.savedAt,
      isKept: this.keeping.isReady(),
      canKeep: this.keeping.canKeep,
      lost: this.keeping.lost.length,
      isForm: Boolean(this.form),
    });
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const root = document.querySelector("[data-saving]");
if (root) new Saving(root, document.querySelector("form[data-place]")).start();
