"""The models and the migrations say the same, and every migration goes up, down and up again."""

import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from app import create_app
from app.config import ROOT, Config
from app.extensions import db
from app.models.party import GroupName
from tests.databases import Databases


@pytest.fixture
def empty(databases: Databases) -> Iterator[Flask]:
    """An application over a database in which there is nothing yet."""
    app = create_app(
        Config(
            SECRET_KEY="x" * 32,
            SQLALCHEMY_DATABASE_URI=databases.empty("empty"),
            TESTING=True,
        )
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_models_match_the_migrations(empty: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)
    assert differences == [], 'run: make migration m="what you changed"'


def test_every_migration_goes_up_down_and_up(empty: Flask) -> None:
    upgrade()
    made = tables()
    assert made == set(db.metadata.tables)
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == made


def test_text_sorts_by_code_points(empty: Flask) -> None:
    """On PostgreSQL the columns must say so: `op.alter_column` to a type of text forgets it."""
    upgrade()
    for code in ("aZ", "a-b", "a_b", "B", "ab", "é"):
        name = {"scheme": "s", "code": code, "language": "en", "name": code}
        db.session.execute(db.metadata.tables["party_group_name"].insert(), name)
    names = db.session.scalars(select(GroupName.name).order_by(GroupName.name)).all()
    assert names == ["B", "a-b", "aZ", "a_b", "ab", "é"]
    if db.engine.dialect.name == "postgresql":
        text_of_another_order = text(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN ('character varying', 'text')"
            " AND table_name <> 'alembic_version' AND collation_name IS DISTINCT FROM 'C'"
        )
        assert db.session.scalars(text_of_another_order).all() == []


def test_migrations_are_named_by_date() -> None:
    versions = (ROOT / "migrations" / "versions").glob("*.py")
    assert [path.name for path in versions if not re.match(r"\d{4}-\d{2}-\d{2}_", path.name)] == []
