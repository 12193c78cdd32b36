"""What every answer carries, how long it may be kept, and how large the first page is."""

import gzip
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import storage_from_string
from sqlalchemy.orm import Session

from app.models.account import Account
from app.web.rate_limits import SqliteStorage
from app.web.security import HEADERS
from tests.make import make_account, make_collection
from tests.page import Browse

LARGEST_FIRST_PAGE = 30 * 1024  # bytes over the wire, all in all

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


@pytest.mark.parametrize(
    "address", ["/", "/no/such/page", "/healthz", "/static/css/canopy.css", "/api/v1/parties"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_https_is_insisted_on_where_it_is_used(app: Flask, client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    before, app.config["PUBLIC_URL"] = app.config["PUBLIC_URL"], "https://reports.example.org"
    try:
        answer = client.get("/healthz")
    finally:
        app.config["PUBLIC_URL"] = before
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_for_somebody_is_kept_by_nobody_else(
    session: Session, client: FlaskClient, sign_in: Callable[[Account], None]
) -> None:
    assert client.get("/parties/").headers["Cache-Control"] == "no-cache"
    sign_in(make_account(session))
    assert client.get("/parties/").headers["Cache-Control"] == "private, no-cache"


def test_a_static_file_is_kept_for_ever_under_its_hash(client: FlaskClient) -> None:
    page = client.get("/")
    (address,) = re.findall(r'href="(/static/css/canopy.css\?v=[0-9a-f]{12})"', page.text)
    answer = client.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.vary  # signing in does not fetch it anew
    for other in ("/static/css/canopy.css", "/static/css/canopy.css?v=0123456789ab"):
        assert client.get(other).headers["Cache-Control"] == "no-cache"


def test_a_static_file_that_is_not_there(client: FlaskClient) -> None:
    assert client.get("/static/css/nothing.css").status_code == 404
    assert client.get("/static/../wsgi.py").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_first_page_is_small(
    session: Session, client: FlaskClient, browse: Browse, language: str
) -> None:
    make_collection(session, is_synthetic=True)
    page = browse("/", language=language, headers={"Accept-Encoding": "identity"})
    sizes = {}
    addresses = [a.get("href", "") for a in page.all("link")] + [
        str(e.get("src")) for tag in ("script", "img") for e in page.all(tag)
    ]
    for address in ["/", *addresses]:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        sizes[address] = len(answer.data)
        if answer.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(answer.data)
    assert sum(sizes.values()) < LARGEST_FIRST_PAGE, sizes


def test_pages_and_style_sheets_are_compressed(client: FlaskClient) -> None:
    for address in ("/", "/static/css/canopy.css"):
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"


@pytest.fixture
def counts(tmp_path: Path) -> SqliteStorage:
    storage = storage_from_string(f"sqlite://{tmp_path}/new/limits.db")
    assert isinstance(storage, SqliteStorage)
    return storage


def test_limits_are_counted_in_a_file(counts: SqliteStorage, tmp_path: Path) -> None:
    assert counts.check()
    assert [counts.incr("a", 60), counts.incr("a", 60), counts.incr("b", 60, 5)] == [1, 2, 5]
    other = SqliteStorage(f"sqlite://{tmp_path}/new/limits.db")
    assert (other.get("a"), other.get("b"), other.get("c")) == (2, 5, 0)
    assert 59 < other.get_expiry("a") - time.time() <= 60
    assert other.get_expiry("c") <= time.time()


def test_a_window_ends_after_its_time(counts: SqliteStorage) -> None:
    counts.incr("a", 0)
    assert counts.get("a") == 0
    assert counts.incr("a", 60) == 1


def test_limits_can_be_forgotten(counts: SqliteStorage) -> None:
    for key in ("a", "b"):
        counts.incr(key, 60)
    counts.clear("a")
    assert (counts.get("a"), counts.get("b")) == (0, 1)
    assert counts.reset() == 1
    assert counts.get("b") == 0


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "limits.db").write_bytes(b"this is no database, and long enough to be read" * 9)
    assert SqliteStorage(f"sqlite://{tmp_path}/limits.db").check() is False


def test_processes_share_the_counts(counts: SqliteStorage) -> None:
    counts.incr("a", 60)  # opens a connection, which must not cross the fork
    child = os.fork()
    if child == 0:
        os._exit(0 if counts.incr("a", 60) == 2 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert counts.get("a") == 2
