"""A form as a page shows it to its authors: every question with its input, and facts about it.

A question of a block stands in several places; here each has an id of its own, which begins with
the containers around it, so that all of them can stand in one page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from flask_babel import gettext as _

from app.forms.definition import (
    Check,
    Choice,
    Element,
    Form,
    Loop,
    Question,
    Repeat,
    Section,
    matrix_of,
)
from app.forms.rules import ALWAYS, NEVER, Rule
from app.texts.form_places import anchor_of_part, anchor_of_section
from app.web.draft_pages import Grid
from app.web.fields import Field
from app.wording.statuses import SEVERITIES


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about an element that respondents do not see."""

    label: str
    value: str
    is_code: bool = False  # in our notation: a rule, an id, codes
    about: str = ""  # the message of a check


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A question, a matrix, a loop or a repeat, in the order asked."""

    id: str
    anchor: str  # id in the page
    level: int  # of its heading, from 3
    facts: tuple[Fact, ...]
    field: Field | None = None
    grid: Grid | None = None
    container: Loop | Repeat | None = None
    parts: tuple["Part", ...] = ()
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPart:
    """A section, with all it asks."""

    section: Section
    anchor: str  # id in the page
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]


def preview(form: Form) -> tuple[SectionPart, ...]:
    """Return everything that a form asks, as if nothing were answered and all were asked."""
    return tuple(
        SectionPart(
            section=section,
            anchor=anchor_of_section(section.id),
            facts=tuple(_rules(section.relevant, NEVER)),
            parts=_parts(section.elements, (), 3),
        )
        for section in form.sections
    )


def _parts(elements: tuple[Element, ...], path: tuple[str, ...], level: int) -> tuple[Part, ...]:
    found: list[Part] = []
    for matrix, run in groupby(elements, key=matrix_of):
        if matrix:
            found.append(_matrix([e for e in run if isinstance(e, Question)], path, level))
        else:
            found.extend(_part(element, path, level) for element in run)
    return tuple(found)


def _part(element: Element, path: tuple[str, ...], level: int) -> Part:
    if isinstance(element, Question):
        return Part(
            id=element.id,
            anchor=anchor_of_part((*path, element.id)),
            level=level,
            facts=tuple(_facts(element)),
            field=_field(element, path),
            is_provisional=element.is_provisional,
        )
    return Part(
        id=element.id,
        anchor=anchor_of_part((*path, element.id)),
        level=level,
        facts=tuple(_facts_of_container(element)),
        container=element,
        parts=_parts(element.elements, (*path, element.id), min(level + 1, 6)),
    )


def _matrix(questions: list[Question], path: tuple[str, ...], level: int) -> Part:
    fields = tuple(_field(question, path) for question in questions)
    matrix = fields[0].question.matrix or questions[0].matrix
    if matrix is None:
        raise ValueError("a question without a matrix")
    name = questions[0].id.partition(".")[0]
    items = questions[0].matrix.items if questions[0].matrix else ()
    return Part(
        id=name,
        anchor=anchor_of_part((*path, name)),
        level=level,
        facts=(*_facts(questions[0], name, "matrix"), _codes(_("Items"), items)),
        grid=Grid(matrix=matrix, rows=fields),
        is_provisional=questions[0].is_provisional,
    )


def _field(question: Question, path: tuple[str, ...]) -> Field:
    """Return an empty field, whose id begins with the containers around it."""
    names = ".".join(path)
    prefix = f"{names}." if names else ""
    matrix = question.matrix
    return Field(
        question=replace(
            question,
            id=f"{prefix}{question.id}",
            matrix=replace(matrix, id=f"{prefix}{matrix.id}") if matrix else None,
        ),
        is_required=question.required == ALWAYS,
    )


def _facts(question: Question, name: str = "", kind: str = "") -> Iterator[Fact]:
    yield Fact(_("Id"), name or question.id, is_code=True)
    yield Fact(_("Type"), f"{kind}, {question.type}" if kind else question.type, is_code=True)
    yield from _rules(question.relevant, question.required)
    if question.rule != NEVER:
        yield Fact(_("Computed as"), question.rule.source, is_code=True)
    yield from _checks(question.checks)
    if question.choices:
        yield _codes(_("Codes"), question.choices)
    if question.unit:
        yield Fact(_("Unit"), question.unit, is_code=True)
    if question.source:
        yield Fact(_("Source"), question.source, is_code=True)


def _facts_of_container(container: Loop | Repeat) -> Iterator[Fact]:
    yield Fact(_("Id"), container.id, is_code=True)
    is_repeat = isinstance(container, Repeat)
    yield Fact(_("Type"), "repeat" if is_repeat else "loop", is_code=True)
    yield from _rules(container.relevant, NEVER)
    if isinstance(container, Repeat):
        yield Fact(_("Rows"), f"{container.least}\u2013{container.most}")
        yield from _checks(container.checks)
    else:
        yield _codes(_("Items"), container.items)
    if container.source:
        yield Fact(_("Source"), container.source, is_code=True)


def _rules(relevant: Rule, required: Rule) -> Iterator[Fact]:
    if relevant != ALWAYS:
        yield Fact(_("Asked when"), relevant.source, is_code=True)
    if required == ALWAYS:
        yield Fact(_("Required"), _("always"))
    elif required != NEVER:
        yield Fact(_("Required when"), required.source, is_code=True)


def _checks(checks: tuple[Check, ...]) -> Iterator[Fact]:
    for check in checks:
        label = str(SEVERITIES[check.severity])
        yield Fact(label, check.rule.source, is_code=True, about=check.message)


def _codes(label: str, choices: tuple[Choice, ...]) -> Fact:
    """Return the codes of choices, with their source and whether their wording is provisional."""
    told = []
    for choice in choices:
        marks = [mark for mark in (choice.source, "?" if choice.is_provisional else "") if mark]
        told.append(f"{choice.code} ({', '.join(marks)})" if marks else choice.code)
    return Fact(label, ", ".join(told), is_code=True)
