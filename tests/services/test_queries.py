"""The Secretariat asks, the Party answers; no answer that was signed changes."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, NotFoundError, WrongQueryStateError
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.base import now
from app.models.message import Message
from app.models.query import Query
from app.models.submission import Submission
from app.services.queries import (
    Asked,
    answer,
    ask,
    ask_again,
    ask_many,
    hand_over,
    queries_of,
    resolve,
)
from app.services.reviews import close_review, review_status, start_review
from app.workflow import QueryState, ReviewStatus
from tests import make

TARGETS = Asked(place=Place("targets"), question="", text="Why?", language="en")


@pytest.fixture
def reviewer(session: Session) -> Account:
    return make.make_account(session, Role.REVIEWER)


@pytest.fixture
def drafter(session: Session) -> Account:
    return make.make_account(session)


@pytest.fixture
def signed(session: Session) -> Submission:
    submission = make.make_submission(session)
    make.make_revision(session, submission)
    return submission


def asked(session: Session, submission: Submission, account: Account, **change: object) -> Query:
    details = {"place": Place("targets"), "question": "", "text": "Why?", "language": "en"}
    return ask(session, submission, make.aichi(), Asked(**(details | change)), account)  # type: ignore[arg-type] # a test's own


def status(submission: Submission) -> ReviewStatus:
    return review_status(submission.revisions[-1])


def state(query: Query) -> QueryState:
    return query.state


def mails(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return [(m.kind, m.recipient) for m in session.scalars(select(Message).order_by(Message.id))]


def test_a_query_goes_its_way_and_leaves_what_was_signed_alone(
    session: Session, signed: Submission, reviewer: Account, drafter: Account
) -> None:
    content = signed.revisions[-1].content
    query = asked(session, signed, reviewer, due_on=date(2030, 1, 1))
    assert (query.number, query.revision, state(query)) == (1, 1, QueryState.OPEN)
    assert status(signed) is ReviewStatus.QUESTIONS_OPEN
    answer(session, query, "Pour cela.", "fr", drafter)
    assert state(query) is QueryState.ANSWERED
    ask_again(session, query, "And that?", "en", reviewer)
    assert state(query) is QueryState.OPEN
    answer(session, query, "Voilà.", "fr", drafter)
    resolve(session, query, reviewer)
    assert state(query) is QueryState.RESOLVED
    assert status(signed) is ReviewStatus.IN_REVIEW
    assert [(c.is_of_party, c.text, c.language) for c in query.comments] == [
        (False, "Why?", "en"),
        (True, "Pour cela.", "fr"),
        (False, "And that?", "en"),
        (True, "Voilà.", "fr"),
    ]
    assert (signed.revisions[-1].content, signed.draft) == (content, None)


def test_each_act_is_an_event_and_tells_the_other_side(
    session: Session, signed: Submission, reviewer: Account, drafter: Account
) -> None:
    reader = make.make_account(session, Role.READER)  # comments on drafts, and answers no query
    query = asked(session, signed, reviewer)
    answer(session, query, "So.", "en", drafter)
    assert reader.email not in {to for _kind, to in mails(session)}
    assert [e.action for e in signed.events][-2:] == ["ask", "answer"]
    people = {kind for kind, to in mails(session) if to == drafter.email}
    assert people == {"query_asked"}
    assert mails(session)[-1] == ("query_answered", reviewer.email)


def test_the_answer_reaches_those_who_are_still_there(
    session: Session, signed: Submission, reviewer: Account, drafter: Account
) -> None:
    query = asked(session, signed, reviewer)
    follower = make.make_account(session, Role.REVIEWER, email="follower@example.org")
    make.make_account(session, Role.ADMINISTRATOR)
    reviewer.deactivated_at = now()
    before = len(mails(session))
    answer(session, query, "Because.", "en", drafter)
    assert mails(session)[before:] == [("query_answered", follower.email)]


def test_the_review_stays_open_while_another_query_is(
    session: Session, signed: Submission, reviewer: Account
) -> None:
    first, second = (asked(session, signed, reviewer) for _ in range(2))
    resolve(session, first, reviewer)
    assert status(signed) is ReviewStatus.QUESTIONS_OPEN
    resolve(session, second, reviewer)
    assert status(signed) is ReviewStatus.IN_REVIEW


def test_an_unanswered_query_stops_nothing(
    session: Session, signed: Submission, reviewer: Account
) -> None:
    query = asked(session, signed, reviewer)
    close_review(session, signed.revisions[-1], reviewer)
    assert status(signed) is ReviewStatus.REVIEWED
    resolve(session, query, reviewer)
    assert status(signed) is ReviewStatus.REVIEWED
    start_review(session, signed.revisions[-1], reviewer)
    ask_again(session, query, "Still?", "en", reviewer)
    assert (status(signed), state(query)) == (ReviewStatus.QUESTIONS_OPEN, QueryState.OPEN)


def test_a_query_stays_with_a_new_revision(
    session: Session, signed: Submission, reviewer: Account
) -> None:
    query = asked(session, signed, reviewer)
    make.make_revision(session, signed)
    assert status(signed) is ReviewStatus.NOT_STARTED
    resolve(session, query, reviewer)
    assert (status(signed), query.revision) == (ReviewStatus.NOT_STARTED, 1)


def test_many_are_asked_the_same_or_nobody_is(session: Session, reviewer: Account) -> None:
    submissions = [make.make_submission(session, party) for party in ("KEN", "JOR", "FRA")]
    for each in submissions[:2]:
        make.make_revision(session, each)
    found = ask_many(session, submissions[:2], make.aichi(), TARGETS, reviewer)
    assert len({query.sent_with for query in found}) == 1
    assert [query.submission.party_code for query in found] == ["KEN", "JOR"]
    with pytest.raises(NotFoundError):
        ask_many(session, submissions, make.aichi(), TARGETS, reviewer)
    with pytest.raises(InvalidInputError):
        ask_many(session, [], make.aichi(), TARGETS, reviewer)


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_a_text_is_needed_and_has_an_end(
    session: Session, signed: Submission, reviewer: Account, text: str
) -> None:
    with pytest.raises(InvalidInputError):
        asked(session, signed, reviewer, text=text)


def test_what_is_not_in_the_form_or_is_the_party_s_alone_cannot_be_asked_about(
    session: Session, signed: Submission, reviewer: Account
) -> None:
    with pytest.raises(NotFoundError):
        asked(session, signed, reviewer, question="none")
    with pytest.raises(NotFoundError):
        asked(session, signed, reviewer, place=Place("none"))


def test_nothing_signed_nothing_to_ask(session: Session, reviewer: Account) -> None:
    with pytest.raises(NotFoundError):
        asked(session, make.make_submission(session), reviewer)


def test_a_resolved_query_is_answered_no_more(
    session: Session, signed: Submission, reviewer: Account, drafter: Account
) -> None:
    query = asked(session, signed, reviewer)
    resolve(session, query, reviewer)
    with pytest.raises(WrongQueryStateError):
        answer(session, query, "Late.", "en", drafter)
    with pytest.raises(WrongQueryStateError):
        resolve(session, query, reviewer)


def test_a_query_is_handed_over_within_the_secretariat(
    session: Session, signed: Submission, reviewer: Account, drafter: Account
) -> None:
    query = asked(session, signed, reviewer)
    other = make.make_account(session, Role.ADMINISTRATOR)
    hand_over(session, query, other, reviewer)
    assert query.owner_id == other.id
    with pytest.raises(InvalidInputError):
        hand_over(session, query, drafter, reviewer)


def test_those_not_resolved_come_first(
    session: Session, signed: Submission, reviewer: Account
) -> None:
    first = asked(session, signed, reviewer)
    asked(session, signed, reviewer)
    resolve(session, first, reviewer)
    assert [query.number for query in queries_of(session, signed)] == [2, 1]
