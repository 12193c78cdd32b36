// Evaluates cases on the side of the browser; Node and pages of Chromium both load this module.

// Return the positions and values of the cases whose value is another than Python's.
export function differences({ Scope, valueOf }, cases) {
  const asJson = (value) => {
    if (typeof value?.coefficient === "bigint") return { n: String(value) };
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

// Return the positions of the pages whose state is another than Python's, with both states.
export function differentPages({ prepare, stateOf }, pages) {
  return pages.flatMap(({ rules, posted, wanted }, position) => {
    if (!wanted) return []; // a part that is not needed has no questions on its page
    const states = stateOf(prepare(rules), new Map(Object.entries(posted)));
    const idsOf = (is) => states.filter(is).map(({ element }) => element.id);
    const found = {
      asked: idsOf(({ isAsked }) => isAsked),
      required: idsOf(({ isRequired }) => isRequired),
      values: Object.fromEntries(
        states
          .filter(({ isAsked, element }) => isAsked && element.type === "calculated")
          .map(({ element, value }) => [element.id, value]),
      ),
      problems: states.flatMap(({ element, problems }) =>
        problems.map(({ code, severity, text }) => [element.id, code, severity, text]),
      ),
    };
    const isSame = JSON.stringify(found) === JSON.stringify(wanted);
    return isSame ? [] : [{ position, posted, found, wanted }];
  });
}
