"""What the Secretariat may know of each submission, and who reviews it."""

import pytest
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.models.account import Role
from app.models.base import now
from app.models.collection import Collection
from app.models.operation import Presence
from app.services.review_queue import Activity, Entry, assign, queue, show_work
from tests import make


def entry(session: Session, collection: Collection, party: str = "KEN") -> Entry:
    session.flush()
    session.expire_all()
    found = queue(session, collection, make.aichi())
    return next(each for each in found if each.submission.party_code == party)


def test_how_far_a_party_is(session: Session) -> None:
    collection = make.make_collection(session)
    assert entry(session, collection).activity is Activity.NOT_OPENED
    make.make_submission(session, collection=collection, draft={})
    opened = entry(session, collection)
    assert (opened.activity, opened.completeness) == (Activity.OPENED, None)
    assert opened.last_active is not None
    make.make_revision(session, opened.submission)
    signed = entry(session, collection)
    assert (signed.activity, signed.completeness) == (Activity.SUBMITTED, 0.0)
    assert signed.days is not None


def test_what_is_worked_on_is_told_only_where_the_party_shows_it(session: Session) -> None:
    submission = make.make_submission(session)
    account = make.make_account(session)
    place = "targets/national_targets/r1"
    at = now()
    session.add(
        Presence(
            submission_id=submission.id, account_id=account.id, place=place, since=at, seen_at=at
        )
    )
    collection = submission.collection
    assert entry(session, collection).working_at == ()
    show_work(submission, account, is_shown=True)
    assert entry(session, collection).working_at == ("targets",)
    show_work(submission, account, is_shown=False)
    assert entry(session, collection).working_at == ()
    assert [event.action for event in submission.events] == ["show_work", "show_work"]


def test_reviews_are_assigned_within_the_secretariat(session: Session) -> None:
    submission, reviewer = make.make_submission(session), make.make_account(session, Role.REVIEWER)
    assign(session, [submission], reviewer, reviewer)
    assign(session, [submission], reviewer, reviewer)
    assert entry(session, submission.collection).submission.reviewer_id == reviewer.id
    assign(session, [submission], None, reviewer)
    assert submission.reviewer_id is None
    assert [event.action for event in submission.events] == ["assign_review", "assign_review"]
    with pytest.raises(InvalidInputError):
        assign(session, [submission], make.make_account(session), reviewer)
