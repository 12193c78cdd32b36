"""Answers that two people changed at once: both texts side by side, and a choice.

The page that clashed comes back with one's own text still in its field, free to edit, and theirs
beside it. Until one chooses, theirs stands; both are in the history whatever is chosen.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask_babel import gettext as _

from app.forms.definition import Form, Question
from app.forms.places import Answers, Place
from app.models.operation import State
from app.services.batches import Outcome, Sent
from app.services.operations import questions_at
from app.web.draft_pages import DraftPage
from app.web.fields import anchor_of
from app.web.operations_json import ID, NUMBER, who_json
from app.web.problems import told

VERSION: Final = ".version"  # of the draft that the page shows; no id of a question begins so
PAGE: Final = ".page"  # id of the page as it was opened
CLASH: Final = ".clash"  # ids of the questions that are asked about
KEEP: Final = ".keep."  # and what was chosen of each
OPERATION: Final = ".op."  # and `<id>:<order>` of what a page that saves by itself had not sent yet
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A question with what one typed, what is there now, and who has made it so."""

    question: Question
    mine: Any
    theirs: Any
    told: str  # who and when, as a sentence; empty where it is not known
    is_again: bool  # it was asked about before, and nothing was chosen

    @property
    def anchor(self) -> str:
        """Return its id in the page."""
        return f"clash-{anchor_of(self.question.id)}"

    @property
    def summary(self) -> str:
        """Return what is to be done, for the top of the page."""
        asked = self.question.label
        if self.is_again:
            return str(_("Choose which answer is to stay: %(question)s", question=asked))
        return str(_("Somebody else has changed this answer too: %(question)s", question=asked))

    @property
    def name(self) -> str:
        """Return the name of the choice."""
        return f"{KEEP}{self.question.id}"


def posted_version() -> int | None:
    """Return the version that the page showed; None if it does not say."""
    version = request.form.get(VERSION, "")
    return int(version) if NUMBER.fullmatch(version) else None


def posted_from() -> Sent:
    """Return which page it was."""
    page = request.form.get(PAGE, "")
    return Sent(page=page if ID.fullmatch(page) else "")


def posted_operations() -> dict[str, Sent]:
    """Return as which operation each answer would be sent, if not posted; by question.

    What waits in the browser is sent again by the next page: by its id it is known then.
    """
    page, found = posted_from().page, {}
    for name, value in request.form.items():
        own, _colon, order = value.partition(":")
        is_one = name.startswith(OPERATION) and ID.fullmatch(own) and NUMBER.fullmatch(order)
        if page and is_one:
            found[name.removeprefix(OPERATION)] = Sent(own, page, int(order))
    return found


def held_back() -> frozenset[str]:
    """Return the questions that clash and of which one's own text was not chosen."""
    return frozenset(
        question
        for question in request.form.getlist(CLASH)
        if request.form.get(f"{KEEP}{question}") != MINE
    )


def still_asked(form: Form, place: Place, outcomes: Sequence[Outcome]) -> list[Clash]:
    """Return the clashes to be asked about: new ones, and those where nothing was chosen."""
    questions = questions_at(form, place)
    return [
        Clash(
            question=questions[outcome.question],
            mine=outcome.mine,
            theirs=outcome.answer,
            told=who_json(outcome.theirs)["told"] if outcome.theirs else "",
            is_again=outcome.question in request.form.getlist(CLASH),
        )
        for outcome in outcomes
        if outcome.state is State.CLASH and request.form.get(f"{KEEP}{outcome.question}") != THEIRS
    ]


def said_above(
    form: Form, page: DraftPage, clashes: Sequence[Clash], *, tells_problems: bool
) -> dict[str, Any]:
    """Return what a page says before its questions, by the names that its template knows.

    summary  where one asks to choose, of which answers; else the problems, if they are told
    clashes  by question
    apart    those of questions that are not on the page
    """
    problems = page.wrong if tells_problems else ()
    to_do = [{"text": told(form, p), "address": f"#{page.anchor(p)}"} for p in problems]
    to_choose = [{"text": each.summary, "address": f"#{each.anchor}"} for each in clashes]
    return {
        "summary": to_choose or to_do,
        "clashes": {each.question.id: each for each in clashes},
        "apart": [each for each in clashes if each.question.id not in page.ids],
    }


def with_mine(
    document: Mapping[str, Any], place: Place, clashes: Sequence[Clash]
) -> Mapping[str, Any]:
    """Return *document* with one's own texts in the place of theirs, for the page to show."""
    if not clashes:
        return document
    shown = deepcopy(dict(document))
    answers = _answers_in(shown, place)
    for clash in clashes:
        answers[clash.question.id] = clash.mine
        if clash.mine is None:
            del answers[clash.question.id]
    return shown


def _answers_in(document: Answers, place: Place) -> Answers:
    """Return the answers at *place* of *document*, to be changed; made for an item of a loop."""
    found = document
    for container, key in place.steps:
        held = found.setdefault(container, {})
        if isinstance(held, list):
            found = next(row["answers"] for row in held if row["row"] == key)
        else:
            found = held.setdefault(key, {})
    return found
