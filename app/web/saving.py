"""Keeping what the page of a draft posts: merged with what others have changed since it was opened.

What the page was about to send by itself is kept under the id that it has in the browser, and so
only once. What is posted is read anew on each try, so that two who save at the same moment are
merged too.
"""

from contextlib import suppress
from typing import Final

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.access import account
from app.errors import AnswerLockedError, NotFoundError
from app.extensions import db
from app.forms.answers import read_answers
from app.forms.definition import Form
from app.forms.places import Answers, Place, parse_place
from app.models.submission import Submission
from app.services.batches import Outcome
from app.services.operations import answer, questions_at
from app.services.row_operations import move_row
from app.services.sent_operations import answer_once
from app.services.submissions import drafting
from app.web.carrying import carry_posted
from app.web.clashes import held_back, posted_from, posted_operations, posted_version
from app.web.locale import language

MOVES: Final = {"up": -1, "down": 1}
TRIES: Final = 3


def keep(submission: Submission, form: Form, here: Place) -> list[Outcome]:
    """Save and commit what the page posted; make the row if it is new; move a row if it says so."""
    for rest in reversed(range(TRIES)):
        try:
            outcomes = _keep(submission, form, here)
            db.session.commit()
        except (StaleDataError, IntegrityError):
            db.session.rollback()
            if not rest:
                raise
        else:
            return outcomes
    return []


def _keep(submission: Submission, form: Form, here: Place) -> list[Outcome]:
    batch = drafting(db.session(), submission, form, account())
    since, sent = posted_version(), posted_from()
    typed = _typed(submission, form, here)
    held, outcomes = held_back(), []
    for question, own in posted_operations().items():
        if question in typed:
            alone = {question: typed.pop(question)}
            outcomes += answer_once(batch, here, alone, since=since, sent=own, held=held)
    outcomes += answer(batch, here, typed, since=since, sent=sent, held=held)
    verb, _colon, rest = request.form.get("then", "").partition(":")
    if verb in MOVES:
        row, _colon, neighbour = rest.partition(":")
        # A colleague may have removed it, or it may be locked; what was typed is kept.
        with suppress(NotFoundError, AnswerLockedError):
            move_row(batch, parse_place(row), MOVES[verb], neighbour, sent=sent)
    batch.save()
    if batch.came_back:
        flash(
            _(
                "A colleague had removed this entry. It is back, because you have written in it."
                " If it is not needed, remove it again."
            ),
            "warning",
        )
    return outcomes + carry_posted(submission, form, here, since, sent)


def _typed(submission: Submission, form: Form, here: Place) -> Answers:
    return read_answers(
        questions_at(form, here).values(),
        request.form.to_dict(flat=False),
        locale=language(),
        language=submission.language or language(),
    )
