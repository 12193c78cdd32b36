"""What the operators and functions of rules do with values; null goes in and comes out as None.

Numbers are exact Decimals of at most 30 digits: a longer result is null. Types never mix: between
two types a comparison is null.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Final

from app.forms.rule_parser import MOST_DIGITS

Value = bool | str | Decimal | list["Value"] | None

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXACT: Final = Context(prec=200, rounding=ROUND_DOWN, traps=[])
_TEN_PLACES: Final = Decimal("1e-10")


def _not(values: list[Value]) -> Value:
    return not values[0] if isinstance(values[0], bool) else None


def _same(a: Value, b: Value) -> bool | None:
    """Compare two values of one type; null between types."""
    if a is None or b is None or type(a) is not type(b):
        return None
    return _alike(a, b)


def _alike(a: Value, b: Value) -> bool:
    """Tell whether two values are the same; `true` in a list is not the number 1."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_alike, a, b))
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


def limited(number: Decimal) -> Decimal | None:
    """Return the number, or null when it has more digits than we keep."""
    if not number.is_finite():
        return None
    whole, _, places = f"{number.copy_abs():f}".partition(".")
    digits = len(whole.lstrip("0") or "0") + len(places.rstrip("0"))
    return number if digits <= MOST_DIGITS else None


def _arithmetic(
    compute: Callable[[Decimal, Decimal], Decimal | None],
) -> Callable[[list[Value]], Value]:
    def operate(values: list[Value]) -> Value:
        a, b = values
        if not (isinstance(a, Decimal) and isinstance(b, Decimal)):
            return None
        result = compute(a, b)
        return None if result is None else limited(result)

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
    return limited(total) if numbers else None


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


OPERATORS: Final[Mapping[str, Callable[[list[Value]], Value]]] = {
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
