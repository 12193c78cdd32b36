"""Finding accounts, for administrators: by words, role, Party and state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from app.models.account import Account, Link, Purpose, Role
from app.models.base import now
from app.models.sign_in import UserSession
from app.services.accounts import COMMAND_LINE


class AccountState(StrEnum):
    """Whether somebody can sign in to an account, and if not, why."""

    ACTIVE = "active"
    INVITED = "invited"  # and has not joined yet
    NOT_JOINED = "not_joined"  # never invited, or the invitation has ended
    DEACTIVATED = "deactivated"


class Found(NamedTuple):
    """One part of a list of accounts, and how many there are in all."""

    accounts: Sequence[Account]
    total: int


def find_accounts(
    session: Session,
    *,
    search: str = "",
    role: Role | None = None,
    party: str = "",
    state: AccountState | None = None,
    start: int = 0,
    limit: int | None = None,
) -> Found:
    """Return accounts in the order of their e-mail addresses.

    search   words, each of which is in the address or the name
    """
    wanted = [Account.email != COMMAND_LINE]
    wanted += [_holds(word) for word in search.split()]
    if role is not None:
        wanted.append(Account.role == role)
    if party:
        wanted.append(Account.party_code == party)
    if state is not None:
        wanted.append(_is_in(state))
    total = session.scalar(select(func.count()).select_from(Account).where(*wanted)) or 0
    query = select(Account).where(*wanted).order_by(Account.email).offset(start).limit(limit)
    return Found(session.scalars(query).all(), total)


def state_of(session: Session, account: Account) -> AccountState:
    """Return the state of one account."""
    return states_of(session, [account])[account.id]


def states_of(session: Session, accounts: Sequence[Account]) -> Mapping[str, AccountState]:
    """Return the states of accounts, by id."""
    ids = [account.id for account in accounts]
    invited = set(session.scalars(select(Account.id).where(Account.id.in_(ids), _has_invitation())))
    return {account.id: _state(account, is_invited=account.id in invited) for account in accounts}


def last_seen(session: Session, accounts: Sequence[Account]) -> Mapping[str, datetime]:
    """Return when somebody was last seen in each account, by id; those never seen are missing."""
    rows = session.execute(
        select(UserSession.account_id, func.max(UserSession.seen_at).label("seen_at"))
        .where(UserSession.account_id.in_([account.id for account in accounts]))
        .group_by(UserSession.account_id)
    )
    return {row.account_id: row.seen_at for row in rows}


def _state(account: Account, *, is_invited: bool) -> AccountState:
    if account.deactivated_at is not None:
        return AccountState.DEACTIVATED
    if account.password_hash:
        return AccountState.ACTIVE
    return AccountState.INVITED if is_invited else AccountState.NOT_JOINED


def _is_in(state: AccountState) -> ColumnElement[bool]:
    if state is AccountState.DEACTIVATED:
        return Account.deactivated_at.is_not(None)
    here = Account.deactivated_at.is_(None)
    if state is AccountState.ACTIVE:
        return and_(here, Account.password_hash != "")
    invited = _has_invitation()
    is_so = invited if state is AccountState.INVITED else not_(invited)
    return and_(here, Account.password_hash == "", is_so)


def _has_invitation() -> ColumnElement[bool]:
    return (
        select(Link.hash)
        .where(
            Link.account_id == Account.id,
            Link.purpose == Purpose.INVITATION,
            Link.used_at.is_(None),
            Link.revoked_at.is_(None),
            Link.expires_at > now(),
        )
        .exists()
    )


def _holds(word: str) -> ColumnElement[bool]:
    return or_(
        Account.email.icontains(word, autoescape=True),
        Account.name.icontains(word, autoescape=True),
    )
