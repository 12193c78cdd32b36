"""Who was a Party, and in which groups, on a given day.

A period runs from its first day up to and with its last; an empty end means "as far as known".
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.models.party import GroupMember, GroupName, PartyName, PartyStatus


def parties_on(session: Session, agreement: str, day: date) -> list[str]:
    """Return the codes of the Parties to *agreement* on *day*, by code; no signatory or observer."""
    return list(
        session.scalars(
            select(PartyStatus.party_code)
            .where(
                PartyStatus.agreement == agreement,
                PartyStatus.status == "party",
                _holds(PartyStatus, day),
            )
            .order_by(PartyStatus.party_code)
        )
    )


def members_on(session: Session, scheme: str, day: date) -> dict[str, tuple[str, ...]]:
    """Return the groups of *scheme* that each Party belongs to on *day*, by code of the Party.

    Areas of the United Nations lie within each other, so a Party may be in several groups; a
    Party in none is absent.
    """
    rows = session.execute(
        select(GroupMember.party_code, GroupMember.code)
        .where(GroupMember.scheme == scheme, _holds(GroupMember, day))
        .order_by(GroupMember.party_code, GroupMember.code)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for party, group in rows:
        found[party].append(group)
    return {party: tuple(groups) for party, groups in found.items()}


def party_names(session: Session, language: str, day: date | None = None) -> dict[str, str]:
    """Return the UN short name of every Party in *language* by code; on *day*, or the latest."""
    query = select(PartyName).where(PartyName.language == language)
    query = query.where(_holds(PartyName, day)) if day else query.where(PartyName.position == 0)
    return {row.party_code: row.name for row in session.scalars(query)}


def group_names(session: Session, scheme: str, language: str) -> dict[str, str]:
    """Return the name of each group of *scheme* in *language*, by code."""
    rows = session.scalars(
        select(GroupName).where(GroupName.scheme == scheme, GroupName.language == language)
    )
    return {row.code: row.name for row in rows}


def _holds(table: type[PartyStatus | PartyName | GroupMember], day: date) -> ColumnElement[bool]:
    begun = or_(table.from_on.is_(None), table.from_on <= day)
    not_over = or_(table.to_on.is_(None), table.to_on >= day)
    return begun & not_over
