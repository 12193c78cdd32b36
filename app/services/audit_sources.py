"""Checking documents that came on paper: each is what its event tells, and its file is right.

So is what was entered from them on behalf of a Party, and confirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, select, type_coerce, union
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.files.stored import FileStore
from app.models.on_behalf import OnBehalf
from app.models.source_file import SourceFile
from app.models.submission import Event
from app.services.audit_chains import Problem, details_of, raw_json
from app.services.on_behalf_reading import CONFIRMED
from app.services.sources import ATTACHED, REMOVED


class _Row(NamedTuple):
    """A document as it lies in the database."""

    source: int
    sha256: str
    size: int
    media_type: str
    removed_at: Any


class _Told(NamedTuple):
    """What an event says of a document."""

    number: int
    action: str
    details: Mapping[str, Any]


def check_sources(session: Session, store: FileStore) -> Iterator[tuple[int, list[Problem]]]:
    """Yield, for each submission with documents, how many there are, and problems."""
    subjects = union(
        select(SourceFile.submission_id),
        select(Event.submission_id).where(Event.action == ATTACHED),
    ).subquery()
    for subject in session.scalars(select(subjects.c.submission_id)).all():
        rows, told = _rows(session, subject), _told(session, subject)
        entered = session.scalars(
            select(OnBehalf).where(
                OnBehalf.submission_id == subject, OnBehalf.revision.is_not(None)
            )
        ).all()
        problems = [
            *_problems(subject, rows, told, store),
            *_check_entered(subject, rows, told, entered),
        ]
        yield len(rows), problems


def _problems(
    subject: str, rows: list[_Row], told: list[_Told], store: FileStore
) -> Iterator[Problem]:
    attached = {e.details.get("source"): e for e in told if e.action == ATTACHED}
    removed = {e.details.get("source") for e in told if e.action == REMOVED}
    for row in rows:
        name = f"submission {subject} document {row.source}"
        event = attached.pop(row.source, None)
        if event is None:
            yield f"{name}: no event tells that it was attached"
        elif any(
            event.details.get(fact) != getattr(row, fact)
            for fact in ("sha256", "size", "media_type")
        ):
            yield f"{name}: changed since event {event.number}"
        if (row.removed_at is not None) != (row.source in removed):
            yield f"{name}: its mark as removed was changed"
        yield from _check_file(name, row.sha256, store)
    for number, event in attached.items():
        yield f"submission {subject} document {number}: missing; event {event.number} is there"


def _check_entered(
    subject: str, rows: list[_Row], told: list[_Told], entered: Sequence[OnBehalf]
) -> Iterator[Problem]:
    """Compare what was confirmed with the events of its confirmation."""
    hashes = {row.source: row.sha256 for row in rows}
    confirmed = {e.details.get("proposal"): e for e in told if e.action == CONFIRMED}
    for entry in entered:
        name = f"submission {subject} revision {entry.revision}"
        event = confirmed.pop(entry.proposal_id, None)
        if event is None:
            yield f"{name}: no event tells that it was entered on behalf"
            continue
        documents = [hashes.get(number) for number in entry.sources]
        now = (entry.revision, documents)
        if now != (event.details.get("revision"), event.details.get("documents")):
            yield f"{name}: what it was entered from changed since event {event.number}"
    for event in confirmed.values():
        number = event.details.get("revision")
        yield (
            f"submission {subject} revision {number}: its mark as entered on behalf is gone;"
            f" event {event.number} is there"
        )


def _check_file(name: str, sha256: str, store: FileStore) -> Iterator[Problem]:
    try:
        if not store.is_right(sha256):
            yield f"{name}: its file was changed"
    except (NotFoundError, OSError):
        yield f"{name}: its file is missing"


def _rows(session: Session, subject: str) -> list[_Row]:
    rows = session.execute(
        select(
            SourceFile.number,
            SourceFile.sha256,
            SourceFile.size,
            SourceFile.media_type,
            type_coerce(SourceFile.removed_at, String),
        )
        .where(SourceFile.submission_id == subject)
        .order_by(SourceFile.number)
    )
    return [_Row(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _told(session: Session, subject: str) -> list[_Told]:
    rows = session.execute(
        select(Event.number, Event.action, raw_json(session, Event.details))
        .where(Event.submission_id == subject, Event.action.in_((ATTACHED, REMOVED, CONFIRMED)))
        .order_by(Event.number)
    )
    return [_Told(row[0], row[1], details_of(row[2])) for row in rows]
