"""The models and the migrations say the same, and every migration goes up, down and up again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.config import ROOT, Config
from app.extensions import db


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An application over a database in which there is nothing yet."""
    app = create_app(
        Config(
            SECRET_KEY="x" * 32,
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/empty.db",
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


def test_migrations_are_named_by_date() -> None:
    versions = (ROOT / "migrations" / "versions").glob("*.py")
    assert [path.name for path in versions if not re.match(r"\d{4}-\d{2}-\d{2}_", path.name)] == []
