"""Whoever signed before there were designations goes on signing; roles that came can go again."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.config import Config
from app.extensions import db
from app.services.audit_designations import check_designations
from tests.databases import Databases

BEFORE = "07193df400d4"  # the last migration before designations
PARTY = "INSERT INTO party (code, iso_alpha2, m49) VALUES ('KEN', 'KE', '404')"
ACCOUNT = (
    "INSERT INTO account (id, email, name, role, party_code, language, password_hash, is_demo,"
    " created_at, totp, totp_step) VALUES (:id, :id, '', :role, :party, '', '', false,"
    " '2018-03-01 23:00:00', '', 0)"
)


@pytest.fixture
def used(databases: Databases) -> Iterator[Flask]:
    """An application over a database of before, with an account of each role that there was."""
    uri = databases.empty("used-people")
    app = create_app(Config(SECRET_KEY="x" * 32, SQLALCHEMY_DATABASE_URI=uri, TESTING=True))
    with app.app_context():
        upgrade(revision=BEFORE)
        db.session.execute(text(PARTY))
        add("publishing_authority", "KEN")
        add("national_authorized_user", "KEN")
        add("reviewer", None)
        db.session.commit()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


def add(role: str, party: str | None) -> None:
    db.session.execute(text(ACCOUNT), {"id": role, "role": role, "party": party})


def rows(sql: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(sql))]
    db.session.remove()
    return found


def test_who_signed_is_the_primary_focal_point(used: Flask) -> None:
    upgrade()
    found = rows("SELECT account_id, party_code, category, CAST(from_on AS TEXT) FROM designation")
    assert found == [("publishing_authority", "KEN", "primary", "2018-03-01")]
    assert check_designations(db.session()) == (1, [])
    db.session.remove()


def test_roles_that_were_not_there_lose_what_they_may(used: Flask) -> None:
    upgrade()
    add("reader", "KEN")
    add("partner", None)
    add("analyst", None)
    db.session.commit()
    db.session.remove()
    downgrade(revision=BEFORE)
    found = rows("SELECT id, role FROM account WHERE deactivated_at IS NOT NULL ORDER BY id")
    assert found == [
        ("analyst", "reviewer"),
        ("partner", "reviewer"),
        ("reader", "national_authorized_user"),
    ]
