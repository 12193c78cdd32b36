"""Whose text was accepted into the draft since it was begun: what is marked until it is signed."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.forms.places import Place
from app.models.operation import Cause, Kind, Operation, State
from app.models.proposal import Proposal
from app.models.submission import Submission
from app.services.draft_history import is_undone


def suggested_at(session: Session, submission: Submission, place: Place) -> dict[str, Proposal]:
    """Return which answers at *place* were accepted from whom since this draft was begun."""
    found = _suggested(session, submission, Operation.place == str(place))
    return {question: proposal for (_place, question), proposal in found.items()}


def suggested_in(session: Session, submission: Submission) -> dict[tuple[str, str], Proposal]:
    """Return, by place and question, whose text was accepted since this draft was begun."""
    return _suggested(session, submission)


def _suggested(
    session: Session, submission: Submission, *limits: ColumnElement[bool]
) -> dict[tuple[str, str], Proposal]:
    if submission.draft is None:
        return {}
    found = session.scalars(
        select(Operation)
        .options(joinedload(Operation.proposal))
        .where(
            Operation.submission_id == submission.id,
            Operation.cause == Cause.SUGGESTED,
            Operation.kind == Kind.ANSWER,
            Operation.state == State.APPLIED,
            Operation.at >= submission.draft.started_at,
            ~is_undone(State.APPLIED, State.SAME),
            *limits,
        )
        .order_by(Operation.number)
    )
    return {(op.place, op.question): op.proposal for op in found if op.proposal is not None}
