// One page of a draft as it would be after a save: what is asked, and what is wrong.
// The same as app/forms/answers.py (reading) and app/forms/checks.py (problems); no document here.

import { Level } from "./levels.js";
import { compare, decimal } from "./decimal.js";
import { fails, holds } from "./rules.js";
import { clean, decimalNumber, trim, typedDate, wholeNumber } from "./typed.js";

const LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"];
const READERS = {
  integer: ([given], { locale }) => wholeNumber(given, locale),
  decimal: ([given], { locale }) => decimalNumber(given, locale),
  date: ([given], { locale, months }) => typedDate(given, locale, months),
  select_one: ([given]) => given,
  reference: ([given]) => given,
  select_multiple: (given) => given,
};

const isTyped = (type) => type !== "note" && type !== "calculated";

// Take what the server says of a page; `elements` become Maps by id.
export function prepare(rules) {
  return { ...rules, elements: byId(rules.elements) };
}

function byId(elements) {
  return new Map(elements.map((element) => [element.id, prepared(element)]));
}

const prepared = (element) =>
  element.elements ? { ...element, elements: byId(element.elements) } : element;

// Tell whether all types of question on the page are known here; else a save does it all.
export function canFollow(page) {
  const isKnown = ({ type }) => !type || type === "text" || !isTyped(type) || type in READERS;
  return elementsOf(page).every(isKnown);
}

// Return the elements of the page itself, in form order.
export function elementsOf(page) {
  let elements = page.elements;
  for (const [container] of page.steps) elements = elements.get(container).elements;
  return [...elements.values()].filter((element) => page.asks.includes(element.id));
}

// Return the state of each element of the page, when `posted` (Map of name to texts) is saved:
// {element, isAsked, value, isRequired, problems: [{code, severity, check?, text}]}.
export function stateOf(page, posted) {
  const elements = elementsOf(page);
  const level = levelOf(page, { ...page.answers, ...readAnswers(elements, posted, page) });
  return elements.map((element) => ({
    element,
    isAsked: level.isAsked(element.id),
    value: element.rule ? level.workedOut(element) : null,
    isRequired: Boolean(element.required) && holds(element.required, level.scope),
    problems: level.isAsked(element.id) ? [...problemsOf(level, element, page)] : [],
  }));
}

function levelOf(page, answers) {
  const raw = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== null));
  let level = new Level(page.elements, placed(page.elements, page.document, page.steps, raw));
  for (const [container, key] of page.steps) {
    const rows = level.rowsOf(level.elements.get(container));
    level = rows.find(([name]) => name === key)[1];
  }
  return level;
}

// Return a copy of the document with these answers at the place that the steps lead to.
function placed(elements, document, steps, answers) {
  if (!steps.length) return { ...document, ...answers };
  const [[id, key], ...rest] = steps;
  const { items, elements: inner } = elements.get(id);
  const inside = (old) => placed(inner, old, rest, answers);
  if (items) {
    const held = document[id] ?? {};
    return { ...document, [id]: { ...held, [key]: inside(held[key] ?? {}) } };
  }
  const held = document[id] ?? [];
  const isThere = held.some(({ row }) => row === key);
  const rows = isThere ? held : [...held, { row: key, answers: {} }];
  const changed = rows.map(({ row, answers: old }) => ({
    row,
    answers: row === key ? inside(old) : old,
  }));
  return { ...document, [id]: changed };
}

// Reading

// Return the answers to the questions that `posted` speaks of; null where one was cleared.
export function readAnswers(elements, posted, page) {
  const answers = {};
  const questions = elements.flatMap((element) => [
    ...(element.type ? [element] : []),
    ...explanationsOf(element),
  ]);
  for (const question of questions) {
    const { id, type } = question;
    if (isTyped(type) && (posted.has(id) || posted.has(`${id}.nothing`))) {
      answers[id] = readOne(question, posted, page) ?? nothing(question, posted);
    }
  }
  return answers;
}

const explanationsOf = ({ checks = [] }) =>
  checks
    .filter(({ severity }) => severity === "warning")
    .map(({ id }) => ({ id: `${id}.explanation`, type: "text", hasLanguage: true }));

function readOne({ id, type, hasLanguage, problem }, posted, page) {
  const values = (posted.get(id) ?? []).map(clean);
  if (type === "text") {
    if (!hasLanguage) return values.find((value) => value) ?? null;
    return texts(values, posted.get(`${id}.language`) ?? [], page.language);
  }
  const given = values.map(trim).filter((value) => value);
  if (!given.length) return null;
  const answer = READERS[type](given, page);
  return answer ?? { typed: given.join("\n"), locale: page.locale, problem };
}

function nothing({ id, allow = [] }, posted) {
  const kind = posted.get(`${id}.nothing`)?.find((given) => allow.includes(given));
  return kind ? { nothing: kind } : null;
}

// Return texts by language; two in the same language stand one after the other.
function texts(values, languages, usual) {
  const found = {};
  values.forEach((text, position) => {
    const known = LANGUAGES.includes(languages[position]);
    const language = known ? languages[position] : usual;
    if (trim(text)) found[language] = { text: [found[language]?.text, text].filter(Boolean).join("\n") };
  });
  return Object.keys(found).length ? found : null;
}

// Problems

function* problemsOf(level, element, page) {
  if (element.type) yield* ofQuestion(level, element, page);
  else yield* page.limits?.[element.id] ?? [];
  const scope = level.scopeOfChecks(element);
  for (const { id, rule, severity, text } of element.checks ?? []) {
    if (fails(rule, scope)) {
      const isExplained = Object.hasOwn(level.raw, `${id}.explanation`);
      const code = severity === "warning" && !isExplained ? "explain" : "check";
      yield { code, severity, check: id, text };
    }
  }
}

function* ofQuestion(level, element, { words, told = {} }) {
  const { id, type, required } = element;
  if (!isTyped(type)) return;
  const answer = Object.hasOwn(level.raw, id) ? level.raw[id] : null;
  const isMissing = answer === null && required && holds(required, level.scope);
  const code = isMissing ? "required" : typeof answer?.typed === "string" && answer.problem;
  if (code) yield { code, severity: "problem", text: words.sentences[code] };
  for (const [broken, choice = ""] of brokenLimits(element, answer)) {
    const text = told[id]?.[broken + choice] ?? broken;
    yield { code: broken, severity: "problem", text: text.replace("%(chosen)s", answer.length) };
  }
}

// Yield the code of each limit that an answer breaks, with the choice that it is about.
function* brokenLimits({ type, range, choose }, answer) {
  if (range && typeof answer === "string") {
    const order = (a, b) =>
      type === "date" ? (a < b ? -1 : Number(a > b)) : compare(decimal(a), decimal(b));
    const isBelow = range.least && order(answer, range.least) < 0;
    if (isBelow || (range.most && order(answer, range.most) > 0)) yield [range.code];
  }
  if (!choose || !Array.isArray(answer)) return;
  const alone = choose.exclusive.find((code) => answer.includes(code));
  if (alone) {
    if (answer.length > 1) yield ["exclusive_choice", alone];
    return;
  }
  if (answer.length < choose.least) yield ["too_few_choices"];
  if (choose.most && answer.length > choose.most) yield ["too_many_choices"];
}
