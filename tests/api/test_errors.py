"""Every error is a problem (RFC 9457), worded in the language asked for."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from app.api import auth
from app.api.export import EXPORTS
from app.config import Config
from app.extensions import db, limiter
from app.models.account import Account
from tests.api.conftest import KENYA, Caller, problem_of
from tests.make import make_submission

BIG = b"x" * (20 * 1024 * 1024 + 1)


@pytest.mark.parametrize("path", ["/nothing", "/collections/nr6/nothing", "/forms/a/b/c"])
def test_an_address_that_is_none(call: Caller, path: str) -> None:
    problem_of(call(path), 404, "not_found")


def test_a_method_that_an_address_does_not_have(call: Caller) -> None:
    answer = call("/targets", method="DELETE")
    problem_of(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_of_another_kind(session: Session, call: Caller, kenya: Account) -> None:
    make_submission(session)
    headers = {"Content-Type": "text/plain"}
    answer = call.put(f"{KENYA}/answers", kenya, data=b"x", headers=headers)
    problem_of(answer, 415, "unsupported_media_type")


def test_a_body_that_is_too_large(session: Session, call: Caller, kenya: Account) -> None:
    make_submission(session)
    headers = {"Content-Type": "application/json"}
    answer = call.put(f"{KENYA}/answers", kenya, data=BIG, headers=headers)
    problem_of(answer, 413, "file.too_large")


def test_words_are_in_the_language_asked_for(call: Caller) -> None:
    english = problem_of(call("/nothing"), 404, "not_found")
    arabic = call("/nothing?lang=ar")
    by_header = call("/nothing", headers={"Accept-Language": "ar"})
    assert arabic.headers["Content-Language"] == "ar"
    assert arabic.get_json(force=True) == by_header.get_json(force=True)
    assert english.keys() == arabic.get_json(force=True).keys()


@pytest.fixture
def served(app: Flask, engine: Engine) -> Iterator[Flask]:
    """The application as it is served: nothing propagates, calls are counted."""
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    served = create_app(Config(SECRET_KEY="x" * 32, SQLALCHEMY_DATABASE_URI=uri))
    yield served
    with served.app_context():
        db.engine.dispose()
    limiter.reset()
    limiter.init_app(app)


def test_our_own_fault_tells_nothing_of_the_inside(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("app.api.parties.language", fail)
    answer = served.test_client().get("/api/v1/targets")
    problem_of(answer, 500, "internal_error")
    assert "inside" not in answer.text


def test_too_many_calls_are_told_when_to_come_back(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served.test_client()
    allowed = int(auth.WRITES.split()[0])
    for _ in range(allowed):
        problem_of(client.post(f"{KENYA}/sign"), 401, "not_signed_in")
    answer = client.post(f"{KENYA}/sign")
    problem_of(answer, 429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/api/v1/targets").status_code == 200, "reads are counted apart"


def test_exports_are_counted_more_strictly(served: Flask) -> None:
    client = served.test_client()
    allowed = int(EXPORTS.split()[0])
    path = "/api/v1/collections/nr6/export"
    statuses = [client.get(path).status_code for _ in range(allowed + 1)]
    assert set(statuses[:allowed]) == {404}
    assert statuses[allowed] == 429
