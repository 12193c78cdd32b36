// Exact decimal numbers: a whole coefficient and how many of its digits stand after the point.
// They are what app/forms/rule_operators.py computes with, to the last digit.

export const MOST_DIGITS = 30; // of a number, before and after the point together
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

export class Decimal {
  // Take `coefficient` (BigInt) and `places`: the number is coefficient / 10 ** places.
  constructor(coefficient, places = 0) {
    this.coefficient = coefficient;
    this.places = places;
  }

  // As people write it without grouping: no zeros at the end, no minus before zero.
  toString() {
    const { coefficient, places } = shortest(this);
    const digits = String(magnitude(coefficient)).padStart(places + 1, "0");
    const cut = digits.length - places;
    const sign = coefficient < 0n ? "-" : "";
    return sign + digits.slice(0, cut) + (places ? `.${digits.slice(cut)}` : "");
  }
}

// Read digits with at most one point; null for anything else.
export function decimal(text) {
  if (!NUMBER.test(text)) return null;
  const [whole, places = ""] = text.split(".");
  return new Decimal(BigInt(whole + places), places.length);
}

// Return the number, or null when it has more digits than we keep.
export function limited(number) {
  const { coefficient, places } = shortest(number);
  const whole = magnitude(coefficient) / power(places);
  return String(whole).length + places <= MOST_DIGITS ? number : null;
}

// Less than, equal to or greater than zero as `a` is less than, equal to or greater than `b`.
export function compare(a, b) {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : Number(x > y);
}

export function add(a, b) {
  const [x, y, places] = aligned(a, b);
  return new Decimal(x + y, places);
}

export const negative = (a) => new Decimal(-a.coefficient, a.places);

export const subtract = (a, b) => add(a, negative(b));

export const multiply = (a, b) =>
  new Decimal(a.coefficient * b.coefficient, a.places + b.places);

// Divide to 10 places, half up; null by zero.
export function divide(a, b) {
  if (b.coefficient === 0n) return null;
  const [x, y] = aligned(a, b);
  return new Decimal(halfUp(x * power(10), y), 10);
}

// Keep so many places, half up.
export function round(number, places) {
  if (number.places <= places) return number;
  return new Decimal(halfUp(number.coefficient, power(number.places - places)), places);
}

const power = (places) => 10n ** BigInt(places);
const magnitude = (whole) => (whole < 0n ? -whole : whole);

function shortest({ coefficient, places }) {
  while (places > 0 && coefficient % 10n === 0n) {
    coefficient /= 10n;
    places -= 1;
  }
  return { coefficient, places };
}

function aligned(a, b) {
  const places = Math.max(a.places, b.places);
  const whole = (number) => number.coefficient * power(places - number.places);
  return [whole(a), whole(b), places];
}

function halfUp(a, b) {
  const [x, y] = [magnitude(a), magnitude(b)];
  const rounded = (2n * x + y) / (2n * y);
  return a < 0n === b < 0n ? rounded : -rounded;
}
