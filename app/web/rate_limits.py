"""Counts of rate limits in a small SQLite file, so that all processes share them.

Registers itself with `limits` for addresses such as `sqlite:///path/limits.db`. The counts may be
lost in a crash; they are worth no wait for the disk.
"""

import os
import sqlite3
import threading
from pathlib import Path
from typing import ClassVar

from limits.storage import Storage

from app.models.base import now

_TABLE = """
CREATE TABLE IF NOT EXISTS hit (
    key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at REAL NOT NULL
) WITHOUT ROWID
"""
_INDEX = "CREATE INDEX IF NOT EXISTS hit_expires_at ON hit (expires_at)"
_ADD = """
INSERT INTO hit VALUES (?1, ?2, ?3)
ON CONFLICT (key) DO UPDATE SET count = count + ?2
RETURNING count
"""


class SqliteStorage(Storage):
    """A storage of `limits` on SQLite: fixed windows, one row per key."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["sqlite"]  # type: ignore[misc] # theirs is no ClassVar

    def __init__(self, uri: str, **options: float | str | bool) -> None:
        self._path = Path(uri.split("://", 1)[1])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._local = threading.local()
        super().__init__(uri, **options)  # type: ignore[arg-type] # ours to pass on

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong in here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add *amount* to a key that lasts *expiry* seconds from its first use; return the sum."""
        moment = now().timestamp()
        connection = self._connection()
        connection.execute("DELETE FROM hit WHERE expires_at <= ?", (moment,))
        row = connection.execute(_ADD, (key, amount, moment + expiry)).fetchone()
        return int(row[0])

    def get(self, key: str) -> int:
        """Return the count of a key; 0 when it is not there any more."""
        found = self._find("count", key)
        return 0 if found is None else int(found)

    def get_expiry(self, key: str) -> float:
        """Return when a key ends, in seconds since 1970; now when it is not there any more."""
        found = self._find("expires_at", key)
        return now().timestamp() if found is None else found

    def check(self) -> bool:
        """Tell whether the file can be read."""
        try:
            self._connection().execute("SELECT 1 FROM hit LIMIT 1")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        """Forget everything; return how many keys there were."""
        return self._connection().execute("DELETE FROM hit").rowcount

    def clear(self, key: str) -> None:
        """Forget one key."""
        self._connection().execute("DELETE FROM hit WHERE key = ?", (key,))

    def _find(self, column: str, key: str) -> float | None:
        query = f"SELECT {column} FROM hit WHERE key = ? AND expires_at > ?"  # noqa: S608 - our own
        row = self._connection().execute(query, (key, now().timestamp())).fetchone()
        return None if row is None else float(row[0])

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection; after a fork a new one, as SQLite demands."""
        process: int | None
        process, connection = getattr(self._local, "opened", (None, None))
        if connection is None or process != os.getpid():
            connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(_TABLE)
            connection.execute(_INDEX)
            self._local.opened = (os.getpid(), connection)
        found: sqlite3.Connection = connection
        return found
