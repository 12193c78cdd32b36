"""What stood at a place of a draft when a page was opened: by its version."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.places import Answers, Place
from app.models.operation import Kind, Operation, State
from app.models.submission import Submission
from app.services.batches import ways_to


def answers_then(
    session: Session,
    submission: Submission,
    place: Place,
    version: int,
    present: Mapping[str, Any],
) -> Answers:
    """Return the plain answers at *place* at a version of the draft.

    present   those that stand there now
    """
    answers = dict(present)
    for operation in reversed(_since(session, submission, place, version)):
        if operation.kind is Kind.ANSWER and operation.place == str(place):
            answers[operation.question] = operation.before
        elif operation.kind is Kind.ADD_ROW:
            answers = {}
        elif operation.kind is Kind.REMOVE_ROW:
            part = operation.before["parts"].get(str(place), {"answers": {}})
            answers = dict(part["answers"])
    return {question: answer for question, answer in answers.items() if answer is not None}


def _since(
    session: Session, submission: Submission, place: Place, version: int
) -> Sequence[Operation]:
    return session.scalars(
        select(Operation)
        .where(
            Operation.submission_id == submission.id,
            Operation.number > version,
            Operation.place.in_([str(way) for way in ways_to(place)]),
            Operation.state == State.APPLIED,
        )
        .order_by(Operation.number)
    ).all()
