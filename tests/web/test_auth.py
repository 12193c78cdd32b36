"""Signing in and out, the second step, the session behind the cookie, and how often one may try."""

import sqlite3
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.base import clock_at, now
from app.models.sign_in import UserSession
from app.services.second_step import switch_on
from app.web.limits import by_email
from tests.conftest import Client
from tests.make import PASSWORD, make_account
from tests.page import Browse


@pytest.fixture
def drafter(session: Session) -> Account:
    return make_account(session, email="drafter@example.org", name="Drafter", password=PASSWORD)


def typed(email: str = "drafter@example.org", password: str = PASSWORD) -> dict[str, str]:
    return {"email": email, "password": password}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_signing_in(browse: Browse, language: str) -> None:
    page = browse("/sign-in", language=language)
    assert page.find("input", id="email").get("autocomplete") == "username"
    assert page.find("input", id="password").get("autocomplete") == "current-password"


@pytest.mark.usefixtures("drafter")
def test_signing_in_and_out(browse: Browse) -> None:
    page = browse("/sign-in", data=typed(email=" Drafter@Example.org "))
    assert "Drafter" in page.text
    assert "What is open for Kenya" in page.words
    page = browse("/sign-in/out", data={})
    assert "You are signed out." in page.words
    assert "Sign in" in page.links()


@pytest.mark.usefixtures("drafter")
@pytest.mark.parametrize(
    "wrong", [typed(password="another guess"), typed(email="nobody@example.org")]
)
def test_a_wrong_password_and_an_unknown_account_read_alike(
    browse: Browse, wrong: dict[str, str]
) -> None:
    page = browse("/sign-in", 422, data=wrong)
    assert "together they let nobody in" in page.words
    assert page.find("input", id="email").get("value") == wrong["email"]
    assert wrong["password"] not in page.text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_empty_form_names_each_field(browse: Browse, language: str) -> None:
    page = browse("/sign-in", 422, language, data=typed("", ""))
    summary = page.find("section", id="error-summary")
    assert [a.get("href") for a in summary.iter("a")] == ["#email", "#password"]
    assert page.find("input", id="email").get("aria-invalid") == "true"


@pytest.mark.usefixtures("drafter")
@pytest.mark.parametrize(
    ("wished", "led_to"),
    [
        ("/parties/KEN?lang=en", "/parties/KEN?lang=en"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_away_from_our_pages(client: FlaskClient, wished: str, led_to: str) -> None:
    answer = client.post("/sign-in", query_string={"next": wished}, data=typed())
    assert (answer.status_code, answer.headers["Location"]) == (303, led_to)


def test_a_page_for_somebody_leads_to_signing_in_and_back(
    session: Session, client: FlaskClient
) -> None:
    answer = client.get("/review/?status=in_review")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/review/?status%3Din_review"


def test_whoever_is_signed_in_is_not_asked_again(
    drafter: Account, client: FlaskClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(drafter)
    answer = client.get("/sign-in?next=/parties/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/parties/")


@pytest.mark.usefixtures("drafter")
def test_ten_wrong_tries_in_a_minute_are_enough(client: FlaskClient) -> None:
    for _ in range(10):
        assert client.post("/sign-in", data=typed(password="a guess")).status_code == 422
    answer = client.post("/sign-in", data=typed())
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Too many tries" in answer.text


def test_a_long_address_takes_no_more_room_among_the_counts(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"email": f"{'x' * 100_000}@example.org"}):
        assert len(by_email()) == 64
    with app.test_request_context(method="POST", data={"email": " Known@example.org "}):
        first = by_email()
    with app.test_request_context(method="POST", data={"email": "known@example.org"}):
        assert by_email() == first


@pytest.mark.usefixtures("drafter")
def test_right_tries_are_not_counted(client: FlaskClient) -> None:
    for _ in range(12):
        assert client.post("/sign-in", data=typed()).status_code == 303


def test_the_account_keeps_the_language_chosen_by_hand(
    session: Session, drafter: Account, client: FlaskClient
) -> None:
    client.get("/?lang=en")
    client.post("/sign-in", data=typed())
    assert session.get_one(Account, drafter.id).language == "en"


def test_the_cookie_holds_a_secret_and_nothing_of_the_account(
    session: Session, drafter: Account, client: Client
) -> None:
    client.post("/sign-in", data=typed())
    row = session.scalars(select(UserSession)).one()
    with client.session_transaction() as cookie:
        secret = cookie["_user_id"]
        assert drafter.id not in str(dict(cookie))
    assert row.hash == sha256(secret.encode()).hexdigest()
    assert row.account_id == drafter.id


@pytest.mark.usefixtures("drafter")
def test_signing_out_ends_the_session_on_the_server(session: Session, client: Client) -> None:
    client.post("/sign-in", data=typed())
    with client.session_transaction() as cookie:
        secret = cookie["_user_id"]
    client.post("/sign-in/out")
    assert session.scalars(select(UserSession)).one().revoked_at is not None
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    assert client.get("/sign-in").status_code == 200, "an old cookie lets nobody in"


@pytest.mark.parametrize("secret", ["nobody", ""])
def test_a_cookie_that_we_did_not_give_is_nobodys(
    client: Client, browse: Browse, secret: str
) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    assert "Sign in" in browse("/").links()


def test_a_session_ends_when_it_is_idle(
    session: Session, drafter: Account, client: Client, sign_in: Callable[[Account], None]
) -> None:
    sign_in(drafter)
    hours = client.application.config["SESSION_IDLE_HOURS"]
    assert client.get("/sign-in").status_code == 303
    with clock_at(now() + timedelta(hours=hours)):
        assert client.get("/sign-in").status_code == 200


@pytest.mark.usefixtures("drafter")
def test_a_session_is_seen_once_a_minute_also_by_reading(session: Session, client: Client) -> None:
    client.post("/sign-in", data=typed())
    row = session.scalars(select(UserSession)).one()
    begun = row.seen_at
    for seconds, expected in ((30, 0), (90, 90), (120, 90), (150, 150)):
        with clock_at(begun + timedelta(seconds=seconds)):
            client.get("/")
        session.expire_all()
        assert row.seen_at == begun + timedelta(seconds=expected)


@pytest.mark.usefixtures("drafter")
def test_a_busy_database_keeps_nobody_from_reading(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/sign-in", data=typed())
    monkeypatch.setattr("app.web.sessions.note_seen", locked)
    with clock_at(now() + timedelta(seconds=90)):
        assert client.get("/").status_code == 200


def locked(*_arguments: object) -> None:
    raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))


@pytest.mark.usefixtures("drafter")
def test_the_browser_keeps_its_name_and_its_key(client: Client) -> None:
    assert client.get("/sign-in/key").status_code == 303
    client.post("/sign-in", data=typed())
    first = client.get("/sign-in/key")
    assert first.headers["Cache-Control"] == "no-store"
    key = b64decode(first.get_json()["key"])
    assert len(key) == 32
    client.post("/sign-in/out")
    client.post("/sign-in", data=typed())
    assert b64decode(client.get("/sign-in/key").get_json()["key"]) == key
    client.delete_cookie("canopy_device")
    client.post("/sign-in", data=typed())
    assert b64decode(client.get("/sign-in/key").get_json()["key"]) != key


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = datetime(2026, 11, 21, 15, 0, 10, tzinfo=UTC)


@pytest.fixture
def careful(session: Session, drafter: Account) -> list[str]:
    """Let the drafter ask for a code at each sign-in; return the recovery codes."""
    before = AT - timedelta(minutes=10)
    with clock_at(before):
        return switch_on(session, drafter, SECRET, TOTP(SECRET).at(before))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.usefixtures("careful")
def test_the_second_step_asks_for_a_code(browse: Browse, client: Client, language: str) -> None:
    with clock_at(AT):
        page = browse("/sign-in?next=/parties/", language=language, data=typed())
        assert page.find("input", id="code").get("autocomplete") == "one-time-code"
        assert client.get("/sign-in").status_code == 200, "not in yet"
        step = page.find("form", action="/sign-in/second-step?next=/parties/").get("action", "")
        answer = client.post(step, data={"code": TOTP(SECRET).at(AT)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/parties/")
    assert client.get("/sign-in/key").status_code in {200, 303}


@pytest.mark.usefixtures("careful")
def test_a_code_is_not_taken_twice(browse: Browse, client: Client) -> None:
    with clock_at(AT):
        code = TOTP(SECRET).at(AT)
        browse("/sign-in", data=typed())
        assert client.post("/sign-in/second-step", data={"code": code}).status_code == 303
        client.post("/sign-in/out")
        browse("/sign-in", data=typed())
        page = browse("/sign-in/second-step", 422, data={"code": code})
    assert "This code is not right, or it was used before" in page.words


def test_a_recovery_code_lets_in_without_the_telephone(browse: Browse, careful: list[str]) -> None:
    browse("/sign-in", data=typed())
    page = browse("/sign-in/second-step", data={"code": careful[0]})
    assert "What is open for Kenya" in page.words


@pytest.mark.usefixtures("careful")
def test_the_second_step_without_the_first_leads_back(browse: Browse) -> None:
    page = browse("/sign-in/second-step", 422, data={"code": "123456"})
    assert page.h1 == "Sign in"
    assert "That took too long" in page.words


@pytest.mark.usefixtures("careful")
def test_the_first_step_counts_for_ten_minutes(browse: Browse) -> None:
    with clock_at(AT):
        browse("/sign-in", data=typed())
    with clock_at(AT + timedelta(minutes=10)):
        code = TOTP(SECRET).at(AT + timedelta(minutes=10))
        page = browse("/sign-in/second-step", 422, data={"code": code})
    assert "That took too long" in page.words


@pytest.mark.usefixtures("careful")
def test_codes_cannot_be_guessed(client: Client) -> None:
    client.post("/sign-in", data=typed())
    answers = [
        client.post("/sign-in/second-step", data={"code": "000000"}).status_code for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]
