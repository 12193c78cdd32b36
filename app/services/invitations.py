"""Invitations: the only way to an account. A link by mail, which can be sent anew or taken back."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.errors import AlreadyExistsError
from app.models.account import Account, Link, Purpose, Role
from app.models.base import now
from app.services.accounts import account_facts, add_account
from app.services.acts import record_act
from app.services.links import make_link, revoke_links
from app.services.outbox import post_to


def invite(
    session: Session,
    email: str,
    role: Role,
    party: str | None = None,
    *,
    name: str = "",
    language: str = "",
    maker: Account,
) -> tuple[Account, str]:
    """Make an account and mail its owner a link to join; return both, for whoever also prints it.

    Raises what `add_account` does.
    """
    account = add_account(session, email, role, party, name=name)
    account.language = language
    return account, _send(session, account, maker, "invited")


def invite_again(
    session: Session, account: Account, maker: Account, *, by: Account | None = None
) -> str:
    """Mail a new link; the one before dies. Also for an invitation that ended or was taken back.

    by   who does it, for the audit trail; default: *maker*, in whose name one is invited
    Raises AlreadyExistsError for an account whose owner has joined.
    """
    refuse_joined(account)
    account.deactivated_at = None
    return _send(session, account, maker, "invited_again", by)


def revoke_invitation(session: Session, account: Account, maker: Account) -> None:
    """Take an invitation back: its link dies, and the account is deactivated.

    Raises AlreadyExistsError for an account whose owner has joined.
    """
    refuse_joined(account)
    revoke_links(session, account)
    account.deactivated_at = now()
    record_act(session, "account", account.id, "invitation_revoked", maker)


def refuse_joined(account: Account) -> None:
    """Raise AlreadyExistsError when the owner of an account has a password already."""
    if account.password_hash:
        raise AlreadyExistsError(what="account", code=account.email)


def invitation_of(session: Session, account: Account) -> Link | None:
    """Return the last invitation of an account that was not taken back, be it open or too old."""
    return session.scalar(
        select(Link)
        .where(
            Link.account_id == account.id,
            Link.purpose == Purpose.INVITATION,
            Link.revoked_at.is_(None),
        )
        .order_by(Link.created_at.desc())
        .limit(1)
    )


def pending_invitations(session: Session) -> Sequence[Link]:
    """Return the invitations that nobody has taken up or back, the first to end first."""
    return session.scalars(
        select(Link)
        .join(Account, Account.id == Link.account_id)
        .where(
            Link.purpose == Purpose.INVITATION,
            Link.used_at.is_(None),
            Link.revoked_at.is_(None),
            Account.password_hash == "",
            Account.deactivated_at.is_(None),
        )
        .options(joinedload(Link.account), joinedload(Link.maker))
        .order_by(Link.expires_at, Link.hash)
    ).all()


def _send(
    session: Session, account: Account, maker: Account, act: str, by: Account | None = None
) -> str:
    revoke_links(session, account, Purpose.INVITATION)
    link, secret = make_link(session, account, Purpose.INVITATION, maker=maker)
    details = {"email": account.email, "secret": secret}
    post_to(session, account, "invitation", **details, expires_at=link.expires_at.isoformat())
    facts = {"role": account.role.value, "party": account.party_code, **account_facts(account)}
    record_act(session, "account", account.id, act, by or maker, **facts)
    return secret
