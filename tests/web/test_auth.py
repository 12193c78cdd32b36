"""Signing in and out, the link that sets a password, and how often one may try."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.services.accounts import authenticate, make_link
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


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_link_sets_a_password_and_signs_in(
    session: Session, browse: Browse, language: str
) -> None:
    account = make_account(session, Role.REVIEWER, email="reviewer@example.org")
    link = f"/sign-in/link/{make_link(session, account)}"
    browse(link, language=language)
    page = browse(link, language=language, data={"password": PASSWORD, "again": PASSWORD})
    assert "reviewer@example.org" in page.text
    assert authenticate(session, "reviewer@example.org", PASSWORD) is not None


def test_a_link_works_once(session: Session, browse: Browse) -> None:
    link = f"/sign-in/link/{make_link(session, make_account(session))}"
    browse(link, data={"password": PASSWORD, "again": PASSWORD})
    assert browse(link, 404).h1 == "This link cannot be used"


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "at least 12 characters"),
        (PASSWORD, "another one", "the same password in both fields"),
        ("", "", "Enter a password."),
    ],
)
def test_a_new_password_is_long_and_typed_twice(
    session: Session, browse: Browse, password: str, again: str, told: str
) -> None:
    link = f"/sign-in/link/{make_link(session, make_account(session))}"
    page = browse(link, 422, data={"password": password, "again": again})
    assert told in page.words


def test_a_link_that_is_none(browse: Browse) -> None:
    assert browse("/sign-in/link/nothing", 404).h1 == "This link cannot be used"


def test_a_session_of_an_account_that_is_gone_is_nobodys(
    app: Flask, client: FlaskClient, browse: Browse
) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "nobody"
    assert "Sign in" in browse("/").links()
