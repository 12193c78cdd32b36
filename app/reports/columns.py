"""The classes of a table, and its columns: counts, shares of answered, shares of asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.analysis.answers import NOTHING
from app.analysis.indicators import NOT_ASSESSED, Unit
from app.analysis.observations import ANSWERED_ANEW, CARRIED_OVER, NOT_REPORTED, NOT_REVIEWED
from app.analysis.scales import item_list
from app.forms.definition import Form, Question, QuestionType
from app.reports.definition import ALL, FRESH, Column, Report, Variable
from app.reports.params import Chosen

ANSWERED: Final = "answered"
ASKED: Final = "asked"
COUNTED: Final = "counted"  # in the place of `asked` where rows are classes
REVIEWED: Final = "reviewed"
ASSESSED: Final = "assessed"
COLUMNS: Final = frozenset({"group", "class", "name", ANSWERED, ASKED, COUNTED})  # in every table


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The classes that things are counted in, with their labels, in the order shown."""

    labels: dict[str, str]
    answered: tuple[str, ...]  # those that are an answer; the others say why there is none
    total: str = ASKED  # id of the column that counts all things
    off_scale: frozenset[str] = frozenset()  # answers that have no place on the scale
    is_exclusive: bool = True  # a thing is in one class only


def classes_of(report: Report, form: Form, variable: Variable, chosen: Chosen) -> Classes:
    """Return the classes of *variable*: the choices of its question, then the kinds of nothing."""
    question = question_of(form, variable.classes)
    labels = {choice.code: choice.label for choice in question.choices}
    answered = tuple(labels)
    for code in _missing(variable, question, chosen):
        labels.setdefault(code, report.text(f"class.{code}"))
    return Classes(
        labels=labels,
        answered=answered,
        is_exclusive=question.type is not QuestionType.SELECT_MULTIPLE,
        off_scale=frozenset(c.code for c in question.choices if c.outside_scale),
    )


def coverage_classes(report: Report, chosen: Chosen) -> Classes:
    """Return the classes of a coverage table: of Parties that report, or of targets assessed."""
    codes: tuple[str, ...] = (REVIEWED, NOT_REVIEWED, NOT_REPORTED)
    answered = codes[:1] if chosen.is_reviewed_only else codes[:2]
    if chosen.unit is Unit.ASSESSMENTS:
        codes, answered = (ASSESSED, NOT_ASSESSED), (ASSESSED,)
    return Classes(labels={code: report.text(f"class.{code}") for code in codes}, answered=answered)


def question_of(form: Form, name: str) -> Question:
    """Return the question `question`, `container.question` or `matrix.item`; raise KeyError.

    A `matrix` stands for its first question: all have the same choices.
    """
    container_id, _, question_id = name.partition(".")
    container = form.container(container_id) if question_id else None
    elements = container.elements if container else tuple(form.elements())
    sought = question_id if container else name
    for element in elements:
        if isinstance(element, Question) and sought in (element.id, _matrix_id(element)):
            return element
    raise KeyError(name)


def _matrix_id(question: Question) -> str:
    return question.matrix.id if question.matrix else question.id


def items_with_labels(form: Form, name: str) -> dict[str, str]:
    """Return the labels of the items of a loop or matrix by code, in the form's order."""
    return {item.code: item.label for item in item_list(form, name)}


def columns_of(report: Report, classes: Classes, chosen: Chosen, key: str) -> tuple[Column, ...]:
    """Return the columns of a table whose rows are told apart by the column *key*."""
    return (
        Column(id=key, label=_key_label(report, key), kind="code"),
        Column(id="name", label=report.text("column.name"), kind="label"),
        *_counts(report, classes, chosen),
        *_shares(report, classes, classes.answered, ANSWERED),
        *_shares(report, classes, tuple(classes.labels), classes.total),
        Column(
            id=f"{ANSWERED}_of_{classes.total}",
            label=report.text("column.coverage"),
            kind="share",
            unit="percent",
            of=classes.total,
            opens=ANSWERED,
        ),
    )


def _key_label(report: Report, key: str) -> str:
    return report.texts.get(f"column.{key}") or report.text_or_code("param", key)


def _missing(variable: Variable, question: Question, chosen: Chosen) -> Iterator[str]:
    """Yield the classes for what has no answer, those nearest to an answer first."""
    for code in variable.method.missing:
        kinds = [kind for kind, name in NOTHING.items() if name == code]
        if not kinds or kinds[0] in question.allow:
            yield code
    if chosen.freshness != ALL:
        yield CARRIED_OVER if chosen.freshness == FRESH else ANSWERED_ANEW
    if variable.method.unit is Unit.PARTIES:
        if chosen.is_reviewed_only:
            yield NOT_REVIEWED
        yield NOT_REPORTED


def _counts(report: Report, classes: Classes, chosen: Chosen) -> Iterator[Column]:
    totals = {code: report.text(f"column.{code}") for code in (ANSWERED, classes.total)}
    for code, label in {**classes.labels, **totals}.items():
        yield Column(
            id=code,
            label=label,
            kind="count",
            unit=chosen.unit,
            opens=code,
            is_class=code in classes.labels,
            is_apart=_is_apart(classes, code),
        )


def _shares(
    report: Report, classes: Classes, codes: tuple[str, ...], whole: str
) -> Iterator[Column]:
    of = report.text(f"column.{whole}")
    for code in codes:
        yield Column(
            id=f"{code}_of_{whole}",
            label=report.text("column.share", name=classes.labels[code], of=of),
            kind="share",
            unit="percent",
            of=whole,
            opens=code,
            is_class=True,
            is_apart=_is_apart(classes, code),
        )


def _is_apart(classes: Classes, code: str) -> bool:
    return code in classes.off_scale or (code in classes.labels and code not in classes.answered)
