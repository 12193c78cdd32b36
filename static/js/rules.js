// Whether a rule of a form holds for some answers: the same as app/forms/rules.py, where the
// language of rules is told. A rule comes as the JSON tree that Python made of it.
//
// Values are true, false, null, a text, a Decimal, or a list of values. What is not answered, not
// understood or a kind of nothing is null; anything computed with null is null.

import {
  add, compare, decimal, Decimal, divide, limited, multiply, negative, round, subtract,
} from "./decimal.js";

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

// Where a rule stands: answers by id (an object, or something with `get`), the scope around, and
// the answers of every row or item of the innermost container.
export class Scope {
  constructor(answers, outer = null, rows = []) {
    this.answers = answers;
    this.outer = outer;
    this.rows = rows;
  }

  // Return the answer or container of that name, here or around; null if there is none.
  find(name) {
    for (let scope = this; scope; scope = scope.outer) {
      const found = at(scope.answers, name);
      if (found !== undefined) return found;
    }
    return null;
  }
}

// Return what the tree comes to in a scope.
export function valueOf(tree, scope) {
  if ("b" in tree) return tree.b;
  if ("s" in tree) return tree.s;
  if ("n" in tree) return decimal(tree.n);
  if ("v" in tree) return lookUp(tree, scope);
  if ("l" in tree) return tree.l.map((item) => valueOf(item, scope));
  if (Object.hasOwn(LAZY, tree.f)) return LAZY[tree.f](tree.a, scope);
  return OPERATORS[tree.f](tree.a.map((operand) => valueOf(operand, scope)));
}

export const holds = (tree, scope) => valueOf(tree, scope) === true;
export const fails = (tree, scope) => valueOf(tree, scope) === false;

export const isMapping = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

// Return what `answers` hold under `key`; undefined if nothing.
function at(answers, key) {
  if (typeof answers.get === "function") return answers.get(key);
  return Object.hasOwn(answers, key) ? answers[key] : undefined;
}

// Answers

function lookUp({ v, t = "", whole: isWhole }, scope) {
  const [first, ...rest] = v.split(".");
  if (!rest.length || isWhole) return read(scope.find(v), t);
  let answers = first === "rows" ? [...scope.rows] : answersIn(scope.find(first));
  for (const step of rest.slice(0, -1)) {
    answers = answers.flatMap((outer) => answersIn(at(outer, step) ?? null));
  }
  const column = answers.map((inner) => read(at(inner, rest.at(-1)) ?? null, t));
  return column.filter((value) => value !== null);
}

// Return the answers of each row of a repeat, or of each item of a loop.
function answersIn(container) {
  if (Array.isArray(container)) return container.map((row) => row.answers);
  if (container instanceof Map) return [...container.values()];
  return isMapping(container) ? Object.values(container) : [];
}

function read(answer, kind) {
  if (kind === "container") {
    const isRepeat = Array.isArray(answer);
    return answersIn(answer).flatMap((given, n) => (isRepeat || hasAny(given) ? [String(n)] : []));
  }
  if (isMapping(answer)) {
    return "nothing" in answer || "typed" in answer ? null : textOf(answer);
  }
  if (kind === "number") {
    const number = typeof answer === "string" ? decimal(answer) : null;
    return number && limited(number);
  }
  return answer === "" || answer?.length === 0 ? null : answer;
}

const hasAny = (answers) => (answers.size ?? Object.keys(answers).length) > 0;

// Return one text of several languages: the original before translations, then by code.
function textOf(languages) {
  const order = ([code, text]) => (text.translated_by ? "1" : "0") + code;
  const texts = Object.entries(languages).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return texts.length ? texts[0][1].text || null : null;
}

// Operators that look at answers themselves, or not at all their operands

const LAZY = {
  and: (operands, scope) => joined(operands, scope, false),
  or: (operands, scope) => joined(operands, scope, true),
  if: ([condition, yes, no], scope) => {
    const truth = valueOf(condition, scope);
    return typeof truth === "boolean" ? valueOf(truth ? yes : no, scope) : null;
  },
  answered: ([operand], scope) => {
    const value = valueOf(operand, scope);
    return value !== null && value.length !== 0;
  },
  nothing: ([operand], scope) => {
    const answer = scope.find(operand.v);
    return isMapping(answer) && typeof answer.nothing === "string";
  },
};

// "and" is false when one operand is, "or" is true when one is: `deciding`.
function joined(operands, scope, deciding) {
  let isKnown = true;
  for (const operand of operands) {
    const value = valueOf(operand, scope);
    if (value === deciding) return deciding;
    isKnown &&= value === !deciding;
  }
  return isKnown ? !deciding : null;
}

// Operators on values

const isNumber = (value) => value instanceof Decimal;
const not = (value) => (typeof value === "boolean" ? !value : null);

function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return isNumber(value) ? "number" : typeof value;
}

// Compare two values of one type; null between types.
function same(a, b) {
  if (a === null || b === null || kindOf(a) !== kindOf(b)) return null;
  return alike(a, b);
}

function alike(a, b) {
  if (kindOf(a) !== kindOf(b)) return false;
  if (isNumber(a)) return compare(a, b) === 0;
  if (!Array.isArray(a)) return a === b;
  return a.length === b.length && a.every((item, i) => alike(item, b[i]));
}

const ordered = (says) => ([a, b]) => {
  if (isNumber(a) && isNumber(b)) return says(compare(a, b));
  if (typeof a !== "string" || typeof b !== "string") return null;
  if (!DATE.test(a) || !DATE.test(b)) return null;
  return says(a < b ? -1 : Number(a > b));
};

function isIn([sought, group]) {
  if (sought === null || !Array.isArray(group)) return null;
  return flat(group).some((value) => same(sought, value));
}

const arithmetic = (compute) => ([a, b]) => {
  const result = isNumber(a) && isNumber(b) ? compute(a, b) : null;
  return result && limited(result);
};

const flat = (values) => values.flat(Infinity).filter((value) => value !== null);
const numbers = (values) => flat(values).filter(isNumber);

function extreme(values, sign) {
  const found = numbers(values);
  return found.length ? found.reduce((a, b) => (compare(a, b) * sign < 0 ? b : a)) : null;
}

const whole = (count) => new Decimal(BigInt(count));

const OPERATORS = {
  not: ([a]) => not(a),
  "==": ([a, b]) => same(a, b),
  "!=": ([a, b]) => not(same(a, b)),
  "<": ordered((difference) => difference < 0),
  "<=": ordered((difference) => difference <= 0),
  ">": ordered((difference) => difference > 0),
  ">=": ordered((difference) => difference >= 0),
  in: isIn,
  "not in": (values) => not(isIn(values)),
  "+": arithmetic(add),
  "-": arithmetic(subtract),
  "*": arithmetic(multiply),
  "/": arithmetic(divide),
  negative: ([a]) => (isNumber(a) ? negative(a) : null),
  round: ([number, places = whole(0)]) =>
    isNumber(number) && isNumber(places) ? round(number, Number(places.coefficient)) : null,
  sum: (values) => {
    const found = numbers(values);
    return found.length ? limited(found.reduce(add)) : null;
  },
  count: (values) => whole(values.flat().filter((value) => value !== null).length),
  distinct: (values) =>
    flat(values).reduce((found, value) => {
      if (!found.some((other) => same(value, other))) found.push(value);
      return found;
    }, []),
  min: (values) => extreme(values, -1),
  max: (values) => extreme(values, 1),
  length: ([text]) => (typeof text === "string" ? whole([...text].length) : null),
  coalesce: (values) => values.find((value) => value !== null) ?? null,
};
