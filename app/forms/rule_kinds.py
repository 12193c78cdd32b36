"""Whether the two sides of every comparison in a rule fit each other.

A text compared with a number is always null, and a code that is no choice never matches: mistakes
of the author, found here when the form is loaded.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from app.forms.rule_names import CONTAINER, NO_ANSWER, Named
from app.forms.rule_parser import Tree, nodes_in
from app.forms.yaml_node import suggestion

Names = Mapping[str, Named]

_NUMBERS: Final = {"+", "-", "*", "/", "negative", "round", "sum", "count", "min", "max", "length"}
_TRUTHS: Final = {"and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "in", "not in"}
_ASKS: Final = {"answered", "nothing"}
_LITERAL: Final = "literal"  # a quoted text: a text, a date or a code, as the other side wants
_ANY: Final = ""  # not known before it is evaluated


def kind_problems(tree: Tree, names: Names) -> Iterator[str]:
    """Yield what does not fit in a rule whose names are all known, each with what to do."""
    if kind_of(tree, names) not in ("truth", _ANY):
        yield "a rule is true or false; compare with something, or use answered(…)"
    yield from _misfits(tree, names)


def value_problems(tree: Tree, names: Names) -> Iterator[str]:
    """Yield what does not fit in a rule that is to come to a number, date or text."""
    if not value_kind(tree, names):
        yield "it comes to a number, a date or a text; write if(…) to make one of a condition"
    yield from _misfits(tree, names)


def value_kind(node: Tree, names: Names) -> str:
    """Return what a rule comes to: "number", "date" or "text"; "" where it is none of these."""
    if node.get("f") in ("if", "coalesce"):
        given = node["a"][1:] if node["f"] == "if" else node["a"]
        kinds = {value_kind(operand, names) for operand in given}
        return kinds.pop() if len(kinds) == 1 else ""
    kind = kind_of(node, names)
    if kind in ("number", "date"):
        return kind
    return "text" if kind in ("text", "code", _LITERAL) else ""


def _misfits(tree: Tree, names: Names) -> Iterator[str]:
    for node in nodes_in(tree):
        if "f" in node:
            yield from _CHECKS.get(node["f"], _operands_fit)(node, names)
        elif "v" in node and names[node["v"]].kind == NO_ANSWER:
            yield f"{node['v']!r} is a note and has no answer; look at a question"


def kind_of(node: Tree, names: Names) -> str:
    """Return the kind of value a node gives; "column" and "list" for several."""
    if "v" in node:
        named = names[node["v"]]
        return "column" if named.is_column else named.kind
    if "f" in node:
        return _kind_of_result(node, names)
    return {"n": "number", "s": _LITERAL, "b": "truth", "l": "list"}[next(iter(node))]


def _kind_of_result(node: Tree, names: Names) -> str:
    name = node["f"]
    if name in _TRUTHS or name in _ASKS:
        return "truth"
    if name in _NUMBERS:
        return "number"
    if name == "distinct":
        return "list"
    given = node["a"][1:] if name == "if" else node["a"]  # if and coalesce give one of these
    kinds = {kind_of(operand, names) for operand in given}
    return kinds.pop() if len(kinds) == 1 else _ANY


def _comparison(node: Tree, names: Names) -> Iterator[str]:
    left, right = node["a"]
    kinds = {kind_of(left, names), kind_of(right, names)} - {_ANY}
    if kinds & {"column", CONTAINER}:
        yield "a column cannot be compared; use sum, count, min or max, or 'in'"
    elif node["f"] not in ("==", "!=") and not (kinds <= {"number"} or kinds <= {"date", _LITERAL}):
        yield f"{node['f']!r} compares numbers or dates; use == for texts and codes"
    elif not (len(kinds) <= 1 or _LITERAL in kinds <= {_LITERAL, *_TEXTS} or _codes_fit(kinds)):
        told = " and a ".join(sorted(_NAMES.get(kind, kind) for kind in kinds))
        yield f"a {told} never compare; compare answers of one type"
    elif kinds == {"date", _LITERAL} and not any(_is_date(side.get("s", "")) for side in node["a"]):
        yield "write a date as year, month and day, such as '2018-12-31'"
    yield from _no_choice(left, right, names)
    yield from _no_choice(right, left, names)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _codes_fit(kinds: set[str]) -> bool:
    return kinds == {"codes", "list"}


def _membership(node: Tree, names: Names) -> Iterator[str]:
    left, right = node["a"]
    if kind_of(right, names) not in ("list", "column", "codes", _ANY):
        yield f"{node['f']!r} wants a list, a question with several choices or a column after it"
    yield from _no_choice(left, right, names)
    yield from _no_choice(right, left, names)


def _no_choice(asked: Tree, written: Tree, names: Names) -> Iterator[str]:
    """Yield the quoted codes in *written* that are no choice of the question *asked*."""
    named = names.get(asked.get("v", ""))
    if named is None or named.kind not in ("code", "codes"):
        return
    for node in [written, *written.get("l", ())]:
        code = node.get("s")
        if code is not None and named.codes and code not in named.codes:
            yield f"{code!r} is no choice of {asked['v']}" + suggestion(code, named.codes)


def _arithmetic(node: Tree, names: Names) -> Iterator[str]:
    for operand in node["a"]:
        if kind_of(operand, names) not in ("number", _ANY):
            yield f"{node['f']!r} computes with numbers only"


def _truths(node: Tree, names: Names) -> Iterator[str]:
    for operand in node["a"]:
        if kind_of(operand, names) not in ("truth", _ANY):
            yield f"{node['f']!r} joins conditions; compare each side with something"


def _of_numbers(node: Tree, names: Names) -> Iterator[str]:
    for operand in node["a"]:
        kind = names[operand["v"]].kind if "v" in operand else kind_of(operand, names)
        listed = operand.get("l") or [{"n": "0"}]
        kinds = {kind} if kind != "list" else {kind_of(inner, names) for inner in listed}
        if not kinds <= {"number", _ANY}:
            yield f"{node['f']}() computes with numbers only"


def _operands_fit(node: Tree, names: Names) -> Iterator[str]:
    """Check the functions that take one kind of operand, and keep containers to those for them."""
    name = node["f"]
    for operand in node["a"]:
        kind = kind_of(operand, names)
        if kind == CONTAINER and name not in ("answered", "count"):
            yield f"{name}() does not take a container; name a column, such as container.question"
        if name == "length" and kind not in ("text", "code", _LITERAL, _ANY):
            yield "length() takes a text; count the answers of a column with count()"
        if name == "nothing" and kind == "column":
            yield "nothing() takes a question of the same place, not a column"
        if name in ("answered", "nothing") and kind == "list":
            yield f"{name}() takes one question; write matrix.item, or count(matrix) > 0"
    if name == "if" and kind_of(node["a"][0], names) not in ("truth", _ANY):
        yield "if() begins with a condition; compare with something"


_TEXTS: Final = ("text", "date", "code")
_NAMES: Final = {_LITERAL: "text", "truth": "condition", "codes": "list of codes"}
_CHECKS: Final[Mapping[str, Callable[[Tree, Names], Iterator[str]]]] = {
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), _comparison),
    **dict.fromkeys(("in", "not in"), _membership),
    **dict.fromkeys(("+", "-", "*", "/", "negative", "round"), _arithmetic),
    **dict.fromkeys(("and", "or", "not"), _truths),
    **dict.fromkeys(("sum", "min", "max"), _of_numbers),
}
