"""Calls to the API as programs make them: a token in a header, no cookies."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.extensions import limiter
from app.models.account import Account, Role, Scope
from app.services.accounts import add_token
from tests.make import make_account

API = "/api/v1"
KENYA = f"{API}/collections/nr6/submissions/KEN"

# The smallest answers that can be signed: no assessment, which gives notes alone.
SIGNABLE = {"targets_basis": "aichi_targets"}


class Caller:
    """Calls the API, with the token of an account or none."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.client = FlaskClient(app, app.response_class, use_cookies=False)
        self.session = session

    def token(self, account: Account, scope: Scope = Scope.WRITE) -> str:
        return add_token(self.session, account, scope, 30)

    def __call__(
        self,
        path: str,
        account: Account | None = None,
        scope: Scope = Scope.WRITE,
        **request: Any,  # noqa: ANN401 - as werkzeug takes them
    ) -> TestResponse:
        """Call *path* under /api/v1, or a whole address; with a body, by PUT or POST as told.

        `buffered=False` leaves what is streamed to be read, and closed, by the test.
        """
        headers = dict(request.pop("headers", None) or {})
        if account is not None:
            headers["Authorization"] = f"Bearer {self.token(account, scope)}"
        self.session.commit()
        path = path if path.startswith("/api") else f"{API}{path}"
        # Read to the end, as programs do: what is streamed holds a connection until then.
        request.setdefault("buffered", True)
        response: TestResponse = self.client.open(path, headers=headers, **request)
        return response

    def post(self, path: str, account: Account | None = None, **request: Any) -> TestResponse:  # noqa: ANN401
        return self(path, account, method="POST", **request)

    def put(self, path: str, account: Account | None = None, **request: Any) -> TestResponse:  # noqa: ANN401
        return self(path, account, method="PUT", **request)


@pytest.fixture
def call(app: Flask, session: Session) -> Caller:
    with app.app_context():
        limiter.reset()
    return Caller(app, session)


@pytest.fixture
def kenya(session: Session) -> Account:
    """Who drafts for Kenya."""
    return make_account(session, Role.NATIONAL_AUTHORIZED_USER, "KEN")


@pytest.fixture
def authority(session: Session) -> Account:
    """Who signs for Kenya."""
    return make_account(session, Role.PUBLISHING_AUTHORITY, "KEN")


@pytest.fixture
def reviewer(session: Session) -> Account:
    return make_account(session, Role.REVIEWER)


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_account(session, Role.ADMINISTRATOR)


def problem_of(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Return the problem that *response* is; fail when it is none, or another."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = response.get_json(force=True)
    assert body.keys() >= {"type", "title", "status", "detail", "code"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(f"/api/v1/#error-{code}")
    return body
