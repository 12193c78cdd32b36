"""Who has submitted in a collection, how complete it is, who reviews it, and what waits.

Of a draft it tells that it was begun and when it was last saved, nothing of what is in it; which
section is worked on only where the Party lets the Secretariat help.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from app.errors import InvalidInputError
from app.forms.definition import Form
from app.forms.progress import completeness
from app.models.account import Account, Role
from app.models.base import now
from app.models.collection import Collection
from app.models.counting import latest
from app.models.operation import Presence
from app.models.proposal import Proposal, ProposalKind, ProposalState
from app.models.query import Query
from app.models.submission import Revision, Submission
from app.services.events import record
from app.services.presence import SHOWN_FOR
from app.services.reviews import review_status
from app.services.submissions import standing
from app.workflow import QueryState, ReviewStatus, Status, status_of

MOST_SHARES: Final = 10_000
_SHARES: Final[dict[str, float]] = {}  # by the hash of a revision, whose answers need not be read


class Activity(StrEnum):
    """How far a Party has come, as the Secretariat may know it."""

    NOT_OPENED = "not_opened"
    OPENED = "opened"  # a draft was begun, nothing is signed
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One submission in the queue."""

    submission: Submission
    status: Status
    activity: Activity
    last_active: datetime | None  # when its draft was last saved, or it was signed
    revision: Revision | None  # that stands
    review: ReviewStatus | None
    days: int | None  # since it was signed
    completeness: float | None  # 0 to 1, of the revision that stands
    queries: int  # that are not resolved
    working_at: tuple[str, ...]  # sections that somebody works on, where the Party shows it
    on_behalf: ProposalState | None  # of what is entered from paper and not confirmed yet


def queue(session: Session, collection: Collection, form: Form) -> list[Entry]:
    """Return an entry for each submission of *collection*, in order of the Party's code."""
    found = session.scalars(
        select(Submission)
        .where(Submission.collection_code == collection.code)
        .options(
            selectinload(Submission.revisions).selectinload(Revision.review),
            selectinload(Submission.revisions).options(defer(Revision.content)),
            selectinload(Submission.draft),
            joinedload(Submission.reviewer),
        )
        .order_by(Submission.party_code)
    ).all()
    open_queries, places = _open_queries(session, collection), _places(session, collection)
    entered = _entered(session, collection)
    return [
        _entry(
            each,
            form,
            open_queries.get(each.id, 0),
            places.get(each.id, ()),
            entered.get(each.id),
        )
        for each in found
    ]


def assign(
    session: Session,
    submissions: Sequence[Submission],
    reviewer: Account | None,
    account: Account,
) -> None:
    """Let *reviewer* review these submissions; None: nobody in particular.

    Raises InvalidInputError for an account that is none of the Secretariat's.
    """
    if reviewer is not None and reviewer.role not in (Role.REVIEWER, Role.ADMINISTRATOR):
        raise InvalidInputError(parameter="reviewer", value=reviewer.email, allowed="a reviewer")
    for submission in submissions:
        given = reviewer.id if reviewer else None
        if submission.reviewer_id != given:
            submission.reviewer_id = given
            record(submission, "assign_review", account, reviewer=given)
    session.flush()


def show_work(submission: Submission, account: Account, *, is_shown: bool) -> None:
    """Let the Secretariat see which section the Party works on, or no longer."""
    if submission.shows_work != is_shown:
        submission.shows_work = is_shown
        record(submission, "show_work", account, is_shown=is_shown)


def _entry(
    submission: Submission,
    form: Form,
    queries: int,
    places: tuple[str, ...],
    on_behalf: ProposalState | None,
) -> Entry:
    revision, draft = latest(submission), submission.draft
    saved = draft.saved_at or draft.started_at if draft else None
    moments = [moment for moment in (saved, revision.signed_at if revision else None) if moment]
    return Entry(
        submission=submission,
        status=status_of(standing(submission)),
        activity=_activity(submission, revision),
        last_active=max(moments, default=None),
        revision=revision,
        review=review_status(revision) if revision else None,
        days=(now() - revision.signed_at).days if revision else None,
        completeness=_share(revision, form) if revision else None,
        queries=queries,
        working_at=places if submission.shows_work else (),
        on_behalf=on_behalf,
    )


def _activity(submission: Submission, revision: Revision | None) -> Activity:
    if revision is not None:
        return Activity.SUBMITTED
    is_begun = submission.draft is not None or bool(submission.revisions)
    return Activity.OPENED if is_begun else Activity.NOT_OPENED


def _share(revision: Revision, form: Form) -> float:
    """Return how complete a signed revision is; worked out once, for it never changes."""
    known = _SHARES.get(revision.hash)
    if known is None:
        answered, asked = completeness(form, json.loads(revision.content))
        if len(_SHARES) >= MOST_SHARES:
            _SHARES.clear()
        known = _SHARES[revision.hash] = answered / asked if asked else 1.0
    return known


def _open_queries(session: Session, collection: Collection) -> dict[str, int]:
    found = session.execute(
        select(Query.submission_id, func.count())
        .join(Query.submission)
        .where(Submission.collection_code == collection.code, Query.state != QueryState.RESOLVED)
        .group_by(Query.submission_id)
    )
    return dict(found.all())


def _entered(session: Session, collection: Collection) -> dict[str, ProposalState]:
    """Return how far it is, by submission, what is entered on behalf of Parties."""
    found = session.execute(
        select(Proposal.submission_id, Proposal.state)
        .join(Submission, Submission.id == Proposal.submission_id)
        .where(
            Submission.collection_code == collection.code,
            Proposal.kind == ProposalKind.ON_BEHALF,
            Proposal.state != ProposalState.CLOSED,
        )
    )
    return dict(found.all())


def _places(session: Session, collection: Collection) -> dict[str, tuple[str, ...]]:
    """Return the sections that are worked on, by submission, of Parties that show it."""
    found = session.execute(
        select(Presence.submission_id, Presence.place)
        .join(Submission, Submission.id == Presence.submission_id)
        .where(
            Submission.collection_code == collection.code,
            Submission.shows_work,
            Presence.seen_at > now() - SHOWN_FOR,
        )
    )
    places: dict[str, set[str]] = {}
    for submission, place in found:
        places.setdefault(submission, set()).add(place.partition("/")[0])
    return {submission: tuple(sorted(sections)) for submission, sections in places.items()}
