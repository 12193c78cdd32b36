"""Checking the history of drafts: each operation against the event that carries its hash.

Open drafts are compared with their history.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from app.models.operation import Cause, Kind, Operation, State
from app.models.submission import DraftPart, Event
from app.services.audit_chains import Problem, json_of, moment_of, raw_json
from app.services.audit_drafts import check_draft
from app.services.batches import operations_hash


class _Batch(NamedTuple):
    """What an event says of the operations of one save."""

    event: int
    at: datetime | None
    first: int
    last: int
    hash: str


def check_operations(
    session: Session, told_of: Iterable[str]
) -> Iterator[tuple[int, list[Problem]]]:
    """Yield, for each submission with a history, how many operations it has and the problems.

    told_of   the submissions of which an event tells operations
    """
    there = session.scalars(select(Operation.submission_id).distinct())
    drafted = session.scalars(select(DraftPart.submission_id).distinct())
    for subject in sorted({*told_of, *there, *drafted}):
        found = _operations(session, subject)
        history = [operation for operation, _at in found.values() if operation is not None]
        yield (
            len(found),
            [
                *_check(f"submission {subject}", found, _told(session, subject)),
                *(check_draft(session, subject, history) if len(history) == len(found) else ()),
            ],
        )


def _check(
    name: str, found: dict[int, tuple[Operation | None, datetime | None]], told: list[_Batch]
) -> Iterator[Problem]:
    left = set(found)
    for batch in told:
        numbers = range(batch.first, batch.last + 1)
        left -= set(numbers)
        missing = [number for number in numbers if number not in found]
        if missing:
            yield f"{name} operation {missing[0]}: missing, event {batch.event} tells of it"
            continue
        operations = [found[number][0] for number in numbers]
        readable = [operation for operation in operations if operation is not None]
        if len(readable) < len(operations) or not _is_hash_of(readable, batch.hash):
            which = f"operation {batch.first}" if batch.first == batch.last else "one of operations"
            span = "" if batch.first == batch.last else f" {batch.first} to {batch.last}"
            yield f"{name} {which}{span}: was changed since event {batch.event}"
        yield from (
            f"{name} operation {number}: its moment is not that of event {batch.event}"
            for number in numbers
            if found[number][1] != batch.at
        )
    yield from (f"{name} operation {number}: no event tells of it" for number in sorted(left))


def _is_hash_of(operations: list[Operation], expected: str) -> bool:
    try:
        return operations_hash(operations) == expected
    except (TypeError, ValueError, RecursionError):
        return False


def _told(session: Session, subject: str) -> list[_Batch]:
    """Return what events say of operations; an event that cannot be read is a problem elsewhere."""
    rows = session.execute(
        select(Event.number, type_coerce(Event.at, String), raw_json(session, Event.details))
        .where(Event.submission_id == subject)
        .order_by(Event.number)
    )
    batches = []
    for number, at, details in rows:
        try:
            told = json_of(details)["operations"]
            batches.append(
                _Batch(
                    number, moment_of(at), int(told["first"]), int(told["last"]), str(told["hash"])
                )
            )
        except (ValueError, TypeError, KeyError):
            continue
    return batches


def _operations(
    session: Session, subject: str
) -> dict[int, tuple[Operation | None, datetime | None]]:
    """Return a submission's operations and their moments by number; None: cannot be read."""
    rows = session.execute(
        select(
            Operation.number,
            Operation.id,
            Operation.part,
            type_coerce(Operation.at, String),
            Operation.account_id,
            Operation.page,
            Operation.page_order,
            type_coerce(Operation.kind, String),
            type_coerce(Operation.cause, String),
            Operation.of,
            Operation.place,
            Operation.question,
            raw_json(session, Operation.before),
            raw_json(session, Operation.after),
            raw_json(session, Operation.typed),
            type_coerce(Operation.state, String),
            Operation.proposal_id,
        )
        .where(Operation.submission_id == subject)
        .order_by(Operation.number)
    )
    return {row.number: (_operation(row._asdict()), moment_of(row.at)) for row in rows}


def _operation(values: dict[str, Any]) -> Operation | None:
    """Return an operation as it lies in the database, outside of any session."""
    try:
        read = values | {
            "kind": Kind(values["kind"]),
            "cause": Cause(values["cause"]),
            "state": State(values["state"]),
            "at": moment_of(values["at"]),
            **{name: json_of(values[name]) for name in ("before", "after", "typed")},
        }
    except ValueError:
        return None
    return Operation(**read)
