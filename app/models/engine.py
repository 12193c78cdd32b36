"""How connections to the database behave: durable, strict, and read-only when they read.

On SQLite each connection uses WAL, `synchronous=FULL` (what is acknowledged is on disk) and foreign
keys. A transaction that may write begins IMMEDIATE, so that two writers wait for each other
instead of losing an update; one that reads begins plainly and cannot write.
"""

from collections.abc import Callable
from sqlite3 import Connection as SqliteConnection
from typing import Final

from sqlalchemy import Connection, Engine, event

PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
)


READING: Final = "canopy_reading"  # an option of connections: see `for_reading`


def for_reading(engine: Engine) -> Engine:
    """Return *engine* such that it only reads: work that takes long holds up no writer."""
    return engine.execution_options(**{READING: True})


def configure(engine: Engine, is_reading: Callable[[], bool]) -> None:
    """Make *engine* behave so; *is_reading* tells whether the transaction to begin only reads."""

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
