// The inputs of a question as a form posts them: read, compared and filled in.

const PARTS = /\.(language|nothing)$/;

// Return the id of the question that a control belongs to; empty if it is none.
export function questionOf(control) {
  return control.name && control.closest(".question") ? control.name.replace(PARTS, "") : "";
}

export function controlsOf(form, question) {
  const names = [question, `${question}.language`, `${question}.nothing`];
  return [...form.elements].filter((each) => names.includes(each.name) && each.closest(".question"));
}

// Return {name: texts}; as the page came, where `isShown`.
export function fieldsOf(form, question, isShown = false) {
  const fields = {};
  for (const control of controlsOf(form, question)) {
    const value = valueOf(control, isShown);
    if (value !== null) (fields[control.name] ??= []).push(value);
  }
  return fields;
}

function valueOf(control, isShown) {
  if (control.type === "radio" || control.type === "checkbox") {
    return (isShown ? control.defaultChecked : control.checked) ? control.value : null;
  }
  if (control.tagName !== "SELECT") return isShown ? control.defaultValue : control.value;
  const shown = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
  return isShown ? shown.value : control.value;
}

// Tell whether two sets of inputs hold the same answer.
export function isSame(question, one, other) {
  return meant(question, one) === meant(question, other);
}

function meant(question, fields) {
  const texts = (fields[question] ?? []).map((text) => text.replaceAll("\r\n", "\n"));
  const languages = fields[`${question}.language`];
  const given = texts.map((text, n) => (languages ? [languages[n], text] : text));
  const nothing = fields[`${question}.nothing`] ?? [];
  return JSON.stringify([given.filter((_, n) => texts[n].trim()).sort(), nothing.filter(Boolean)]);
}

// Fill in an answer; return false, and change nothing, where the page has no room for it.
export function setFields(form, question, fields) {
  const values = fields[question] ?? [];
  const languages = fields[`${question}.language`] ?? [];
  const nothing = fields[`${question}.nothing`] ?? [];
  const controls = controlsOf(form, question);
  const named = (suffix) => controls.filter(({ name }) => name === question + suffix);
  const boxes = named("").filter(isBox);
  const selects = named("").filter(({ tagName }) => tagName === "SELECT");
  const lacks = selects.some(({ options }) => ![...options].some(({ value }) => value === (values[0] ?? "")));
  if (lacks || (boxes.length && values.length > boxes.length)) return false;
  boxes.forEach((box, n) => set(box, values[n] ?? ""));
  for (const select of selects) select.value = values[0] ?? "";
  named("").filter(isTicked).forEach((each) => (each.checked = each.value !== "" && values.includes(each.value)));
  named(".nothing").filter(isTicked).forEach((each) => (each.checked = nothing.includes(each.value)));
  named(".language").forEach((select, n) => {
    if (languages[n]) select.value = languages[n];
    if (boxes[n]) write(boxes[n], select);
  });
  return true;
}

const isBox = ({ tagName, type }) => tagName === "TEXTAREA" || type === "text";
const isTicked = ({ type }) => type === "radio" || type === "checkbox";

function set(box, text) {
  if (box.value !== text) box.value = text;
}

function write(box, select) {
  box.lang = select.selectedOptions[0]?.lang ?? "";
  box.dir = select.value === "ar" ? "rtl" : "ltr";
}

// Return what the inputs hold, to be read: the words of what is chosen, else the texts.
export function toRead(form, question, fields) {
  const controls = controlsOf(form, question);
  const texts = Object.entries(fields).flatMap(([name, values]) =>
    name.endsWith(".language") ? [] : values.map((value) => wordsOf(controls, name, value)),
  );
  return texts.filter((text) => text.trim()).join("\n");
}

function wordsOf(controls, name, value) {
  const control = controls.find((each) => each.name === name && each.value === value && isTicked(each));
  if (control) return control.labels[0]?.textContent.replace(/\s+/g, " ").trim() ?? value;
  const select = controls.find((each) => each.name === name && each.tagName === "SELECT");
  return [...(select?.options ?? [])].find((option) => option.value === value)?.label ?? value;
}

// Return what a question is called.
export function labelOf(form, question) {
  const [control] = controlsOf(form, question).filter(({ type }) => type !== "hidden");
  const around = control?.closest(".question");
  const row = control?.closest("tr")?.querySelector("th > span");
  const label = around?.querySelector(".question-label")?.firstChild.textContent.trim() ?? question;
  return row ? `${label}: ${row.textContent.trim()}` : label;
}
