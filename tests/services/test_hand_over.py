"""Handing over: all that waits for somebody goes over, what was done stays, nobody is let in."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, NotAllowedError
from app.models.account import Account, Role, Scope, Token
from app.models.audit import Act
from app.models.base import Base
from app.models.job import Job, JobState
from app.models.message import Message
from app.models.query import Query
from app.models.sign_in import BrowserKey, UserSession
from app.services.account_changes import deactivate, reactivate
from app.services.accounts import add_token
from app.services.designations import designations_of, posts
from app.services.hand_over import GOES_OVER, hand_over, successors, what_goes_over
from app.services.jobs import add_job
from app.services.sessions import open_session
from app.wording.accounts import HANDED_OVER
from tests.make import PASSWORD, make_account, make_revision, make_submission

# Who did something, or whose own it is: never goes over.
STAYS = {
    *("absence.account_id", "absence.recorded_by", "act.account_id", "browser_key.account_id"),
    *("comment.account_id", "designation.account_id", "designation.ended_by"),
    *("designation.recorded_by", "event.account_id", "idempotent_call.account_id"),
    *("link.account_id", "link.created_by", "list_entry.changed_by", "operation.account_id"),
    *("partner_grant.created_by", "partner_grant.ended_by"),
    *("query_comment.account_id", "recovery_code.account_id", "revision.signed_by"),
    *("presence.account_id", "source_file.account_id", "suggestion.decided_by"),
    *("token.account_id", "user_session.account_id"),
}


def test_every_column_that_names_an_account_goes_over_or_stays() -> None:
    goes = {f"{m.column.class_.__tablename__}.{m.column.key}" for m in GOES_OVER}
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "account"
    }
    told = "say whether it goes over to a successor: `GOES_OVER` of app/services/hand_over.py"
    assert found - STAYS == goes, told
    assert {moving.name for moving in GOES_OVER} == set(HANDED_OVER)


def query_of(session: Session, owner: Account) -> Query:
    revision = make_revision(session)
    query = Query(
        submission_id=revision.submission_id, number=1, revision=1, place="basis", owner_id=owner.id
    )
    session.add(query)
    session.flush()
    return query


def test_what_waits_for_a_reviewer_waits_for_the_successor(session: Session) -> None:
    leaver, successor = make_account(session, Role.REVIEWER), make_account(session, Role.REVIEWER)
    administrator = make_account(session, Role.ADMINISTRATOR)
    query, submission = query_of(session, leaver), make_submission(session, "UGA")
    submission.reviewer_id = leaver.id
    waiting, done = (
        add_job(session, "export", {}, owner=leaver),
        add_job(session, "export", {}, owner=leaver),
    )
    done.state = JobState.DONE
    session.flush()
    told = {"reviews_to_do": 1, "queries": 1, "jobs": 1}
    assert what_goes_over(session, leaver) == told
    assert hand_over(session, leaver, successor, administrator) == told
    assert (query.owner_id, submission.reviewer_id) == (successor.id, successor.id)
    assert waiting.account_id == successor.id
    assert session.get_one(Job, done.id).account_id == leaver.id
    assert what_goes_over(session, leaver) == {}
    act = session.scalars(select(Act).where(Act.subject == leaver.id)).one()
    assert (act.action, act.account_id) == ("handed_over", administrator.id)
    assert act.details == {"successor": successor.id, **told}


def test_the_leaver_is_let_in_no_more_and_both_are_told(session: Session) -> None:
    leaver = make_account(session, email="leaver@example.org", password=PASSWORD)
    successor = make_account(session, email="successor@example.org", password=PASSWORD)
    add_token(session, leaver, Scope.WRITE, 10)
    open_session(session, leaver, device="desk", user_agent="")
    hand_over(session, leaver, successor, make_account(session, Role.ADMINISTRATOR))
    assert leaver.deactivated_at is not None
    assert leaver.handed_over_to == successor.id
    assert session.scalars(select(Token.revoked_at)).one() is not None
    assert session.scalars(select(UserSession.revoked_at)).one() is not None
    assert session.scalars(select(BrowserKey)).one().account_id == leaver.id
    mails = {mail.recipient: mail.kind for mail in session.scalars(select(Message))}
    assert mails == {
        "leaver@example.org": "work_handed_over",
        "successor@example.org": "work_taken_over",
    }
    reactivate(session, leaver, successor)  # what waits in the browser can be sent then
    assert [leaver.deactivated_at, leaver.handed_over_to] == [None, None]


def test_a_designation_does_not_go_over(session: Session) -> None:
    leaver = make_account(session, Role.PUBLISHING_AUTHORITY)
    successor = make_account(session, Role.PUBLISHING_AUTHORITY, designated=False)
    hand_over(session, leaver, successor, leaver)
    assert designations_of(session, successor) == []
    (post,) = posts(session, "KEN")
    assert post.is_vacant


def test_who_comes_back_after_handing_over_needs_a_new_designation_to_sign(
    session: Session,
) -> None:
    leaver = make_account(session, Role.PUBLISHING_AUTHORITY)
    successor = make_account(session, Role.PUBLISHING_AUTHORITY, designated=False)
    hand_over(session, leaver, successor, successor)
    reactivate(session, leaver, successor)
    (ended,) = designations_of(session, leaver)
    assert (ended.ended_at is None, ended.ended_by) == (False, successor.id)
    (post,) = posts(session, "KEN")
    assert post.is_vacant
    acts = session.scalars(select(Act.action).where(Act.subject == leaver.id)).all()
    assert "designation_ended" in acts


def test_who_was_only_deactivated_signs_again_by_the_same_designation(session: Session) -> None:
    person = make_account(session, Role.PUBLISHING_AUTHORITY)
    administrator = make_account(session, Role.ADMINISTRATOR)
    deactivate(session, person, administrator)
    assert posts(session, "KEN")[0].is_vacant
    reactivate(session, person, administrator)
    assert not posts(session, "KEN")[0].is_vacant


@pytest.mark.parametrize(
    ("role", "party"),
    [
        (Role.NATIONAL_AUTHORIZED_USER, "UGA"),
        (Role.READER, "KEN"),
        (Role.REVIEWER, ""),
    ],
)
def test_only_who_can_do_the_same_takes_over(session: Session, role: Role, party: str) -> None:
    leaver, other = make_account(session), make_account(session, role, party)
    fitting = make_account(session, Role.PUBLISHING_AUTHORITY)
    assert successors(session, leaver) == [fitting]
    for wrong in (other, leaver):
        with pytest.raises(InvalidInputError):
            hand_over(session, leaver, wrong, fitting)
    fitting.deactivated_at = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidInputError):
        hand_over(session, leaver, fitting, fitting)


def test_an_account_is_handed_over_once(session: Session) -> None:
    leaver, successor = make_account(session), make_account(session)
    hand_over(session, leaver, successor, successor)
    with pytest.raises(NotAllowedError):
        hand_over(session, leaver, successor, successor)
