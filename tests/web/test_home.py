"""The first page, for each kind of visitor, and the answer to "are you well"."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from tests.make import make_account, make_collection, make_revision, make_submission
from tests.page import Browse


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_data_it_says_so(browse: Browse, language: str) -> None:
    page = browse("/", language=language)
    assert len(page.all("p", class_="empty")) == 2


def test_it_shows_what_is_open_and_how_many_have_submitted(
    session: Session, browse: Browse
) -> None:
    make_revision(session, make_submission(session, "KEN"))
    page = browse("/")
    assert "1 of 196 Parties have submitted" in page.words
    assert "Due on 31 December 2018" in page.words
    assert "Open, past its due date" in page.words


def test_a_closed_collection_is_not_open(session: Session, browse: Browse) -> None:
    make_collection(session, closed_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert "No collection is open at the moment." in browse("/").words


def test_a_collection_of_the_future_is_not_open(session: Session, browse: Browse) -> None:
    make_collection(session, opens_on=date(2200, 1, 1), due_on=date(2200, 12, 31))
    assert "No collection is open at the moment." in browse("/").words


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_party_sees_first_what_is_open_for_it(
    session: Session, browse: Browse, sign_in: Callable[[Account], None], language: str
) -> None:
    submission = make_submission(session, "KEN")
    sign_in(make_account(session, party="KEN"))
    page = browse("/", language=language)
    assert page.all("h2")[0].get("id") == "own"
    assert any(submission.id in address for address in page.links().values())


def test_a_party_with_something_signed_is_led_to_it(
    session: Session, browse: Browse, sign_in: Callable[[Account], None]
) -> None:
    revision = make_revision(session)
    sign_in(make_account(session, party="KEN"))
    page = browse("/")
    assert page.links()["Read what was signed"].endswith(f"/submissions/{revision.submission_id}")


def test_a_party_that_was_never_asked_is_told(
    session: Session, browse: Browse, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_account(session))
    assert "Your Party has not been asked in any collection yet." in browse("/").words


def test_a_reviewer_is_led_to_the_review(
    session: Session, browse: Browse, sign_in: Callable[[Account], None]
) -> None:
    assert "Review" not in browse("/").links()
    sign_in(make_account(session, Role.REVIEWER))
    assert browse("/").links()["Review"] == "/review/"


def test_synthetic_data_is_marked(session: Session, browse: Browse) -> None:
    make_collection(session, "nr6")
    assert "Synthetic data" not in browse("/").text
    make_collection(session, "demo", is_synthetic=True)
    assert "Synthetic data" in browse("/").text


def test_healthz_asks_the_database(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text.splitlines()[0]) == (200, "ok")
