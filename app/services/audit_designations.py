"""Checking designations: each is as the act tells that recorded it, and ended as an act tells."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.audit import Act
from app.models.designation import Designation
from app.services.audit_chains import Problem, json_of, moment_of, raw_json

_ACTIONS: Final = ("designated", "designation_ended")
_FACTS: Final = ("account", "party", "category", "is_alternate", "from_on", "to_on")


class _Held(NamedTuple):
    """A designation as it lies in the database."""

    id: str
    account: str
    party: str
    category: str
    is_alternate: Any
    from_on: Any
    to_on: Any
    recorded_by: str | None
    recorded_at: Any
    ended_at: Any
    joined_at: Any  # when the account was made


def check_designations(session: Session) -> tuple[int, list[Problem]]:
    """Return how many designations there are, and what is wrong with them."""
    held = {row.id: row for row in _held(session)}
    begun, ended = _told(session)
    return len(held), [*_check(held, begun, ended)]


def _check(
    held: Mapping[str, _Held], begun: Mapping[str, Mapping[str, Any]], ended: set[str]
) -> Iterator[Problem]:
    for name, row in held.items():
        told = begun.get(name)
        if told is None:
            if not _came_with_designations(row):
                yield f"designation {name}: no act tells that it was recorded"
        else:
            facts = _facts(row)
            if wrong := [fact for fact in _FACTS if facts[fact] != told.get(fact)]:
                yield f"designation {name}: {', '.join(wrong)} changed since it was recorded"
        if (row.ended_at is not None) != (name in ended):
            yield f"designation {name}: its end is not as the acts tell"
    for name in begun.keys() - held.keys():
        yield f"designation {name}: missing, an act tells that it was recorded"


def _facts(row: _Held) -> dict[str, object]:
    return {
        "account": row.account,
        "party": row.party,
        "category": row.category,
        "is_alternate": bool(row.is_alternate),
        "from_on": str(row.from_on),
        "to_on": str(row.to_on or ""),
    }


def _came_with_designations(row: _Held) -> bool:
    """Tell whether it was made for an account that could sign before designations were kept."""
    return row.recorded_by is None and moment_of(row.recorded_at) == moment_of(row.joined_at)


def _held(session: Session) -> Iterator[_Held]:
    rows = session.execute(
        select(
            Designation.id,
            Designation.account_id,
            Designation.party_code,
            type_coerce(Designation.category, String),
            Designation.is_alternate,
            Designation.from_on,
            Designation.to_on,
            Designation.recorded_by,
            type_coerce(Designation.recorded_at, String),
            type_coerce(Designation.ended_at, String),
            type_coerce(Account.created_at, String),
        )
        .join(Account, Account.id == Designation.account_id)
        .order_by(Designation.id)
    )
    return (_Held(*tuple(row)) for row in rows)


def _told(session: Session) -> tuple[dict[str, Mapping[str, Any]], set[str]]:
    """Return what acts tell of each designation when it began, and which have ended."""
    begun: dict[str, Mapping[str, Any]] = {}
    ended: set[str] = set()
    rows = session.execute(
        select(Act.subject, Act.action, raw_json(session, Act.details)).where(
            Act.kind == "account", Act.action.in_(_ACTIONS)
        )
    )
    for subject, action, details in rows:
        try:
            told = json_of(details)
            name = str(told["designation"])
        except (ValueError, TypeError, KeyError):
            continue  # told already: the line was changed
        if action == "designated":
            begun[name] = {**told, "account": subject}
        else:
            ended.add(name)
    return begun, ended
