"""Accounts for administrators: finding, inviting, ending; and for nobody else."""

from collections.abc import Callable
from typing import Final

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Account, Purpose, Role
from app.models.audit import Act
from app.models.designation import Designation
from app.models.message import Message
from app.services.accounts import command_line_account
from app.services.invitations import invite
from app.services.links import make_link
from app.services.second_step import switch_on
from app.services.sessions import open_session
from tests.make import PASSWORD, make_account
from tests.page import Browse
from tests.web.test_auth import SECRET

NEW = "new@example.org"
INVITED = {"email": NEW, "role": "reviewer", "party": "", "name": "", "language": "fr"}


@pytest.fixture
def administrator(session: Session, sign_in: Callable[[Account], None]) -> Account:
    account = make_account(
        session, Role.ADMINISTRATOR, email="admin@example.org", password=PASSWORD
    )
    sign_in(account)
    return account


@pytest.fixture
def person(session: Session) -> Account:
    return make_account(session, email="person@example.org", name="Ann Other", password=PASSWORD)


def invited(session: Session, maker: Account) -> Account:
    return invite(session, NEW, Role.REVIEWER, language="ar", maker=maker)[0]


def mails(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.created_at, Message.id)))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_sees_or_changes_accounts(
    session: Session,
    person: Account,
    client: FlaskClient,
    sign_in: Callable[[Account], None],
    role: Role,
) -> None:
    sign_in(make_account(session, role))
    addresses = ["", "invitations", "invite", person.id]
    acts = ["invite-again", "revoke-invitation", "deactivate", "reactivate", "end-sessions"]
    answers = [client.get(f"/admin/accounts/{address}").status_code for address in addresses]
    answers += [
        client.post(f"/admin/accounts/{person.id}/{act}").status_code
        for act in (*acts, "second-step-off")
    ]
    answers.append(client.post("/admin/accounts/invite", data=INVITED).status_code)
    assert set(answers) == {403}
    assert "Accounts" not in client.get("/").text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages(
    session: Session, administrator: Account, person: Account, browse: Browse, language: str
) -> None:
    account = invited(session, administrator)
    for address in ("", "invitations", "invite", person.id, account.id, administrator.id):
        browse(f"/admin/accounts/{address}", language=language)


def test_the_list_is_searched(
    session: Session, administrator: Account, person: Account, browse: Browse
) -> None:
    command_line_account(session)
    page = browse("/admin/accounts/")
    assert {"admin@example.org", "person@example.org"} < set(page.links())
    assert "command-line" not in page.words
    page = browse("/admin/accounts/?search=other&role=national_authorized_user&state=active")
    assert "1 account" in page.words
    assert "Kenya" in page.words
    page = browse("/admin/accounts/?search=nobody-of-this-name")
    assert "No account is like that." in page.words
    browse("/admin/accounts/?role=none&state=none&start=-5")


def test_a_long_list_has_parts(session: Session, administrator: Account, browse: Browse) -> None:
    for n in range(60):
        make_account(session, email=f"somebody-{n:02}@example.org")
    page = browse("/admin/accounts/?search=somebody")
    assert "1 to 50 of 60" in page.words
    page = browse(page.links()["Next"])
    assert "51 to 60 of 60" in page.words
    assert "Previous" in page.links()


def test_inviting(session: Session, administrator: Account, browse: Browse) -> None:
    page = browse("/admin/accounts/invite", data={**INVITED, "email": " New@Example.org "})
    assert page.h1 == NEW
    assert "The invitation is on its way." in page.words
    (mail,) = mails(session)
    assert (mail.recipient, mail.kind, mail.language) == (NEW, "invitation", "fr")


SIGNS: Final = {"role": "publishing_authority", "party": "KEN"}
LETTER: Final = {"category": "primary", "from_on": "2026-01-05", "letter": "MoE/12"}


def test_who_is_invited_to_sign_is_designated_by_the_same_act(
    session: Session, administrator: Account, browse: Browse
) -> None:
    page = browse("/admin/accounts/invite", data={**INVITED, **SIGNS, **LETTER})
    assert page.h1 == NEW
    made = session.scalars(select(Designation).join(Designation.account)).all()
    (one,) = [each for each in made if each.account.email == NEW]
    assert (one.category, one.letter, str(one.from_on)) == ("primary", "MoE/12", "2026-01-05")
    assert one.recorded_by == administrator.id


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"letter": ""}, "Enter the reference of the letter."),
        ({"from_on": ""}, "Enter the first day."),
        ({"to_on": "2025-01-01"}, "The last day comes before the first."),
    ],
)
def test_nobody_is_invited_to_sign_without_a_letter(
    session: Session, administrator: Account, browse: Browse, wrong: dict[str, str], told: str
) -> None:
    data = {**INVITED, **SIGNS, **LETTER, **wrong}
    page = browse("/admin/accounts/invite", 422, data=data)
    assert told in page.words
    assert 'value="MoE/12"' in page.text or "letter" in wrong, "what was typed is still there"
    assert mails(session) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"email": "none"}, "Enter an e-mail address."),
        ({"email": "person@example.org"}, "This address has an account already"),
        ({"role": ""}, "Choose a role."),
        ({"party": "KEN"}, "Choose no Party"),
        ({"role": "publishing_authority"}, "Choose a Party: this role belongs to one."),
        ({"role": "king"}, "Not a valid choice"),
    ],
)
def test_what_keeps_an_invitation_from_being_sent(
    session: Session,
    administrator: Account,
    person: Account,
    browse: Browse,
    wrong: dict[str, str],
    told: str,
) -> None:
    page = browse("/admin/accounts/invite", 422, data={**INVITED, **wrong})
    assert told in page.words
    assert mails(session) == []


def test_invitations_are_sent_again_and_taken_back(
    session: Session, administrator: Account, browse: Browse
) -> None:
    account = invited(session, administrator)
    page = browse("/admin/accounts/invitations")
    assert NEW in page.words
    browse(f"/admin/accounts/{account.id}/invite-again", data={})
    old, new = mails(session)
    assert browse(f"/sign-in/link/{old.details['secret']}", 404).h1 == (
        "This link does not work any more"
    )
    browse(f"/sign-in/link/{new.details['secret']}")
    page = browse(f"/admin/accounts/{account.id}/revoke-invitation", data={})
    assert "The invitation is taken back." in page.words
    browse(f"/sign-in/link/{new.details['secret']}", 404)
    assert "No invitation waits." in browse("/admin/accounts/invitations").words


def test_whoever_joined_is_not_invited(
    administrator: Account, person: Account, browse: Browse
) -> None:
    for act in ("invite-again", "revoke-invitation"):
        browse(f"/admin/accounts/{person.id}/{act}", 409, data={})


def test_deactivating_and_back(
    session: Session, administrator: Account, person: Account, browse: Browse
) -> None:
    row, _secret = open_session(session, person, device="desk", user_agent="")
    _link, secret = make_link(session, person, Purpose.SET_PASSWORD)
    page = browse(f"/admin/accounts/{person.id}/deactivate", data={})
    assert "Deactivated" in page.words
    session.refresh(row)
    assert row.revoked_at is not None
    browse(f"/sign-in/link/{secret}", 404)
    page = browse(f"/admin/accounts/{person.id}/reactivate", data={})
    assert "Active" in page.words
    acts = session.scalars(select(Act).where(Act.subject == person.id).order_by(Act.number))
    assert [(act.action, act.account_id) for act in acts] == [
        ("deactivated", administrator.id),
        ("reactivated", administrator.id),
    ]


def test_sessions_are_ended_and_codes_switched_off(
    session: Session, administrator: Account, person: Account, browse: Browse
) -> None:
    open_session(session, person, device="desk", user_agent="")

    switch_on(session, person, SECRET, TOTP(SECRET).now())
    page = browse(f"/admin/accounts/{person.id}/end-sessions", data={})
    assert "Nobody is signed in to this account." in page.words
    page = browse(f"/admin/accounts/{person.id}/second-step-off", data={})
    session.refresh(person)
    assert person.totp_since is None
    assert [mail.kind for mail in mails(session)] == ["second_step_off"]


def test_nobody_deactivates_themselves(administrator: Account, browse: Browse) -> None:
    page = browse(f"/admin/accounts/{administrator.id}")
    assert "Deactivate" not in page.words
    browse(f"/admin/accounts/{administrator.id}/deactivate", 403, data={})


def test_an_account_that_is_none(session: Session, administrator: Account, browse: Browse) -> None:
    for account_id in ("unknown", command_line_account(session).id):
        browse(f"/admin/accounts/{account_id}", 404)
