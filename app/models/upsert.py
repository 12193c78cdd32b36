"""`INSERT … ON CONFLICT`, which SQLite and PostgreSQL both know, each by a construct of its own."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models.base import Base


def insert_if_new(session: Session | Connection, model: type[Base], **values: Any) -> None:  # noqa: ANN401
    """Add a row of *model* unless one with its key is there; two at once make one."""
    connection = session.get_bind() if isinstance(session, Session) else session
    if connection.dialect.name == "postgresql":
        session.execute(postgresql.insert(model).values(**values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(model).values(**values).on_conflict_do_nothing())
