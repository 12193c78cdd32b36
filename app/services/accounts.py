"""Accounts and their tokens: made, found, deactivated. Nobody is ever deleted."""

import re
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from app.models.account import Account, Link, Purpose, Role, Scope, Token
from app.models.base import now
from app.models.party import Party
from app.receipts import canonical, digest
from app.services.acts import record_act
from app.services.secret import hash_of, new_secret

TOKEN_PREFIX: Final = "canopy_"  # noqa: S105 - lets scanners find a leaked token; no secret
COMMAND_LINE: Final = "command-line@localhost"

_EMAIL: Final = re.compile(r"[^@\s<>,;\"\\\x00-\x20]+@[^@\s<>,;\"\\\x00-\x20]+")


def add_account(
    session: Session,
    email: str,
    role: Role,
    party: str | None = None,
    *,
    name: str = "",
    is_demo: bool = False,
) -> Account:
    """Make an account without a password; hand out a link for that (`make_link`).

    Raises AlreadyExistsError; InvalidInputError for an e-mail that is none, and for a Party that
    is missing, not known, or given to a role of the Secretariat.
    """
    email = refuse_no_email(email)
    if email_is_taken(session, email):
        raise AlreadyExistsError(what="account", code=email)
    if role.is_national != (party is not None):
        needed = "the code of a Party" if role.is_national else "none for this role"
        raise InvalidInputError(parameter="party", value=party, allowed=needed)
    if party is not None and session.get(Party, party) is None:
        raise InvalidInputError(parameter="party", value=party, allowed="ISO alpha-3 code")
    account = Account(email=email, role=role, party_code=party, name=name, is_demo=is_demo)
    session.add(account)
    session.flush()
    return account


def account_facts(account: Account) -> dict[str, str]:
    """Return what acts say of how somebody signs in: hashes, from which nobody reads anything.

    The cost of the password is there because a password is hashed anew when it is too cheap.
    """
    return {
        "email_hash": hash_of_email(account.id, account.email),
        "password_cost": password_cost(account.password_hash),
        "password_hash": hash_of_password(account.password_hash),
    }


def hash_of_email(account_id: str, email: str) -> str:
    """Return the hash by which an act knows an address again; another one for each account."""
    return digest(canonical([account_id, email]))


def hash_of_password(password_hash: str) -> str:
    """Return the hash by which an act knows again what is kept of a password."""
    return digest(password_hash)


def password_cost(password_hash: str) -> str:
    """Return how dear it is to try a password; empty where there is none."""
    return password_hash.rpartition("$")[0].rpartition("$")[0]


def refuse_no_email(email: str) -> str:
    """Return an e-mail address as we keep it; raise InvalidInputError for what is none."""
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise InvalidInputError(parameter="email", value=email, allowed="an e-mail address")
    return address


def email_is_taken(session: Session, email: str, *, but: Account | None = None) -> bool:
    """Tell whether another account has this address, or may still get it back after a change."""
    owner = session.scalar(select(Account).where(Account.email == email))
    if owner is not None and (but is None or owner.id != but.id):
        return True
    may_stop = select(Link).where(
        Link.purpose == Purpose.STOP_EMAIL,
        Link.used_at.is_(None),
        Link.revoked_at.is_(None),
        Link.expires_at > now(),
    )
    return any(
        link.scope.get("email") == email and (but is None or link.account_id != but.id)
        for link in session.scalars(may_stop)
    )


def account_of(session: Session, email: str) -> Account:
    """Return the account of this e-mail; raise NotFoundError."""
    found = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    if found is None:
        raise NotFoundError(what="account", code=email)
    return found


def command_line_account(session: Session) -> Account:
    """Return the account that acts for whoever runs a command on the server."""
    found = session.scalar(select(Account).where(Account.email == COMMAND_LINE))
    return found or add_account(session, COMMAND_LINE, Role.ADMINISTRATOR, name="Command line")


def add_token(
    session: Session, account: Account, scope: Scope, days: int, by: Account | None = None
) -> str:
    """Return a new key to the API; it cannot be read again later. *by* makes it; default itself."""
    if days < 1:
        raise InvalidInputError(parameter="days", value=days, allowed="1 or more")
    if scope is Scope.ADMIN and account.role is not Role.ADMINISTRATOR:
        raise InvalidInputError(parameter="scope", value=scope, allowed="read, write")
    secret = TOKEN_PREFIX + new_secret()
    token = Token(
        hash=hash_of(secret),
        account_id=account.id,
        scope=scope,
        expires_at=now() + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    details = {"token": token.id, "scope": scope.value, "days": days}
    record_act(session, "account", account.id, "token_added", by or account, **details)
    return secret


def account_by_token(session: Session, secret: str) -> Token | None:
    """Return the token of this secret, or None.

    None when it is unknown, revoked or expired, and when its account is deactivated.
    """
    token = session.scalar(select(Token).where(Token.hash == hash_of(secret)))
    if token is None or token.revoked_at is not None or token.expires_at < now():
        return None
    return token if token.account.deactivated_at is None else None
