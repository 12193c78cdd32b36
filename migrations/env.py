"""Run migrations through the application's own engine and models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

database = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args


def render_item(kind: str, item: object, _context: object) -> Any:  # noqa: ANN401 - Alembic's own
    """Write our own types as the plain ones they are stored as: a migration imports no model."""
    if kind == "type" and type(item).__name__ == "Moment":
        return "sa.DateTime(timezone=True)"
    return False


def sort_by_code_points(column: sa.Column[Any], _table: object) -> None:
    """Have PostgreSQL sort text as SQLite and Python do, whatever the language it was set up for."""
    if isinstance(column.type, sa.String) and column.type.collation is None:
        column.type.collation = "C"


@contextmanager
def sorting(dialect: str) -> Iterator[None]:
    """Let the columns of text that are made meanwhile sort by code points."""
    if dialect != "postgresql":  # SQLite does so of itself
        yield
        return
    event.listen(sa.Column, "after_parent_attach", sort_by_code_points)
    try:
        yield
    finally:
        event.remove(sa.Column, "after_parent_attach", sort_by_code_points)


def run() -> None:
    """Migrate the database that the application is set up for."""
    with database.engine.connect() as connection, unreferenced(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            **options,
        )
        with sorting(connection.dialect.name), context.begin_transaction():
            context.run_migrations()
            refuse_broken_references(connection)


@contextmanager
def unreferenced(connection: Connection) -> Iterator[None]:
    """Let SQLite change tables to which rows refer: it makes them anew and drops the old ones."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection  # outside of any transaction
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()  # in a transaction the next line would do nothing
        raw.execute("PRAGMA foreign_keys=ON")


def refuse_broken_references(connection: Connection) -> None:
    """Raise IntegrityError, so that nothing is migrated, if rows refer to what is not there."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise IntegrityError("a migration left broken references", broken, ValueError(broken))


run()
