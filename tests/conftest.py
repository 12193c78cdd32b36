"""Shared fixtures: the application, a fresh database for each test, and a browser that checks.

The database is a copy of one that is migrated and holds the reference data; it is made once per
worker. No application context is held between requests, so that nothing leaks from one to the next.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from argon2 import PasswordHasher
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
from app.services import passwords
from app.services.keys import make_key
from app.services.reference import seed_reference
from app.services.sessions import open_session
from tests import databases as databases_module
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.page import Browse

KEY = "a key for tests alone, which is no secret"
CSRF = "a token of the session, for tests"

# No test fails because the machine is busy.
settings.register_profile("canopy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("canopy")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server of the run, once, before there are workers."""
    if databases_module.IS_POSTGRESQL and not hasattr(config, "workerinput"):
        server = ExitStack()
        config.add_cleanup(server.close)
        databases_module.start_server(server)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash passwords at the least cost; tests/services/test_passwords.py also does at ours."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "HASHER", cheap)
        patch.setattr(passwords, "NOBODY", passwords.fitting_none(cheap))
        yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Databases:
    """Return where databases come from; without PostgreSQL skip, or fail where CI is set."""
    if not databases_module.IS_POSTGRESQL:
        return SqliteDatabases(shared_folder(tmp_path_factory), worker_id)
    if (reason := os.environ.get(databases_module.MISSING)) is not None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return PostgresqlDatabases(Path(os.environ[databases_module.SERVER]), worker_id)


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder of the run, which its workers share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    signing_key = tmp_path_factory.mktemp("keys") / "signing-key.pem"
    make_key(signing_key)
    return create_app(
        Config(
            SECRET_KEY=KEY,
            SQLALCHEMY_DATABASE_URI=databases.url("canopy"),
            SIGNING_KEY=signing_key,
            TESTING=True,
        )
    )


@pytest.fixture(scope="session")
def migrated(app: Flask, databases: Databases) -> str:
    """Return the name of a database with all tables and nothing in them, to be copied."""
    databases.empty("canopy")
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    databases.copy("canopy", "migrated")
    return "migrated"


@pytest.fixture(scope="session")
def seeded(app: Flask, databases: Databases, migrated: str) -> str:
    """Return the name of a database with reference data, to be copied."""
    databases.copy(migrated, "canopy")
    with app.app_context():
        seed_reference(db.session())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    databases.copy("canopy", "seeded")
    return "seeded"


@pytest.fixture
def engine(app: Flask, databases: Databases, seeded: str) -> Engine:
    """Return the application's engine over a fresh database."""
    with app.app_context():
        engine = db.engine
    engine.dispose()
    databases.copy(seeded, "canopy")
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
        kwargs.setdefault("buffered", True)  # read to the end: what is streamed holds a connection
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
        _row, secret = open_session(
            client.session, account, device="a browser of the tests", user_agent=""
        )
        with client.session_transaction() as cookie:
            cookie["_user_id"] = secret
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
