"""The session of a visitor: found by the cookie, begun and ended, and its browser.

The cookie of Flask-Login holds the secret of a row and nothing else. A second cookie names the
browser; it stays when the visitor signs out, so that what waits there finds its key again.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Final, cast

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError

from app.access import SignedIn
from app.extensions import db, login
from app.models.account import Account
from app.models.base import now
from app.models.sign_in import UserSession
from app.services.sessions import (
    Lifetime,
    is_due,
    note_seen,
    open_session,
    owner_of,
    session_by,
    sign_out,
)

DEVICE: Final = "canopy_device"  # a cookie
DEVICE_SECONDS: Final = 2 * 365 * 24 * 60 * 60
LONGEST_DEVICE: Final = 64  # characters, as in the database


def init_app(app: Flask) -> None:
    """Let Flask-Login find the session of a request, and note when it was seen."""
    login.user_loader(_load)
    login.session_protection = None  # addresses change while people travel
    app.after_request(_remember_device)
    app.teardown_appcontext(_note_seen)


def lifetime() -> Lifetime:
    """Return how long sessions live here."""
    config = current_app.config
    return Lifetime(
        idle=timedelta(hours=config["SESSION_IDLE_HOURS"]),
        longest=timedelta(hours=config["SESSION_LONGEST_HOURS"]),
    )


def visitor() -> Account | None:
    """Return the account that is signed in, if any."""
    if g.get("is_failing") or not current_user.is_authenticated:
        return None
    return cast("Account", current_user.account)


def present_session() -> UserSession | None:
    """Return the visitor's session, if there is one."""
    return None if visitor() is None else cast("UserSession", current_user.session)


def begin(account: Account) -> None:
    """Begin a session in this browser, in the place of the one that was there."""
    if (before := present_session()) is not None:
        sign_out(before)
    device = request.cookies.get(DEVICE, "")
    if not device or len(device) > LONGEST_DEVICE:
        device = secrets.token_urlsafe(16)
    row, secret = open_session(
        db.session(), account, device=device, user_agent=request.headers.get("User-Agent", "")
    )
    g.device = device
    login_user(SignedIn(row, secret))
    g.pop("actor", None)


def end() -> None:
    """End the visitor's session, if there is one."""
    if (row := present_session()) is not None:
        sign_out(row)
    logout_user()
    g.pop("actor", None)


def last_owner() -> str:
    """Return the id of the account that was signed in here last; empty if it is not known."""
    secret = session.get("_user_id", "")
    return owner_of(db.session(), secret) if secret else ""


def _load(secret: str) -> SignedIn | None:
    row = session_by(db.session(), secret, lifetime())
    if row is None:
        return None
    if is_due(row, now()):
        g.seen = row.id
    return SignedIn(row, secret)


def _remember_device(response: Response) -> Response:
    if device := g.pop("device", ""):
        response.set_cookie(
            DEVICE,
            device,
            max_age=DEVICE_SECONDS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _note_seen(_error: BaseException | None) -> None:
    """Write it down after the request, which may only have read. A busy database is no failure."""
    if seen := g.pop("seen", ""):
        db.session.remove()
        with suppress(OperationalError), db.engine.begin() as connection:
            note_seen(connection, seen, now())
