"""Whatever is sent, nothing fails: it is read, or refused with reasons, and then nothing changed.

CANOPY_FUZZ says how many files and posts are tried in all: some hundreds, or 100,000 by
`make soak`, then different ones each time.
"""

import io
import os
import random
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.errors import UnreadableFileError
from app.extensions import limiter
from app.files.encodings import ENCODINGS
from app.files.parse import read_records
from app.files.problems import problems_of
from app.files.readers import read_upload
from app.models.account import Role, Scope
from app.services.accounts import add_token
from app.services.sessions import open_session
from app.wording.files import file_sentence
from tests.fuzz.malformed import LAYOUT, NAMES, REPEATS, bodies, files, posts
from tests.make import make_account, make_collection, make_submission

USUAL: Final = 400
TRIED: Final = int(os.environ.get("CANOPY_FUZZ", str(USUAL)))
HELD: Final = ("submission", "draft", "draft_part", "revision")
FIELDS: Final = (
    *("email", "password", "again", "then", "language", "token", "new", "updated", "encoding"),
    *("code", "label_en", "text", "question", "place", "owner", "reason", "version", "next"),
    *("file", "changes", "receipt", "answers", "operations", *NAMES[:60]),
)
KINDS: Final = (
    *("application/json", "application/x-ndjson", "text/csv", "application/zip"),
    *("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain", "x"),
)
FAILED: Final = 500
LANGUAGES: Final = ("en", "ar", "ru", "zh")


def some(share: float) -> settings:
    """Return settings for a share of all that is tried."""
    return settings(
        max_examples=max(int(TRIED * share), 10),
        derandomize=TRIED <= USUAL,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture
def opened(session: Session) -> str:
    """Open a collection, and return the id of Kenya's submission with a draft."""
    make_collection(session)
    submission = make_submission(session, draft={"targets_basis": "aichi_targets"})
    session.commit()
    return submission.id


@pytest.fixture
def tokens(session: Session, opened: str) -> dict[Role, str]:
    """Return a token of each role."""
    found = {
        role: add_token(session, make_account(session, role), scope_of(role), 30) for role in Role
    }
    session.commit()
    return found


@pytest.fixture
def visit(app: Flask, session: Session, opened: str) -> Iterator[Callable[..., Any]]:
    """Return a function that posts to a page as somebody of a role, as its own pages would."""
    accounts = {role: make_account(session, role) for role in Role}
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False

    def post(role: Role, path: str, **request: Any) -> Any:  # noqa: ANN401 - as werkzeug takes them
        _row, secret = open_session(session, accounts[role], device="one", user_agent="")
        session.commit()
        client = FlaskClient(app, app.response_class)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = secret, True
        with client.post(path, **request) as response:
            return response

    yield post
    app.config["WTF_CSRF_ENABLED"] = True


def scope_of(role: Role) -> Scope:
    """Return the largest scope that a token of this role can have."""
    return Scope.ADMIN if role is Role.ADMINISTRATOR else Scope.WRITE


def held(engine: Engine) -> list[list[Any]]:
    """Return all that Parties have given."""
    with engine.connect() as connection:
        return [sorted(connection.execute(text(f"SELECT * FROM {name}")), key=str) for name in HELD]  # noqa: S608 - names of ours


@given(file=files(), encoding=st.sampled_from(["", "", *ENCODINGS]))
@some(0.6)
def test_a_malformed_file_is_read_or_refused(
    app: Flask, file: tuple[str, bytes], encoding: str
) -> None:
    name, content = file
    try:
        tables = read_upload(name, content, REPEATS, encoding=encoding)
    except UnreadableFileError as error:
        problems = problems_of(error)
    else:
        records, problems = read_records(LAYOUT, tables)
        for record in records:
            problems += record.problems
            problems += [unread.problem for unread in record.unread.values()]
        for table in tables.values():
            problems += table.problems + table.notes
    locale = random.Random(content).choice(LANGUAGES)  # noqa: S311 - a choice of a test
    with app.test_request_context(headers={"Accept-Language": locale}):
        assert all(file_sentence(problem) != problem.code for problem in problems)


@given(file=files(), as_part=st.booleans(), good=st.booleans(), lang=st.sampled_from(LANGUAGES))
@some(0.15)
def test_a_malformed_file_that_is_sent_changes_nothing(
    app: Flask,
    engine: Engine,
    tokens: dict[Role, str],
    file: tuple[str, bytes],
    as_part: bool,  # noqa: FBT001 - a parameter of the test
    good: bool,  # noqa: FBT001 - likewise
    lang: str,
) -> None:
    name, content = file
    before = held(engine)
    client = FlaskClient(app, app.response_class, use_cookies=False)
    body: dict[str, Any] = {"data": content, "content_type": "text/csv"}
    if as_part:
        body = {"data": {"file": (io.BytesIO(content), name)}}
    response = client.post(
        f"/api/v1/collections/nr6/import?good_rows_only={str(good).lower()}&update=true",
        headers={"Authorization": f"Bearer {tokens[Role.ADMINISTRATOR]}", "Accept-Language": lang},
        **body,
    )
    assert response.status_code < FAILED
    if response.status_code != 200:
        assert held(engine) == before
        assert all(problem["message"] for problem in response.get_json(force=True)["problems"])


@given(file=files(), said=posts(("update", "good_rows_only", "encoding")))
@some(0.05)
def test_a_malformed_file_on_a_page_changes_nothing(
    engine: Engine,
    visit: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    app: Flask,
    file: tuple[str, bytes],
    said: dict[str, Any],
) -> None:
    app.config["FILES_DIR"] = tmp_path_factory.getbasetemp() / "fuzz"
    before = held(engine)
    data = {**said, "file": (io.BytesIO(file[1]), file[0] or "x")}
    response = visit(Role.ADMINISTRATOR, "/admin/imports/nr6", data=data)
    assert response.status_code < FAILED
    assert held(engine) == before


@st.composite
def calls(draw: st.DrawFn, rules: list[tuple[str, str]], submission: str) -> tuple[str, str]:
    """Draw a method and an address: its parts are such as there are, or nonsense."""
    method, rule = draw(st.sampled_from(rules))
    known = {
        "code": "nr6",
        "party": "KEN",
        "submission_id": submission,
        "number": "1",
        "place": "basis",
        "name": "funding_sources",
        "token": "x",
    }
    path = []
    for part in rule.split("/"):
        if not part.startswith("<"):
            path.append(part)
            continue
        name = part.strip("<>").rpartition(":")[2]
        nonsense = st.text(min_size=1, max_size=12).map(lambda each: quote(each, safe=""))
        path.append(known.get(name, "x") if draw(st.integers(0, 4)) else draw(nonsense))
    return method, "/".join(path)


def rules_of(app: Flask, *, api: bool) -> list[tuple[str, str]]:
    """Return method and rule of every route that takes something."""
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"POST", "PUT"}
        if rule.rule.startswith("/api/") is api
    )


@given(data=st.data(), body=bodies(), kind=st.sampled_from(KINDS), role=st.sampled_from(Role))
@some(0.1)
def test_a_malformed_call_is_answered(
    app: Flask,
    session: Session,
    tokens: dict[Role, str],
    opened: str,
    data: st.DataObject,
    body: bytes,
    kind: str,
    role: Role,
) -> None:
    method, path = data.draw(calls(rules_of(app, api=True), opened))
    client = FlaskClient(app, app.response_class, use_cookies=False)
    headers = {"Authorization": f"Bearer {tokens[role]}", "Idempotency-Key": body.hex()[:40] or "k"}
    response = client.open(path, method=method, data=body, content_type=kind, headers=headers)
    assert response.status_code < FAILED
    if response.status_code >= 400:
        assert response.content_type == "application/problem+json"


@given(data=st.data(), fields=posts(FIELDS), body=bodies(), role=st.sampled_from(Role))
@some(0.1)
def test_a_malformed_post_is_answered(
    app: Flask,
    visit: Callable[..., Any],
    opened: str,
    data: st.DataObject,
    fields: dict[str, Any],
    body: bytes,
    role: Role,
) -> None:
    _method, path = data.draw(calls(rules_of(app, api=False), opened))
    request: dict[str, Any] = {"data": fields}
    if data.draw(st.integers(0, 3)) == 0:
        request = {"data": body, "content_type": data.draw(st.sampled_from(KINDS))}
    response = visit(role, path, **request)
    assert response.status_code < FAILED, path
