"""Links that let somebody in once: made, found, used up, revoked.

Looking at a link never uses it up: mail programs open links before their readers do.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models.account import Account, Link, Purpose
from app.models.base import now
from app.services.secret import hash_of, new_secret

LASTS: Final[Mapping[Purpose, timedelta]] = {
    Purpose.INVITATION: timedelta(days=14),
    Purpose.SET_PASSWORD: timedelta(days=1),
    Purpose.SECOND_STEP: timedelta(minutes=10),
    Purpose.CONFIRM_EMAIL: timedelta(days=3),
    Purpose.STOP_EMAIL: timedelta(days=10),
}


def make_link(
    session: Session,
    account: Account,
    purpose: Purpose,
    *,
    scope: Mapping[str, Any] | None = None,
    maker: Account | None = None,
) -> tuple[Link, str]:
    """Make a link for an account; return its row and its secret, which is told once."""
    secret = new_secret()
    made_at = now()
    link = Link(
        hash=hash_of(secret),
        purpose=purpose,
        account_id=account.id,
        scope=dict(scope or {}),
        created_at=made_at,
        created_by=maker.id if maker else None,
        expires_at=made_at + LASTS[purpose],
    )
    session.add(link)
    session.flush()
    return link, secret


def link_by(session: Session, secret: str, *purposes: Purpose) -> Link:
    """Return the live link of this secret; it stays as it is.

    Raises NotFoundError with `what` saying why it lets nobody in: link (unknown, or for something
    else), used_link, revoked_link, expired_link.
    """
    link = session.get(Link, hash_of(secret))
    if link is None or link.purpose not in purposes:
        raise NotFoundError(what="link", code="")
    if link.revoked_at is not None or link.account.deactivated_at is not None:
        raise NotFoundError(what="revoked_link", code="")
    if link.used_at is not None:
        raise NotFoundError(what="used_link", code="")
    if link.expires_at <= now():
        raise NotFoundError(what="expired_link", code="")
    return link


def use_link(session: Session, secret: str, *purposes: Purpose) -> Link:
    """Return the live link of this secret and use it up; of two at once, one succeeds.

    Raises NotFoundError as `link_by` does.
    """
    link = link_by(session, secret, *purposes)
    used = session.scalar(
        update(Link)
        .where(Link.hash == link.hash, Link.used_at.is_(None))
        .values(used_at=now())
        .returning(Link.hash)
    )
    if used is None:
        raise NotFoundError(what="used_link", code="")
    session.refresh(link)
    return link


def use_up(session: Session, account: Account, *purposes: Purpose) -> None:
    """Let an account's open links of these purposes count as used: their end is reached."""
    _close(session, account, purposes, "used_at")


def revoke_links(session: Session, account: Account, *purposes: Purpose) -> None:
    """End an account's open links of these purposes; of all, if none is named."""
    _close(session, account, purposes or tuple(Purpose), "revoked_at")


def _close(session: Session, account: Account, purposes: tuple[Purpose, ...], column: str) -> None:
    session.flush()
    open_links = select(Link).where(
        Link.account_id == account.id,
        Link.purpose.in_(purposes),
        Link.used_at.is_(None),
        Link.revoked_at.is_(None),
    )
    for link in session.scalars(open_links):
        setattr(link, column, now())
    session.flush()
