"""Who is working where in a draft: seen lately, and locking nothing.

It is written in a short transaction of its own, so that it holds up no save, and read like all
else: it is the same for every worker and every server.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session, joinedload

from app.models.base import now
from app.models.operation import Presence
from app.models.upsert import insert_if_new

SEEN_EVERY: Final = timedelta(seconds=20)  # written down again at the same place
SHOWN_FOR: Final = timedelta(minutes=10)  # without JavaScript a page is seen when opened and saved


def is_due(session: Session, submission_id: str, account_id: str, place: str, at: datetime) -> bool:
    """Tell whether somebody's presence is to be written down: elsewhere than before, or again."""
    row = session.get(Presence, (submission_id, account_id))
    return row is None or row.place != place or at - row.seen_at >= SEEN_EVERY


def note_presence(
    connection: Connection, submission_id: str, account_id: str, place: str, at: datetime
) -> None:
    """Write down that somebody is at *place*; on a connection apart from the request's own."""
    who = {"submission_id": submission_id, "account_id": account_id}
    insert_if_new(connection, Presence, **who, place=place, since=at, seen_at=at)
    mine = update(Presence).filter_by(**who)
    connection.execute(mine.where(Presence.place != place).values(place=place, since=at))
    connection.execute(mine.where(Presence.seen_at < at).values(seen_at=at))


def present(session: Session, submission_id: str, besides: str = "") -> Sequence[Presence]:
    """Return who was seen lately in a draft, *besides* one account, the longest there first."""
    return session.scalars(
        select(Presence)
        .where(
            Presence.submission_id == submission_id,
            Presence.account_id != besides,
            Presence.seen_at > now() - SHOWN_FOR,
        )
        .order_by(Presence.since, Presence.account_id)
        .options(joinedload(Presence.account))
    ).all()
