// A page of a draft that follows its own rules while somebody types. It moves no focus, loses
// nothing that was typed, and shows what a save would show; without it a save does it all.

import { canFollow, prepare, stateOf } from "./page.js";
import { filled, made } from "./words.js";

const MISSING = ["required", "too_few_rows"]; // told when asked for, not while people write
const LOOKS = { problem: "field-error", warning: "field-warning", note: "field-note" };

class Draft {
  constructor(form, page) {
    this.form = form;
    this.page = page;
    this.status = form.querySelector("[data-told]");
    this.tellsMissing = "tellsMissing" in form.dataset;
    const fresh = form.querySelectorAll("[data-new]");
    this.fresh = new Set([...fresh].map((block) => block.dataset.element));
  }

  // Show what a save would; new problems only when somebody has left the field (`isSettled`).
  follow(isSettled) {
    this.told = [];
    for (const state of stateOf(this.page, this.posted())) {
      const block = this.ask(state);
      if (block && state.isAsked) {
        this.markOptional(block, state);
        if (state.element.rule) this.showValue(state);
        this.tell(block, state, isSettled);
      }
    }
    if (this.told.length) this.status.textContent = this.told.join(" ");
  }

  posted() {
    const posted = new Map();
    for (const [name, value] of new FormData(this.form)) {
      posted.set(name, [...(posted.get(name) ?? []), value]);
    }
    return posted;
  }

  // Let an element appear or vanish; return its block, null while it waits in its template.
  ask({ element: { id: own, matrix }, isAsked }) {
    const id = matrix ?? own;
    const block = this.block("element", id, isAsked);
    if (block && (block.hidden || block.isFresh) === isAsked) {
      block.hidden = !isAsked;
      if (block.isFresh) this.fresh.add(id);
      block.isFresh = false;
      const { asked, not_asked: notAsked } = this.page.words;
      this.told.push(filled(isAsked ? asked : notAsked, { question: labelOf(block) }));
    }
    return block;
  }

  // Return the element with data-<kind>; `isWanted` takes it out of its template.
  block(kind, id, isWanted) {
    const find = () => this.form.querySelector(`[data-${kind}="${id}"]`);
    const waiting = this.form.querySelector(`template[data-waiting="${id}"]`);
    if (!waiting || !isWanted) return find();
    waiting.replaceWith(waiting.content.cloneNode(true));
    const block = find();
    block.isFresh = true;
    return block;
  }

  markOptional(block, { element, isRequired }) {
    const label = element.required && block.querySelector(".question-label");
    const mark = label?.querySelector(".optional");
    if (mark && isRequired) mark.remove();
    if (label && !mark && !isRequired) label.append(" ", made("span", "optional", this.page.words.optional));
  }

  // Show what is calculated, as the server writes it.
  showValue({ element: { id, gives, unit = "" }, value }) {
    const { words, numbers, days } = this.page;
    let shown = made("span", "text-answer", value ?? "");
    shown.dir = "auto";
    if (value === null) shown = made("span", "soft", words.not_answered);
    else if (gives === "number") shown = numberOf(value, numbers) + (unit && ` ${unit}`);
    else if (gives === "date") {
      shown = made("time", "", dayOf(value, days));
      shown.dateTime = value;
    }
    const output = this.form.querySelector(`#${anchorOf(id)}`);
    const text = shown.textContent ?? shown;
    if (output.textContent.trim() !== text) output.replaceChildren(shown);
  }

  tell(block, { element, problems }, isSettled) {
    const own = element.type ? `[data-problems="${anchorOf(element.id)}"]` : "[data-problems]";
    const slot = block.querySelector(own);
    if (!slot) return;
    const isMissingTold = this.tellsMissing && !this.fresh.has(element.matrix ?? element.id);
    const before = [...slot.children].map((line) => line.className + textOf(line));
    const isNew = (problem) => !before.includes(LOOKS[problem.severity] + problem.text.trim());
    const shown = problems.filter(
      (problem) => (isMissingTold || !MISSING.includes(problem.code)) && (isSettled || !isNew(problem)),
    );
    const told = shown.filter(isNew);
    if (told.length || shown.length !== before.length) {
      const { words } = this.page;
      slot.replaceChildren(...shown.map((problem, n) => lineOf(problem, idOf(slot, n), words)));
      for (const { text } of told) {
        this.told.push(filled(words.told, { question: labelOf(block), problem: text }));
      }
    }
    this.describe(block, element, slot, shown);
    this.explain(element, slot, shown);
  }

  // Tie the problems to the inputs, as the server does.
  describe(block, { id, matrix }, slot, shown) {
    const question = block.querySelector(":scope > .question");
    if (!question) return;
    const isWrong = shown.some(({ severity, code }) => severity === "problem" || code === "explain");
    const isGroup = !matrix && question.matches("fieldset");
    if (matrix) slot.closest("tr").classList.toggle("matrix-wrong", isWrong);
    else question.classList.toggle("field-wrong", isWrong);
    const ways = matrix ? [id, `${id}.nothing`] : [id]; // of a matrix, each box says its problems
    const inputs = ways.flatMap((name) => [...question.querySelectorAll(`[name="${name}"]:not([type="hidden"])`)]);
    for (const input of isGroup ? [question] : inputs) {
      const others = (input.getAttribute("aria-describedby") ?? "").split(" ");
      const kept = others.filter((other) => other && !other.startsWith(idOf(slot, "")));
      set(input, "aria-describedby", [...kept, ...shown.map((_, n) => idOf(slot, n))].join(" "));
      if (!isGroup && !["radio", "checkbox"].includes(input.type)) set(input, "aria-invalid", isWrong ? "true" : "");
    }
  }

  // Ask for the explanation of each warning that is told.
  explain({ checks = [] }, slot, shown) {
    for (const { id } of checks.filter(({ severity }) => severity === "warning")) {
      const position = shown.findIndex(({ check }) => check === id);
      const name = `${id}.explanation`;
      const block = this.block("explanation", name, position >= 0);
      if (!block) continue;
      block.hidden = position < 0;
      for (const input of block.querySelectorAll(`[name="${name}"]`)) {
        set(input, "aria-describedby", position < 0 ? "" : idOf(slot, position));
      }
    }
  }
}

const idOf = (slot, n) => `${slot.dataset.problems}-problem-${n === "" ? n : n + 1}`;
const anchorOf = (id) => `q-${id.replaceAll(".", "-")}`;
const textOf = (line) => line.lastChild.textContent.trim();

function labelOf(block) {
  const label = block.querySelector(".question-label, h2, .question p");
  return label?.firstChild.textContent.trim() ?? "";
}

function numberOf(value, { group, point }) {
  const [whole, places] = value.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=([0-9]{3})+$)/g, group);
  return (value.startsWith("-") ? "-" : "") + grouped + (places ? point + places : "");
}

// `days`: the 22nd of each month of the year 3333, as the server writes it.
function dayOf(value, days) {
  const [year, month, day] = value.split("-").map(Number);
  return days[month - 1].replace("3333", year).replace("22", day);
}

function lineOf({ severity, text }, id, { severities }) {
  const line = made("p", LOOKS[severity], "");
  line.id = id;
  line.append(made("span", "visually-hidden", `${severities[severity]}:`), ` ${text}`);
  return line;
}

function set(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

// Tell whether anything was typed before we came, or brought back by the browser.
function isTouched(form) {
  return [...form.elements].some((control) => {
    if (control.type === "radio" || control.type === "checkbox") {
      return control.checked !== control.defaultChecked;
    }
    if (control.tagName === "SELECT") {
      const chosen = [...control.options].findIndex((option) => option.defaultSelected);
      return control.selectedIndex !== Math.max(chosen, 0);
    }
    return "defaultValue" in control && control.value !== control.defaultValue;
  });
}

async function start(form) {
  const answer = await fetch(form.dataset.rules).catch(() => null);
  const page = answer?.ok ? prepare(await answer.json()) : null;
  if (!page || !canFollow(page)) return;
  const draft = new Draft(form, page);
  form.addEventListener("input", () => draft.follow(false));
  form.addEventListener("change", () => draft.follow(true));
  if (isTouched(form)) draft.follow(true);
  form.dataset.isFollowed = "";
}

const form = document.querySelector("form[data-rules]");
if (form) start(form);
