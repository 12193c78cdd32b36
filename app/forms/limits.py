"""What an answer may be beside its type: limits of numbers and dates, and of several choices."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.forms.definition import Question, QuestionType

_READERS: Final[Mapping[QuestionType, Callable[[str], Any]]] = {
    QuestionType.INTEGER: Decimal,
    QuestionType.DECIMAL: Decimal,
    QuestionType.DATE: date.fromisoformat,
}


def limits(question: Question) -> dict[str, Any]:
    """Return the limits of a number or date by "least" and "most", those there are, as values."""
    read = _READERS.get(question.type)
    said = {"least": question.range.least, "most": question.range.most}
    return {key: read(limit) for key, limit in said.items() if limit} if read else {}


def broken_limits(question: Question, answer: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the code and details of each limit that an answer, which is understood, breaks.

    Codes: "not_in_range", or with one limit "below_range", "above_range", "too_early", "too_late";
    "exclusive_choice", "too_few_choices", "too_many_choices".
    """
    if isinstance(answer, str) and (found := limits(question)):
        value = _READERS[question.type](answer)
        if value < found.get("least", value) or value > found.get("most", value):
            yield range_code(question), found
    elif isinstance(answer, list):
        yield from _of_choices(question, answer)


def range_code(question: Question) -> str:
    """Return the code for a number or date beyond the limits of its question."""
    if question.range.least and question.range.most:
        return "not_in_range"
    is_date = question.type is QuestionType.DATE
    if question.range.least:
        return "too_early" if is_date else "below_range"
    return "too_late" if is_date else "above_range"


def _of_choices(
    question: Question, chosen: list[str]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    alone = [c for c in question.choices if c.code in chosen and c.code in question.exclusive]
    if alone:
        if len(chosen) > 1:
            yield "exclusive_choice", {"choice": alone[0].label}
        return
    counts = {"chosen": len(chosen), "least": question.least, "most": question.most}
    if len(chosen) < question.least:
        yield "too_few_choices", counts
    if question.most and len(chosen) > question.most:
        yield "too_many_choices", counts
