"""Every connection to the main database is durable and strict, and a GET cannot write."""

import sqlite3
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.config import Config
from app.extensions import db
from app.models.party import Party

WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}  # 2 is FULL


class Watched(sqlite3.Connection):
    """A connection that says, when it is closed, how it was set."""

    settings: ClassVar[list[dict[str, Any]]] = []

    def close(self) -> None:
        if self.file().endswith("/main.db"):
            self.settings.append(
                {name: self.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED}
            )
        super().close()

    def file(self) -> str:
        return str(self.execute("PRAGMA database_list").fetchone()[2])


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application whose every connection is watched."""
    connect = sqlite3.connect

    def connect_watched(database: str, **kwargs: Any) -> sqlite3.Connection:  # noqa: ANN401 - sqlite3's
        watched: sqlite3.Connection = connect(database, **{**kwargs, "factory": Watched})
        return watched

    Watched.settings.clear()
    monkeypatch.setattr(sqlite3, "connect", connect_watched)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", connect_watched)
    return create_app(
        Config(
            SECRET_KEY="x" * 32,
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/main.db",
            TESTING=True,
        )
    )


def test_every_connection_is_durable_and_strict(watched: Flask) -> None:
    """Migrations, commands and pages: kills alone do not prove that a save is on disk."""
    with watched.app_context():
        upgrade()
        db.engine.dispose()
    by_migration = len(Watched.settings)
    runner = watched.test_cli_runner()
    assert runner.invoke(args=["seed", "reference"]).exit_code == 0
    with watched.app_context():
        db.engine.dispose()
    by_command = len(Watched.settings)
    assert watched.test_client().get("/").status_code == 200
    with watched.app_context():
        db.session.remove()
        db.engine.dispose()
    assert 0 < by_migration < by_command < len(Watched.settings)
    assert [found for found in Watched.settings if found != WANTED] == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_reads_cannot_write(app: Flask, session: None, method: str) -> None:
    with app.test_request_context("/", method=method):
        db.session.add(Party(code="XXX"))
        with pytest.raises(DBAPIError, match=r"readonly|read-only transaction"):
            db.session.flush()
