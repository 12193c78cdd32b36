"""Who has submitted in a collection, and what stands there of one Party: what anybody may know.

A draft is nobody's business but the Party's, so nothing here tells that there is one.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.models.base import now
from app.models.collection import Collection
from app.models.counting import revision_at
from app.models.deadlines import Timeliness, submitted_at, timeliness
from app.models.party import Group, GroupMember, GroupName, PartyName, PartyStatus
from app.models.submission import Revision, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is public of one submission."""

    submission_id: str
    party: str  # its code
    collection: str  # its code
    is_in_denominator: bool
    signed_at: datetime | None  # of the revision that stands; None: nothing, or withdrawn
    is_withdrawn: bool
    timeliness: Timeliness | None  # None: nothing signed stands


class Signature(NamedTuple):
    """Of a revision, no more than when it counts."""

    number: int
    signed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many Parties were asked in a collection, and how many have submitted."""

    asked: int
    submitted: int

    @property
    def coverage(self) -> float | None:
        """Return submitted / asked, 0 to 1; None when nobody was asked."""
        return self.submitted / self.asked if self.asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One Party's membership of a group, with its period and where we know it from."""

    scheme: str
    code: str
    name: str
    from_on: date | None
    to_on: date | None
    as_of: date | None
    source: str


def lines_of_collection(session: Session, collection: str) -> list[Line]:
    """Return a line for each submission of a collection, in order of the Party's code."""
    return _lines(session, Submission.collection_code == collection)


def lines_of_party(session: Session, party: str) -> list[Line]:
    """Return a line for each submission of a Party, that of the last collection opened first."""
    return _lines(session, Submission.party_code == party)


def count(lines: Iterable[Line]) -> Counts:
    """Count the Parties of *lines*; others, who were asked by name, are in no count."""
    counted = Counter(line.signed_at is not None for line in lines if line.is_in_denominator)
    return Counts(asked=counted.total(), submitted=counted[True])


def submissions_of(session: Session, party: str) -> list[Submission]:
    """Return the submissions of a Party, with all about them, the last collection first."""
    return list(
        session.scalars(
            select(Submission)
            .join(Submission.collection)
            .where(Submission.party_code == party)
            .options(joinedload(Submission.collection), joinedload(Submission.draft))
            .order_by(Collection.opens_on.desc(), Collection.code.desc())
        )
    )


def names_of(session: Session, party: str) -> list[PartyName]:
    """Return a Party's names in every language, the latest first in each."""
    return list(
        session.scalars(
            select(PartyName)
            .where(PartyName.party_code == party)
            .order_by(PartyName.position, PartyName.language)
        )
    )


def statuses_of(session: Session, party: str) -> list[PartyStatus]:
    """Return what a Party has been to each agreement, in order of time."""
    return list(
        session.scalars(
            select(PartyStatus)
            .where(PartyStatus.party_code == party)
            .order_by(PartyStatus.agreement, PartyStatus.position)
        )
    )


def memberships_of(session: Session, party: str, language: str) -> list[Membership]:
    """Return the groups that a Party belongs or belonged to, named in *language*."""
    found = session.execute(
        select(GroupMember, GroupName.name)
        .join(Group, (Group.scheme == GroupMember.scheme) & (Group.code == GroupMember.code))
        .join(
            GroupName,
            (GroupName.scheme == GroupMember.scheme) & (GroupName.code == GroupMember.code),
        )
        .where(GroupMember.party_code == party, GroupName.language == language)
        .order_by(GroupMember.scheme, Group.position, GroupMember.position)
    )
    return [
        Membership(
            scheme=member.scheme,
            code=member.code,
            name=name,
            from_on=member.from_on,
            to_on=member.to_on,
            as_of=member.as_of,
            source=member.source,
        )
        for member, name in found
    ]


def _lines(session: Session, where: ColumnElement[bool]) -> list[Line]:
    """Return the lines of submissions; only what a line says is read of them."""
    revisions, moment = _signatures(session, where), now()
    found = session.execute(
        select(Submission.id, Submission.party_code, Submission.is_in_denominator, Collection)
        .join(Submission.collection)
        .where(where)
        .order_by(Collection.opens_on.desc(), Collection.code.desc(), Submission.party_code)
    )
    return [
        _line(key, party, collection, revisions.get(key, []), moment, is_in=is_in)
        for key, party, is_in, collection in found
    ]


def _signatures(session: Session, where: ColumnElement[bool]) -> dict[str, list[Signature]]:
    """Return the revisions of these submissions by its id, in their order."""
    found = session.execute(
        select(Revision.submission_id, Revision.number, Revision.signed_at, Revision.withdrawn_at)
        .join(Revision.submission)
        .where(where)
        .order_by(Revision.submission_id, Revision.number)
    )
    made: dict[str, list[Signature]] = {}
    for key, number, signed_at, withdrawn_at in found:
        made.setdefault(key, []).append(Signature(number, signed_at, withdrawn_at))
    return made


def _line(
    submission_id: str,
    party: str,
    collection: Collection,
    revisions: list[Signature],
    moment: datetime,
    *,
    is_in: bool,
) -> Line:
    standing, came = revision_at(revisions, moment), submitted_at(revisions, moment)
    return Line(
        submission_id=submission_id,
        party=party,
        collection=collection.code,
        is_in_denominator=is_in,
        signed_at=standing.signed_at if standing else None,
        is_withdrawn=bool(revisions) and standing is None,
        timeliness=timeliness(collection, came) if came else None,
    )
