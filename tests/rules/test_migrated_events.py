"""A database in use is migrated with all that refers to each other, and its events chained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.config import Config
from app.extensions import db
from app.files.stored import FileStore
from app.services.audit import verify
from app.services.receipts import Issuer
from tests.databases import Databases

BEFORE = "74de07c4e919"  # the last migration before events were chained
ROWS = (
    "INSERT INTO party (code, iso_alpha2, m49) VALUES ('KEN', 'KE', '404')",
    (
        "INSERT INTO collection (code, agreement, form, form_version, kind, opens_on, created_at,"
        " is_synthetic) VALUES ('c', 'cbd', 'f', 1, 'national', '2018-01-01', '2018-01-01', false)"
    ),
    (
        "INSERT INTO account (id, email, name, role, language, password_hash, is_demo, created_at)"
        " VALUES ('a', 'a@example.org', '', 'administrator', '', '', false, '2018-01-01 00:00:00')"
    ),
    (
        "INSERT INTO submission (id, collection_code, party_code, is_in_denominator, language,"
        " created_at) VALUES ('s', 'c', 'KEN', true, '', '2018-01-01 00:00:00')"
    ),
)
EVENT = (
    "INSERT INTO event (submission_id, number, at, account_id, action, details)"
    " VALUES ('s', :number, '2018-01-01 00:00:00.123456', 'a', 'edit', :details)"
)


@pytest.fixture
def used(databases: Databases) -> Iterator[Flask]:
    """An application over a database of an earlier version, with a submission and its events."""
    uri = databases.empty("used")
    app = create_app(Config(SECRET_KEY="x" * 32, SQLALCHEMY_DATABASE_URI=uri, TESTING=True))
    with app.app_context():
        upgrade(revision=BEFORE)
        for sql in ROWS:
            db.session.execute(text(sql.replace("\n", " ")))
        for number, details in enumerate(('{"place": "é", "n": 3}', "{}"), 1):
            db.session.execute(text(EVENT), {"number": number, "details": details})
        db.session.commit()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_earlier_events_are_chained(used: Flask) -> None:
    upgrade()
    issuer = Issuer(Path("nowhere.pem"), "http://127.0.0.1:8000")
    assert list(verify(db.session(), issuer, FileStore(Path("nowhere"))).problems()) == []
    found = db.session.execute(text("SELECT head_number, head_hash FROM submission")).one()
    last = db.session.execute(text("SELECT hash FROM event WHERE number = 2")).scalar_one()
    assert tuple(found) == (2, last)


def test_the_way_back_loses_no_row(used: Flask) -> None:
    upgrade()
    downgrade(revision=BEFORE)
    assert db.session.execute(text("SELECT count(*) FROM event")).scalar_one() == 2
