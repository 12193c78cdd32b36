"""Changing the e-mail address of an account: the new address confirms, the old one can stop it.

asked -> confirmed (by the link sent to the new address)
|          |
+----------+-> stopped (by the link sent to the old address, for some days)
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError
from app.models.account import Account, Link, Purpose
from app.models.base import now
from app.services.accounts import account_facts, email_is_taken, refuse_no_email
from app.services.acts import record_act
from app.services.links import make_link, revoke_links, use_link
from app.services.outbox import post
from app.services.passwords import forget_password
from app.services.resets import mail_link
from app.services.sessions import end_sessions

# Links that whoever asked for the change may hold.
_SPOILT: Final = (
    Purpose.INVITATION,
    Purpose.SET_PASSWORD,
    Purpose.SECOND_STEP,
    Purpose.CONFIRM_EMAIL,
)


def ask_to_change(session: Session, account: Account, email: str) -> None:
    """Ask the new address to confirm, and tell the old one; an earlier wish ends.

    Whether another account has the address is told to that address alone. Raises
    InvalidInputError for what is no address.
    """
    new = refuse_no_email(email)
    revoke_links(session, account, Purpose.CONFIRM_EMAIL)
    record_act(session, "account", account.id, "email_change_asked", account)
    if email_is_taken(session, new, but=account):
        _post(session, account, new, "email_taken", {"email": new})
    else:
        link, secret = make_link(session, account, Purpose.CONFIRM_EMAIL, scope={"email": new})
        details = {"email": new, "secret": secret, "expires_at": link.expires_at.isoformat()}
        _post(session, account, new, "confirm_email", details)
    _warn(session, account, new)


def confirm_change(session: Session, secret: str) -> Account:
    """Give the account its new address; return it.

    Raises as `use_link`; AlreadyExistsError when another account took the address meanwhile.
    """
    link = use_link(session, secret, Purpose.CONFIRM_EMAIL)
    account, new = link.account, str(link.scope["email"])
    if email_is_taken(session, new, but=account):
        raise AlreadyExistsError(what="account", code=new)
    account.email = new
    revoke_links(session, account, Purpose.CONFIRM_EMAIL, Purpose.SET_PASSWORD)
    record_act(session, "account", account.id, "email_changed", account, **account_facts(account))
    return account


def stop_change(session: Session, secret: str) -> Account:
    """Take a change back, or keep it from happening; return the account.

    Whoever asked for it may be in the account: its password counts no more, all sessions end, and
    the old address gets a link to set a new one. Raises as `use_link`.
    """
    link = use_link(session, secret, Purpose.STOP_EMAIL)
    account = link.account
    account.email = str(link.scope["email"])
    revoke_links(session, account, *_SPOILT)
    _revoke_later_stops(session, link)
    end_sessions(session, account)
    forget_password(account)
    record_act(
        session, "account", account.id, "email_change_stopped", account, **account_facts(account)
    )
    mail_link(session, account)
    return account


def waiting_change(session: Session, account: Account) -> Link | None:
    """Return the change that waits for the new address to confirm, if there is one."""
    return session.scalar(
        select(Link).where(
            Link.account_id == account.id,
            Link.purpose == Purpose.CONFIRM_EMAIL,
            Link.used_at.is_(None),
            Link.revoked_at.is_(None),
            Link.expires_at > now(),
        )
    )


def _revoke_later_stops(session: Session, used: Link) -> None:
    """End the links that would bring back an address which came after this one.

    Those of addresses before stay: whoever changes an address twice cannot lock its owner out.
    """
    later = select(Link).where(
        Link.account_id == used.account_id,
        Link.purpose == Purpose.STOP_EMAIL,
        Link.created_at > used.created_at,
        Link.used_at.is_(None),
        Link.revoked_at.is_(None),
    )
    for link in session.scalars(later):
        link.revoked_at = now()


def _warn(session: Session, account: Account, new: str) -> None:
    """Tell the old address, with a link to stop it."""
    link, secret = make_link(session, account, Purpose.STOP_EMAIL, scope={"email": account.email})
    details = {
        "email": account.email,
        "new_email": new,
        "secret": secret,
        "expires_at": link.expires_at.isoformat(),
    }
    _post(session, account, account.email, "stop_email", details)


def _post(
    session: Session, account: Account, to: str, kind: str, details: Mapping[str, object]
) -> None:
    post(session, to=to, kind=kind, language=account.language, details=details)
