// One answer that two people have changed: both texts at the question, and a choice. As the block of
// templates/entry/clash.html, but that a button chooses at once.

import { controlsOf, labelOf, toRead } from "./fields.js";
import { filled, made } from "./words.js";

function blockOf(form, question) {
  return [...form.querySelectorAll("fieldset.clash[data-clash]")].find(
    ({ dataset }) => dataset.clash === question,
  );
}

export const clashId = (question) => `clash-q-${question.replaceAll(".", "-")}`;

// Show a clash, or what has become of it; `choose(isMine)` is called once.
export function showClash(form, entry, words, choose) {
  const { question, theirs } = entry;
  const [control] = controlsOf(form, question).filter(({ type }) => type !== "hidden");
  const around = control?.closest("[data-explanation], [data-element]");
  if (!around) return null;
  const block = blockOf(form, question) ?? around.insertAdjacentElement("afterbegin", empty(question));
  const told = theirs.theirs?.told ?? theirs.told ?? "";
  block.replaceChildren(
    made("legend", "", filled(words.clash, { question: labelOf(form, question) })),
    bothOf(toRead(form, question, entry.fields), theirs.html, told, words),
    made("p", "", words.which),
    hidden(question),
    buttons(words, (isMine) => {
      block.remove();
      choose(isMine);
      control.focus();
    }),
  );
  return block;
}

// One's own text has changed in its field.
export function updateClash(form, { question, text }, words) {
  const own = blockOf(form, question)?.querySelector(".clash-mine");
  if (own) own.textContent = text || words.not_answered;
}

function empty(question) {
  const block = made("fieldset", "clash");
  block.dataset.clash = question;
  block.id = clashId(question);
  block.tabIndex = -1;
  return block;
}

function bothOf(mine, html, told, words) {
  const list = made("dl", "before-after");
  const theirs = made("dd", "");
  theirs.innerHTML = html || ""; // as our server writes every answer
  if (!theirs.textContent.trim()) theirs.textContent = words.not_answered;
  const title = made("dt", "", words.theirs);
  title.append(" ", made("span", "soft", told));
  const own = made("dd", "clash-mine", mine || words.not_answered);
  own.dir = "auto";
  list.append(pair(title, theirs), pair(made("dt", "", words.mine), own));
  return list;
}

function pair(...parts) {
  const found = made("div", "");
  found.append(...parts);
  return found;
}

// For the buttons of the form: the question is asked, and nothing was chosen.
function hidden(question) {
  return Object.assign(made("input", ""), { type: "hidden", name: ".clash", value: question });
}

function buttons(words, choose) {
  const line = made("p", "actions");
  for (const [text, isMine] of [[words.keep_mine, true], [words.keep_theirs, false]]) {
    const button = made("button", "button button-secondary button-small", text);
    button.type = "button";
    button.addEventListener("click", () => choose(isMine));
    line.append(button);
  }
  return line;
}
