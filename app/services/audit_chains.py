"""Reading chains of events and acts as they lie in the database, whatever was done to them.

Values are read raw, so that a moment or details that somebody made unreadable are a finding and
not a crash; rows are streamed, so that a large database needs no large memory.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, String, Text, and_, cast, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.audit import Act, SealedHead, Trail
from app.models.submission import Event, Submission
from app.receipts import FIRST, link, timestamp
from app.services.seals import SUBMISSION, AnySelect, in_order

AT_ONCE: Final = 500
Problem = str


class Line(NamedTuple):
    """One event or act, with the head of its chain and what a seal knows of it."""

    kind: str
    subject: str
    number: int
    at: Any
    account_id: Any
    action: str
    details: Any
    previous_hash: str
    hash: str
    head_number: int | None  # None: the subject is gone
    head_hash: str | None
    sealed_hash: str | None  # None: no seal was made when this line was the last
    seal: int | None

    @property
    def chain(self) -> tuple[str, str]:
        """Return whose line it is."""
        return self.kind, self.subject


def moment_of(value: Any) -> datetime | None:  # noqa: ANN401 - whatever the database holds
    """Return a moment as either database gives it, raw; None if it is none."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def raw_json(session: Session, column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """Return *column* to be read as the text that it is stored as."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(column, Text)
    return type_coerce(column, String)  # SQLite keeps text


def json_of(value: str | None) -> Any:  # noqa: ANN401 - any JSON
    """Return what `raw_json` has read; raise ValueError if it is no JSON."""
    return None if value is None else json.loads(value)


def details_of(value: str | None) -> Mapping[str, Any]:
    """Return the details of an event that `raw_json` has read; none where they cannot be read."""
    try:
        found = json_of(value)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def lines(session: Session) -> Iterator[Line]:
    """Yield every event, then every act, chain by chain."""
    for query in (_events(session), _acts(session)):
        rows = session.execute(query.execution_options(yield_per=AT_ONCE))
        for row in rows:
            yield Line(*row)


def check_chains(
    found: Iterable[Line], told: Callable[[Line], None] = lambda _line: None
) -> Iterator[Problem]:
    """Check each chain of *found*; *told* is called with every line, so that it is read once."""
    for _, chain in groupby(found, key=lambda line: line.chain):
        yield from _check_chain(chain, told)


def _check_chain(chain: Iterator[Line], told: Callable[[Line], None]) -> Iterator[Problem]:
    previous, number, last_at = FIRST, 0, None
    is_rewritten = False
    line = None
    for line in chain:
        told(line)
        if line.number != number + 1:
            yield f"{_gap(line, number)}: missing"
        elif line.previous_hash != previous:
            yield f"{_name(line)}: does not follow the line before it"
        if not _is_whole(line):
            yield f"{_name(line)}: was changed after it was written"
        at = moment_of(line.at)
        if at is not None and last_at is not None and at < last_at:
            yield f"{_name(line)}: lies before the line before it in time"
        if line.sealed_hash not in (None, line.hash) and not is_rewritten:
            is_rewritten = True  # all that follow differ too
            yield f"{_name(line)}: it, or a line before it, was rewritten since seal {line.seal}"
        previous, number, last_at = line.hash, line.number, at or last_at
    if line is not None:
        yield from _check_end(line)


def _check_end(line: Line) -> Iterator[Problem]:
    if line.head_number is None:
        yield f"{line.kind} {line.subject}: its row is gone, its events are still there"
    elif line.head_number < line.number:
        yield f"{_name(line)}: was added behind the end of the chain ({line.head_number})"
    elif line.head_number > line.number:
        yield (
            f"{line.kind} {line.subject}: the last events are missing,"
            f" from number {line.number + 1} to {line.head_number}"
        )
    elif line.head_hash != line.hash:
        yield f"{_name(line)}: is not the one with which the chain ended"


def _is_whole(line: Line) -> bool:
    """Tell whether the hash of a line is that of what it says."""
    at = moment_of(line.at)
    if at is None:
        return False
    try:
        about: dict[str, object] = (
            {"submission": line.subject}
            if line.kind == SUBMISSION
            else {"kind": line.kind, "subject": line.subject}
        )
        facts = about | {
            "number": line.number,
            "at": timestamp(at),
            "account": line.account_id,
            "action": line.action,
            "details": json_of(line.details),
        }
        return link(line.previous_hash, facts) == line.hash
    except (TypeError, ValueError, RecursionError):
        return False


def gone(session: Session) -> Iterator[Problem]:
    """Yield what seals or heads know of and no line is left of."""
    event_is_there = and_(
        Event.submission_id == SealedHead.subject, Event.number == SealedHead.number
    )
    act_is_there = and_(
        Act.kind == SealedHead.kind,
        Act.subject == SealedHead.subject,
        Act.number == SealedHead.number,
    )
    events = (
        select(SealedHead)
        .outerjoin(Event, event_is_there)
        .where(SealedHead.kind == SUBMISSION, Event.number.is_(None))
    )
    acts = (
        select(SealedHead)
        .outerjoin(Act, act_is_there)
        .where(SealedHead.kind != SUBMISSION, Act.number.is_(None))
    )
    for query in (events, acts):
        rows = session.scalars(query.execution_options(yield_per=AT_ONCE))
        for head in rows:
            yield (
                f"{head.kind} {head.subject} {_word(head.kind)} {head.number}:"
                f" missing, it was there at seal {head.seal}"
            )
    yield from _empty_chains(session)


def _empty_chains(session: Session) -> Iterator[Problem]:
    """Yield subjects that had lines and have none left."""
    silent = select(Submission.id, Submission.head_number).where(
        Submission.head_number > 0,
        ~select(Event.number).where(Event.submission_id == Submission.id).exists(),
    )
    for subject, number in session.execute(silent):
        yield f"{SUBMISSION} {subject}: all its events are missing, from number 1 to {number}"
    bare = select(Trail.kind, Trail.subject, Trail.head_number).where(
        Trail.head_number > 0,
        ~select(Act.number).where(Act.kind == Trail.kind, Act.subject == Trail.subject).exists(),
    )
    for kind, subject, number in session.execute(bare):
        yield f"{kind} {subject}: all its acts are missing, from number 1 to {number}"


def _events(session: Session) -> AnySelect:
    sealed = and_(
        SealedHead.kind == SUBMISSION,
        SealedHead.subject == Event.submission_id,
        SealedHead.number == Event.number,
    )
    return (
        select(
            type_coerce(SUBMISSION, String),
            Event.submission_id,
            Event.number,
            type_coerce(Event.at, String),
            Event.account_id,
            Event.action,
            raw_json(session, Event.details),
            Event.previous_hash,
            Event.hash,
            Submission.head_number,
            Submission.head_hash,
            SealedHead.hash,
            SealedHead.seal,
        )
        .outerjoin(Submission, Submission.id == Event.submission_id)
        .outerjoin(SealedHead, sealed)
        .order_by(in_order(session, Event.submission_id), Event.number)
    )


def _acts(session: Session) -> AnySelect:
    trail = and_(Trail.kind == Act.kind, Trail.subject == Act.subject)
    sealed = and_(
        SealedHead.kind == Act.kind,
        SealedHead.subject == Act.subject,
        SealedHead.number == Act.number,
    )
    return (
        select(
            Act.kind,
            Act.subject,
            Act.number,
            type_coerce(Act.at, String),
            Act.account_id,
            Act.action,
            raw_json(session, Act.details),
            Act.previous_hash,
            Act.hash,
            Trail.head_number,
            Trail.head_hash,
            SealedHead.hash,
            SealedHead.seal,
        )
        .outerjoin(Trail, trail)
        .outerjoin(SealedHead, sealed)
        .order_by(in_order(session, Act.kind), in_order(session, Act.subject), Act.number)
    )


def _word(kind: str) -> str:
    return "event" if kind == SUBMISSION else "act"


def _name(line: Line) -> str:
    return f"{line.kind} {line.subject} {_word(line.kind)} {line.number}"


def _gap(line: Line, before: int) -> str:
    first, last = before + 1, line.number - 1
    numbers = str(first) if first == last else f"{first} to {last}"
    return f"{line.kind} {line.subject} {_word(line.kind)} {numbers}"
