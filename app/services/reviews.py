"""What a reviewer does with a signed revision: open the review, close it. Nothing else.

A review stands beside the Party's answers: no verb here touches them.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models.account import Account
from app.models.base import now
from app.models.submission import Review, Revision, Submission
from app.services.events import record
from app.workflow import ReviewAction, ReviewStatus, next_review_status


def review_status(revision: Revision, as_of: datetime | None = None) -> ReviewStatus:
    """Return where the review of *revision* stood at *as_of* (default now)."""
    review = revision.review
    if review is None or (as_of and review.started_at > as_of):
        return ReviewStatus.NOT_STARTED
    if as_of and review.closed_at and review.closed_at > as_of:
        return ReviewStatus.IN_REVIEW
    return review.status


def revision_of(submission: Submission, number: int) -> Revision:
    """Return a revision by its number; raise NotFoundError if there is none, or it is withdrawn."""
    found = next((r for r in submission.revisions if r.number == number), None)
    if found is None or found.withdrawn_at is not None:
        raise NotFoundError(what="revision", code=number)
    return found


def start_review(session: Session, revision: Revision, account: Account) -> Review:
    """Begin to read a revision, or take its review up again."""
    status = next_review_status(review_status(revision), ReviewAction.START_REVIEW)
    review = revision.review or Review(started_at=now())
    review.status, review.reviewer_id, review.closed_at = status, account.id, None
    revision.review = review
    session.flush()
    record(revision.submission, ReviewAction.START_REVIEW, account, revision=revision.number)
    return review


def close_review(session: Session, revision: Revision, account: Account) -> Review:
    """Say that a revision has been read; raise WrongReviewStatusError if it was not in review."""
    status = next_review_status(review_status(revision), ReviewAction.CLOSE_REVIEW)
    if revision.review is None:
        raise NotFoundError(what="review", code=revision.number)
    revision.review.status, revision.review.closed_at = status, now()
    session.flush()
    record(revision.submission, ReviewAction.CLOSE_REVIEW, account, revision=revision.number)
    return revision.review
