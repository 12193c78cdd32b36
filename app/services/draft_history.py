"""The history of a draft: every answer from what to what, brought back and taken back.

To bring back and to undo are operations like any other: the history only grows. Undo takes back
one's own changes, the newest first, and nothing that somebody else has changed since.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.errors import NotFoundError
from app.forms.merging import merge
from app.forms.places import Place, parse_place
from app.models.account import Account
from app.models.operation import Cause, Kind, Operation, State
from app.models.submission import Event, Submission
from app.services.batches import Batch, Outcome, ways_to
from app.services.events import latest_events
from app.services.operations import answer, write_in
from app.services.row_operations import bring_back, put_row_after, take_away, written_by_others
from app.workflow import Action

_OWN_CAUSES: Final = (Cause.TYPED, Cause.RESTORED, Cause.SUGGESTED)  # not a whole document at once
_TURNS: Final = (Action.SEND_BACK, Action.SEND_FOR_SIGN_OFF, Action.REVISE, Action.SIGN)
_SAVES_IN_A_ROW: Final = 10  # looked at for each line that is shown
_ROWS: Final = (Kind.ADD_ROW, Kind.REMOVE_ROW, Kind.MOVE_ROW)


def history_of(
    session: Session,
    submission: Submission,
    *,
    place: Place | None = None,
    question: str = "",
    before: int = 0,
    limit: int = 25,
) -> Sequence[Operation]:
    """Return what was done to a draft, the newest first.

    place      at which; with the rows around it, and without a question all that stands in it
    question   at *place*: a question, or a matrix and all its items
    before     numbers below this alone; 0: from the newest
    """
    wanted = [Operation.submission_id == submission.id, Operation.state != State.SAME]
    if before:
        wanted.append(Operation.number < before)
    if place is not None:
        wanted.append(_is_about(place, question))
    return session.scalars(
        select(Operation)
        .where(*wanted)
        .order_by(Operation.number.desc())
        .limit(limit)
        .options(joinedload(Operation.account))
    ).all()


def changed_at(session: Session, submission: Submission, place: Place) -> frozenset[str]:
    """Return the questions at *place* that have a history."""
    return frozenset(
        session.scalars(
            select(Operation.question)
            .where(Operation.submission_id == submission.id, Operation.place == str(place))
            .distinct()
        )
    )


def acts_so_far(session: Session, submission: Submission, limit: int) -> list[Event]:
    """Return at most *limit* lines of the audit trail to read, the last one first.

    Of saves by one person at one place, with nothing else between, the last stands for all.
    """
    shown: list[Event] = []
    for event in latest_events(session, submission, limit * _SAVES_IN_A_ROW):
        last = shown[-1] if shown else None
        if last is None or not _is_same_work(event, last):
            shown.append(event)
    return shown[:limit]


def last_turn(session: Session, submission: Submission) -> Event | None:
    """Return the last time that the draft changed hands, if it did."""
    return session.scalar(
        select(Event)
        .where(Event.submission_id == submission.id, Event.action.in_(_TURNS))
        .order_by(Event.number.desc())
        .limit(1)
    )


def _is_same_work(event: Event, later: Event) -> bool:
    return (
        event.action == later.action
        and event.action in (Action.EDIT, "carry")
        and (
            (event.account_id, event.details.get("place"))
            == (later.account_id, later.details.get("place"))
        )
    )


def operation_at(session: Session, submission: Submission, number: int) -> Operation:
    """Return an operation by its number; raise NotFoundError."""
    found = session.get(Operation, (submission.id, number))
    if found is None:
        raise NotFoundError(what="operation", code=str(number))
    return found


def removal_in(session: Session, submission: Submission, place: Place) -> Operation | None:
    """Return the last removal of the row *place*, if it was ever removed."""
    return session.scalar(
        select(Operation)
        .where(
            Operation.submission_id == submission.id,
            Operation.place == str(place),
            Operation.kind == Kind.REMOVE_ROW,
            Operation.state == State.APPLIED,
        )
        .order_by(Operation.number.desc())
        .limit(1)
    )


def can_be_restored(operation: Operation) -> bool:
    """Tell whether an operation holds something that can be brought back."""
    if operation.kind is Kind.REMOVE_ROW:
        return operation.state is State.APPLIED
    return operation.kind is Kind.ANSWER


def restored_answer(operation: Operation) -> object:
    """Return the answer that an operation brings back: what it replaced, or what was not taken."""
    return operation.before if operation.state is State.APPLIED else operation.after


def restore(batch: Batch, operation: Operation, since: int | None = None) -> Outcome:
    """Bring back what an operation replaced, removed, or could not put into the draft.

    since   the version of the page from which it is asked for

    A clash where somebody has changed the same answer since. Rows that are gone come back with it.
    Raises NotFoundError for what cannot be brought back.
    """
    if not can_be_restored(operation):
        raise NotFoundError(what="operation", code=str(operation.number))
    place = parse_place(operation.place)
    for way in batch.missing(place):
        removal = removal_in(batch.session, batch.submission, way)
        if removal is None:
            raise NotFoundError(what="row", code=str(way))
        bring_back(batch, removal)
    if operation.kind is Kind.REMOVE_ROW:
        return Outcome(state=State.APPLIED)
    given = {operation.question: restored_answer(operation)}
    return answer(batch, place, given, since=since, of=operation.number)[0]


def last_own(session: Session, submission: Submission, account: Account) -> Operation | None:
    """Return the newest change of one's own in this draft that was not taken back."""
    if submission.draft is None:
        return None
    return session.scalar(
        select(Operation)
        .where(
            Operation.submission_id == submission.id,
            Operation.account_id == account.id,
            Operation.state == State.APPLIED,
            or_(
                Operation.cause.in_(_OWN_CAUSES),
                # with what it brought: see `_undo_carry`
                and_(Operation.cause == Cause.CARRIED, Operation.kind == Kind.CARRY),
            ),
            Operation.at >= submission.draft.started_at,
            ~is_undone(),
        )
        .order_by(Operation.number.desc())
        .limit(1)
    )


def is_undone(*states: State) -> ColumnElement[bool]:
    """Tell, in a query for operations, which were taken back; *states*: with one of these ends."""
    undo = aliased(Operation)
    taken_back = select(undo.number).where(
        undo.submission_id == Operation.submission_id,
        undo.cause == Cause.UNDONE,
        undo.of == Operation.number,
    )
    if states:
        taken_back = taken_back.where(undo.state.in_(states))
    return taken_back.exists()


def undo(batch: Batch, operation: Operation) -> Outcome:
    """Take back one's own *operation*; a clash where somebody has changed the same since.

    What clashed is not asked for again: the next undo goes on with the change before it.
    """
    done = _UNDONE[operation.kind](batch, operation)
    if not any(op.of == operation.number for op in batch.written):
        batch.write(
            operation.kind,
            parse_place(operation.place) if operation.place else None,
            operation.question,
            before=done.answer,
            after=done.typed,
            state=done.state or State.SAME,
            of=operation.number,
        )
    return done


def _undo_answer(batch: Batch, operation: Operation) -> Outcome:
    place, question = parse_place(operation.place), operation.question
    missing = batch.missing(place)
    present = batch.parts.answers(place)
    there, wanted = present.get(question), operation.before
    merged = merge(operation.after, there, wanted)
    found = {"question": question, "answer": there, "typed": wanted}
    if merged.is_clash or missing:
        theirs = removal_in(batch.session, batch.submission, missing[0]) if missing else None
        return Outcome(
            state=State.CLASH, theirs=theirs or _last_of_others(batch, operation), **found
        )
    if merged.answer == there:
        return Outcome(state=State.SAME, **found)
    batch.parts.set_answers(place, {**present, question: merged.answer})
    return Outcome(state=State.APPLIED, question=question, answer=there, typed=merged.answer)


def _undo_added(batch: Batch, operation: Operation) -> Outcome:
    place = parse_place(operation.place)
    if batch.parts.get(place) is None:
        return Outcome(state=State.SAME)
    theirs = written_by_others(batch, place, operation.number)
    if theirs is not None:
        return Outcome(state=State.CLASH, theirs=theirs)
    take_away(batch, place, of=operation.number)
    return Outcome(state=State.APPLIED)


def _undo_removed(batch: Batch, operation: Operation) -> Outcome:
    place = parse_place(operation.place)
    if batch.parts.get(place) is not None:
        return Outcome(state=State.SAME)
    if missing := batch.missing(place.parent):
        theirs = removal_in(batch.session, batch.submission, missing[0])
        return Outcome(state=State.CLASH, theirs=theirs)
    bring_back(batch, operation, of=operation.number)
    return Outcome(state=State.APPLIED)


def _undo_moved(batch: Batch, operation: Operation) -> Outcome:
    place = parse_place(operation.place)
    theirs = _last_of_others(batch, operation)
    if theirs is None and (missing := batch.missing(place)):
        theirs = removal_in(batch.session, batch.submission, missing[0])
    if theirs is not None:
        return Outcome(state=State.CLASH, theirs=theirs)
    return put_row_after(batch, place, operation.before["after"], of=operation.number)


def _undo_language(batch: Batch, operation: Operation) -> Outcome:
    if batch.submission.language != operation.after:
        return Outcome(state=State.CLASH, theirs=_last_of_others(batch, operation))
    write_in(batch, operation.before, of=operation.number)
    return Outcome(state=State.APPLIED)


def _undo_carry(batch: Batch, operation: Operation) -> Outcome:
    """Take back all that was said at once of last time, with the answers and rows it brought.

    What somebody has changed since stays, and with it what was said of it.
    """
    made = _made_with(batch, operation)
    rows = [op for op in made if op.kind is Kind.ADD_ROW]
    for row in rows[-1:]:  # the others stand in it
        outcome = _undo_added(batch, row)
        if outcome.state is State.CLASH:
            return outcome
    clashes: dict[tuple[str, str], Outcome] = {}
    for op in made if not rows else ():
        if op.kind is Kind.ANSWER and op.state is State.APPLIED:
            done = _undo_answer(batch, op)
            _write_undone(batch, op, done, done.answer, done.typed)
            if done.state is State.CLASH:
                clashes[op.place, op.question] = done
    for op in made:
        if op.kind is Kind.CARRY:
            kept = clashes.get((op.place, op.question))
            theirs = _last_of_others(batch, op)
            if kept is None and theirs is not None:
                kept = clashes[op.place, op.question] = Outcome(state=State.CLASH, theirs=theirs)
            _write_undone(batch, op, kept or Outcome(state=State.APPLIED), op.after, op.before)
    return next(iter(clashes.values()), Outcome(state=State.APPLIED))


def _made_with(batch: Batch, operation: Operation) -> Sequence[Operation]:
    """Return what was done in one act with *operation*, the last first."""
    return batch.session.scalars(
        select(Operation)
        .where(
            Operation.submission_id == operation.submission_id,
            Operation.id == operation.id,
            Operation.cause == operation.cause,
            Operation.number <= operation.number,
        )
        .order_by(Operation.number.desc())
    ).all()


def _write_undone(
    batch: Batch,
    op: Operation,
    done: Outcome,
    before: Any,  # noqa: ANN401 - any JSON
    after: Any,  # noqa: ANN401 - any JSON
) -> None:
    batch.write(
        op.kind,
        parse_place(op.place),
        op.question,
        before=before,
        after=after,
        state=done.state or State.SAME,
        of=op.number,
    )


_UNDONE: Final = {
    Kind.CARRY: _undo_carry,
    Kind.ANSWER: _undo_answer,
    Kind.ADD_ROW: _undo_added,
    Kind.REMOVE_ROW: _undo_removed,
    Kind.MOVE_ROW: _undo_moved,
    Kind.LANGUAGE: _undo_language,
}


def _last_of_others(batch: Batch, operation: Operation) -> Operation | None:
    """Return the last change of the same thing by somebody else, after *operation*."""
    return batch.session.scalar(
        select(Operation)
        .where(
            Operation.submission_id == operation.submission_id,
            Operation.number > operation.number,
            Operation.place == operation.place,
            Operation.question == operation.question,
            Operation.kind == operation.kind,
            Operation.state == State.APPLIED,
            Operation.account_id != operation.account_id,
        )
        .order_by(Operation.number.desc())
        .limit(1)
    )


def _is_about(place: Place, question: str) -> ColumnElement[bool]:
    """Return the condition that an operation is about a place, or a question there."""
    path = str(place)
    around = [str(way) for way in ways_to(place)[1:]]
    is_row = Operation.kind.in_(_ROWS) & Operation.place.in_(around)
    if not question:
        inside = Operation.place.startswith(f"{path}/", autoescape=True)
        return or_(Operation.place == path, inside, is_row)
    items = Operation.question.startswith(f"{question}.", autoescape=True)
    own = (Operation.place == path) & or_(Operation.question == question, items)
    return or_(own, is_row)
