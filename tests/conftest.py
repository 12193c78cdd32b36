"""Shared fixtures: the application, a fresh database for each test, and a browser that checks.

The database is a copy of one that is migrated and holds the reference data; it is made once per
worker. No application context is held between requests, so that nothing leaks from one to the next.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, settings
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.extensions import db, limiter
from app.models.account import Account
from app.services.reference import seed_reference
from tests.page import Browse

KEY = "a key for tests alone, which is no secret"
CSRF = "a token of the session, for tests"

# No test fails because the machine is busy.
settings.register_profile("canopy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("canopy")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the database of this worker is; `session` makes it fresh."""
    return tmp_path_factory.mktemp("database") / "canopy.db"


@pytest.fixture(scope="session")
def app(database: Path) -> Flask:
    return create_app(
        Config(SECRET_KEY=KEY, SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}", TESTING=True)
    )


@pytest.fixture(scope="session")
def seeded(app: Flask, database: Path) -> Path:
    """Return a migrated database with reference data, to be copied."""
    with app.app_context():
        flask_migrate.upgrade()
        seed_reference(db.session())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
    return Path(shutil.copy(database, database.with_name("seeded.db")))


@pytest.fixture
def engine(app: Flask, seeded: Path, database: Path) -> Engine:
    """Return the application's engine over a fresh database."""
    with app.app_context():
        engine = db.engine
    engine.dispose()
    for part in ("", "-wal", "-shm"):
        Path(f"{database}{part}").unlink(missing_ok=True)
    shutil.copy(seeded, database)
    return engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a session of the test's own.

    Requests and commands of the test commit it first and see what it made; afterwards it reads
    everything anew.
    """
    with Session(engine) as session:
        yield session
    engine.dispose()


class Client(FlaskClient):
    """A client that commits the test's session, and sends the CSRF token as our pages do."""

    session: Session

    def open(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Werkzeug's own
        self.session.commit()
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("X-CSRFToken", self._csrf_token())
        return super().open(*args, headers=headers, **kwargs)

    def _csrf_token(self) -> str:
        with self.session_transaction() as cookie:
            cookie["csrf_token"] = CSRF
        serializer = URLSafeTimedSerializer(KEY, salt="wtf-csrf-token")
        return str(serializer.dumps(CSRF))


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    client = Client(app, app.response_class)
    client.session = session
    with app.app_context():
        limiter.reset()
    return client


@pytest.fixture
def sign_in(client: Client) -> Callable[[Account], None]:
    """Return a function that signs the client in, as after a visit to the page."""

    def sign_in_as(account: Account) -> None:
        client.session.flush()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = account.id
            cookie["_fresh"] = True

    return sign_in_as


@pytest.fixture
def browse(client: Client) -> Browse:
    """Return a function that fetches a page as a browser does, and checks it (tests/page.py)."""
    return Browse(client)


class Runner(FlaskCliRunner):
    """A runner of commands that commits the test's session first."""

    session: Session

    def invoke(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Click's own
        self.session.commit()
        return super().invoke(*args, **kwargs)


@pytest.fixture
def runner(app: Flask, session: Session) -> Runner:
    runner = Runner(app)
    runner.session = session
    return runner
