"""Who is told by mail that a draft waits for a signature, and that it came back."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.base import now
from app.models.message import Message
from app.models.submission import Submission
from tests import make
from tests.web.test_signing import COMPLETE

SignIn = Callable[[Account], None]


@pytest.fixture
def drafter(session: Session, sign_in: SignIn) -> Account:
    account = make.make_account(session, email="drafter@example.org")
    sign_in(account)
    return account


@pytest.fixture
def sent(session: Session, tiny: Form, drafter: Account, client: FlaskClient) -> Submission:
    """A draft of Kenya that was sent for sign-off; of two who may sign, one has gone."""
    make.make_account(session, Role.PUBLISHING_AUTHORITY, email="signs@example.org")
    gone = make.make_account(session, Role.PUBLISHING_AUTHORITY, email="gone@example.org")
    gone.deactivated_at = now()
    make.make_account(session, Role.PUBLISHING_AUTHORITY, "UGA", email="uganda@example.org")
    submission = make.make_submission(session, form=tiny, draft=COMPLETE)
    assert client.post(f"/submissions/{submission.id}/send").status_code == 303
    return submission


def mails(session: Session) -> list[tuple[str, str]]:
    """Return whom something was posted to, and what."""
    found = session.scalars(select(Message).order_by(Message.created_at, Message.id))
    return [(message.recipient, message.kind) for message in found]


def test_those_who_may_sign_are_told_that_a_draft_waits(session: Session, sent: Submission) -> None:
    assert mails(session) == [("signs@example.org", "sent_for_sign_off")]
    message = session.scalars(select(Message)).one()
    assert message.details == {"submission": sent.id, "collection": sent.collection_code}


def test_who_sent_it_is_told_that_it_came_back(
    session: Session, sent: Submission, client: FlaskClient, sign_in: SignIn
) -> None:
    authority = session.scalars(select(Account).where(Account.email == "signs@example.org")).one()
    sign_in(authority)
    path = f"/submissions/{sent.id}/send-back"
    assert client.post(path, data={"note": "One word more, please."}).status_code == 303
    assert mails(session)[1:] == [("drafter@example.org", "sent_back")]
    assert "One word" not in str([m.details for m in session.scalars(select(Message))])


def test_nobody_is_told_of_what_they_did_themselves(
    session: Session, tiny: Form, sign_in: SignIn, client: FlaskClient
) -> None:
    sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY))
    submission = make.make_submission(session, form=tiny, draft=COMPLETE)
    for path in ("send", "send-back"):
        answer = client.post(f"/submissions/{submission.id}/{path}")
        assert answer.status_code == 303
    assert mails(session) == []


def test_a_draft_that_is_refused_tells_nobody(
    session: Session, drafter: Account, tiny: Form, client: FlaskClient
) -> None:
    make.make_account(session, Role.PUBLISHING_AUTHORITY, email="signs@example.org")
    submission = make.make_submission(session, form=tiny, draft={})
    assert client.post(f"/submissions/{submission.id}/send").status_code == 422
    assert mails(session) == []
