"""Nothing acknowledged is lost or doubled, whatever is killed while people type and sign.

Forked workers, connections, the job worker, the web server with all its workers, and on PostgreSQL
a process of the database or all of it. `CANOPY_KILLS` says how many times; `make soak` kills 10,000
times. A kill counts only when somebody's work was acknowledged since the one before.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import flask_migrate
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app import create_app
from app.config import ROOT, Config
from app.extensions import db
from app.forms.catalogue import Catalogue
from app.forms.rehearsal import Rehearsal
from app.models.account import Role, Scope
from app.models.audit import Receipt
from app.models.operation import Kind, Operation
from app.models.submission import DraftPart, Revision
from app.receipts import FIRST, chain
from app.services.accounts import add_token
from app.services.keys import make_key
from app.services.reference import seed_reference
from app.services.sessions import open_session
from app.services.submissions import replace_document
from tests import databases as kinds
from tests import make, postgresql
from tests.databases import PostgresqlDatabases, SqliteDatabases
from tests.kills.people import Drafter, Line, Person, Signatory
from tests.kills.platform import KEY, Platform, Postgresql

KILLS: Final = int(os.environ.get("CANOPY_KILLS", "50"))
DRAFTERS: Final = 3
CSRF: Final = "a token of the session, for tests"
SECONDS_OF_SILENCE: Final = 60


class Scene:
    """A platform with people at work, of whom each has a submission to work on."""

    def __init__(self, database: str, folder: Path, server: Postgresql | None) -> None:
        self.server = server
        self.platform = Platform(database, folder)
        self.engine: Engine = create_engine(database)
        make_key(folder / "signing-key.pem")
        config = Config(
            SECRET_KEY=KEY,
            SQLALCHEMY_DATABASE_URI=database,
            SIGNING_KEY=folder / "signing-key.pem",
            TESTING=True,
        )
        self.app = create_app(config)
        self.people: list[Person] = []

    def prepare(self) -> None:
        """Make the tables, a collection, and people who are signed in."""
        with self.app.app_context():
            flask_migrate.upgrade()
            session = db.session()
            seed_reference(session)
            kenya, jordan = (make.make_submission(session, party) for party in ("KEN", "JOR"))
            for number in range(DRAFTERS):
                account = make.make_account(session, email=f"drafter-{number}@example.org")
                _row, secret = open_session(session, account, device="tests", user_agent="")
                headers = signed_in(self.app, secret)
                line = Line(self.platform.port, headers)
                self.people.append(Drafter(line, f"Drafter {number}", kenya.id))
            form = Catalogue(ROOT / "forms").load("aichi-progress", 1)
            document = Rehearsal(
                form, language="en", until=datetime(2018, 12, 1, tzinfo=UTC).date()
            ).document("kills")
            signer = make.make_account(session, Role.PUBLISHING_AUTHORITY, "JOR")
            replace_document(session, jordan, form, document, signer)
            token = add_token(session, signer, Scope.WRITE, days=1)
            address = "/api/v1/collections/nr6/submissions/JOR"
            line = Line(self.platform.port, {"Authorization": f"Bearer {token}"})
            self.people.append(Signatory(line, address))
            session.commit()
            db.session.remove()
            db.engine.dispose()

    def kill_something(self, chance: random.Random) -> str:
        """Kill one thing, mostly a forked worker or a connection; return what it was."""
        what = chance.choices(*zip(*self._likely(), strict=True))[0]
        if what == "connection":
            chance.choice(self.people).line.cut_next.set()
        elif what == "web worker":
            self.platform.kill_web_worker()
        elif what == "job worker":
            self.platform.kill_job_worker()
        elif what == "web server":
            self.platform.kill_web()
        elif what == "database process" and self.server:
            self.server.kill_backend()
        elif what == "database" and self.server:
            self.server.kill()
        return str(what)

    def _likely(self) -> list[tuple[str, float]]:
        found = [("web worker", 50.0), ("connection", 45), ("job worker", 1), ("web server", 2)]
        return [*found, ("database process", 1.5), ("database", 0.5)] if self.server else found

    def wait_for_work(self) -> None:
        """Wait until somebody's work was acknowledged since now."""
        before, end = self._acknowledged(), time.monotonic() + SECONDS_OF_SILENCE
        while self._acknowledged() == before:
            self.complain()
            if time.monotonic() > end:
                raise TimeoutError("nobody's work is acknowledged any more")
            time.sleep(0.005)

    def complain(self) -> None:
        """Raise what went wrong for somebody."""
        for person in self.people:
            if person.failure:
                raise person.failure

    def finish(self) -> None:
        """Let everybody end what they are at."""
        for person in self.people:
            person.stop()
        for person in self.people:
            person.join(SECONDS_OF_SILENCE)
        self.complain()
        assert not any(person.is_alive() for person in self.people)

    def _acknowledged(self) -> int:
        return sum(person.acknowledged for person in self.people)


def signed_in(app: Flask, secret: str) -> dict[str, str]:
    """Return the headers of a browser in which somebody is signed in."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = serializer.dumps({"_user_id": secret, "_fresh": True, "csrf_token": CSRF})
    token = URLSafeTimedSerializer(KEY, salt="wtf-csrf-token").dumps(CSRF)
    return {"Cookie": f"canopy={cookie}", "X-CSRFToken": str(token)}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Return a platform on a database of its own; PostgreSQL writes as in production."""
    with ExitStack() as stack:
        server = None
        if kinds.IS_POSTGRESQL:
            try:
                folder = stack.enter_context(postgresql.cluster(*Postgresql.DURABLE))
            except postgresql.NoPostgresqlError as error:
                pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
            server = Postgresql(folder)
            stack.callback(server.stop)
            database = PostgresqlDatabases(folder, "kills").empty("canopy")
        else:
            database = SqliteDatabases(tmp_path, "kills").empty("canopy")
        scene = Scene(database, tmp_path, server)
        stack.callback(scene.engine.dispose)
        scene.prepare()
        stack.callback(scene.platform.stop)
        scene.platform.start()
        yield scene


@pytest.mark.timeout(120 + KILLS * 2)
def test_what_was_acknowledged_is_there_once(scene: Scene) -> None:
    chance, killed = random.Random(), Counter[str]()  # noqa: S311 - nothing secret
    for person in scene.people:
        person.start()
    for _ in range(KILLS):
        scene.wait_for_work()
        time.sleep(chance.uniform(0, 0.05))
        killed[scene.kill_something(chance)] += 1
    scene.wait_for_work()
    scene.finish()
    assert killed.total() == KILLS
    with Session(scene.engine) as session:
        for person in scene.people:
            if isinstance(person, Drafter):
                nothing_typed_is_lost_or_doubled(session, person)
            elif isinstance(person, Signatory):
                every_signature_is_there_once(session, person)
    audit = scene.platform.flask("audit", "verify")
    assert audit.returncode == 0, audit.stdout + audit.stderr


def nothing_typed_is_lost_or_doubled(session: Session, drafter: Drafter) -> None:
    """Each text is in the history once; the last one of an answer of one's own stands."""
    assert drafter.done
    texts = Counter(
        text
        for operation in session.scalars(
            select(Operation).where(Operation.page == drafter.page, Operation.kind == Kind.ANSWER)
        )
        for text in {written(operation.typed["answer"] if operation.typed else operation.after)}
    )
    assert {typed.text: texts[typed.text] for typed in drafter.done if texts[typed.text] != 1} == {}
    last = {(t.place, t.question): t.text for t in drafter.done if t.place != "basis"}
    for (place, question), text in last.items():
        part = session.scalars(select(DraftPart).where(DraftPart.path == place)).one()
        assert written(part.answers[question]) == text


def written(answer: object) -> str:
    """Return the English text of an answer."""
    return str(answer["en"]["text"]) if isinstance(answer, dict) else json.dumps(answer)


def every_signature_is_there_once(session: Session, signatory: Signatory) -> None:
    """Each acknowledged revision is there, no more than may be, chained, and with its receipt."""
    revisions = session.scalars(select(Revision).order_by(Revision.number)).all()
    hashes = [revision.hash for revision in revisions]
    signed = signatory.signed
    assert set(signed.hashes) <= set(hashes)
    assert len(signed.hashes) == len(set(signed.hashes))
    assert len(signed.hashes) <= len(hashes) <= len(signed.hashes) + signed.unsure
    previous = chain(FIRST, revisions[0].submission_id) if revisions else ""
    for number, revision in enumerate(revisions, 1):
        assert (revision.number, revision.previous_hash) == (number, previous)
        assert revision.hash == chain(previous, revision.content)
        previous = revision.hash
    receipts = session.scalars(select(Receipt.number).order_by(Receipt.number)).all()
    assert list(receipts) == [revision.number for revision in revisions]
