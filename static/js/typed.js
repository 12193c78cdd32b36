// Whole numbers and dates as people type them: the same as app/forms/typed.py, which says why.

import { MOST_DIGITS } from "./decimal.js";

const GROUPING = { ar: ",٬،", en: ",", es: ".", fr: "", ru: "", zh: ",，" };
const POINT = { ar: ".", en: ".", es: ",", fr: ",", ru: ",", zh: "." };
const SIGNS = { "\u066c": "'", "\u066b": "#", "،": ",", "，": ",", "．": "." };
const SPACES = " \u00a0\u202f\u2009'\u2019";
const UNSEEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const EDGES = /^[^\S\ufeff]+|[^\S\ufeff]+$/gu;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
const GROUPED = /^[0-9]{1,3}(?:([^0-9])[0-9]{3})(?:\1[0-9]{3})*$/u;
const DIGITS = new RegExp(`^[0-9]{1,${MOST_DIGITS}}$`);
const YEAR_FIRST = /^([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})$/;
const YEAR_LAST = /^([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})$/;
const CHINESE = /^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号號]$/;
const WORDS = /[0-9]+|[\p{L}\p{Nl}\p{No}]+/gu;
const DAY_AND_YEAR = /^([0-9]{1,2}) ([0-9]{4})$/;
const FILLERS = new Set(
  "de del er ero st nd rd th of г года го من le the".split(" "),
);

// Return text as it is kept: NFC, LF for line ends, no space at its end, no control signs.
export function clean(text) {
  const lines = text.replace(/\r\n?/g, "\n");
  const kept = [...lines].filter((sign) => sign === "\n" || sign === "\t" || !CONTROL.test(sign));
  return kept.join("").normalize("NFC").replace(/[^\S\ufeff]+$/u, "");
}

export const trim = (text) => text.replace(EDGES, "");

// Read a whole number typed on a page in `locale`; null when it is none.
export function wholeNumber(typed, locale) {
  let [sign, text] = signed(typed);
  const separator = GROUPED.exec(text)?.[1];
  if (separator && (GROUPING[locale] + SPACES).includes(separator)) {
    text = text.replaceAll(separator, "");
  }
  if (!DIGITS.test(text)) return null;
  const digits = text.replace(/^0+(?=.)/, "");
  return digits === "0" ? digits : sign + digits;
}

// Read a number typed on a page in `locale`, as a decimal string; null when it is none.
export function decimalNumber(typed, locale) {
  const [sign, written] = signed(typed);
  const text = [...written].map((c) => SIGNS[c] ?? c).join("");
  const marks = [...text].filter((c) => !/[0-9]/.test(c));
  const point = pointOf(text, marks, locale);
  if (point === null || marks.filter((mark) => mark === point).length > 1) return null;
  let [whole, places] = point ? partition(text, point) : [text, ""];
  if (point && !places) return null;
  const separator = GROUPED.exec(whole)?.[1];
  if (separator && `${SPACES}.,`.includes(separator)) whole = whole.replaceAll(separator, "");
  whole ||= point ? "0" : "";
  if (!/^[0-9]+$/.test(whole) || !/^[0-9]*$/.test(places)) return null;
  whole = whole.replace(/^0+(?=.)/, "");
  if (whole.length + places.length > MOST_DIGITS) return null;
  const isZero = !/[1-9]/.test(whole + places);
  return (isZero ? "" : sign) + whole + (places ? `.${places}` : "");
}

// Return the point of a number, "" for none; null where it is not certain.
function pointOf(text, marks, locale) {
  if (marks.includes("#")) return "#";
  if (marks.includes(".") && marks.includes(",")) return marks.at(-1);
  const mark = marks.find((c) => c === "." || c === ",");
  if (!mark || marks.filter((c) => c === mark).length > 1) return ""; // two are grouping
  const [whole, places] = partition(text, mark);
  const couldGroup = marks.length === 1 && /^[1-9][0-9]{0,2}$/.test(whole) && places.length === 3;
  if (mark === POINT[locale] || !couldGroup) return mark;
  return GROUPING[locale].includes(mark) ? "" : null;
}

function partition(text, mark) {
  const start = text.indexOf(mark);
  return [text.slice(0, start), text.slice(start + mark.length)];
}

function signed(typed) {
  const text = latin(typed).replaceAll("\u2212", "-");
  return [text.startsWith("-") ? "-" : "", /^[-+]/.test(text) ? trim(text.slice(1)) : text];
}

// Read a date typed on a page in `locale` as 2018-12-31; null when it is none.
// `months`: their names in lower case with their numbers, the longest first.
export function typedDate(typed, locale, months) {
  const text = latin(typed).replace(/\.+$/, "");
  const found = YEAR_FIRST.exec(text);
  if (found) return day(found[1], found[3], found[4]);
  const chinese = CHINESE.exec(text.replaceAll(" ", ""));
  if (chinese) return day(...chinese.slice(1));
  const last = YEAR_LAST.exec(text);
  if (last) return yearLast(last[1], last[3], last[4], locale);
  return namedMonth(text.toLowerCase(), months);
}

// Return text with European digits, and without the unseen signs that set its direction.
function latin(text) {
  return trim(text.replace(UNSEEN, "")).replace(/\p{Nd}/gu, (sign) => {
    let first = sign.codePointAt(0); // digits stand in runs of ten, from zero to nine
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((sign.codePointAt(0) - first) % 10);
  });
}

function day(year, month, date) {
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, date);
  const isReal = found.getUTCMonth() === month - 1 && found.getUTCDate() === Number(date);
  if (!isReal || Number(year) === 0) return null;
  return [year, month.padStart(2, "0"), date.padStart(2, "0")].join("-");
}

function yearLast(first, second, year, locale) {
  const dayFirst = day(year, second, first);
  if (locale !== "en" || first === second) return dayFirst;
  const monthFirst = day(year, first, second);
  return dayFirst && monthFirst ? null : (dayFirst ?? monthFirst);
}

// Read "31 December 2018", in the order that people like.
function namedMonth(text, months) {
  const isLetter = (sign) => /\p{L}/u.test(sign ?? "");
  for (const [name, month] of months) {
    const start = text.indexOf(name);
    if (start < 0) continue;
    const [before, after] = [text.slice(0, start), text.slice(start + name.length)];
    if (isLetter([...before].at(-1)) || isLetter([...after][0])) continue;
    const words = `${before} ${after}`.match(WORDS)?.filter((word) => !FILLERS.has(word)) ?? [];
    const found = DAY_AND_YEAR.exec(words.sort((a, b) => [...a].length - [...b].length).join(" "));
    if (found) return day(found[2], month, found[1]);
  }
  return null;
}
