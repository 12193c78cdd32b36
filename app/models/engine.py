"""How connections to the database behave: durable, strict, and read-only when they read.

On SQLite each connection uses WAL, `synchronous=FULL` (what is acknowledged is on disk) and foreign
keys. A transaction that may write begins IMMEDIATE, so that two writers wait for each other
instead of losing an update; one that reads begins plainly and cannot write.

On PostgreSQL `synchronous_commit` is on. A transaction that reads is READ ONLY and sees one moment
(REPEATABLE READ); one that may write is READ COMMITTED, and locks the row that all writers of a
thing have in common (`app.access.load_submission`). Nothing waits for ever.
"""

from collections.abc import Callable
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, cast

from psycopg import Connection as PostgresConnection
from psycopg import IsolationLevel
from sqlalchemy import Connection, Engine, event, make_url

PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
)
SETTINGS: Final = (
    "synchronous_commit = on",
    "timezone = 'UTC'",
    "lock_timeout = '10s'",  # as long as SQLite waits
    "statement_timeout = '5min'",  # an export of all takes longer than a page
    "idle_in_transaction_session_timeout = '5min'",
)
# For four threads of a worker, each of which may need a second connection for a moment.
POOL: Final = {"pool_size": 8, "max_overflow": 4, "pool_timeout": 10, "pool_pre_ping": True}


def options(url: str) -> dict[str, Any]:
    """Return what an engine for *url* is made with."""
    return dict(POOL) if make_url(url).get_backend_name() == "postgresql" else {}


READING: Final = "canopy_reading"  # an option of connections: see `for_reading`


def for_reading(engine: Engine) -> Engine:
    """Return *engine* such that it only reads: work that takes long holds up no writer."""
    return engine.execution_options(**{READING: True})


def configure(engine: Engine, is_reading: Callable[[], bool]) -> None:
    """Make *engine* behave so; *is_reading* tells whether the transaction to begin only reads."""
    if engine.dialect.name == "postgresql":
        _configure_postgresql(engine, is_reading)
    else:
        _configure_sqlite(engine, is_reading)


def _configure_sqlite(engine: Engine, is_reading: Callable[[], bool]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = is_reading() or bool(connection.get_execution_options().get(READING))
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _configure_postgresql(engine: Engine, is_reading: Callable[[], bool]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: "PostgresConnection[Any]", _record: object) -> None:
        connection.autocommit = True  # so that the settings outlive a rollback
        for setting in SETTINGS:
            connection.execute(f"SET {setting}")
        connection.autocommit = False

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """Say how psycopg is to begin, which it does with the first statement."""
        driver = cast("PostgresConnection[Any]", connection.connection.driver_connection)
        reading = is_reading() or bool(connection.get_execution_options().get(READING))
        driver.read_only = reading
        driver.isolation_level = (
            IsolationLevel.REPEATABLE_READ if reading else IsolationLevel.READ_COMMITTED
        )
