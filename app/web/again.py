"""What happens when the database cannot carry a request out: it begins again, or says so.

Of two transactions that wait for each other PostgreSQL ends one, and of two that add the same thing
the second. Nothing of it is kept then, so the view is called again and finds what the other left.
When the database is busy for too long or away, the visitor gets a page that holds what was typed.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from typing import Final

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from app.extensions import db, is_reading

TRIES: Final = 4
LONGEST_PAUSE: Final = 0.2  # seconds before the next try
# SQLSTATE: serialization failure, deadlock, the same key added by another.
BEGIN_AGAIN: Final = frozenset({"40001", "40P01", "23505"})
# Lock and statement time-outs, too many connections, a disk or memory that is full, shutting down.
BUSY: Final = frozenset({"55P03", "57014", "25P03"})
BUSY_CLASSES: Final = ("08", "53", "57P")
# Of SQLite: somebody else writes, the disk fails or is full, the file cannot be opened.
BUSY_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)


def init_app(app: Flask) -> None:
    """Call a view again when the database says so."""
    app.dispatch_request = _patiently(app.dispatch_request)  # type: ignore[method-assign] # around it


def is_busy(error: DBAPIError | NoConnectionError) -> bool:
    """Tell whether the database was busy or away, which is not the fault of the request."""
    if isinstance(error, NoConnectionError) or error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0)
        return code & 0xFF in BUSY_SQLITE
    state = _sqlstate(error)
    if state in BUSY or state in BEGIN_AGAIN - {"23505"}:
        return True
    is_away = not state and type(error.orig).__name__ == "OperationalError"
    return is_away or state.startswith(BUSY_CLASSES)


def _patiently(dispatch: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    def patient() -> ResponseReturnValue:
        for tried in range(1, TRIES):
            try:
                return dispatch()
            except DBAPIError as error:
                db.session.rollback()
                if is_reading() or _sqlstate(error) not in BEGIN_AGAIN:
                    raise
            _rewind_files()
            time.sleep(random.uniform(0, LONGEST_PAUSE) * tried)  # noqa: S311 - no secret
        return dispatch()

    return patient


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _rewind_files() -> None:
    """Let the view read what was uploaded once more; fields and JSON are kept by the request."""
    for files in request.files.listvalues():
        for file in files:
            file.stream.seek(0)
