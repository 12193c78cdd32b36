"""Who may sign in, and the links and tokens that let somebody in."""

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from app.models.account import Account, Link, Role, Scope, Token
from app.models.base import now
from app.models.party import Party

SHORTEST_PASSWORD: Final = 12  # characters
LINK_DAYS: Final = 7
TOKEN_PREFIX: Final = "canopy_"  # noqa: S105 - lets scanners find a leaked token; no secret
COMMAND_LINE: Final = "command-line@localhost"

_HASHER: Final = PasswordHasher()
_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe())  # compared with when there is no account
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


def authenticate(session: Session, email: str, password: str) -> Account | None:
    """Return the account of this e-mail and password, or None; takes as long either way."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    known = account.password_hash if account and account.password_hash else _NOBODY
    try:
        _HASHER.verify(known, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    if account is None or known is _NOBODY:
        return None
    if _HASHER.check_needs_rehash(known):
        account.password_hash = _HASHER.hash(password)
    return account


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
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidInputError(parameter="email", value=email, allowed="an e-mail address")
    if session.scalar(select(Account).where(Account.email == email)) is not None:
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


def set_password(session: Session, account: Account, password: str) -> None:
    """Set a password and use up the account's links; raise InvalidInputError if it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInputError(
            parameter="password", value="", allowed=f"{SHORTEST_PASSWORD} characters or more"
        )
    account.password_hash = _HASHER.hash(password)
    for link in session.scalars(select(Link).where(Link.account_id == account.id)):
        link.used_at = link.used_at or now()


def make_link(session: Session, account: Account) -> str:
    """Return the secret of a link that lets its owner set a password, once, within a week."""
    secret = secrets.token_urlsafe(32)
    session.add(
        Link(
            hash=_hash(secret),
            purpose="set_password",
            account_id=account.id,
            expires_at=now() + timedelta(days=LINK_DAYS),
        )
    )
    return secret


def account_by_link(session: Session, secret: str) -> Account:
    """Return whose link this is; raise NotFoundError when it is unknown, used or too old."""
    link = session.get(Link, _hash(secret))
    if link is None or link.used_at is not None or link.expires_at < now():
        raise NotFoundError(what="link", code="")
    return link.account


def add_token(session: Session, account: Account, scope: Scope, days: int) -> str:
    """Return a new key to the API; it cannot be read again later."""
    if days < 1:
        raise InvalidInputError(parameter="days", value=days, allowed="1 or more")
    if scope is Scope.ADMIN and account.role is not Role.ADMINISTRATOR:
        raise InvalidInputError(parameter="scope", value=scope, allowed="read, write")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(
        Token(
            hash=_hash(secret),
            account_id=account.id,
            scope=scope,
            expires_at=now() + timedelta(days=days),
        )
    )
    return secret


def account_by_token(session: Session, secret: str) -> Token | None:
    """Return the token of this secret, or None when it is unknown, revoked or expired."""
    token = session.scalar(select(Token).where(Token.hash == _hash(secret)))
    if token is None or token.revoked_at is not None or token.expires_at < now():
        return None
    return token


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
