"""How far a section has come: what the task list shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.forms.checks import blocking, problems_at
from app.forms.definition import Element, Form, Question, Repeat, Section, walk
from app.forms.places import answer_keys
from app.forms.relevance import Level, asked_at, asked_places, top

# What only says that something is still missing: told when asked for, not while people write.
MISSING: Final = frozenset({"required", "too_few_rows"})


class State(StrEnum):
    """What is told of a section in one word."""

    NOT_NEEDED = "not_needed"  # not asked, by the answers so far
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"  # nothing in it stands in the way of signing


@dataclass(frozen=True, slots=True)
class Progress:
    """*answered* of the *required* questions have an answer; *problems* stand in the way.

    *missing* of these only say that something is not there yet.
    """

    state: State
    required: int
    answered: int
    problems: int
    missing: int = 0


def progress_of_all(form: Form, document: Mapping[str, Any]) -> list[Progress]:
    """Return how far each section has come, in form order."""
    whole = top(form, document)
    return [_progress(form, whole, section) for section in form.sections]


def progress(form: Form, document: Mapping[str, Any], section: Section) -> Progress:
    """Return how far *section* has come, its items and rows included."""
    return _progress(form, top(form, document), section)


def _progress(form: Form, whole: Level, section: Section) -> Progress:
    """Return the same, where *whole* is the level of the document.

    A section in which nothing is answered is not started, also when nothing in it is required;
    one without questions is complete.
    """
    places = [
        (level, asked_at(level, form, place), blocking(list(problems_at(level, form, place))))
        for place, level in asked_places(whole, form, section)
    ]
    if not places:
        return Progress(State.NOT_NEEDED, 0, 0, 0)
    required = [
        question.id in level.raw
        for level, elements, _ in places
        for question in _required(level, elements)
    ]
    found = [problem for _, _, wrong in places for problem in wrong]
    problems, missing = len(found), sum(1 for problem in found if problem.code in MISSING)
    state = State.IN_PROGRESS if problems else State.COMPLETE
    if _asks(section) and not any(_is_begun(level, elements) for level, elements, _ in places):
        state = State.NOT_STARTED
    return Progress(state, len(required), sum(required), problems, missing)


def completeness(form: Form, document: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many of the questions that are asked have an answer, and how many are asked.

    A kind of nothing, such as "unknown", is an answer; what is calculated is no question here.
    """
    whole, answered, asked = top(form, document), 0, 0
    for section in form.sections:
        for place, level in asked_places(whole, form, section):
            for element in asked_at(level, form, place):
                if isinstance(element, Question) and element.is_typed:
                    asked += 1
                    answered += element.id in level.raw
    return answered, asked


def _required(level: Level, elements: tuple[Element, ...]) -> list[Question]:
    """Return the questions among *elements* that must be answered."""
    questions = [e for e in elements if isinstance(e, Question)]
    return [
        question
        for question in questions
        if question.is_typed and question.required.holds(level.scope)
    ]


def _is_begun(level: Level, elements: tuple[Element, ...]) -> bool:
    """Tell whether anything is answered on *level*, or a row added."""
    rows = (e for e in elements if isinstance(e, Repeat))
    return any(key in level.raw for key in answer_keys(elements)) or any(
        level.raw.get(repeat.id) for repeat in rows
    )


def _asks(section: Section) -> bool:
    return any(
        isinstance(element, Question) and element.is_typed for element in walk(section.elements)
    )
