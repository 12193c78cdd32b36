"""What counts at a data cut-off: every Party asked, with its signed answers if there are any."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from app.forms.carrying import path_of
from app.models.collection import Collection
from app.models.counting import revision_at
from app.models.deadlines import Timeliness, submitted_at, timeliness
from app.models.submission import Revision, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One Party asked, and the revision that counts at the cut-off."""

    party: str
    submission: str  # its id
    revision: int  # its number; 0: nothing signed
    hash: str  # of the revision; empty: nothing signed
    is_reviewed: bool  # the review of that revision was closed by the cut-off
    is_readable: bool = False  # it may still be read: nothing was withdrawn since
    is_late: bool = False  # it came after the due date


def asked_at(session: Session, collection: Collection, as_of: datetime) -> list[Asked]:
    """Return every Party in the denominator of *collection*, in order of code.

    Starts from the Parties asked, not from what was signed: leaving out the silent ones would
    flatter the coverage.
    """
    revisions = _revisions(session, collection)
    submissions = session.execute(
        select(Submission.id, Submission.party_code)
        .where(Submission.collection_code == collection.code, Submission.is_in_denominator)
        .order_by(Submission.party_code)
    )
    return [
        _asked(collection, party, submission, revisions.get(submission, []), as_of)
        for submission, party in submissions
    ]


def contents(session: Session, hashes: Iterable[str]) -> dict[str, str]:
    """Return the canonical JSON of these revisions, by hash."""
    found: dict[str, str] = {}
    wanted = list(hashes)
    for start in range(0, len(wanted), 500):  # SQLite takes a limited number of parameters
        part = wanted[start : start + 500]
        query = select(Revision.hash, Revision.content).where(Revision.hash.in_(part))
        found |= dict(session.execute(query).all())
    return found


def carried(session: Session, hashes: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return which answers of these revisions were taken over unchanged, by hash of the revision.

    As `container/key/…/question`; a revision without any is left out.
    """
    found: dict[str, frozenset[str]] = {}
    wanted = list(hashes)
    for start in range(0, len(wanted), 500):
        query = select(Revision.hash, Revision.carried).where(
            Revision.hash.in_(wanted[start : start + 500]), Revision.carried.is_not(None)
        )
        for key, record in session.execute(query):
            found[key] = frozenset(
                path_of(entry["place"], entry["question"])
                for entry in record
                if entry["is_carried"]
            )
    return found


def _revisions(session: Session, collection: Collection) -> Mapping[str, list[Revision]]:
    """Return all revisions by submission, without their answers."""
    found = session.scalars(
        select(Revision)
        .join(Submission, Submission.id == Revision.submission_id)
        .where(Submission.collection_code == collection.code)
        .options(defer(Revision.content), defer(Revision.carried), joinedload(Revision.review))
        .order_by(Revision.submission_id, Revision.number)
    )
    return {key: list(group) for key, group in groupby(found, lambda r: r.submission_id)}


def _asked(
    collection: Collection,
    party: str,
    submission: str,
    revisions: list[Revision],
    as_of: datetime,
) -> Asked:
    revision = revision_at(revisions, as_of)
    if revision is None:
        return Asked(party=party, submission=submission, revision=0, hash="", is_reviewed=False)
    review = revision.review
    closed_at = review.closed_at if review else None
    return Asked(
        party=party,
        submission=submission,
        revision=revision.number,
        hash=revision.hash,
        is_reviewed=closed_at is not None and closed_at <= as_of,
        is_readable=revision.withdrawn_at is None and revisions[-1].withdrawn_at is None,
        is_late=_is_late(collection, submitted_at(revisions, as_of)),
    )


def _is_late(collection: Collection, came: datetime | None) -> bool:
    return came is not None and timeliness(collection, came) in (
        Timeliness.IN_GRACE,
        Timeliness.LATE,
    )
