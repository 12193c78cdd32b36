"""Operations as pages send them: carried out once, in their order, and answered alike ever after.

An id that was seen before changes nothing: its answer is told again from the history. An id of
somebody else's operation, or of one elsewhere, is refused: it would hide what comes under it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import AnswerLockedError, AppError, IdempotencyError
from app.forms.answers import read_answers
from app.forms.places import Answers, Place, parse_place
from app.models.operation import Kind, Operation, State
from app.services.batches import Batch, Outcome, Sent
from app.services.operations import answer, questions_at
from app.services.row_operations import move_row, remove_row


class Result(StrEnum):
    """What a page is told of an operation."""

    APPLIED = "applied"
    SAME = "same"
    CLASH = "clash"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOperation:
    """One operation as a page sends it.

    since       version that the page showed
    fields      of an answer: strings by the name of the input, as a form posts them
    by          of a move: -1 up, 1 down; `neighbour` is the key of the row to go past
    """

    sent: Sent
    kind: Kind
    place: str
    since: int
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    by: int = 0
    neighbour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one operation: by question, or of the row as a whole."""

    sent: SentOperation
    place: Place | None
    outcomes: tuple[Outcome, ...] = ()
    refused: AppError | None = None

    @property
    def result(self) -> Result:
        """Return what is to be told first: a clash before what was applied."""
        states = {outcome.state for outcome in self.outcomes}
        if self.refused is not None:
            return Result.REFUSED
        if State.CLASH in states:
            return Result.CLASH
        return Result.APPLIED if State.APPLIED in states else Result.SAME


def carry_out(
    batch: Batch, operations: Sequence[SentOperation], *, locale: str, language: str
) -> list[Told]:
    """Carry out what was sent, each operation whole or not at all; the batch is still to be saved.

    locale     of the page, in which numbers and dates were typed
    language   in which texts are written where the fields do not say
    """
    return [_told(batch, each, locale, language) for each in operations]


def answer_once(
    batch: Batch,
    place: Place,
    typed: Answers,
    *,
    since: int | None,
    sent: Sent,
    held: Collection[str] = (),
) -> list[Outcome]:
    """Change answers as `answer` does, unless the operation *sent* was carried out before.

    Raises IdempotencyError where its id is that of another operation.
    """
    if before := _seen(batch, sent.id, place):
        return list(_again(batch, before))
    return answer(batch, place, typed, since=since, sent=sent, held=held)


def _told(batch: Batch, each: SentOperation, locale: str, language: str) -> Told:
    place: Place | None = None
    try:
        place = parse_place(each.place)
        if before := _seen(batch, each.sent.id, place):
            return _done(each, place, _again(batch, before))
        outcomes = _do(batch, each, place, locale, language)
    except AppError as refused:
        return Told(sent=each, place=place, refused=refused)
    for unchanged in (outcome for outcome in outcomes if outcome.state is None):
        _note(batch, each, place, unchanged)
    if not any(op.id == each.sent.id for op in batch.written):
        batch.write(each.kind, place, state=State.SAME, sent=each.sent)  # so that it is known again
    return _done(each, place, tuple(outcomes))


def _note(batch: Batch, each: SentOperation, place: Place, unchanged: Outcome) -> None:
    """Keep that a page has sent what it was shown, so that its older text undoes nothing later."""
    answer, typed = unchanged.answer, unchanged.typed
    batch.write(
        each.kind,
        place,
        unchanged.question,
        before=answer,
        after=answer,
        typed=None if typed == answer else {"answer": typed},
        state=State.SAME,
        sent=each.sent,
    )


def _done(each: SentOperation, place: Place, outcomes: tuple[Outcome, ...]) -> Told:
    """Return what is told of an operation; what was locked is refused, with what else was done."""
    locked = next((outcome for outcome in outcomes if outcome.state is State.LOCKED), None)
    refused = AnswerLockedError(place=str(place), question=locked.question) if locked else None
    return Told(sent=each, place=place, outcomes=outcomes, refused=refused)


def _do(
    batch: Batch, each: SentOperation, place: Place, locale: str, language: str
) -> list[Outcome]:
    if each.kind is Kind.REMOVE_ROW:
        return [remove_row(batch, place, since=each.since, sent=each.sent)]
    if each.kind is Kind.MOVE_ROW:
        return [move_row(batch, place, each.by, each.neighbour, sent=each.sent)]
    questions = questions_at(batch.form, place)
    typed = read_answers(questions.values(), each.fields, locale=locale, language=language)
    return answer(batch, place, typed, since=each.since, sent=each.sent)


def _seen(batch: Batch, operation_id: str, place: Place) -> list[Operation]:
    """Return what was kept of an operation that came before, also in this batch.

    Raises IdempotencyError where it is not of this account, or not of this place.
    """
    found = [op for op in batch.written if op.id == operation_id] or list(
        batch.session.scalars(
            select(Operation)
            .where(
                Operation.submission_id == batch.submission.id,
                Operation.id == operation_id,
                Operation.number <= batch.start,
            )
            .order_by(Operation.part)
        )
    )
    is_theirs = any(op.account_id != batch.account.id for op in found)
    if found and (is_theirs or str(place) not in {op.place for op in found}):
        raise IdempotencyError(key=operation_id)
    return found


def _again(batch: Batch, before: Sequence[Operation]) -> tuple[Outcome, ...]:
    """Return the outcomes of an operation that came before; of each question the last word."""
    last = {op.question: op for op in before if op.question or op.kind is not Kind.ANSWER}
    place = parse_place(before[0].place)
    present = batch.parts.answers(place)
    return tuple(
        Outcome(
            question=op.question,
            state=op.state,
            answer=present.get(op.question),
            typed=_typed(op),
            mine=_typed(op) if op.state is State.CLASH else None,
            theirs=answer_of_others(batch.session, op) if op.state is State.CLASH else None,
        )
        for op in last.values()
    )


def _typed(op: Operation) -> Any:  # noqa: ANN401 - any answer
    return op.typed["answer"] if op.typed else op.after


def answer_of_others(session: Session, clash: Operation) -> Operation | None:
    """Return the operation that an operation clashed with: the last one before it that counted."""
    return session.scalar(
        select(Operation)
        .where(
            Operation.submission_id == clash.submission_id,
            Operation.number < clash.number,
            Operation.kind == Kind.ANSWER,
            Operation.place == clash.place,
            Operation.question == clash.question,
            Operation.state == State.APPLIED,
            or_(Operation.account_id != clash.account_id, Operation.page != clash.page),
        )
        .order_by(Operation.number.desc())
        .limit(1)
    )
