"""A review stands beside the Party's answers and touches none of them."""

import pytest
from sqlalchemy.orm import Session

from app.errors import NotFoundError, WrongReviewStatusError
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Revision, Submission
from app.services import reviews, submissions
from app.services.accounts import add_account
from app.workflow import ReviewStatus


@pytest.fixture
def reviewer(two_parties: Session) -> Account:
    return add_account(two_parties, "reviewer@example.org", Role.REVIEWER)


@pytest.fixture
def revision(
    two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> Revision:
    made = submissions.sign_elsewhere(kenya, short_form, {"kind": "a"}, drafter)
    two_parties.flush()
    return made


def test_a_review_is_opened_closed_and_taken_up_again(
    two_parties: Session, revision: Revision, reviewer: Account
) -> None:
    before = (revision.content, revision.hash)
    assert reviews.review_status(revision) is ReviewStatus.NOT_STARTED
    reviews.start_review(two_parties, revision, reviewer)
    assert reviews.review_status(revision) is ReviewStatus.IN_REVIEW
    reviews.close_review(two_parties, revision, reviewer)
    assert reviews.review_status(revision) is ReviewStatus.REVIEWED
    reviews.start_review(two_parties, revision, reviewer)
    assert reviews.review_status(revision) is ReviewStatus.IN_REVIEW
    assert (revision.content, revision.hash) == before


def test_a_review_that_was_not_opened_cannot_be_closed(
    two_parties: Session, revision: Revision, reviewer: Account
) -> None:
    with pytest.raises(WrongReviewStatusError):
        reviews.close_review(two_parties, revision, reviewer)


def test_a_withdrawn_revision_is_read_no_more(
    kenya: Submission, revision: Revision, drafter: Account
) -> None:
    assert reviews.revision_of(kenya, 1) is revision
    submissions.withdraw(kenya, drafter)
    with pytest.raises(NotFoundError):
        reviews.revision_of(kenya, 1)
