"""Links that let somebody in: what they ask, how often they may be opened, what goes wrong."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Account, Purpose, Role
from app.models.base import clock_at, now
from app.models.sign_in import UserSession
from app.services.links import make_link, revoke_links
from app.services.passwords import authenticate
from app.services.second_step import switch_on
from tests.make import PASSWORD, make_account
from tests.page import Browse
from tests.web.test_auth import AT, SECRET

TYPED = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session, Role.REVIEWER, email="reviewer@example.org")


def link_for(session: Session, owner: Account, purpose: Purpose = Purpose.SET_PASSWORD) -> str:
    return f"/sign-in/link/{make_link(session, owner, purpose)[1]}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_link_sets_a_password_and_signs_in(
    session: Session, owner: Account, browse: Browse, language: str
) -> None:
    link = link_for(session, owner)
    browse(link, language=language)
    page = browse(link, language=language, data=TYPED)
    assert "reviewer@example.org" in page.text
    assert authenticate(session, "reviewer@example.org", PASSWORD) is not None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_invitation_asks_for_a_name_too(
    session: Session, owner: Account, browse: Browse, language: str
) -> None:
    link = link_for(session, owner, Purpose.INVITATION)
    page = browse(link, language=language)
    assert page.find("input", id="name").get("autocomplete") == "name"
    browse(link, 422, language, data=TYPED)
    browse(link, language=language, data={**TYPED, "name": " Somebody "})
    session.refresh(owner)
    assert owner.name == "Somebody"


def test_the_name_is_no_password(session: Session, owner: Account, browse: Browse) -> None:
    name = "A long name of somebody"
    page = browse(
        link_for(session, owner, Purpose.INVITATION),
        422,
        data={"name": name, "password": name.upper(), "again": name.upper()},
    )
    assert "Your name or e-mail address is no password" in page.words


def test_opening_a_link_never_uses_it_up(
    session: Session, owner: Account, browse: Browse, client: FlaskClient
) -> None:
    """Programs that look through mail open links before their readers do."""
    link = link_for(session, owner, Purpose.INVITATION)
    for _ in range(3):
        browse(link)
        assert client.head(link).status_code == 200
    browse(link, data={**TYPED, "name": "Somebody"})


def test_a_link_works_once(session: Session, owner: Account, browse: Browse) -> None:
    link = link_for(session, owner)
    browse(link, data=TYPED)
    page = browse(link, 404)
    assert page.h1 == "This link was used already"
    assert "Sign in with your password" in page.words


def test_a_link_that_is_too_old(session: Session, owner: Account, browse: Browse) -> None:
    link = link_for(session, owner)
    with clock_at(now() + timedelta(days=2)):
        assert browse(link, 404).h1 == "This link is too old"
        assert browse(link, 404, data=TYPED).h1 == "This link is too old"


def test_a_link_that_was_revoked(session: Session, owner: Account, browse: Browse) -> None:
    link = link_for(session, owner)
    revoke_links(session, owner)
    assert browse(link, 404).h1 == "This link does not work any more"


def test_a_link_that_is_none(session: Session, owner: Account, browse: Browse) -> None:
    assert browse("/sign-in/link/nothing", 404).h1 == "This link cannot be used"
    other = link_for(session, owner, Purpose.SECOND_STEP)
    assert browse(other, 404).h1 == "This link cannot be used"


def test_links_cannot_be_guessed(client: FlaskClient) -> None:
    answers = [client.get(f"/sign-in/link/{n}").status_code for n in range(11)]
    assert answers == [404] * 10 + [429]


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "at least 12 characters"),
        ("qwerty123456", "qwerty123456", "one of those that everybody tries first"),
        ("Reviewer@example.org", "Reviewer@example.org", "is no password"),
        (PASSWORD, "another one", "the same password in both fields"),
        ("", "", "Enter a password."),
    ],
)
def test_a_new_password_is_good_and_typed_twice(
    session: Session, owner: Account, browse: Browse, password: str, again: str, told: str
) -> None:
    page = browse(link_for(session, owner), 422, data={"password": password, "again": again})
    assert told in page.words


def test_a_new_password_ends_the_sessions_before(
    session: Session, owner: Account, browse: Browse, sign_in: Callable[[Account], None]
) -> None:
    sign_in(owner)
    link = link_for(session, owner)
    browse(link, data=TYPED)
    rows = session.scalars(select(UserSession).order_by(UserSession.created_at)).all()
    assert [row.revoked_at is None for row in rows] == [False, True]


def test_a_link_does_not_stand_in_for_the_second_step(
    session: Session, owner: Account, browse: Browse, client: FlaskClient
) -> None:
    with clock_at(AT):
        switch_on(session, owner, SECRET, TOTP(SECRET).at(AT))
        page = browse(link_for(session, owner), data=TYPED)
        assert page.h1 == "Enter your code"
        assert client.get("/sign-in").status_code == 200
