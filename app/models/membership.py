"""Who was a Party on a given day, in which groups, and under which name.

A period runs from its first day up to and with its last; an empty end means "as far as known".
"""

from datetime import date
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from app.models.party import Group, GroupMember, GroupName, PartyName, PartyStatus
from app.reference.order import sort_key

CONVENTION: Final = "cbd"


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


def whose_parties(session: Session, agreement: str) -> str:
    """Return the agreement whose Parties are asked: *agreement*, where it is known who they are.

    Else the Convention: a protocol's Parties are Parties to it, and somebody must be asked.
    """
    known = select(PartyStatus.party_code).where(PartyStatus.agreement == agreement).limit(1)
    return CONVENTION if session.scalar(known) is None else agreement


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
    named = sorted(found, key=lambda row: sort_key(row[1], language))
    return dict(named)


def group_names(session: Session, scheme: str, language: str) -> dict[str, str]:
    """Return names by group code, in the order of the scheme."""
    found = session.execute(
        select(Group.code, GroupName.name)
        .join(GroupName, (GroupName.scheme == Group.scheme) & (GroupName.code == Group.code))
        .where(Group.scheme == scheme, GroupName.language == language)
        .order_by(Group.position)
    )
    return dict(found.all())


def _holds_on(
    start: InstrumentedAttribute[date | None], end: InstrumentedAttribute[date | None], day: date
) -> list[ColumnElement[bool]]:
    return [or_(start.is_(None), start <= day), or_(end.is_(None), end >= day)]
