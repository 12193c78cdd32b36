"""Databases for tests, of the kind that `CANOPY_TEST_DATABASE` names: SQLite, or PostgreSQL.

Each is known by a short name, which is each worker's own, but for names that begin with `run_`:
these all workers of a run share. A test gets a copy of one that was made before, which takes some
hundredths of a second with either kind.
"""

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from tests import postgresql

KIND: Final = os.environ.get("CANOPY_TEST_DATABASE", "sqlite")
IS_POSTGRESQL: Final = KIND == "postgresql"
SERVER: Final = "CANOPY_TEST_SERVER"  # folder of the socket, for the workers of a run
MISSING: Final = "CANOPY_TEST_SERVER_MISSING"  # why there is none


class Databases(Protocol):
    """Where tests get their databases from."""

    def url(self, name: str) -> str:
        """Return the address of the database *name*, whether it is there or not."""

    def empty(self, name: str) -> str:
        """Make *name* anew, with nothing in it; return its address."""

    def copy(self, source: str, name: str) -> str:
        """Make *name* anew as a copy of *source*, which nobody uses; return its address."""

    def drop(self, name: str) -> None:
        """Remove *name*, if it is there, whoever uses it."""

    def exists(self, name: str) -> bool:
        """Tell whether *name* is there."""


class SqliteDatabases:
    """Files in one folder; *owner* keeps those of the workers apart."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.folder = folder
        self.owner = owner

    def url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def empty(self, name: str) -> str:
        self.drop(name)
        return self.url(name)

    def copy(self, source: str, name: str) -> str:
        with closing(sqlite3.connect(self._file(source))) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
        self.drop(name)
        shutil.copy(self._file(source), self._file(name))
        return self.url(name)

    def drop(self, name: str) -> None:
        for part in ("", "-wal", "-shm"):
            Path(f"{self._file(name)}{part}").unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        return self._file(name).exists()

    def _file(self, name: str) -> Path:
        return self.folder / f"{full_name(self.owner, name)}.db"


class PostgresqlDatabases:
    """Databases of the run's own server; *owner* keeps those of the workers apart."""

    def __init__(self, server: Path, owner: str) -> None:
        self.server = server
        self.owner = owner

    def url(self, name: str) -> str:
        return postgresql.url(self.server, self._name(name))

    def empty(self, name: str) -> str:
        self.drop(name)
        self._run("CREATE DATABASE {}", name)
        return self.url(name)

    def copy(self, source: str, name: str) -> str:
        self.drop(name)
        # Copying files is twice as fast as writing what is copied to the log.
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, source)
        return self.url(name)

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def exists(self, name: str) -> bool:
        with self._connect() as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(query, [self._name(name)]).fetchone() is not None

    def _run(self, command: str, *names: str) -> None:
        identifiers = [Identifier(self._name(name)) for name in names]
        with self._connect() as connection:
            connection.execute(SQL(command).format(*identifiers))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.server), user=postgresql.USER, dbname="postgres", autocommit=True
        )

    def _name(self, name: str) -> str:
        return full_name(self.owner, name)


def full_name(owner: str, name: str) -> str:
    return name if name.startswith("run_") else f"{owner}_{name}"


def start_server(stack: ExitStack) -> None:
    """Start the server that all workers of a run share, until *stack* is closed."""
    try:
        os.environ[SERVER] = str(stack.enter_context(postgresql.cluster()))
    except postgresql.NoPostgresqlError as error:
        os.environ[MISSING] = str(error)
