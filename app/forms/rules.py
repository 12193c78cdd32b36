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
- The value of a container is its rows, or those of its items in which anything is answered:
  `answered(container)`, `count(container)`.

Which kind of answer a name gives ("number", "text", ...) is told when the rule is parsed; a name
without a kind is a text or code.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from app.forms.rule_parser import MOST_DIGITS, NUMBER, RuleError, Tree, names_in, parse

__all__ = ["ALWAYS", "NEVER", "Rule", "RuleError", "Scope", "Value", "parse_rule"]

Value = bool | str | Decimal | list["Value"] | None

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXACT: Final = Context(prec=200, rounding=ROUND_DOWN, traps=[])
_TEN_PLACES: Final = Decimal("1e-10")


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


def parse_rule(source: str, kinds: Mapping[str, str] | None = None) -> Rule:
    """Return the rule written as *source*; raise RuleError when it is not in the rule language.

    kinds  the kind of answer behind each name: "number", "text", "date", "code", "codes" or
           "container"; a name that is missing gives a text or code
    """
    tree = parse(source)
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
            return _EAGER[name]([_value(operand, scope) for operand in operands])
    raise RuleError(f"{tree!r} is no tree of a rule")


# Answers


def _look_up(node: Tree, scope: Scope) -> Value:
    """Return the value of a name; of a dotted name, the list of those that are not null."""
    first, *rest = node["v"].split(".")
    kind = node.get("t", "")
    if not rest:
        return _read(scope.find(first), kind)
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
        return _limited(Decimal(answer)) if readable else None
    return list(answer) if isinstance(answer, list) and answer else (answer or None)


def _text(languages: Mapping[str, Any]) -> str | None:
    """Return one text of several languages: the original before translations, then by code."""
    texts = sorted((bool(t.get("translated_by")), code) for code, t in languages.items())
    return str(languages[texts[0][1]].get("text", "")) or None if texts else None


# Operators that do not look at all their operands


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


# Operators on values


def _not(values: list[Value]) -> Value:
    return not values[0] if isinstance(values[0], bool) else None


def _same(a: Value, b: Value) -> bool | None:
    """Compare two values of one type; null between types."""
    if a is None or b is None or type(a) is not type(b):
        return None
    return a == b


def _equal(values: list[Value]) -> Value:
    return _same(*values)


def _unequal(values: list[Value]) -> Value:
    return _not([_same(*values)])


def _ordered(holds: Callable[[int], bool]) -> Callable[[list[Value]], Value]:
    """Make a comparison of numbers or of dates from what it says of their difference."""

    def compare(values: list[Value]) -> Value:
        a, b = values
        if isinstance(a, Decimal) and isinstance(b, Decimal):
            return holds((a > b) - (a < b))
        if isinstance(a, str) and isinstance(b, str) and _DATE.fullmatch(a) and _DATE.fullmatch(b):
            return holds((a > b) - (a < b))
        return None

    return compare


def _in(values: list[Value]) -> Value:
    """Tell whether a value is in a list, or in one of the lists of a column."""
    sought, group = values
    if sought is None or not isinstance(group, list):
        return None
    return any(_same(sought, value) for value in _flat(group))


def _not_in(values: list[Value]) -> Value:
    return _not([_in(values)])


def _limited(number: Decimal) -> Decimal | None:
    """Return the number, or null when it has more digits than we keep."""
    if not number.is_finite():
        return None
    whole = number.to_integral_value(rounding=ROUND_DOWN)
    places = -min(0, int(number.normalize(_EXACT).as_tuple().exponent))
    digits = len(f"{whole.copy_abs():f}") + places
    return number if digits <= MOST_DIGITS else None


def _arithmetic(
    compute: Callable[[Decimal, Decimal], Decimal | None],
) -> Callable[[list[Value]], Value]:
    def operate(values: list[Value]) -> Value:
        a, b = values
        if not (isinstance(a, Decimal) and isinstance(b, Decimal)):
            return None
        result = compute(a, b)
        return None if result is None else _limited(result)

    return operate


def _divide(a: Decimal, b: Decimal) -> Decimal | None:
    return None if b == 0 else _rounded(_EXACT.divide(a, b), _TEN_PLACES)


def _rounded(number: Decimal, unit: Decimal) -> Decimal:
    return number.quantize(unit, rounding=ROUND_HALF_UP, context=_EXACT)


def _round(values: list[Value]) -> Value:
    number, places = values[0], values[1] if len(values) > 1 else Decimal(0)
    if not (isinstance(number, Decimal) and isinstance(places, Decimal)):
        return None
    return _rounded(number, Decimal(1).scaleb(-int(places)))


def _negative(values: list[Value]) -> Value:
    return _EXACT.minus(values[0]) if isinstance(values[0], Decimal) else None


def _flat(values: Sequence[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        elif value is not None:
            yield value


def _numbers(values: list[Value]) -> list[Decimal]:
    return [value for value in _flat(values) if isinstance(value, Decimal)]


def _sum(values: list[Value]) -> Value:
    numbers = _numbers(values)
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return _limited(total) if numbers else None


def _count(values: list[Value]) -> Value:
    """Count what is answered: the values of a list, one for each operand that is none."""
    given = [v for value in values for v in (value if isinstance(value, list) else [value])]
    return Decimal(sum(v is not None for v in given))


def _distinct(values: list[Value]) -> Value:
    """Return each answered value once, in the order in which they come first."""
    found: list[Value] = []
    for value in _flat(values):
        if not any(_same(value, other) for other in found):
            found.append(value)
    return found


def _length(values: list[Value]) -> Value:
    return Decimal(len(values[0])) if isinstance(values[0], str) else None


def _coalesce(values: list[Value]) -> Value:
    return next((value for value in values if value is not None), None)


_LAZY: Final[Mapping[str, Callable[[list[Tree], Scope], Value]]] = {
    "and": _and,
    "or": _or,
    "if": _if,
    "answered": _answered,
    "nothing": _nothing,
}
_EAGER: Final[Mapping[str, Callable[[list[Value]], Value]]] = {
    "not": _not,
    "==": _equal,
    "!=": _unequal,
    "<": _ordered(lambda difference: difference < 0),
    "<=": _ordered(lambda difference: difference <= 0),
    ">": _ordered(lambda difference: difference > 0),
    ">=": _ordered(lambda difference: difference >= 0),
    "in": _in,
    "not in": _not_in,
    "+": _arithmetic(_EXACT.add),
    "-": _arithmetic(_EXACT.subtract),
    "*": _arithmetic(_EXACT.multiply),
    "/": _arithmetic(_divide),
    "negative": _negative,
    "round": _round,
    "sum": _sum,
    "count": _count,
    "distinct": _distinct,
    "min": lambda values: min(_numbers(values), default=None),
    "max": lambda values: max(_numbers(values), default=None),
    "length": _length,
    "coalesce": _coalesce,
}

ALWAYS: Final = parse_rule("true")
NEVER: Final = parse_rule("false")
