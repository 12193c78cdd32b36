"""Checking accounts: each has the role that it was invited to; an act made each key to the API.

Details of acts from before they held this are not compared.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models.account import Account, Token
from app.models.audit import Act, Seal
from app.services.audit_chains import Problem, json_of, moment_of, raw_json

_ACTIONS: Final = ("invited", "invited_again", "token_added")


class _Told(NamedTuple):
    """What acts say of accounts and of their keys to the API."""

    roles: dict[str, tuple[str, str | None]]  # role and Party by account
    tokens: dict[str, tuple[str, str]]  # account and scope by token
    unnamed: Counter[str]  # tokens by account, of acts that do not name them


def check_accounts(session: Session) -> tuple[int, list[Problem]]:
    """Return how many accounts there are, and what is wrong with them and their keys."""
    told = _told(session)
    rows = session.execute(
        select(Account.id, type_coerce(Account.role, String), Account.party_code)
    ).all()
    problems = [
        f"account {name}: its role or Party is not the one that it was invited to"
        for name, role, party in rows
        if told.roles.get(name, (role, party)) != (role, party)
    ]
    return len(rows), problems + list(_check_tokens(session, told))


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
    found = _Told({}, {}, Counter())
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
        elif action == "token_added":
            found.unnamed[subject] += 1
        elif "role" in details:
            found.roles[subject] = (details["role"], details["party"])
    return found
