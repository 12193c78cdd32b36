"""A mail is posted with what it tells of; the database alone does not give its secret away."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, WrongJobStateError
from app.models.audit import Act
from app.models.job import Job, JobState
from app.models.message import Message, MessageState
from app.models.sealed import Unreadable
from app.services.outbox import do_not_send, post, post_about, send_again
from tests.make import make_account, make_submission

SECRET = "the-secret-of-a-link"


def posted(session: Session) -> Message:
    message = post(
        session,
        to="focal.point@example.org",
        kind="set_password",
        language="fr",
        details={"secret": SECRET},
    )
    session.commit()
    return message


def test_a_mail_waits_with_a_job_to_send_it(session: Session) -> None:
    message = posted(session)
    job = session.scalars(select(Job)).one()
    assert job.arguments == {"message": message.id}
    assert message.details == {"secret": SECRET}


def test_a_mail_about_a_submission_says_which_in_the_language_of_its_reader(
    session: Session,
) -> None:
    submission, reader = make_submission(session), make_account(session)
    reader.language = "ru"
    message = post_about(session, submission, reader, "sent_back", query=3)
    assert (message.recipient, message.kind, message.language) == (reader.email, "sent_back", "ru")
    assert message.details == {
        "submission": submission.id,
        "collection": submission.collection_code,
        "query": 3,
    }


def test_the_secret_is_not_to_be_read_in_the_database(session: Session) -> None:
    posted(session)
    rows = [
        *session.execute(text("SELECT * FROM message")),
        *session.execute(text("SELECT * FROM job")),
    ]
    assert len(rows) == 2
    assert SECRET not in str(rows)


def test_what_was_sealed_with_another_key_reads_as_nothing(session: Session) -> None:
    message = posted(session)
    session.execute(text("UPDATE message SET details = 'gAAAA-of-another-key'"))
    session.refresh(message)
    assert isinstance(message.details, Unreadable)
    assert message.details == {}


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b\nBcc: c@d", "a b@c", "A <a@b>", "a@b,c@d", "a@b@c"]
)
def test_only_one_address_is_taken(session: Session, to: str) -> None:
    with pytest.raises(InvalidInputError):
        post(session, to=to, kind="test", language="en", details={})


def test_only_what_failed_is_sent_again_and_only_with_its_details(session: Session) -> None:
    message, somebody = posted(session), make_account(session)
    with pytest.raises(WrongJobStateError):
        send_again(session, message, somebody)
    message.state, message.attempts = MessageState.FAILED, 3
    send_again(session, message, somebody)
    assert (message.state, message.attempts) == (MessageState.WAITING, 0)
    assert len(session.scalars(select(Job)).all()) == 1
    message.state, message.details = MessageState.FAILED, {}
    with pytest.raises(WrongJobStateError):
        send_again(session, message, somebody)


def test_what_is_given_up_is_forgotten(session: Session) -> None:
    message, somebody = posted(session), make_account(session)
    do_not_send(session, message, somebody)
    assert (message.state, message.details) == (MessageState.CANCELLED, {})
    assert session.scalars(select(Job.state)).all() == [JobState.CANCELLED]
    (act,) = session.scalars(select(Act))
    assert (act.action, act.account_id) == ("drop_mail", somebody.id)
    assert act.details == {"mail": message.id}
    with pytest.raises(WrongJobStateError):
        do_not_send(session, message, somebody)
