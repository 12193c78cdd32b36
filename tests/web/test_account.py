"""One's own account: every page, what it changes, and what it refuses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.base import clock_at, now
from app.models.message import Message
from app.models.sign_in import BrowserKey, UserSession
from app.services.passwords import authenticate
from app.services.sessions import open_session
from tests.make import PASSWORD, make_account
from tests.page import Browse, Page

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
NEW = "another few words"
PAGES = ("", "name", "language", "password", "email", "sessions", "second-step")


@pytest.fixture
def owner(session: Session, sign_in: Callable[[Account], None]) -> Account:
    account = make_account(session, email="owner@example.org", name="Owner", password=PASSWORD)
    sign_in(account)
    return account


def posted_secret(session: Session, kind: str) -> str:
    found = session.scalars(select(Message).where(Message.kind == kind)).one()
    return str(found.details["secret"])


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.usefixtures("owner")
def test_every_page_can_be_read(browse: Browse, language: str) -> None:
    for page in (*PAGES, "second-step/set-up"):
        browse(f"/account/{page}", language=language)


@pytest.mark.parametrize("page", PAGES)
def test_nobody_has_no_account(client: FlaskClient, page: str) -> None:
    answer = client.get(f"/account/{page}")
    assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")


@pytest.mark.parametrize("role", Role)
def test_every_role_finds_its_account(
    session: Session, browse: Browse, sign_in: Callable[[Account], None], role: Role
) -> None:
    sign_in(make_account(session, role, name="Somebody"))
    assert "/account/" in browse("/").links().values()
    assert "Somebody" in browse("/account/").words


def test_name_and_language(session: Session, owner: Account, browse: Browse) -> None:
    assert "Saved." in browse("/account/name", data={"name": " New name "}).words
    browse("/account/name", 422, data={"name": ""})
    browse("/account/language", language="fr", data={"language": "fr"})
    browse("/account/language", 422, "fr", data={"language": "xx"})
    session.refresh(owner)
    assert (owner.name, owner.language) == ("New name", "fr")


def test_a_new_password(session: Session, owner: Account, browse: Browse) -> None:
    other, _ = open_session(session, owner, device="phone", user_agent="")
    typed = {"current": PASSWORD, "password": NEW, "again": NEW}
    page = browse("/account/password", 422, data={**typed, "current": "wrong"})
    assert "This is not your present password." in page.words
    page = browse("/account/password", 422, data={**typed, "password": "qwerty123456"})
    assert "everybody tries first" in page.words
    assert NEW not in page.text
    assert "Your password is changed." in browse("/account/password", data=typed).words
    assert authenticate(session, owner.email, NEW) is not None
    session.refresh(other)
    assert other.revoked_at is not None


@pytest.mark.usefixtures("owner")
def test_the_present_password_cannot_be_guessed(client: FlaskClient) -> None:
    typed = {"current": "a guess", "password": NEW, "again": NEW}
    answers = [client.post("/account/password", data=typed).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_new_address_is_confirmed_by_its_link(
    session: Session, owner: Account, browse: Browse
) -> None:
    page = browse("/account/email", data={"email": "new@example.org", "current": PASSWORD})
    assert "The new address new@example.org is not confirmed yet" in page.words
    link = f"/account/email/confirm/{posted_secret(session, 'confirm_email')}"
    assert "new@example.org" in browse(link).words
    assert "Sign in with the new one" in browse(link, data={}).words
    session.refresh(owner)
    assert owner.email == "new@example.org"
    assert browse(link, 404).h1 == "This link was used already"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_old_address_stops_it(
    session: Session, owner: Account, browse: Browse, client: FlaskClient, language: str
) -> None:
    client.post("/account/email", data={"email": "new@example.org", "current": PASSWORD})
    confirm = f"/account/email/confirm/{posted_secret(session, 'confirm_email')}"
    browse(confirm, language=language)
    client.post(confirm)
    stop = f"/account/email/stop/{posted_secret(session, 'stop_email')}"
    assert "owner@example.org" in browse(stop, language=language).words
    browse(stop, language=language, data={})
    session.refresh(owner)
    assert owner.email == "owner@example.org"
    assert client.get("/account/").status_code == 303, "all sessions have ended"


@pytest.mark.usefixtures("owner")
def test_an_address_that_is_none_and_a_wrong_password(session: Session, browse: Browse) -> None:
    browse("/account/email", 422, data={"email": "none", "current": PASSWORD})
    browse("/account/email", 422, data={"email": "new@example.org", "current": "wrong"})
    assert session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_sessions_are_listed_in_plain_words(
    session: Session, owner: Account, browse: Browse, language: str
) -> None:
    open_session(session, owner, device="desk", user_agent=FIREFOX)
    open_session(session, owner, device="phone", user_agent=SAFARI)
    page = browse("/account/sessions", language=language)
    names = [" ".join("".join(e.itertext()).split()) for e in page.all("p", class_="row-title")]
    assert len(names) == 3
    if language == "en":
        assert {"Firefox on Windows", "Safari on iPhone"} < set(names)
        assert sum("This browser" in name for name in names) == 1


def test_ending_one_session(session: Session, owner: Account, browse: Browse) -> None:
    other, _ = open_session(session, owner, device="library", user_agent=FIREFOX)
    page = browse(f"/account/sessions/{other.id}/end", data={})
    assert "That session has ended." in page.words
    session.refresh(other)
    assert other.revoked_at is not None
    assert session.get(BrowserKey, (owner.id, "library")) is None


def test_ending_this_session_signs_out(session: Session, owner: Account, browse: Browse) -> None:
    here = session.scalars(select(UserSession)).one()
    assert browse(f"/account/sessions/{here.id}/end", data={}).h1 == "Sign in"


def test_ending_all_others(session: Session, owner: Account, browse: Browse) -> None:
    for device in ("library", "hotel"):
        open_session(session, owner, device=device, user_agent="")
    browse("/account/sessions/end-others", data={})
    open_rows = select(UserSession).where(UserSession.revoked_at.is_(None))
    assert [row.device for row in session.scalars(open_rows)] == ["a browser of the tests"]


def test_nobody_ends_a_session_of_another(
    session: Session, owner: Account, client: FlaskClient
) -> None:
    row, _ = open_session(session, make_account(session), device="desk", user_agent="")
    assert client.post(f"/account/sessions/{row.id}/end").status_code == 404
    session.refresh(row)
    assert row.revoked_at is None


def set_up(browse: Browse, language: str = "en") -> tuple[Page, dict[str, str]]:
    """Return the page with the secret, and what its owner types a moment later."""
    page = browse("/account/second-step/set-up", language=language)
    secret = "".join((page.find("bdi", class_="code").text or "").split())
    setup = page.find("input", name="setup").get("value", "")
    return page, {"setup": setup, "code": TOTP(secret).at(now()), "current": PASSWORD}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_codes_are_set_up(session: Session, owner: Account, browse: Browse, language: str) -> None:
    page, typed = set_up(browse, language)
    assert 'class="qr"' in page.text
    done = browse("/account/second-step/set-up", language=language, data=typed)
    assert len(done.all("bdi", class_="code")) == 10
    session.refresh(owner)
    assert owner.totp_since is not None


def test_a_wrong_code_keeps_the_same_secret(
    session: Session, owner: Account, browse: Browse
) -> None:
    _page, typed = set_up(browse)
    page = browse("/account/second-step/set-up", 422, data={**typed, "code": "000000"})
    assert "This code is not right." in page.words
    browse("/account/second-step/set-up", 422, data={**typed, "current": "wrong"})
    assert page.find("input", name="setup").get("value")
    browse("/account/second-step/set-up", data=typed)


@pytest.mark.parametrize("setup", ["", "nonsense"])
def test_a_secret_that_we_did_not_show_is_not_taken(
    session: Session, owner: Account, browse: Browse, setup: str
) -> None:
    _page, typed = set_up(browse)
    page = browse("/account/second-step/set-up", data={**typed, "setup": setup})
    assert "The page was open for too long." in page.words
    session.refresh(owner)
    assert owner.totp_since is None


def test_codes_are_renewed_and_switched_off(
    session: Session, owner: Account, browse: Browse
) -> None:
    browse("/account/second-step/set-up", data=set_up(browse)[1])
    browse("/account/second-step/codes", 422, data={"current": "wrong"})
    page = browse("/account/second-step/codes", data={"current": PASSWORD})
    assert len(page.all("bdi", class_="code")) == 10
    browse("/account/second-step/off", 422, data={"current": "wrong"})
    page = browse("/account/second-step/off", data={"current": PASSWORD})
    assert "No code is asked for any more." in page.words
    session.refresh(owner)
    assert owner.totp_since is None
    browse("/account/second-step/codes", 422, data={"current": PASSWORD})


def test_the_page_of_too_many_tries_says_when(browse: Browse, client: FlaskClient) -> None:
    typed = {"email": "owner@example.org", "password": "a guess"}
    for _ in range(10):
        client.post("/sign-in", data=typed)
    page = browse("/sign-in", 429, data=typed)
    assert "Try again in 1 minute, at" in page.words
    assert page.links()["Forgotten password"] == "/sign-in/forgotten"


def test_an_old_set_up_page_is_not_taken(owner: Account, browse: Browse) -> None:
    _page, typed = set_up(browse)
    with clock_at(now() + timedelta(minutes=5)):
        page = browse("/account/second-step/set-up", 422, data=typed)
    assert "This code is not right." in page.words
