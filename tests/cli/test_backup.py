"""`flask backup`: made while people write, put back whole or not at all, on either database."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.extensions import db, file_store
from app.files.backups import FORMAT, MANIFEST
from app.files.stored import place_of
from app.models.account import Account, Role
from app.models.base import Base
from app.models.submission import Event, Revision, Submission
from app.receipts import FIRST, chain
from app.services.backups import KINDS, kind_of
from app.services.keys import make_key
from app.services.sources import attach
from app.services.submissions import replace_document, sign_elsewhere
from tests.conftest import KEY
from tests.databases import Databases, SqliteDatabases
from tests.make import aichi, make_account, make_submission

ANSWERS = {"targets_basis": "aichi_targets"}
DRAFT = {**ANSWERS, "note": "na\u00efve \u2603"}
WRITERS = ("KEN", "JOR", "BRA")
PAPER = b"%PDF-1.7 a signed page"
HASH = hashlib.sha256(PAPER).hexdigest()


@pytest.fixture
def make_place(tmp_path: Path, app: Flask) -> Iterator[Callable[[str, str], Flask]]:
    """Return a function that makes a Canopy over a database, with a folder of files of its own."""
    places = []

    def make(url: str, name: str) -> Flask:
        place = create_app(
            Config(
                SECRET_KEY=KEY,
                SQLALCHEMY_DATABASE_URI=url,
                SIGNING_KEY=app.config["SIGNING_KEY"],
                FILES_DIR=tmp_path / name / "files",
                TESTING=True,
            )
        )
        places.append(place)
        return place

    yield make
    for place in places:
        with place.app_context():
            db.engine.dispose()


@pytest.fixture
def here(make_place: Callable[[str, str], Flask], databases: Databases, seeded: str) -> Flask:
    """A Canopy in use: three Parties with something signed and a document, and a file sent."""
    place = make_place(databases.copy(seeded, "here"), "here")
    with place.app_context(), Session(db.engine) as session:
        account = make_account(session, Role.ADMINISTRATOR)
        for party in WRITERS:
            submission = make_submission(session, party)
            replace_document(session, submission, aichi(), DRAFT, account)
            sign_elsewhere(submission, aichi(), ANSWERS, account)
            attach(session, submission, file_store(), "report.pdf", PAPER, account)
        session.commit()
    sent = place.config["FILES_DIR"] / "imports" / "sent.csv"
    sent.parent.mkdir(parents=True)
    sent.write_bytes(b"party\nKEN\n")
    return place


def run(place: Flask, *arguments: str | Path) -> Result:
    return place.test_cli_runner().invoke(args=["backup", *map(str, arguments)])


def done(place: Flask, *arguments: str | Path) -> str:
    result = run(place, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(place: Flask, *arguments: str | Path) -> str:
    result = run(place, *arguments)
    assert result.exit_code == 1, result.output
    return result.output


@contextmanager
def people_writing(place: Flask) -> Iterator[None]:
    """Somebody of each Party signs, again and again."""
    stop = threading.Event()
    faults: list[BaseException] = []

    def sign_on(party: str) -> None:
        try:
            with place.app_context():
                form, account = aichi(), db.session.scalars(select(Account.id)).first()
                while not stop.is_set():
                    submission = db.session.scalars(
                        select(Submission).where(Submission.party_code == party).with_for_update()
                    ).one()
                    by = db.session.get_one(Account, account)
                    sign_elsewhere(submission, form, ANSWERS, by)
                    db.session.commit()
        except BaseException as error:  # noqa: BLE001 - told to the test
            faults.append(error)

    threads = [threading.Thread(target=sign_on, args=[party]) for party in WRITERS]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == []


def chains(place: Flask) -> dict[str, list[tuple[int, str]]]:
    """Return number and hash of each Party's revisions, checked one after the other."""
    with place.app_context():
        found = {}
        for submission in db.session.scalars(select(Submission)):
            previous = chain(FIRST, submission.id)
            for number, revision in enumerate(submission.revisions, 1):
                assert (revision.number, revision.previous_hash) == (number, previous)
                assert revision.hash == chain(previous, revision.content)
                previous = revision.hash
            found[submission.party_code] = [(r.number, r.hash) for r in submission.revisions]
            assert submission.head_number == len(submission.events)
        return found


def parts(backup: Path) -> dict[str, str]:
    manifest = json.loads(zipfile.ZipFile(backup).read(MANIFEST))
    return {part["name"]: part["sha256"] for part in manifest["parts"]}


def test_a_backup_made_while_people_write_comes_back_in_order(
    here: Flask, make_place: Callable[[str, str], Flask], databases: Databases, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.zip"
    with people_writing(here):
        done(here, "create", backup)
    assert "no problems" in done(here, "verify", backup)
    there = make_place(databases.empty("there"), "there")
    done(there, "restore", backup)
    before, after = chains(here), chains(there)
    assert all(after[party] for party in WRITERS)
    assert all(before[party][: len(found)] == found for party, found in after.items())
    verified = there.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 0, verified.output
    assert "3 documents" in verified.output
    assert (there.config["FILES_DIR"] / "imports" / "sent.csv").read_bytes() == b"party\nKEN\n"
    assert (there.config["FILES_DIR"] / place_of(HASH)).read_bytes() == PAPER


def test_either_kind_of_database_gives_and_takes_the_same(
    here: Flask, make_place: Callable[[str, str], Flask], databases: Databases, tmp_path: Path
) -> None:
    """Through a database of the other kind, where there is one, and of this; nothing changes."""
    made = [tmp_path / f"{number}.zip" for number in range(3)]
    done(here, "create", made[0])
    sqlite = SqliteDatabases(tmp_path, "other")
    there = make_place(sqlite.empty("there"), "there")
    back = make_place(databases.empty("back"), "back")
    for place, source, copy in ((there, made[0], made[1]), (back, made[1], made[2])):
        done(place, "restore", source)
        done(place, "create", copy)
    tables = [{n: h for n, h in parts(each).items() if n not in RECORDS} for each in made]
    assert tables[0] == tables[1] == tables[2]


# What a backup and a restore leave a line in.
RECORDS = {"tables/trail.jsonl", "tables/act.jsonl", "tables/account.jsonl"}


def test_nothing_secret_of_the_server_is_in_it(here: Flask, tmp_path: Path) -> None:
    key = here.config["FILES_DIR"] / "signing-key.pem"
    make_key(key)
    here.config["SIGNING_KEY"] = key
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    assert backup.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(backup) as archive:
        assert "files/signing-key.pem" not in archive.namelist()
        assert "files/imports/sent.csv" in archive.namelist()
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"PRIVATE KEY" not in content
    assert KEY.encode() not in content


def test_only_an_empty_place_is_restored_into(
    here: Flask, make_place: Callable[[str, str], Flask], databases: Databases, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    assert "Restore into an empty database" in refused(here, "restore", backup)
    there = make_place(databases.empty("there"), "there")
    there.config["FILES_DIR"].mkdir(parents=True)
    (there.config["FILES_DIR"] / "mine.txt").write_text("mine")
    assert "Name an empty folder in FILES_DIR" in refused(there, "restore", backup)
    assert "exists already" in refused(here, "create", backup)


def altered(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write a copy in which *change* has changed parts, or left them out."""
    copy = backup.with_name("altered.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return copy


def in_manifest(**changes: Any) -> Callable[[str, bytes], bytes]:  # noqa: ANN401 - any JSON
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == MANIFEST else content

    return change


BROKEN: dict[str, tuple[Callable[[str, bytes], bytes | None], str]] = {
    "altered": (
        lambda _name, content: content.replace(b"aichi_targets", b"aichi_target_"),
        "is not what it was",
    ),
    "incomplete": (
        lambda name, content: None if name == "tables/event.jsonl" else content,
        "parts are missing",
    ),
    "foreign": (in_manifest(kind="a holiday"), "is no backup of Canopy"),
    "newer format": (in_manifest(format=FORMAT + 1), "made by a newer Canopy"),
    "without a manifest": (
        lambda name, content: None if name == MANIFEST else content,
        "is no backup of Canopy",
    ),
    "broken manifest": (in_manifest(parts=[{}]), "is not what it was"),
    "climbing out": (
        in_manifest(parts=[{"name": "files/../../out", "sha256": "", "bytes": 0}]),
        "is not what it was",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_trusted_is_refused_and_nothing_is_restored(
    here: Flask,
    make_place: Callable[[str, str], Flask],
    databases: Databases,
    tmp_path: Path,
    kind: str,
) -> None:
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    change, told = BROKEN[kind]
    broken = altered(backup, change)
    assert told in refused(here, "verify", broken)
    there = make_place(databases.empty("there"), "there")
    assert told in refused(there, "restore", broken)
    assert not there.config["FILES_DIR"].exists()
    done(there, "restore", backup)


@pytest.mark.parametrize("share", [0, 10, 50, 99])
def test_a_file_that_was_cut_off_is_refused(here: Flask, tmp_path: Path, share: int) -> None:
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) * share // 100])
    assert "is no backup of Canopy, or it was cut off" in refused(here, "verify", backup)


def test_a_backup_of_another_version_of_the_tables(
    here: Flask, make_place: Callable[[str, str], Flask], databases: Databases, tmp_path: Path
) -> None:
    """An older one is restored and brought up to date; a newer one needs a newer Canopy."""
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    newer = altered(backup, in_manifest(revision="0123456789ab"))
    there = make_place(databases.empty("there"), "there")
    assert "made by a newer Canopy" in refused(there, "restore", newer)
    with here.app_context():
        flask_migrate.downgrade(revision="-1")
    assert "flask db upgrade" in refused(here, "create", tmp_path / "old.zip")


def test_a_revision_that_was_changed_with_its_hashes_in_the_manifest_is_named(
    here: Flask, tmp_path: Path
) -> None:
    """Somebody changes the database; the backup is whole, and its chain is not."""
    with here.app_context():
        revision = db.session.scalars(select(Revision)).first()
        assert revision is not None
        revision.content = '{"targets_basis":"other"}'
        event = db.session.scalars(select(Event)).first()
        assert event is not None
        event.details = {"changed": "behind our back"}
        names = (
            f"revision 1 of submission {revision.submission_id}",
            f"event {event.number} of submission {event.submission_id}",
        )
        db.session.commit()
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    told = refused(here, "verify", backup)
    for name in names:
        assert f"{name}: was changed" in told


def test_a_document_whose_file_is_missing_is_named(here: Flask, tmp_path: Path) -> None:
    """The backup itself is whole; verifying it says what it lacks."""
    (here.config["FILES_DIR"] / place_of(HASH)).unlink()
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    told = refused(here, "verify", backup)
    assert told.count("document 1 of submission") == len(WRITERS)


def test_a_document_whose_file_was_changed_is_named(here: Flask, tmp_path: Path) -> None:
    (here.config["FILES_DIR"] / place_of(HASH)).write_bytes(b"%PDF-1.7 another page")
    backup = tmp_path / "backup.zip"
    done(here, "create", backup)
    assert "no such file" in refused(here, "verify", backup)


def test_a_backup_can_hold_every_column_that_there_is() -> None:
    for table in Base.metadata.sorted_tables:
        assert {kind_of(column) for column in table.columns} <= set(KINDS)
        # A table that numbers its rows by itself would go on from 1 after a restore.
        assert table.autoincrement_column is None, table.name
        # Rows that refer to rows of their own table would need an order of their own.
        assert all(key.column.table is not table for key in table.foreign_keys), table.name
