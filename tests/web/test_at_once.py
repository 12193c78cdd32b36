"""Several write at once, or the database is busy or away: nothing is lost, nobody is misled."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.access import load_submission, public
from app.config import Config
from app.extensions import db
from app.forms.catalogue import Catalogue
from app.models import engine as engines
from app.models.account import Account, Role
from app.models.submission import Event, Revision, Submission
from app.services.collections import close_collection, is_open
from app.workflow import DraftStatus
from tests.databases import IS_POSTGRESQL, Databases
from tests.make import PASSWORD, make_account, make_submission
from tests.web.test_signing import COMPLETE

TYPED = "What took an afternoon to write"


def make_app(database: str) -> Flask:
    app = create_app(Config(SECRET_KEY="k" * 32, SQLALCHEMY_DATABASE_URI=database, TESTING=True))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def busy_app(databases: Databases, seeded: str) -> Iterator[Flask]:
    """An application of the test's own, to which it may add addresses."""
    app = make_app(databases.copy(seeded, "at_once"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def submissions(busy_app: Flask) -> list[str]:
    """The ids of Kenya's and Jordan's submissions."""
    with busy_app.app_context(), Session(db.engine) as session:
        made = [make_submission(session, party) for party in ("KEN", "JOR")]
        for submission in made:
            submission.language = "00"
        ids = [submission.id for submission in made]
        session.commit()
    return ids


def post(app: Flask, path: str, **data: Any) -> TestResponse:  # noqa: ANN401 - Werkzeug's own
    headers = {"Origin": "http://localhost"}
    return app.test_client().post(path, data=data, headers=headers)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(act, range(count)))


def test_no_update_is_lost(busy_app: Flask, submissions: list[str]) -> None:
    """Read, think, write, by eight at once, five times each."""

    @busy_app.post("/count")
    @public
    def count() -> str:
        submission = load_submission(submissions[0])
        before = int(submission.language)
        time.sleep(0.005)
        submission.language = f"{before + 1:02}"
        db.session.commit()
        return "counted"

    def five_times(_number: int) -> list[int]:
        return [post(busy_app, "/count").status_code for _ in range(5)]

    assert at_once(8, five_times) == [[200] * 5] * 8
    with busy_app.app_context():
        assert db.session.get_one(Submission, submissions[0]).language == "40"


def test_those_who_wait_for_each_other_begin_again(busy_app: Flask, submissions: list[str]) -> None:
    both = Barrier(2)

    @busy_app.post("/take/<int:first>")
    @public
    def take(first: int) -> str:
        load_submission(submissions[first]).language = "fr"
        with suppress(BrokenBarrierError):
            both.wait(0.5)  # on SQLite the other one waits to begin
        load_submission(submissions[1 - first]).language = "fr"
        db.session.commit()
        return "taken"

    answers = at_once(2, lambda number: post(busy_app, f"/take/{number}"))
    assert [answer.status_code for answer in answers] == [200, 200]


def test_who_adds_the_same_second_finds_what_the_first_added(
    busy_app: Flask, submissions: list[str]
) -> None:
    both = Barrier(2)

    @busy_app.post("/invite")
    @public
    def invite() -> str:
        there = db.session.query(Account).filter_by(email="same@example.org").count()
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        if there:
            return "there already"
        make_account(db.session(), email="same@example.org")
        db.session.commit()
        return "added"

    answers = at_once(2, lambda _number: post(busy_app, "/invite"))
    assert sorted(answer.text for answer in answers) == ["added", "there already"]


def test_nobody_writes_once_a_collection_is_closed(busy_app: Flask, submissions: list[str]) -> None:
    """Whoever found it open is done before it closes."""
    found_open = Barrier(2)
    order = []

    @busy_app.post("/write")
    @public
    def write() -> str:
        submission = load_submission(submissions[0])
        assert is_open(submission.collection)
        found_open.wait(5)
        submission.language = "fr"
        time.sleep(0.1)
        order.append("written")
        db.session.commit()
        return "written"

    def close() -> None:
        found_open.wait(5)
        with busy_app.app_context():
            submission = db.session.get_one(Submission, submissions[1])
            close_collection(submission.collection)
            order.append("closed")
            db.session.commit()

    def act(number: int) -> None:
        if number:
            close()
        else:
            assert post(busy_app, "/write").status_code == 200

    at_once(2, act)
    assert order == ["written", "closed"]


def test_two_sign_at_once_and_one_revision_is_made(busy_app: Flask) -> None:
    """Two windows of one signatory, or two signatories: the other is told, and where to look."""
    busy_app.extensions["canopy_forms"] = Catalogue(Path(__file__).parent / "forms")
    with busy_app.app_context(), Session(db.engine) as session:
        form = Catalogue(Path(__file__).parent / "forms").load("tiny", 1)
        waiting = DraftStatus.AWAITING_SIGN_OFF
        submission = make_submission(session, form=form, draft=COMPLETE, draft_status=waiting)
        emails = [
            make_account(session, Role.PUBLISHING_AUTHORITY, password=PASSWORD).email
            for _ in range(2)
        ]
        address = f"/submissions/{submission.id}"
        session.commit()
    clients = [busy_app.test_client() for _ in range(4)]
    for number, client in enumerate(clients):
        signing_in = {"email": emails[number % 2], "password": PASSWORD}
        assert client.post("/sign-in", data=signing_in).status_code == 303
        assert client.get(f"{address}/sign").status_code == 200
    answers = at_once(4, lambda number: clients[number].post(f"{address}/sign"))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "is not possible while the submission is “Submitted”" in late.text
    assert f'href="{address}"' in late.text
    with busy_app.app_context():
        assert db.session.query(Revision).count() == 1
        assert db.session.query(Event).filter_by(action="sign").count() == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a lock."""
    settings = tuple(s for s in engines.SETTINGS if not s.startswith("lock_timeout"))
    monkeypatch.setattr(engines, "SETTINGS", (*settings, "lock_timeout = '50ms'"))
    pragmas = tuple(p for p in engines.PRAGMAS if not p.startswith("busy_timeout"))
    monkeypatch.setattr(engines, "PRAGMAS", (*pragmas, "busy_timeout=50"))


@pytest.mark.parametrize("path", ["/busy", "/api/v1/busy"])
def test_a_busy_database_loses_nothing_that_was_typed(
    impatient: None, busy_app: Flask, submissions: list[str], path: str
) -> None:
    @busy_app.post(path)
    @public
    def busy() -> str:
        load_submission(submissions[0])
        return "not busy"

    with busy_app.app_context(), Session(db.engine) as somebody:
        somebody.get_one(Submission, submissions[0], with_for_update=True)
        answer = post(busy_app, path, answer=TYPED)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    if path.startswith("/api/"):
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None
        assert answer.json["code"] == "busy"
    else:
        assert TYPED in answer.text
        assert "Canopy is busy" in answer.text
    assert post(busy_app, path, answer=TYPED).text == "not busy"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/healthz"), ("GET", "/api/v1/collections")]
)
def test_a_database_that_is_away_is_told(
    databases: Databases, tmp_path: Path, method: str, path: str
) -> None:
    away = databases.url("away") if IS_POSTGRESQL else f"sqlite:///{tmp_path}/away/canopy.db"
    answer = make_app(away).test_client().open(path, method=method)
    assert answer.status_code == 503


def test_an_address_that_no_database_can_hold_is_refused(busy_app: Flask) -> None:
    assert busy_app.test_client().get("/submissions/a%00b").status_code in {400, 404}
