"""The rules written in forms: what they say, and whether they hold for some answers.

A rule is parsed once, when the form is loaded, and evaluated by walking its tree: nothing is ever
passed to `eval`. The value of a rule is true, false or null.

- What is not answered, a kind of nothing ("unknown") and what was not understood are null.
  Anything compared or computed with null is null; null is not true, and `not` null is null.
  `and` is false when one side is, `or` is true when one side is.
- `answered(x)` is true when there is an answer, `nothing(x)` when there is a kind of nothing.
- Types never mix: a text is not a number, codes compare as exact strings; between them: null.
- Numbers are exact, of at most 30 digits (more: null). Division is to 10 places, half up.
- `rows.x` and `container.x` are columns: the answers to x in all rows or items, without nulls.
  `sum`, `min` and `max` of nothing are null, `count` of nothing is 0, `in` nothing is false.
  `distinct` gives each value of its operands once: `count(distinct(rows.x)) == count(rows.x)`.
- `matrix.item` is one answer of a matrix; `matrix` the list of its answers, for functions of lists.
- The value of a container is its rows, or those of its items in which anything is answered:
  `answered(container)`, `count(container)`.

Which kind of answer a name gives ("number", "text", ...) is told when the rule is parsed; a name
without a kind is a text or code.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from app.forms.rule_operators import OPERATORS, Value, limited
from app.forms.rule_parser import NUMBER, RuleError, Tree, names_in, parse, spread

__all__ = ["ALWAYS", "NEVER", "Rule", "RuleError", "Scope", "Value", "parse_rule"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule stands: the answers around it.

    answers  by question id, of the section's top level, the row or the item the rule stands in;
             the containers standing there too, as in a document
    outer    the scope around, for a row or an item
    rows     the answers of every row or item of the innermost container, for `rows.x`
    """

    answers: Mapping[str, Any]
    outer: "Scope | None" = None
    rows: Sequence[Mapping[str, Any]] = ()

    def find(self, name: str) -> Any:  # noqa: ANN401 - an answer is any JSON
        """Return the answer or container *name*, looking here and then outwards; None if absent."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.answers:
                return scope.answers[name]
            scope = scope.outer
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule; two rules are the same when their sources are."""

    source: str
    tree: Tree = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False, repr=False)  # `x`, `rows.x`, `container.x`

    def value(self, scope: Scope) -> Value:
        """Return what the rule comes to: true, false, null, or a number or text."""
        return _value(self.tree, scope)

    def holds(self, scope: Scope) -> bool:
        """Tell whether the rule is true; null is not."""
        return self.value(scope) is True

    def fails(self, scope: Scope) -> bool:
        """Tell whether the rule is false; null is not."""
        return self.value(scope) is False


def parse_rule(
    source: str,
    kinds: Mapping[str, str] | None = None,
    matrices: Mapping[str, tuple[str, ...]] | None = None,
) -> Rule:
    """Return the rule written as *source*; raise RuleError when it is not in the rule language.

    kinds     the kind of answer behind each name: "number", "text", "date", "code", "codes" or
              "container"; a name that is missing gives a text or code
    matrices  the names of the questions of each matrix, which stands for the list of them
    """
    tree = spread(parse(source), matrices or {})
    looked_at = list(names_in(tree))
    for node in looked_at:
        if kind := (kinds or {}).get(node["v"]):
            node["t"] = kind
    return Rule(source, tree, frozenset(node["v"] for node in looked_at))


def _value(tree: Tree, scope: Scope) -> Value:
    match tree:
        case {"b": bool(truth)}:
            return truth
        case {"s": str(text)}:
            return text
        case {"n": str(number)}:
            return Decimal(number)
        case {"v": str()}:
            return _look_up(tree, scope)
        case {"l": list(items)}:
            return [_value(item, scope) for item in items]
        case {"f": str(name), "a": list(operands)} if name in _LAZY:
            return _LAZY[name](operands, scope)
        case {"f": str(name), "a": list(operands)}:
            return OPERATORS[name]([_value(operand, scope) for operand in operands])
    raise RuleError(f"{tree!r} is no tree of a rule")


# Answers


def _look_up(node: Tree, scope: Scope) -> Value:
    """Return the value of a name; of a dotted name, the list of those that are not null."""
    first, *rest = node["v"].split(".")
    kind = node.get("t", "")
    if not rest or "whole" in node:
        return _read(scope.find(node["v"]), kind)
    answers = scope.rows if first == "rows" else list(_answers_in(scope.find(first)))
    for step in rest[:-1]:
        answers = [inner for outer in answers for inner in _answers_in(outer.get(step))]
    column = (_read(answer.get(rest[-1]), kind) for answer in answers)
    return [value for value in column if value is not None]


def _answers_in(container: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """Yield the answers of each row of a repeat, or of each item of a loop."""
    if isinstance(container, Mapping):
        yield from container.values()
    elif isinstance(container, list):
        yield from (row["answers"] for row in container)


def _read(answer: Any, kind: str) -> Value:  # noqa: ANN401
    """Return an answer as a value; null for what is not there or not understood."""
    if kind == "container":
        is_repeat = isinstance(answer, list)
        return [str(n) for n, given in enumerate(_answers_in(answer)) if given or is_repeat]
    if isinstance(answer, Mapping):
        return None if answer.keys() & {"nothing", "typed"} else _text(answer)
    if kind == "number":
        readable = isinstance(answer, str) and NUMBER.fullmatch(answer)
        return limited(Decimal(answer)) if readable else None
    return list(answer) if isinstance(answer, list) and answer else (answer or None)


def _text(languages: Mapping[str, Any]) -> str | None:
    """Return one text of several languages: the original before translations, then by code."""
    texts = sorted((bool(t.get("translated_by")), code) for code, t in languages.items())
    return str(languages[texts[0][1]].get("text", "")) or None if texts else None


# Operators that look at answers themselves, or not at all their operands


def _and(operands: list[Tree], scope: Scope) -> Value:
    values = []
    for operand in operands:
        values.append(_value(operand, scope))
        if values[-1] is False:
            return False
    return True if all(value is True for value in values) else None


def _or(operands: list[Tree], scope: Scope) -> Value:
    values = []
    for operand in operands:
        values.append(_value(operand, scope))
        if values[-1] is True:
            return True
    return False if all(value is False for value in values) else None


def _if(operands: list[Tree], scope: Scope) -> Value:
    condition = _value(operands[0], scope)
    if not isinstance(condition, bool):
        return None
    return _value(operands[1] if condition else operands[2], scope)


def _answered(operands: list[Tree], scope: Scope) -> Value:
    return _value(operands[0], scope) not in (None, [])


def _nothing(operands: list[Tree], scope: Scope) -> Value:
    answer = scope.find(operands[0]["v"])
    return isinstance(answer, Mapping) and isinstance(answer.get("nothing"), str)


_LAZY: Final[Mapping[str, Callable[[list[Tree], Scope], Value]]] = {
    "and": _and,
    "or": _or,
    "if": _if,
    "answered": _answered,
    "nothing": _nothing,
}
ALWAYS: Final = parse_rule("true")
NEVER: Final = parse_rule("false")
