"""What is typed while a session ends comes back after signing in, to be sent where it was meant."""

from collections.abc import Callable
from html import unescape
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.base import now
from app.models.submission import Submission
from app.services.sessions import end_sessions
from app.services.submissions import draft_document
from tests.make import PASSWORD, aichi, make_account, make_submission
from tests.page import Browse, Page

ORIGIN: Final = {"Origin": "http://localhost"}
TEXT: Final = "Two lines\n<b>and signs</b> & “quotes”"
TYPED: Final = {"targets_basis": "aichi_targets", "then": "stay", "note": TEXT}


@pytest.fixture
def drafter(session: Session) -> Account:
    return make_account(session, email="drafter@example.org", name="Drafter", password=PASSWORD)


@pytest.fixture
def submission(session: Session) -> Submission:
    return make_submission(session)


@pytest.fixture
def ended(
    session: Session,
    drafter: Account,
    submission: Submission,
    browse: Browse,
    sign_in: Callable[[Account], None],
) -> Page:
    """Save in a session that was revoked meanwhile: return the page that answers."""
    sign_in(drafter)
    end_sessions(session, drafter)
    return browse(f"/submissions/{submission.id}/draft/basis", 401, data=TYPED, headers=ORIGIN)


def carried(page: Page) -> dict[str, str]:
    return {"kept": page.find("input", name="kept").get("value", "")}


def signing_in(email: str = "drafter@example.org", password: str = PASSWORD) -> dict[str, str]:
    return {"email": email, "password": password}


def fields_of(page: Page) -> dict[str, str]:
    return {e.get("name", ""): e.text or "" for e in page.all("textarea")}


def test_the_page_says_so_and_shows_what_was_typed(ended: Page) -> None:
    assert ended.h1 == "Sign in"
    assert "What you typed is kept in this page" in ended.words
    assert ended.find("p", class_="kept-text").text == TEXT
    assert "Two lines" not in ended.response.headers.get("Location", "")


def test_after_signing_in_it_can_be_sent(
    session: Session, ended: Page, submission: Submission, browse: Browse
) -> None:
    page = browse("/sign-in", data={**signing_in(), **carried(ended)})
    assert page.h1 == "Send what you typed"
    assert "Somebody else" not in page.words
    assert fields_of(page) == TYPED
    address = page.find("form", action=f"/submissions/{submission.id}/draft/basis")
    browse(address.get("action", ""), data=fields_of(page), headers=ORIGIN)
    session.expire_all()
    draft = draft_document(aichi(), submission)
    assert draft["targets_basis"] == "aichi_targets"


def test_nothing_is_sent_by_signing_in_alone(
    session: Session, ended: Page, submission: Submission, browse: Browse
) -> None:
    browse("/sign-in", data={**signing_in(), **carried(ended)})
    session.expire_all()
    assert draft_document(aichi(), submission) == {}


def test_a_wrong_password_loses_nothing(ended: Page, browse: Browse) -> None:
    page = browse("/sign-in", 422, data={**signing_in(password="wrong"), **carried(ended)})
    page = browse("/sign-in", data={**signing_in(), **carried(page)})
    assert fields_of(page) == TYPED


@pytest.mark.parametrize("language", ["en", "ar"])
def test_somebody_else_is_told_so(
    session: Session, ended: Page, browse: Browse, language: str
) -> None:
    make_account(session, email="other@example.org", name="Other", password=PASSWORD)
    page = browse(
        "/sign-in", language=language, data={**signing_in("other@example.org"), **carried(ended)}
    )
    assert len(page.all("p", class_="flash-warning")) == 1
    assert fields_of(page) == TYPED


def test_whoever_may_not_send_it_can_still_let_another_do_it(
    session: Session, ended: Page, submission: Submission, browse: Browse
) -> None:
    make_account(session, party="UGA", email="uganda@example.org", password=PASSWORD)
    page = browse("/sign-in", data={**signing_in("uganda@example.org"), **carried(ended)})
    address = f"/submissions/{submission.id}/draft/basis"
    page = browse(address, 403, data=fields_of(page), headers=ORIGIN)
    assert page.find("p", class_="kept-text").text == TEXT
    page = browse("/sign-in/as-another", data=carried(page))
    assert page.h1 == "Sign in"
    page = browse("/sign-in", data={**signing_in(), **carried(page)})
    assert fields_of(page) == TYPED


def test_a_cookie_that_is_gone_loses_nothing(
    drafter: Account, submission: Submission, browse: Browse
) -> None:
    address = f"/submissions/{submission.id}/draft/basis"
    headers = {"X-CSRFToken": "of a session before", **ORIGIN}
    page = browse(address, 401, data=TYPED, headers=headers)
    page = browse("/sign-in", data={**signing_in(), **carried(page)})
    assert fields_of(page) == TYPED


@pytest.mark.parametrize("kept", ["nonsense", "W10.signature", ""])
def test_what_we_did_not_sign_is_not_sent(drafter: Account, client: FlaskClient, kept: str) -> None:
    answer = client.post("/sign-in", data={**signing_in(), "kept": kept})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_what_was_signed_cannot_be_changed(
    drafter: Account, ended: Page, client: FlaskClient
) -> None:
    text = carried(ended)["kept"]
    payload, _, signature = text.rpartition(".")
    answer = client.post("/sign-in", data={**signing_in(), "kept": f"{payload}A.{signature}"})
    assert answer.status_code == 303


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example"])
def test_a_page_of_others_cannot_have_ours_keep_something(
    submission: Submission, browse: Browse, origin: str
) -> None:
    address = f"/submissions/{submission.id}/draft/basis"
    page = browse(address, 401, data=TYPED, headers={"Origin": origin})
    assert page.all("input", name="kept") == []
    assert "Two lines" not in unescape(page.text)


def test_a_deactivated_account_is_asked_to_sign_in(
    session: Session,
    submission: Submission,
    browse: Browse,
    sign_in: Callable[[Account], None],
) -> None:
    authority = make_account(session, Role.PUBLISHING_AUTHORITY)
    sign_in(authority)
    authority.deactivated_at = now()
    address = f"/submissions/{submission.id}/draft/basis"
    page = browse(address, 401, data=TYPED, headers=ORIGIN)
    assert page.h1 == "Sign in"
