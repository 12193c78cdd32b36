"""Passwords: which are good enough, who knows the right one, and setting a new one.

A good password is long and is none that everybody tries first. No rule asks for digits or signs:
such rules make passwords easy to guess and hard to remember.
"""

import importlib.util
import secrets
import unicodedata
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.models.account import Account, Purpose
from app.services.links import use_up

SHORTEST_PASSWORD: Final = 12  # characters

HASHER: Final = PasswordHasher()


def fitting_none(hasher: PasswordHasher) -> str:
    """Return a hash that no password is known to fit; to compare with it takes as long as ever."""
    salt, tag = secrets.token_bytes(hasher.salt_len), secrets.token_bytes(hasher.hash_len)
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${_letters(salt)}${_letters(tag)}"


def _letters(value: bytes) -> str:
    return b64encode(value).decode().rstrip("=")


NOBODY: Final = fitting_none(HASHER)  # compared with when there is no account


def authenticate(session: Session, email: str, password: str) -> Account | None:
    """Return the account of this e-mail and password, or None; takes as long either way.

    A deactivated account is none.
    """
    account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    known = account.password_hash if account and account.password_hash else NOBODY
    if not _fits(known, password) or account is None or known is NOBODY:
        return None
    if account.deactivated_at is not None:
        return None
    if HASHER.check_needs_rehash(known):
        account.password_hash = HASHER.hash(_normal(password))
    return account


def knows_password(account: Account, password: str) -> bool:
    """Tell whether this is the password of an account."""
    return _fits(account.password_hash or NOBODY, password)


def was_handed_over(session: Session, email: str, password: str) -> bool:
    """Tell whether this e-mail and password are of an account that was handed over.

    Takes as long either way.
    """
    account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    known = account.password_hash if account and account.handed_over_to else ""
    return _fits(known or NOBODY, password) and bool(known)


def password_problem(password: str, *personal: str) -> str:
    """Return why a password cannot be taken: too_short, too_common, personal; empty if it can.

    personal   what everybody knows of its owner: e-mail address, name
    """
    wanted = _plain(password)
    if len(password) < SHORTEST_PASSWORD:
        return "too_short"
    if wanted in _common() or len(set(wanted)) == 1:
        return "too_common"
    if wanted in {_plain(known) for known in personal if known}:
        return "personal"
    return ""


def set_password(session: Session, account: Account, password: str) -> None:
    """Set a password and use up the account's links; raise InvalidInputError if it is not good."""
    if problem := password_problem(password, account.email, account.name):
        raise InvalidInputError(
            parameter="password", value=problem, allowed="a password that is good"
        )
    account.password_hash = HASHER.hash(_normal(password))
    use_up(session, account, Purpose.INVITATION, Purpose.SET_PASSWORD, Purpose.SECOND_STEP)


def forget_password(account: Account) -> None:
    """Let no password fit any more, until a link sets a new one."""
    account.password_hash = HASHER.hash(secrets.token_urlsafe())


def _fits(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """Return a password as it is hashed: keyboards write the same letter in several ways."""
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    return _normal(text).strip().casefold()


@cache
def _common() -> frozenset[str]:
    """Return the most common passwords that are long enough to be tried here.

    Read from the file in the package `zxcvbn` alone: the package itself would load dictionaries of
    six languages, which nothing needs.
    """
    package = importlib.util.find_spec("zxcvbn")
    folders = package.submodule_search_locations if package else None
    if not folders:
        raise ModuleNotFoundError("zxcvbn; see requirements.txt")
    path = Path(folders[0]) / "frequency_lists.py"
    spec = importlib.util.spec_from_file_location("zxcvbn_frequency_lists", path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(str(path))
    lists = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lists)
    listed: list[str] = lists.FREQUENCY_LISTS["passwords"]
    return frozenset(word for word in listed if len(word) >= SHORTEST_PASSWORD)
