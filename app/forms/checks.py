"""What is wrong with a document: the one check behind pages, API, import and signing.

A problem is a code with details; its wording lives at the edge. Drafts are never blocked: only
signing asks for `blocking(check_form(…))` to be empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.forms.definition import (
    Check,
    Element,
    Form,
    Loop,
    Question,
    Repeat,
    Severity,
)
from app.forms.limits import broken_limits
from app.forms.places import Place
from app.forms.relevance import (
    Level,
    asked,
    asked_at,
    asked_places,
    check_scope,
    level_at,
    places_from,
    relevant_elements,
    top,
)

__all__ = [
    "Problem",
    "asked",
    "blocking",
    "check_form",
    "check_place",
    "check_under",
    "problems_at",
    "relevant_elements",
    "row_problems",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, to explain, or to know.

    code      "required", "not_a_whole_number", "not_a_date", "not_a_choice", "too_few_rows",
              "too_many_rows", those of `app.forms.limits`; "check" (a check of the form does not
              hold), "explain" (likewise, a warning that still lacks its explanation)
    question  id of the question or repeat; "" where it is about the whole place
    check     id of the check, for "check" and "explain", and *message* its wording
    """

    code: str
    severity: Severity
    place: Place
    question: str
    details: Mapping[str, object] = field(default_factory=dict)
    check: str = ""
    message: str = ""


def check_place(form: Form, document: Mapping[str, Any], place: Place) -> list[Problem]:
    """Return what is wrong at *place* alone, in form order; nothing if it is not relevant.

    The rules see the whole *document*. Raises nothing: a row that is not there is an empty one.
    """
    level = level_at(top(form, document), form, place)
    return [] if level is None else list(problems_at(level, form, place))


def check_under(form: Form, document: Mapping[str, Any], place: Place) -> list[Problem]:
    """Return what is wrong at *place* and at every place inside it, in form order."""
    level = level_at(top(form, document), form, place)
    if level is None:
        return []
    places = places_from(level, form, place)
    return [problem for at, inside in places for problem in problems_at(inside, form, at)]


def check_form(form: Form, document: Mapping[str, Any]) -> list[Problem]:
    """Return all that is wrong with *document*, in form order: sections, then what is in them."""
    whole = top(form, document)
    return [
        problem
        for section in form.sections
        for place, level in asked_places(whole, form, section)
        for problem in problems_at(level, form, place)
    ]


def blocking(problems: list[Problem]) -> list[Problem]:
    """Return those that stand in the way of signing: problems, and warnings not explained."""
    return [p for p in problems if p.severity is Severity.PROBLEM or p.code == "explain"]


def problems_at(level: Level, form: Form, place: Place) -> Iterator[Problem]:
    """Yield what is wrong at *place*, whose *level* it is; what stands deeper is not looked at."""
    for element in asked_at(level, form, place):
        yield from _of_element(level, element, place)
        if not isinstance(element, Loop) and element.checks:
            scope = check_scope(level, element)
            for check in element.checks:
                if check.rule.fails(scope):
                    yield _failed(level, element, check, place)


def _of_element(level: Level, element: Element, place: Place) -> Iterator[Problem]:
    if isinstance(element, Question):
        yield from _of_question(level, element, place)
    elif isinstance(element, Repeat):
        yield from row_problems(element, len(level.rows_of(element).keys), place)


def row_problems(repeat: Repeat, rows: int, place: Place) -> Iterator[Problem]:
    """Yield what is wrong with so many *rows* of a repeat that stands at *place*."""
    limits = {"rows": rows, "least": repeat.least, "most": repeat.most}
    if rows < repeat.least:
        yield Problem("too_few_rows", Severity.PROBLEM, place, repeat.id, limits)
    if rows > repeat.most:
        yield Problem("too_many_rows", Severity.PROBLEM, place, repeat.id, limits)


def _of_question(level: Level, question: Question, place: Place) -> Iterator[Problem]:
    if not question.is_typed:
        return
    answer = level.raw.get(question.id)
    if answer is None:
        if question.required.holds(level.scope):
            yield Problem("required", Severity.PROBLEM, place, question.id)
    elif isinstance(answer, Mapping) and "typed" in answer:
        typed = {"typed": answer["typed"]}
        yield Problem(str(answer["problem"]), Severity.PROBLEM, place, question.id, typed)
    else:
        for code, details in broken_limits(question, answer):
            yield Problem(code, Severity.PROBLEM, place, question.id, details)


def _failed(level: Level, element: Element, check: Check, place: Place) -> Problem:
    unexplained = check.severity is Severity.WARNING and check.explanation not in level.raw
    code = "explain" if unexplained else "check"
    return Problem(code, check.severity, place, element.id, {}, check.id, check.message)
