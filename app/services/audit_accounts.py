"""Checking accounts: each is as acts tell; an act made each key to the API.

The role is the one that it was invited to; who was let in no more was so by an act; address and
password are those of the last act that knows them, by their hashes.

Details of acts from before they held this are not compared.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models.account import Account, Token
from app.models.audit import Act, Seal
from app.services.accounts import hash_of_email, hash_of_password, password_cost
from app.services.audit_chains import Problem, json_of, moment_of, raw_json

# Whether somebody is let in, after an act.
_LET_IN: Final[Mapping[str, bool]] = {
    "invited": True,
    "invited_again": True,
    "reactivated": True,
    "deactivated": False,
    "handed_over": False,
    "invitation_revoked": False,
}
_KNOWS: Final = ("joined", "password_set", "email_changed", "email_change_stopped")
_ACTIONS: Final = (*_LET_IN, *_KNOWS, "token_added")


class _Held(NamedTuple):
    """An account as it lies in the database."""

    id: str
    role: str
    party_code: str | None
    email: str
    password_hash: str
    deactivated_at: str | None


class _Told(NamedTuple):
    """What acts say of accounts and of their keys to the API."""

    roles: dict[str, tuple[str, str | None]]  # role and Party by account
    let_in: dict[str, bool]  # by account, in all acts on that
    known: dict[str, dict[str, str]]  # hashes of address and password, by account
    tokens: dict[str, tuple[str, str]]  # account and scope by token
    unnamed: Counter[str]  # tokens by account, of acts that do not name them


def check_accounts(session: Session) -> tuple[int, list[Problem]]:
    """Return how many accounts there are, and what is wrong with them and their keys."""
    told = _told(session)
    rows = session.execute(
        select(
            Account.id,
            type_coerce(Account.role, String).label("role"),
            Account.party_code,
            Account.email,
            Account.password_hash,
            type_coerce(Account.deactivated_at, String).label("deactivated_at"),
        ).order_by(Account.id)
    ).all()
    problems = [problem for row in rows for problem in _check(_Held(**row._asdict()), told)]
    return len(rows), problems + list(_check_tokens(session, told))


def _check(row: _Held, told: _Told) -> Iterator[Problem]:
    held = row.role, row.party_code
    if told.roles.get(row.id, held) != held:
        yield f"account {row.id}: its role or Party is not the one that it was invited to"
    known, wrong = told.known.get(row.id), []
    if (row.deactivated_at is None) != told.let_in.get(row.id, True):
        wrong.append("deactivated_at")
    if known and known["email_hash"] != hash_of_email(row.id, row.email):
        wrong.append("email")
    if known and not _may_be(row.password_hash, known):
        wrong.append("password_hash")
    if wrong:
        yield f"account {row.id}: {', '.join(wrong)} not as the acts tell"


def _may_be(password_hash: str, known: Mapping[str, str]) -> bool:
    """Tell whether it is the hash of the same password: the same, or hashed anew since."""
    cost = password_cost(password_hash)
    is_anew = "" not in (cost, known["password_cost"]) and cost != known["password_cost"]
    return is_anew or hash_of_password(password_hash) == known["password_hash"]


def _check_tokens(session: Session, told: _Told) -> Iterator[Problem]:
    first_seal = session.scalar(select(func.min(Seal.at)))
    rows = session.execute(
        select(
            Token.id,
            Token.account_id,
            type_coerce(Token.scope, String),
            type_coerce(Token.created_at, String),
        ).order_by(Token.id)
    )
    for name, account, scope, created_at in rows:
        made = moment_of(created_at)
        if name in told.tokens:
            if told.tokens[name] != (account, scope):
                yield f"account {account} token {name}: changed since it was made"
        elif told.unnamed[account]:
            told.unnamed[account] -= 1
        elif first_seal is not None and (made is None or made > first_seal):
            yield f"account {account} token {name}: no act tells that it was made"


def _told(session: Session) -> _Told:
    found = _Told({}, {}, {}, {}, Counter())
    rows = session.execute(
        select(Act.subject, Act.action, raw_json(session, Act.details))
        .where(Act.kind == "account", Act.action.in_(_ACTIONS))
        .order_by(Act.subject, Act.number)
    )
    for subject, action, text in rows:
        try:
            details = dict(json_of(text))
        except (ValueError, TypeError):
            continue  # told already: the line was changed
        if action == "token_added" and "token" in details:
            found.tokens[details["token"]] = (subject, details["scope"])
            continue
        if action == "token_added":
            found.unnamed[subject] += 1
            continue
        if "role" in details:
            found.roles[subject] = (details["role"], details["party"])
        if {"email_hash", "password_cost", "password_hash"} <= details.keys():
            found.known[subject] = details
        if action in _LET_IN:
            found.let_in[subject] = _LET_IN[action]
    return found
