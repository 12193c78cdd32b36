"""Reads the properties of one question that only some types have: limits, special choices."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from app.forms.definition import Choice, QuestionType, Range
from app.forms.strict_yaml import YamlList, YamlMap
from app.forms.typed import file_date, file_decimal, file_number
from app.forms.yaml_node import Node, suggestion

_READERS: Final = {
    QuestionType.INTEGER: (file_number, "a whole number"),
    QuestionType.DECIMAL: (file_decimal, "a number with a point"),
    QuestionType.DATE: (file_date, "a date such as 2018-12-31"),
}


def range_of(node: Node, kind: QuestionType) -> Range:
    """Return the limits under `range`, a map of `least` and `most`; none if absent."""
    value = node.data.get("range")
    if value is None or kind not in _READERS:
        return Range()
    if not isinstance(value, YamlMap) or not value or not value.keys() <= {"least", "most"}:
        node.wrong("range", "write 'range' as {least: …, most: …}, or one of them")
        return Range()
    limits = {key: _limit(node, key, limit, kind) for key, limit in value.items()}
    found = Range(least=limits.get("least", ""), most=limits.get("most", ""))
    if found.least and found.most and not _in_order(kind, found):
        node.wrong("range", "range: 'most' is less than 'least'; correct one of them")
    return found


def _limit(node: Node, key: str, value: Any, kind: QuestionType) -> str:  # noqa: ANN401 - YAML
    read, what = _READERS[kind]
    is_text = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    limit = read(str(value)) if is_text else None
    if limit is None:
        node.wrong("range", f"range: write {key!r} as {what}")
    return limit or ""


def _in_order(kind: QuestionType, found: Range) -> bool:
    if kind is QuestionType.DATE:
        return found.least <= found.most
    return Decimal(found.least) <= Decimal(found.most)


def how_many(node: Node, kind: QuestionType, choices: Sequence[Choice]) -> tuple[int, int]:
    """Return how many choices are chosen at least and at most; 0 for no limit."""
    if kind is not QuestionType.SELECT_MULTIPLE:
        return 0, 0
    least, most = node.whole("least", 0), node.whole("most", 0)
    if most and least > most:
        node.wrong("most", "'most' is less than 'least'; correct one of them")
    for key, number in (("least", least), ("most", most)):
        if choices and number > len(choices):
            node.wrong(key, f"{key!r} is more than there are choices ({len(choices)})")
    return least, most


def exclusive_of(node: Node, choices: Sequence[Choice]) -> tuple[str, ...]:
    """Return the codes under `exclusive`: choices that go with no other."""
    value = node.data.get("exclusive")
    if value is None:
        return ()
    if not isinstance(value, YamlList):
        node.wrong("exclusive", "write 'exclusive' as a list of codes")
        return ()
    for code in value:
        _known(node, "exclusive", code, choices)
    return tuple(str(code) for code in value)


def other_of(node: Node, kind: QuestionType, choices: Sequence[Choice]) -> tuple[str, str]:
    """Return code and wording under `other`: what is asked when that choice is chosen."""
    value = node.data.get("other")
    if value is None:
        return "", ""
    if not isinstance(value, YamlMap) or value.keys() != {"code", "label"}:
        node.wrong(
            "other", "write 'other' as {code: …, label: …}: a choice, and what is asked then"
        )
        return "", ""
    code, label = str(value["code"]), str(value["label"] or "").strip()
    _known(node, "other", code, choices)
    if not label:
        node.wrong("other", "other: write what is asked as 'label'")
    codes = [choice.code for choice in choices]
    if kind is QuestionType.SELECT_MULTIPLE and "other" in codes:
        node.wrong(
            "other",
            f"the column {node.where}.other is that of the text; give the choice 'other' another "
            "code, such as 'other_kind'",
        )
    return code, label


def _known(node: Node, key: str, code: object, choices: Sequence[Choice]) -> None:
    codes = [choice.code for choice in choices]
    if codes and code not in codes:
        node.wrong(key, f"{key}: {code!r} is no choice of this question" + suggestion(code, codes))
