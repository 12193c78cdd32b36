// What is asked, decided when it is looked at: the same as app/forms/relevance.py.
//
// An element is {id, relevant?} with the tree of a rule; a loop has `items` (codes) besides, and a
// loop or repeat `elements`, which is a Map by id; what is calculated has a `rule`.

import { Decimal } from "./decimal.js";
import { holds, Scope, valueOf } from "./rules.js";

// The asked answers of one place, by question id; containers stand in it as in a document.
export class Level {
  constructor(elements, raw, outer = null, rows = []) {
    this.elements = elements;
    this.raw = raw;
    this.scope = new Scope(this, outer, rows);
    this.decided = new Map();
    this.containers = new Map();
    this.calculated = new Map();
  }

  // Tell whether the element of that id, which stands here, is asked.
  isAsked(id) {
    if (!this.decided.has(id)) {
      this.decided.set(id, false); // a rule that looks at itself finds nothing
      const { relevant } = this.elements.get(id);
      this.decided.set(id, !relevant || holds(relevant, this.scope));
    }
    return this.decided.get(id);
  }

  // Return [key, level] of each item or row of a container here, as if it were asked.
  rowsOf(container) {
    if (!this.containers.has(container.id)) {
      const rows = [];
      const held = Object.hasOwn(this.raw, container.id) ? this.raw[container.id] : null;
      this.containers.set(container.id, rows);
      const levels = { [Symbol.iterator]: () => rows.map(([, level]) => level)[Symbol.iterator]() };
      for (const [key, answers] of entries(container, held)) {
        rows.push([key, new Level(container.elements, answers, this.scope, levels)]);
      }
    }
    return this.containers.get(container.id);
  }

  // Return the answer, or the items or rows, if asked and there; else undefined.
  get(id) {
    const element = this.elements.get(id);
    if (!element || !this.isAsked(id)) return undefined;
    if (element.rule) return this.workedOut(element) ?? undefined;
    if (!Object.hasOwn(this.raw, id)) return undefined;
    if (!element.elements) return this.raw[id];
    const rows = this.rowsOf(element);
    return element.items ? new Map(rows) : rows.map(([row, answers]) => ({ row, answers }));
  }

  // Return what a calculated question comes to, as an answer; null for nothing.
  workedOut({ id, rule }) {
    if (!this.calculated.has(id)) {
      this.calculated.set(id, null); // a rule that looks at itself finds nothing
      const value = valueOf(rule, this.scope);
      const isText = value instanceof Decimal || typeof value === "string";
      this.calculated.set(id, (isText && String(value)) || null);
    }
    return this.calculated.get(id);
  }

  get size() {
    return [...this.elements.keys()].filter((id) => this.get(id) !== undefined).length;
  }

  // Return the scope of the checks of an element here; those of a repeat see its rows.
  scopeOfChecks(element) {
    if (!element.elements) return this.scope;
    return new Scope(this, this.scope.outer, this.rowsOf(element).map(([, level]) => level));
  }
}

// Return [key, answers] of every item of a loop, answered or not, or of every row there is.
function entries({ items }, held) {
  if (!items) return (held ?? []).map(({ row, answers }) => [row, answers]);
  return items.map((code) => [code, held && Object.hasOwn(held, code) ? held[code] : {}]);
}
