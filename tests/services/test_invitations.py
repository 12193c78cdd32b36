"""People join by invitation: sent, sent again, taken back; each mail holds a link that works."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, NotFoundError
from app.models.account import Account, Purpose, Role
from app.models.audit import Act
from app.models.base import clock_at, now
from app.models.job import Job
from app.models.message import Message
from app.services.account_changes import join
from app.services.invitations import (
    invitation_of,
    invite,
    invite_again,
    pending_invitations,
    revoke_invitation,
)
from app.services.links import LASTS, link_by
from tests.make import PASSWORD, make_account

NEW = "new@example.org"


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_account(session, Role.ADMINISTRATOR)


def mails(session: Session) -> list[Message]:
    session.flush()
    return list(session.scalars(select(Message).order_by(Message.created_at, Message.id)))


def invited(session: Session, maker: Account, email: str = NEW) -> Account:
    role = Role.NATIONAL_AUTHORIZED_USER
    return invite(session, email, role, "KEN", name="N", language="fr", maker=maker)[0]


def is_open(session: Session, mail: Message) -> bool:
    try:
        link_by(session, str(mail.details["secret"]), Purpose.INVITATION)
    except NotFoundError:
        return False
    return True


def test_an_invitation_is_a_mail_and_an_act(session: Session, administrator: Account) -> None:
    account = invited(session, administrator)
    (mail,) = mails(session)
    assert (mail.recipient, mail.kind, mail.language) == (NEW, "invitation", "fr")
    assert link_by(session, str(mail.details["secret"]), Purpose.INVITATION).account is account
    assert session.scalars(select(Job)).one().arguments == {"message": mail.id}
    act = session.scalars(select(Act)).one()
    assert (act.subject, act.action, act.account_id) == (account.id, "invited", administrator.id)
    assert NEW not in str(act.details), "a line that stays for ever names nobody"


def test_sent_again_the_old_link_dies(session: Session, administrator: Account) -> None:
    account = invited(session, administrator)
    invite_again(session, account, administrator)
    assert [is_open(session, mail) for mail in mails(session)] == [False, True]


def test_taken_back_nothing_lets_in(session: Session, administrator: Account) -> None:
    account = invited(session, administrator)
    revoke_invitation(session, account, administrator)
    assert [is_open(session, mail) for mail in mails(session)] == [False]
    assert account.deactivated_at is not None
    invite_again(session, account, administrator)
    assert [is_open(session, mail) for mail in mails(session)] == [False, True]


def test_whoever_has_joined_is_not_invited_again(session: Session, administrator: Account) -> None:
    account = invited(session, administrator)
    join(session, account, "Somebody", PASSWORD)
    for act in (invite_again, revoke_invitation):
        with pytest.raises(AlreadyExistsError):
            act(session, account, administrator)
    with pytest.raises(AlreadyExistsError):
        invited(session, administrator)


def test_which_invitations_are_pending(session: Session, administrator: Account) -> None:
    accounts = [invited(session, administrator, f"{n}@example.org") for n in range(4)]
    join(session, accounts[0], "Somebody", PASSWORD)
    revoke_invitation(session, accounts[1], administrator)
    invite_again(session, accounts[2], administrator)
    pending = pending_invitations(session)
    assert {link.account_id for link in pending} == {accounts[2].id, accounts[3].id}
    assert len(pending) == 2
    assert all(link.maker is administrator for link in pending)
    with clock_at(now() + LASTS[Purpose.INVITATION] + timedelta(days=1)):
        assert len(pending_invitations(session)) == 2, "those that have ended can be sent again"
        assert invitation_of(session, accounts[3]) is not None
