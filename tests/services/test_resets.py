"""A forgotten password: a link for whoever joined, and the same work for an address unknown."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models.account import Account, Purpose, Role
from app.models.audit import Act
from app.models.base import now
from app.models.job import Job
from app.models.message import Message
from app.services.invitations import invitation_of, invite
from app.services.links import link_by
from app.services.resets import ask_for_link, send_reset_link
from tests.make import PASSWORD, make_account


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session, email="owner@example.org", password=PASSWORD, language="es")


def kinds(session: Session) -> list[tuple[str, str, str]]:
    found = session.scalars(select(Message).order_by(Message.created_at, Message.id))
    return [(mail.recipient, mail.kind, mail.language) for mail in found]


def statements(session: Session, email: str) -> list[str]:
    """Return what asking for a link does in the database."""
    said: list[str] = []
    engine = session.get_bind()

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        ask_for_link(session, email)
        session.flush()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return said


def test_asking_does_the_same_whether_there_is_an_account_or_not(
    session: Session, owner: Account
) -> None:
    session.commit()
    known = statements(session, " Owner@Example.org")
    session.commit()
    assert known == statements(session, "nobody@example.org")
    assert not any(
        "account" in statement.partition("WHERE")[0]
        for statement in known
        if statement.startswith("SELECT account")
    )
    emails = [job.arguments["email"] for job in session.scalars(select(Job))]
    assert sorted(emails) == ["nobody@example.org", "owner@example.org"]


def test_the_owner_gets_a_link_and_the_one_before_dies(session: Session, owner: Account) -> None:
    for _ in range(2):
        send_reset_link(session, owner.email)
    assert kinds(session) == [("owner@example.org", "set_password", "es")] * 2
    old, new = session.scalars(select(Message).order_by(Message.created_at, Message.id))
    with pytest.raises(NotFoundError):
        link_by(session, str(old.details["secret"]), Purpose.SET_PASSWORD)
    assert link_by(session, str(new.details["secret"]), Purpose.SET_PASSWORD).account is owner


def test_nobody_else_gets_a_mail(session: Session, owner: Account) -> None:
    make_account(session, email="never-invited@example.org")
    owner.deactivated_at = now()
    for email in (owner.email, "never-invited@example.org", "nobody@example.org"):
        send_reset_link(session, email)
    assert kinds(session) == []


def test_whoever_is_invited_gets_the_invitation_again(session: Session, owner: Account) -> None:
    invite(session, "new@example.org", Role.REVIEWER, language="ar", maker=owner)
    send_reset_link(session, "new@example.org")
    assert kinds(session) == [("new@example.org", "invitation", "ar")] * 2


def test_no_administrator_is_said_to_have_done_what_anybody_asked_for(
    session: Session, owner: Account
) -> None:
    invited, _ = invite(session, "new@example.org", Role.REVIEWER, maker=owner)
    send_reset_link(session, "new@example.org")
    acts = session.scalars(select(Act).where(Act.subject == invited.id).order_by(Act.number)).all()
    assert [(act.action, act.account_id) for act in acts] == [
        ("invited", owner.id),
        ("invited_again", invited.id),
    ]
    link = invitation_of(session, invited)
    assert link is not None
    assert link.created_by == owner.id
