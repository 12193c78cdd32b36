"""Make test data. Every argument has a default; a test names only what it is about.

Everything is flushed and nothing committed; requests of the test's client commit it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.categories import Category
from app.forms.definition import Form
from app.forms.places import split
from app.models.account import Account, Role
from app.models.base import now
from app.models.collection import Collection
from app.models.submission import Draft, DraftPart, Review, Revision, Submission
from app.receipts import FIRST, canonical, chain
from app.services.accounts import add_account
from app.services.collections import open_collection
from app.services.designations import designate
from app.services.passwords import set_password
from app.workflow import DraftStatus, ReviewStatus

PASSWORD = "a few unrelated words"

LONG_AGO = date(1993, 12, 29)

_numbers = count(1)


@cache
def forms() -> Catalogue:
    """Return the forms of the project."""
    return Catalogue(ROOT / "forms")


def aichi(locale: str = "en") -> Form:
    """Return the Aichi progress form."""
    return forms().load("aichi-progress", 1, locale)


def make_account(
    session: Session,
    role: Role = Role.NATIONAL_AUTHORIZED_USER,
    party: str = "KEN",
    *,
    email: str = "",
    name: str = "",
    password: str = "",
    language: str = "",
    designated: bool = True,
) -> Account:
    """Make an account; *party* counts only for the roles of a Party. Empty password: none.

    designated   whether a publishing authority is the primary national focal point
    """
    account = add_account(
        session,
        email or f"person-{next(_numbers)}@example.org",
        role,
        party if role.is_national else None,
        name=name,
    )
    account.language = language
    if password:
        set_password(session, account, password)
    if role is Role.PUBLISHING_AUTHORITY and designated:
        designate(session, account, Category.PRIMARY, LONG_AGO, by=None)
    session.flush()
    return account


def make_collection(
    session: Session,
    code: str = "nr6",
    form: Form | None = None,
    *,
    opens_on: date = date(2018, 1, 1),
    due_on: date | None = date(2018, 12, 31),
    closed_at: datetime | None = None,
    is_synthetic: bool = False,
    also: tuple[str, ...] = (),
) -> Collection:
    """Open a collection, the Aichi form's by default, to the Parties on its due date."""
    collection = open_collection(
        session,
        code,
        form or aichi(),
        opens_on=opens_on,
        due_on=due_on,
        is_synthetic=is_synthetic,
        also=also,
    )
    collection.closed_at = closed_at
    session.flush()
    return collection


def make_submission(
    session: Session,
    party: str = "KEN",
    collection: Collection | None = None,
    *,
    draft: Mapping[str, Any] | None = None,
    draft_status: DraftStatus = DraftStatus.OPEN,
    form: Form | None = None,
    language: str = "en",
) -> Submission:
    """Return the submission of a Party, in collection "nr6" by default, made if it is not there.

    draft   a document of *form* (the Aichi form by default); None: no row of a draft
    """
    if collection is None:
        collection = session.get(Collection, "nr6") or make_collection(session, form=form)
    submission = session.scalars(
        select(Submission).where(
            Submission.collection_code == collection.code, Submission.party_code == party
        )
    ).one()
    submission.language = language
    if draft is not None:
        parts = [
            DraftPart(path=str(part.place), position=part.position, answers=dict(part.answers))
            for part in split(form or aichi(), draft)
        ]
        submission.draft = Draft(status=draft_status, parts=parts)
    session.flush()
    return submission


def make_revision(
    session: Session,
    submission: Submission | None = None,
    document: Mapping[str, Any] | None = None,
    *,
    signed_at: datetime = datetime(2018, 12, 1, tzinfo=UTC),
    signatory: Account | None = None,
    withdrawn_at: datetime | None = None,
) -> Revision:
    """Freeze *document* as the next revision, unchecked; each a day after the one before."""
    submission = submission or make_submission(session)
    number = len(submission.revisions) + 1
    previous = (
        submission.revisions[-1].hash if submission.revisions else chain(FIRST, submission.id)
    )
    signatory = signatory or make_account(session, Role.PUBLISHING_AUTHORITY, submission.party_code)
    content = canonical(dict(document or {}))
    revision = Revision(
        number=number,
        content=content,
        hash=chain(previous, content),
        previous_hash=previous,
        language=submission.language or "en",
        wording=1,
        wording_language="en",
        signed_at=signed_at + timedelta(days=number - 1),
        signed_by=signatory.id,
        withdrawn_at=withdrawn_at,
    )
    submission.revisions.append(revision)
    session.flush()
    return revision


def make_review(
    session: Session,
    revision: Revision | None = None,
    status: ReviewStatus = ReviewStatus.IN_REVIEW,
    reviewer: Account | None = None,
) -> Review:
    """Begin the review of a revision, or end it with status `reviewed`."""
    revision = revision or make_revision(session)
    reviewer = reviewer or make_account(session, Role.REVIEWER)
    review = Review(
        status=status,
        reviewer_id=reviewer.id,
        started_at=now(),
        closed_at=now() if status is ReviewStatus.REVIEWED else None,
    )
    revision.review = review
    session.flush()
    return review
