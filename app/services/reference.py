"""Reference data in the database: who is a Party on a day, in which groups, under which name.

The files of `app/reference` are the source; `seed_reference` makes the tables say the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

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
from app.reference.order import sort_key

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


def parties_on(session: Session, agreement: str, day: date) -> list[str]:
    """Return the codes of the Parties to *agreement* on *day*, in order of code."""
    return list(
        session.scalars(
            select(PartyStatus.party_code)
            .where(
                PartyStatus.agreement == agreement,
                PartyStatus.status == "party",
                *_holds_on(PartyStatus.from_on, PartyStatus.to_on, day),
            )
            .order_by(PartyStatus.party_code)
        )
    )


def members(session: Session, scheme: str, day: date) -> dict[str, tuple[str, ...]]:
    """Return each member's groups of *scheme* on *day*, by Party code; groups in their order.

    A Party in no group of the scheme is not there. In `un_area` a Party stands in several groups.
    An open end of a period is "as far as known": it holds on every day on that side.
    """
    found: dict[str, tuple[str, ...]] = {}
    for party, code in session.execute(
        select(GroupMember.party_code, GroupMember.code)
        .join(Group, (Group.scheme == GroupMember.scheme) & (Group.code == GroupMember.code))
        .where(
            GroupMember.scheme == scheme,
            *_holds_on(GroupMember.from_on, GroupMember.to_on, day),
        )
        .order_by(GroupMember.party_code, Group.position)
    ):
        found[party] = (*found.get(party, ()), code)
    return found


def party_names(session: Session, language: str, day: date | None = None) -> dict[str, str]:
    """Return names by Party code, in the alphabetical order of *language*; of others too.

    The latest names, or those that held on *day*.
    """
    at = [PartyName.position == 0]
    if day is not None:
        at = _holds_on(PartyName.from_on, PartyName.to_on, day)
    found = session.execute(
        select(PartyName.party_code, PartyName.name).where(PartyName.language == language, *at)
    )
    named = sorted(found.tuples(), key=lambda row: sort_key(row[1], language))
    return dict(named)


def group_names(session: Session, scheme: str, language: str) -> dict[str, str]:
    """Return names by group code, in the order of the scheme."""
    found = session.execute(
        select(Group.code, GroupName.name)
        .join(GroupName, (GroupName.scheme == Group.scheme) & (GroupName.code == Group.code))
        .where(Group.scheme == scheme, GroupName.language == language)
        .order_by(Group.position)
    )
    return dict(found.tuples().all())


def _holds_on(
    start: InstrumentedAttribute[date | None], end: InstrumentedAttribute[date | None], day: date
) -> list[ColumnElement[bool]]:
    return [or_(start.is_(None), start <= day), or_(end.is_(None), end >= day)]


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
