"""Problems away from their field: which question they are at, and where to put them right."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from app.forms.checks import Problem
from app.forms.definition import Form, Severity
from app.forms.places import Place, elements_at
from app.models.submission import Submission
from app.web.draft_pages import list_anchor, trail
from app.web.fields import anchor_of
from app.web.titles import Title, shortened, title_at
from app.wording.problems import sentence

LONGEST = 90  # characters of a question's wording in a list of problems


class Told(NamedTuple):
    """A problem in a list: what to do, and the address where it is done."""

    text: str
    address: str


class ProblemsAt(NamedTuple):
    """The problems of one place, whose titles lead there from the section inwards."""

    titles: tuple[Title, ...]
    links: tuple[Told, ...]


class Said(NamedTuple):
    """One sentence, and all places that it is said of: their titles and their addresses."""

    text: str
    places: tuple[tuple[Title, str], ...]


def told(form: Form, problem: Problem) -> str:
    """Return what to do, with the question's wording in front unless the form says it itself."""
    label = label_of(form, problem)
    if problem.message or not label:
        return sentence(problem)
    text: str = _("%(question)s — %(problem)s", question=label, problem=sentence(problem))
    return text


def label_of(form: Form, problem: Problem) -> str:
    """Return the wording of the question or container that *problem* is at, shortened."""
    elements = elements_at(form, problem.place)
    label = next((e.label for e in elements if e.id == problem.question), "")
    return shortened(label, LONGEST)


def by_place(
    submission: Submission, form: Form, document: Mapping[str, Any], problems: Iterable[Problem]
) -> list[ProblemsAt]:
    """Return *problems*, which stand in form order, by the place where they are put right."""
    return [
        ProblemsAt(
            titles=(
                *(title for title, _place in trail(form, document, place)),
                title_at(form, document, place),
            ),
            links=tuple(problem_link(submission, form, problem) for problem in found),
        )
        for place, found in groupby(problems, lambda problem: problem.place)
    ]


def by_sentence(
    submission: Submission, form: Form, document: Mapping[str, Any], problems: Iterable[Problem]
) -> list[Said]:
    """Return what is said in *problems*, each sentence once, in the order first said."""
    return said_once(
        (place_title(form, document, problem.place), *problem_link(submission, form, problem))
        for problem in problems
    )


def said_once(remarks: Iterable[tuple[Title, str, str]]) -> list[Said]:
    """Return remarks (title of the place, text, address) with each text once."""
    found: dict[str, list[tuple[Title, str]]] = {}
    for title, text, address in remarks:
        found.setdefault(text, []).append((title, address))
    return [Said(text, tuple(places)) for text, places in found.items()]


def place_title(form: Form, document: Mapping[str, Any], place: Place) -> Title:
    """Return the title of *place*, with that of the item or row around it as its kind."""
    here, around = title_at(form, document, place), trail(form, document, place)[1:]
    return here._replace(kind=around[-1][0].text) if around else here


def problem_link(submission: Submission, form: Form, problem: Problem) -> Told:
    """Return *problem* with the address of its field on the page of its place."""
    address = url_for(
        "entry.show",
        submission_id=submission.id,
        place=str(problem.place),
        problems=1,
        _anchor=_anchor(form, problem),
    )
    return Told(told(form, problem), address)


def _anchor(form: Form, problem: Problem) -> str:
    if problem.check and problem.severity is Severity.WARNING:
        return anchor_of(f"{problem.check}.explanation")
    if form.container(problem.question) is not None:
        return list_anchor(problem.place, problem.question)
    return anchor_of(problem.question)
