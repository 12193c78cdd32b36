"""When it is due: where the Party is, in Montreal, and when the day has ended everywhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.base import clock_at
from app.models.collection import Collection
from app.models.party import Party
from app.web.deadlines import deadline_of
from tests import make
from tests.conftest import Runner
from tests.page import Browse

SignIn = Callable[[Account], None]


def dated(session: Session, due_on: date | None, grace: int = 0) -> Collection:
    collection = make.make_collection(session, due_on=due_on)
    collection.grace_days = grace
    session.flush()
    return collection


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("grace", [0, 14])
def test_a_party_reads_the_deadline_on_its_own_clocks(
    app: Flask,
    browse: Browse,
    session: Session,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    grace: int,
    language: str,
) -> None:
    monkeypatch.setitem(app.extensions, "canopy_languages", ("ar", "en"))
    submission = make.make_submission(session, "KEN", dated(session, date(2099, 12, 31), grace))
    sign_in(make.make_account(session))
    home = browse(f"/submissions/{submission.id}", language=language).words
    assert "15:00" in home  # in Nairobi, three hours before UTC
    assert "07:00" in home  # in Montreal, in winter
    assert "12:00 UTC" in home
    assert browse("/collections/nr6", language=language).words.count("15:00") == 1


def test_the_words_follow_the_calendar(browse: Browse, session: Session, sign_in: SignIn) -> None:
    collection = dated(session, date(2018, 12, 31))
    submission = make.make_submission(session, "KEN", collection)
    sign_in(make.make_account(session))
    assert (
        "marked “late”, and counts like the rest" in browse(f"/submissions/{submission.id}").words
    )
    collection.due_on, collection.grace_days = datetime.now(UTC).date(), 14
    assert "It is on time until" in browse(f"/submissions/{submission.id}").words
    assert "days of grace" in browse(f"/submissions/{submission.id}").words


def test_a_party_with_several_zones_reads_the_span(app: Flask, session: Session) -> None:
    collection = dated(session, date(2018, 12, 31))
    with app.test_request_context():
        found = deadline_of(collection, session.get(Party, "RUS"))
        union = deadline_of(collection, session.get(Party, "EUR"))
        nobody = deadline_of(collection)
    assert found is not None
    assert (found.due.first, found.due.last) == ("1 January 2019, 14:00", "2 January 2019, 00:00")
    assert union is not None
    assert union.due.first == union.due.last == "1 January 2019, 13:00"
    assert nobody is not None
    assert nobody.due.first == ""


def test_phases(app: Flask, session: Session) -> None:
    collection = dated(session, date(2018, 12, 31), 1)
    phases = []
    with app.test_request_context():
        for day in (1, 2, 3):
            with clock_at(datetime(2019, 1, day, 11, tzinfo=UTC)):
                found = deadline_of(collection)
                phases.append(found.phase if found else "")
    assert phases == ["ahead", "grace", "over"]


def test_every_party_has_a_clock(app: Flask, session: Session) -> None:
    collection = dated(session, date(2018, 12, 31))
    with app.test_request_context():
        silent = [
            party.code
            for party in session.query(Party)
            if (found := deadline_of(collection, party)) is None or not found.due.first
        ]
    assert silent == []


def test_the_page_of_a_collection_marks_what_came_late(browse: Browse, session: Session) -> None:
    collection = dated(session, date(2018, 12, 31), 14)
    for party, day in (("KEN", 1), ("JOR", 2), ("BRA", 20)):
        submission = make.make_submission(session, party, collection)
        make.make_revision(session, submission, signed_at=datetime(2019, 1, day, 11, tzinfo=UTC))
    cells = [(cell.findtext("span") or "") for cell in browse("/collections/nr6").all("td")]
    assert sorted(filter(None, cells)) == ["In the grace period", "Late", "On time"]


def test_grace_is_given_by_the_command_and_refused_without_a_due_date(
    runner: Runner, session: Session
) -> None:
    args = ["collections", "open", "nr6", "--form", "aichi-progress/1", "--grace", "14"]
    refused = runner.invoke(args=args)
    assert refused.exit_code == 1
    assert "none without a due date" in refused.output
    assert runner.invoke(args=[*args, "--due", "2099-12-31"]).exit_code == 0
    assert session.get_one(Collection, "nr6").grace_days == 14
