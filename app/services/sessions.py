"""Sessions: one row for each sign-in, which its owner can see and end.

Whether a session still lives is decided here alone: it was not ended, was not idle for too long,
is not too old, and its account is not deactivated.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.models.account import Account
from app.models.base import now
from app.models.sealed import Unreadable
from app.models.sign_in import BrowserKey, UserSession
from app.models.upsert import insert_if_new
from app.services.acts import record_act
from app.services.secret import hash_of, new_secret

SEEN_EVERY: Final = timedelta(minutes=1)
KEPT: Final = timedelta(days=90)  # how long a session that has ended can still be looked up
LONGEST_AGENT: Final = 500  # characters of what a browser says of itself


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lives: without a request, and at most."""

    idle: timedelta
    longest: timedelta


def open_session(
    session: Session, account: Account, *, device: str, user_agent: str
) -> tuple[UserSession, str]:
    """Begin a session in a browser; return its row and the secret for the cookie.

    The browser gets a key for this account if it has none; sessions long ended are forgotten.
    """
    secret = new_secret()
    row = UserSession(
        hash=hash_of(secret),
        account_id=account.id,
        device=device,
        user_agent=user_agent[:LONGEST_AGENT],
    )
    session.add(row)
    session.execute(
        delete(UserSession).where(
            UserSession.account_id == account.id, UserSession.seen_at < now() - KEPT
        )
    )
    session.flush()
    _give_key(session, account.id, device)
    return row, secret


def session_by(session: Session, secret: str, lifetime: Lifetime) -> UserSession | None:
    """Return the live session of this secret, with its account, or None."""
    row = _row_of(session, secret)
    return row if row is not None and is_live(row, lifetime) else None


def owner_of(session: Session, secret: str) -> str:
    """Return the id of the account whose session this is or was; empty if it is not known."""
    row = _row_of(session, secret)
    return row.account_id if row else ""


def is_live(row: UserSession, lifetime: Lifetime) -> bool:
    """Tell whether a session lets somebody in now."""
    at = now()
    return (
        row.revoked_at is None
        and at < row.seen_at + lifetime.idle
        and at < row.created_at + lifetime.longest
        and row.account.deactivated_at is None
    )


def live_sessions(session: Session, account: Account, lifetime: Lifetime) -> Sequence[UserSession]:
    """Return the sessions of an account that let somebody in, the last seen first."""
    return [row for row in _open_rows(session, account) if is_live(row, lifetime)]


def sign_out(row: UserSession) -> None:
    """End a session from within: what waits in its browser stays readable for its owner."""
    row.revoked_at = row.revoked_at or now()


def revoke_session(session: Session, account: Account, session_id: str) -> UserSession:
    """End a session from elsewhere; its browser's key goes with it. Raises NotFoundError.

    The key stays while another session of the account lives in the same browser.
    """
    row = session.get(UserSession, session_id)
    if row is None or row.account_id != account.id:
        raise NotFoundError(what="session", code=session_id)
    if row.revoked_at is None:
        record_act(session, "account", account.id, "sessions_ended", account, count=1)
    sign_out(row)
    _drop_keys(session, account, [row])
    return row


def revoke_others(session: Session, account: Account, keep: UserSession | None) -> int:
    """End all sessions of an account but *keep*, with the keys of their browsers; return the count.

    This is for an owner who fears that somebody else is at one of those browsers.
    """
    ended = _end(session, account, keep)
    _drop_keys(session, account, ended)
    if ended:
        record_act(session, "account", account.id, "sessions_ended", account, count=len(ended))
    return len(ended)


def end_sessions(session: Session, account: Account, keep: UserSession | None = None) -> int:
    """End all sessions of an account but *keep*; the keys of browsers stay. Return the count."""
    return len(_end(session, account, keep))


def browser_key(session: Session, row: UserSession) -> bytes:
    """Return the key of a live session's browser for its account; raise NotFoundError."""
    found = session.get(BrowserKey, (row.account_id, row.device))
    if found is None or isinstance(found.key, Unreadable):
        raise NotFoundError(what="key", code="")
    return b64decode(found.key["key"])


def is_due(row: UserSession, at: datetime) -> bool:
    """Tell whether it is time to write down again that a session was seen."""
    return at - row.seen_at >= SEEN_EVERY


def note_seen(connection: Connection, session_id: str, at: datetime) -> None:
    """Write down that a session was seen; on a connection apart from the request's own."""
    connection.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.seen_at < at)
        .values(seen_at=at)
    )


def _row_of(session: Session, secret: str) -> UserSession | None:
    return session.scalar(
        select(UserSession)
        .where(UserSession.hash == hash_of(secret))
        .options(joinedload(UserSession.account))
    )


def _give_key(session: Session, account_id: str, device: str) -> None:
    """Make the key of a browser for an account unless it has one that can be read."""
    known = session.get(BrowserKey, (account_id, device))
    if known is not None and isinstance(known.key, Unreadable):
        session.delete(known)
        session.flush()
    insert_if_new(
        session,
        BrowserKey,
        account_id=account_id,
        device=device,
        key={"key": b64encode(secrets.token_bytes(32)).decode()},
        created_at=now(),
    )


def _end(session: Session, account: Account, keep: UserSession | None) -> list[UserSession]:
    rows = [row for row in _open_rows(session, account) if keep is None or row.id != keep.id]
    for row in rows:
        sign_out(row)
    session.flush()
    return rows


def _drop_keys(session: Session, account: Account, ended: Sequence[UserSession]) -> None:
    """Forget the keys of the browsers of *ended* sessions in which no other one is open."""
    session.flush()
    still_open = {row.device for row in _open_rows(session, account)}
    session.execute(
        delete(BrowserKey).where(
            BrowserKey.account_id == account.id,
            BrowserKey.device.in_({row.device for row in ended} - still_open),
        )
    )


def _open_rows(session: Session, account: Account) -> Sequence[UserSession]:
    """Return the sessions of an account that nobody ended, the last seen first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.account_id == account.id, UserSession.revoked_at.is_(None))
        .order_by(UserSession.seen_at.desc(), UserSession.id)
    ).all()
