// Evaluates cases on the side of the browser; Node and pages of Chromium both load this module.

/** Return the positions and values of the cases whose value is another than Python's. */
export function differences({ Scope, valueOf }, { Decimal }, cases) {
  const asJson = (value) => {
    if (value instanceof Decimal) return { n: String(value) };
    return Array.isArray(value) ? value.map(asJson) : value;
  };
  const scopeFrom = ({ answers, outer, rows }) =>
    new Scope(answers, outer ? scopeFrom(outer) : null, rows ?? []);
  return cases.flatMap((given, position) => {
    const found = asJson(valueOf(given.tree, scopeFrom(given.scope)));
    const isSame = JSON.stringify(found) === JSON.stringify(given.value);
    return isSame ? [] : [{ position, rule: given.rule, found, wanted: given.value }];
  });
}
