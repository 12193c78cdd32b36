"""Reminders on their page: who, what, now or later, and the log."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.message import Message
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]
HERE = "/review/reminders/nr6"


@pytest.fixture
def reviewer(session: Session, sign_in: SignIn) -> Account:
    """Return a reviewer, signed in; a collection is open, and Kenya has an account."""
    make.make_collection(session)
    make.make_account(session)
    account = make.make_account(session, Role.REVIEWER)
    sign_in(account)
    return account


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page(browse: Browse, reviewer: Account, language: str) -> None:
    browse(HERE, language=language)
    browse(f"{HERE}?in=ar", language=language)


@pytest.mark.parametrize("role", Role)
def test_it_is_for_the_secretariat(
    browse: Browse, session: Session, sign_in: SignIn, role: Role
) -> None:
    make.make_collection(session)
    sign_in(make.make_account(session, role))
    may = role in (Role.REVIEWER, Role.ADMINISTRATOR)
    browse(HERE, 200 if may else 403)
    browse(f"{HERE}/send", 200 if may else 403, data={"notification": "2018-045"})


def test_it_is_sent_now_and_logged(browse: Browse, reviewer: Account, session: Session) -> None:
    before = browse(HERE)
    assert "196 Parties have signed nothing yet." in before.words
    assert "nobody has an account" in before.words
    page = browse(f"{HERE}/send", data={"notification": "2018-045"})
    assert "Parties: 196; people: 1" in page.words
    assert "2018-045" in page.words
    assert session.scalars(select(Message.kind)).all() == ["reminder_due"]


def test_it_is_planned_and_dropped(browse: Browse, reviewer: Account, session: Session) -> None:
    day = datetime.now(UTC).date().replace(year=2999)
    page = browse(f"{HERE}/plan", data={"notification": "2018-045", "day": day.isoformat()})
    assert "Planned for" in page.words
    address = next(
        form.get("action", "") for form in page.all("form") if "cancel" in form.get("action", "")
    )
    assert "No reminder was planned or sent." in browse(address, data={}).words
    assert session.scalars(select(Message.kind)).all() == []


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("send", {"notification": ""}, "Enter the number of the notification"),
        ("plan", {"notification": "1", "day": "soon"}, "Enter a day from today on"),
        ("plan", {"notification": "1", "day": "2001-01-01"}, "Enter a day from today on"),
    ],
)
def test_what_will_not_do_is_told(
    browse: Browse, reviewer: Account, act: str, typed: dict[str, str], said: str
) -> None:
    page = browse(f"{HERE}/{act}", 422, data=typed)
    assert said in page.words
    if "day" in typed:
        assert page.find("input", id="day").get("value") == typed["day"]
