"""Checking a backup without a database: every part is what it was, and every chain holds."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from app.files.backup_reader import BackupReader
from app.files.backups import BackupError, Part, Row
from app.files.stored import place_of
from app.models.audit import Act
from app.models.base import Base
from app.models.source_file import SourceFile
from app.models.submission import Event, Revision
from app.receipts import FIRST, chain, link
from app.services.acts import act_facts
from app.services.backups import values_of
from app.services.events import event_facts

Problem = str


def check(backup: BackupReader) -> Iterator[Problem]:
    """Yield what is wrong with each part; nothing when all of it can be trusted."""
    for part in backup.manifest.parts:
        try:
            yield from CHECKS.get(part.table, _read_through)(backup, part)
        except BackupError as error:
            yield str(error)


def _read_through(backup: BackupReader, part: Part) -> Iterator[Problem]:
    if part.table:
        for row in backup.rows(part):
            values_of(part, row)
    else:
        for _ in backup.pieces(part):
            pass
    yield from ()


def _revisions(backup: BackupReader, part: Part) -> Iterator[Problem]:
    """Check that each signed revision is what was signed, and follows the one before."""
    at, number, previous = "", 0, ""
    for row in backup.rows(part):
        found = _made(Revision, part, row)
        if found.submission_id != at:
            at, number, previous = found.submission_id, 0, chain(FIRST, found.submission_id)
        name = f"revision {found.number} of submission {at}"
        if found.number != number + 1:
            yield f"{name}: does not follow number {number}"
        elif found.previous_hash != previous:
            yield f"{name}: does not follow the revision before it"
        if chain(found.previous_hash, found.content) != found.hash:
            yield f"{name}: was changed after it was signed"
        number, previous = found.number, found.hash


def _sources(backup: BackupReader, part: Part) -> Iterator[Problem]:
    """Check that the file of each document is there; what is in it is checked with all files."""
    files = {file.name: file.sha256 for file in backup.manifest.files}
    for row in backup.rows(part):
        found = _made(SourceFile, part, row)
        if files.get(f"files/{place_of(found.sha256)}") != found.sha256:
            yield f"document {found.number} of submission {found.submission_id}: no such file"


def _lines(
    model: type[Any],
    facts: Callable[[Any], dict[str, object]],
    subject: Callable[[Any], str],
) -> Callable[[BackupReader, Part], Iterator[Problem]]:
    """Return the check of a table of events or acts, of which each follows the one before."""

    def check_lines(backup: BackupReader, part: Part) -> Iterator[Problem]:
        at, number, previous = "", 0, FIRST
        for row in backup.rows(part):
            found = _made(model, part, row)
            if subject(found) != at:
                at, number, previous = subject(found), 0, FIRST
            name = f"{part.table} {found.number} of {at}"
            if found.number != number + 1 or found.previous_hash != previous:
                yield f"{name}: does not follow the {part.table} before it"
            if link(found.previous_hash, facts(found)) != found.hash:
                yield f"{name}: was changed after it was written"
            number, previous = found.number, found.hash

    return check_lines


def _made(model: type[Base], part: Part, row: Row) -> Any:  # noqa: ANN401 - of this model
    """Return the object of a row; raise BackupError if it is none."""
    names = {column.name for column in model.__table__.columns}
    try:
        return model(**{k: v for k, v in values_of(part, row).items() if k in names})
    except (TypeError, ValueError, AttributeError) as error:
        raise BackupError(f"{part.name}: a row is not as it must be.") from error


CHECKS: Final = {
    "revision": _revisions,
    "source_file": _sources,
    "event": _lines(Event, event_facts, lambda event: f"submission {event.submission_id}"),
    "act": _lines(Act, act_facts, lambda act: f"{act.kind} {act.subject}"),
}
