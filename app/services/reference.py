"""Reference data goes into the database: `seed_reference` makes the tables say what the files say.

To read it, by day: `app.models.membership`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.models.base import Base
from app.models.party import (
    Group,
    GroupMember,
    GroupName,
    Party,
    PartyName,
    PartyStatus,
    Target,
    TargetName,
)
from app.reference.files import LANGUAGES, rows

Values = dict[str, Any]


def seed_reference(session: Session) -> dict[str, int]:
    """Make the tables say what the files say; return how many of what there are.

    `changes` counts the rows added, changed and removed: 0 when everything was there. A Party is
    never removed, because submissions may stand under it.
    """
    changes = _load(session, Party, _parties(), keep=True)
    session.flush()  # names, statuses and memberships refer to Parties
    for model, wanted in (
        (PartyName, _party_names()),
        (PartyStatus, _party_statuses()),
        (Group, _groups()),
        (GroupName, _group_names()),
        (GroupMember, _group_members()),
        (Target, _targets()),
        (TargetName, _target_names()),
    ):
        changes += _load(session, model, wanted)
    session.flush()
    return {
        "Parties and others": len(rows("parties")),
        "groups": len(rows("groups")),
        "memberships": len(rows("group_members")),
        "targets": len(rows("targets")),
        "changes": changes,
    }


def _load(
    session: Session, model: type[Base], wanted: Iterable[Values], *, keep: bool = False
) -> int:
    """Add, change and remove (unless *keep*) rows of a table; return how many."""
    key = [str(column.key) for column in inspect(model).primary_key]
    known = {tuple(getattr(row, k) for k in key): row for row in session.scalars(select(model))}
    changes = 0
    for values in wanted:
        row = known.pop(tuple(values[k] for k in key), None)
        if row is None:
            session.add(model(**values))
            changes += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changes += 1
    if not keep:
        for row in known.values():
            session.delete(row)
        changes += len(known)
    return changes


def _parties() -> Iterator[Values]:
    return (dict(row) for row in rows("parties"))


def _party_names() -> Iterator[Values]:
    for position, row in _numbered(rows("party_names"), "party"):
        for language in LANGUAGES:
            yield {
                "party_code": row["party"],
                "language": language,
                "position": position,
                "name": row[language],
                **_period(row),
            }


def _party_statuses() -> Iterator[Values]:
    for position, row in _numbered(rows("party_statuses"), "party", "agreement"):
        yield {
            "party_code": row["party"],
            "agreement": row["agreement"],
            "position": position,
            "status": row["status"],
            **_period(row),
        }


def _groups() -> Iterator[Values]:
    for position, row in _numbered(rows("groups"), "scheme"):
        yield {
            "scheme": row["scheme"],
            "code": row["code"],
            "position": position,
            "parent": row["parent"],
        }


def _group_names() -> Iterator[Values]:
    for row in rows("groups"):
        for language in LANGUAGES:
            yield {
                "scheme": row["scheme"],
                "code": row["code"],
                "language": language,
                "name": row[language],
            }


def _group_members() -> Iterator[Values]:
    for position, row in _numbered(rows("group_members"), "scheme", "code", "party"):
        yield {
            "scheme": row["scheme"],
            "code": row["code"],
            "party_code": row["party"],
            "position": position,
            "as_of": _day(row["as_of"]),
            "source": row["source"],
            **_period(row),
        }


def _targets() -> Iterator[Values]:
    for row in rows("targets"):
        yield {
            "code": row["code"],
            "framework": row["framework"],
            "position": int(row["number"]),
            "goal": row["goal"],
            "due_year": int(row["due_year"]),
            "source": row["source"],
        }


def _target_names() -> Iterator[Values]:
    for row in rows("target_names"):
        for language in LANGUAGES:
            yield {
                "code": row["code"],
                "language": language,
                "name": row[language],
                "is_official": language in row["official"].split(),
            }


def _numbered(
    lines: Iterable[Mapping[str, str]], *by: str
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each line with its number, from 0, among those of the same *by*: the file's order."""
    counted: dict[tuple[str, ...], int] = {}
    for line in lines:
        key = tuple(line[name] for name in by)
        counted[key] = counted.get(key, -1) + 1
        yield counted[key], line


def _period(row: Mapping[str, str]) -> Values:
    return {"from_on": _day(row["from"]), "to_on": _day(row["to"])}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
