"""Forgotten passwords. What a request does is the same whether there is an account or not."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Account, Purpose
from app.models.base import now
from app.services.invitations import invitation_of, invite_again
from app.services.jobs import add_job
from app.services.links import make_link, revoke_links
from app.services.outbox import post_to

SEND_RESET: Final = "send_reset_link"  # the kind of job that looks for the account


def ask_for_link(session: Session, email: str) -> None:
    """Have a link sent to this e-mail address, if an account has it.

    Only a job is added, so that neither the answer nor its time tells whether there is one.
    """
    address = email.strip().lower()
    add_job(session, SEND_RESET, {"email": address}, key=f"{SEND_RESET}:{address}")


def send_reset_link(session: Session, email: str) -> None:
    """Mail a link to set a new password, if somebody has joined with this address.

    Whoever is invited and has not joined yet gets the invitation again.
    """
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None or account.deactivated_at is not None:
        return
    if not account.password_hash:
        invitation = invitation_of(session, account)
        if invitation is not None and invitation.expires_at > now():
            invite_again(session, account, invitation.maker or account, by=account)
        return
    mail_link(session, account)


def mail_link(session: Session, account: Account) -> None:
    """Mail an account's owner a link to set a password; links before it die."""
    revoke_links(session, account, Purpose.SET_PASSWORD)
    link, secret = make_link(session, account, Purpose.SET_PASSWORD)
    details = {"email": account.email, "secret": secret}
    post_to(session, account, "set_password", **details, expires_at=link.expires_at.isoformat())
