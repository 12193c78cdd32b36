"""Errors as pages: what happened and what to do; nothing that was typed is lost."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app import create_app
from app.access import account, public
from app.config import Config
from app.errors import AppError, InvalidAnswersError, WrongStatusError
from app.extensions import db
from app.forms.checks import Problem
from app.forms.definition import Severity
from app.forms.places import Place
from app.models.account import Account
from app.web import errors
from app.wording.errors import ERRORS, STATUS_CODES
from tests.conftest import Client
from tests.make import PASSWORD, make_account
from tests.page import Browse

STATUSES = [400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]
ORIGIN = {"Origin": "http://localhost"}

REQUIRED = Problem("required", Severity.PROBLEM, Place("targets"), "title")


def fail(kind: str) -> str:
    """Go wrong in the way that the address names."""
    if kind.isdecimal():
        abort(int(kind))
    if kind == "bug":
        raise ZeroDivisionError
    if kind == "stale":
        raise StaleDataError
    if kind == "account":
        account()
    if kind == "status":
        raise WrongStatusError(status="submitted", action="edit")
    raise InvalidAnswersError(problems=[REQUIRED, REQUIRED])


@pytest.fixture(scope="module")
def failing_app(app: Flask) -> Flask:
    """Return an application with one page more, which fails."""
    config = Config(
        SECRET_KEY=app.config["SECRET_KEY"],
        SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"],
        TESTING=True,
    )
    failing = create_app(config)
    failing.config["PROPAGATE_EXCEPTIONS"] = False  # a bug is a page, as in production
    failing.add_url_rule("/fail/<kind>", "fail", public(fail), methods=["GET", "POST"])
    return failing


@pytest.fixture
def client(failing_app: Flask, session: Session) -> Iterator[Client]:
    client = Client(failing_app, failing_app.response_class)
    client.session = session
    yield client
    with failing_app.app_context():
        db.engine.dispose()


def all_errors(of: type[AppError] = AppError) -> Iterator[type[AppError]]:
    yield of
    for below in of.__subclasses__():
        yield from all_errors(below)


def test_every_error_has_words() -> None:
    missing = {error.code for error in all_errors()} - ERRORS.keys()
    assert missing == set(), "add them to app/wording/errors.py"
    assert set(STATUS_CODES.values()) <= ERRORS.keys()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_a_page(browse: Browse, status: int, language: str) -> None:
    page = browse(f"/fail/{status}", status, language)
    if language == "en":
        assert page.h1 == ERRORS[STATUS_CODES[status]].title


def test_a_page_that_is_not_there(browse: Browse) -> None:
    browse("/no/such/page", 404)


def test_a_method_that_is_not_taken_says_which_are(browse: Browse) -> None:
    page = browse("/sign-in/out", 405)
    assert "POST" in page.response.headers["Allow"]


def test_a_bug_shows_nothing_of_itself(
    browse: Browse, session: Session, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_account(session))
    page = browse("/fail/bug", 500)
    assert "ZeroDivisionError" not in page.text


def test_what_is_too_large_names_the_command(browse: Browse) -> None:
    page = browse("/fail/nothing", 413, data={"text": "x" * (20 * 1024 * 1024 + 1)})
    assert "flask import answers" in page.words


def test_details_are_named_in_words(browse: Browse) -> None:
    page = browse("/fail/status", 409)
    assert "“Edit answers” is not possible while the submission is “Submitted”" in page.words


def test_problems_are_told_once_each(browse: Browse) -> None:
    page = browse("/fail/answers", 422)
    assert page.words.count("Answer this question.") == 1


TYPED = {"title": "\nTwo lines\n<b>and signs</b> & “quotes”", "codes": ["a", "b"]}


def kept(client: FlaskClient, page_text: str) -> None:
    assert page_text.count('name="codes"') == 2
    assert "&lt;b&gt;and signs&lt;/b&gt; &amp; “quotes”" in page_text


def test_a_csrf_failure_keeps_what_was_typed(browse: Browse) -> None:
    page = browse("/fail/x", 400, data=TYPED, headers={"X-CSRFToken": "wrong", **ORIGIN})
    assert page.h1 == "Please send this once more"
    assert page.find("textarea", name="title").text == TYPED["title"]
    assert [e.text for e in page.all("textarea", name="codes")] == ["a", "b"]
    assert page.find("textarea", name="title").get("hidden") is not None


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}]
)
def test_a_page_of_others_cannot_fill_ours_in(browse: Browse, headers: dict[str, str]) -> None:
    page = browse("/fail/x", 400, data=TYPED, headers={"X-CSRFToken": "wrong", **headers})
    assert page.all("textarea") == []
    assert "Two lines" not in page.text


def test_a_password_is_never_written_into_a_page(browse: Browse) -> None:
    typed = {"email": "somebody@example.org", "password": "a secret of mine"}
    page = browse("/sign-in", 400, data=typed, headers={"X-CSRFToken": "wrong", **ORIGIN})
    assert "a secret of mine" not in page.text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_session_that_ended_while_typing_loses_nothing(
    browse: Browse, session: Session, language: str
) -> None:
    make_account(session, email="drafter@example.org", password=PASSWORD)
    page = browse("/fail/account", 401, language, data=TYPED, headers=ORIGIN)
    kept = page.find("input", name="kept").get("value", "")
    signing_in = {"email": "drafter@example.org", "password": PASSWORD, "kept": kept}
    page = browse("/sign-in", language=language, data=signing_in)
    assert page.all("form", action="/fail/account", method="post")
    assert page.find("textarea", name="title").text == TYPED["title"]
    assert [e.text for e in page.all("textarea", name="codes")] == ["a", "b"]


def test_two_who_save_at_once_lose_nothing(browse: Browse) -> None:
    page = browse("/fail/stale", 409, data=TYPED, headers=ORIGIN)
    assert page.h1 == "Somebody saved at the same moment"
    assert page.find("textarea", name="title").text == TYPED["title"]


def test_what_is_sent_again_goes_where_it_was_meant_to(browse: Browse) -> None:
    page = browse("/fail/stale?a=1", 409, data=TYPED, headers=ORIGIN)
    assert page.all("form", action="/fail/stale?a=1", method="post")


def test_calls_to_the_api_get_no_page(client: FlaskClient) -> None:
    assert "canopy_api_errors" in client.application.extensions
    assert errors.API == "/api/"
    answer = client.get("/api/v1/no-such-thing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
