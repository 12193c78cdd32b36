"""Who is working where, beside a page of a draft: noted after the request, told on the next one."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final, NamedTuple

from flask import Flask, g
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.access import account
from app.errors import NotFoundError
from app.extensions import db
from app.forms.definition import Form
from app.forms.places import parse_place
from app.models.account import Account
from app.models.base import now
from app.models.submission import Submission
from app.services.draft_reading import DraftReader
from app.services.presence import is_due, note_presence, present
from app.web.titles import Title, title_at
from app.wording.statuses import ROLES

PATIENCE: Final = 250  # milliseconds that a page waits for a busy SQLite, only to say who is there


class Present(NamedTuple):
    """Somebody at work: who, where, since when; *is_here* at the same place."""

    who: str
    title: Title
    place: str
    since: datetime
    is_here: bool


def init_app(app: Flask) -> None:
    """Note after each request who was seen where."""
    app.teardown_appcontext(_note)


def be_at(submission: Submission, place: str) -> None:
    """Have it noted that the visitor is at *place* of a draft."""
    who = account().id
    if is_due(db.session(), submission.id, who, place, now()):
        g.presence = (submission.id, who, place)


def others_present(submission: Submission, form: Form, here: str = "") -> list[Present]:
    """Return who else is at work in a draft, those at *here* first."""
    reader = DraftReader(db.session(), submission.id, form)
    found = [
        Present(
            who=name_of(row.account),
            title=_title(form, reader, row.place),
            place=row.place,
            since=row.since,
            is_here=row.place == here,
        )
        for row in present(db.session(), submission.id, besides=account().id)
    ]
    return sorted(found, key=lambda each: not each.is_here)


def name_of(account: Account) -> str:
    """Return what to call somebody: by name, else by role."""
    return account.name or str(ROLES[account.role])


def _title(form: Form, reader: DraftReader, path: str) -> Title:
    try:
        place = parse_place(path)
        return title_at(form, reader.document(place), place)
    except NotFoundError:
        return Title(form.title)


def _note(_error: BaseException | None) -> None:
    """Write it down after the request, which may only have read. A busy database is no failure."""
    if noted := g.pop("presence", None):
        submission_id, who, place = noted
        db.session.remove()
        with (
            suppress(OperationalError),
            db.engine.connect() as connection,
            _hurry(connection),
            connection.begin(),
        ):
            note_presence(connection, submission_id, who, place, now())


@contextmanager
def _hurry(connection: Connection) -> Iterator[None]:
    """Wait for others on SQLite but a moment; then as long as before: others use it after us."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    cursor = raw.cursor()
    (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout={usual}")
        cursor.close()
