"""Mails are delivered to a real mail server on this machine: taken, refused, tried again."""

import email
import ssl
from collections.abc import Callable, Mapping
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.registry import KINDS
from app.jobs.worker import Worker
from app.models.job import Job, JobState
from app.models.message import Message, MessageState
from app.services.outbox import send_again
from tests.jobs.conftest import Clock, MakeWorker
from tests.jobs.mail_server import SECRET, Outbox, Sink, address_of, free_port
from tests.make import make_account


@pytest.fixture
def worker(worker_of: MakeWorker) -> Worker:
    return worker_of(KINDS)


def test_a_mail_is_delivered_once_and_forgotten(
    server: Controller, sink: Sink, outbox: Outbox, worker: Worker
) -> None:
    message_id = outbox.post()
    assert worker.run_once() == 1
    (mail,) = sink.taken
    assert (mail["To"], mail["From"]) == ("focal.point@example.org", "Canopy <canopy@example.org>")
    assert mail["Message-ID"] == f"<{message_id}@example.org>"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "en")
    assert f"http://127.0.0.1:8000/sign-in/link/{SECRET}" in mail.get_content().splitlines()
    message = outbox.get(message_id)
    assert (message.state, message.details, message.attempts) == (MessageState.SENT, {}, 1)
    assert message.sent_at is not None
    assert outbox.jobs() == []
    assert worker.run_once() == 0
    assert len(sink.taken) == 1


def test_a_mail_in_arabic_arrives_in_its_letters(
    app: Flask,
    server: Controller,
    sink: Sink,
    outbox: Outbox,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.extensions, "canopy_languages", ("ar", "en"))
    outbox.post(language="ar")
    worker.run_once()
    (mail,) = sink.taken
    assert mail["Content-Language"] == "ar"
    assert mail["Subject"].startswith("\u200f")
    assert f"http://127.0.0.1:8000/sign-in/link/{SECRET}" in mail.get_content().splitlines()


@pytest.mark.parametrize(
    ("command", "reply", "code"),
    [
        ("RCPT", "550 5.1.1 No such user", "mail.recipient_refused"),
        ("DATA", "554 5.7.1 Looks like spam", "mail.content_refused"),
    ],
)
def test_what_is_refused_for_good_fails_and_can_be_sent_again(
    server: Controller,
    sink: Sink,
    outbox: Outbox,
    worker: Worker,
    command: str,
    reply: str,
    code: str,
) -> None:
    sink.answers[command] = reply
    message_id = outbox.post()
    worker.run_once()
    message = outbox.get(message_id)
    assert (message.state, message.attempts) == (MessageState.FAILED, 1)
    assert message.problem == {"code": code, "details": {"answer": reply}}
    assert worker.run_once() == 0
    sink.answers.clear()
    with Session(outbox.engine) as session:
        send_again(session, session.get_one(Message, message_id), make_account(session))
        session.commit()
    worker.run_once()
    assert outbox.get(message_id).state is MessageState.SENT
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("command", "reply", "code"),
    [
        ("RCPT", "450 4.2.1 Try later", "mail.recipient_refused"),
        ("DATA", "451 4.3.0 Try later", "mail.content_refused"),
        ("MAIL", "550 5.7.1 Not from you", "mail.sender_refused"),
    ],
)
def test_what_may_pass_later_is_tried_again(
    server: Controller,
    sink: Sink,
    outbox: Outbox,
    worker: Worker,
    clock: Clock,
    command: str,
    reply: str,
    code: str,
) -> None:
    sink.answers[command] = reply
    message_id = outbox.post()
    worker.run_once()
    message = outbox.get(message_id)
    assert (message.state, message.problem["code"]) == (MessageState.WAITING, code)
    assert message.details["secret"] == SECRET
    assert worker.run_once() == 0
    sink.answers.clear()
    clock.go(10)
    assert worker.run_once() == 1
    assert (outbox.get(message_id).state, len(sink.taken)) == (MessageState.SENT, 1)


def test_a_server_that_is_away_is_tried_for_most_of_a_day(
    app: Flask,
    outbox: Outbox,
    worker: Worker,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    message_id = outbox.post()
    begun = clock.at
    while outbox.get(message_id).state is MessageState.WAITING:
        clock.go(3600)
        assert worker.run_once() == 1
    message = outbox.get(message_id)
    assert (message.state, message.attempts) == (MessageState.FAILED, 30)
    assert message.problem["code"] == "mail.no_server"
    assert message.details["secret"] == SECRET
    assert (clock.at - begun).days >= 1


@pytest.mark.parametrize(
    ("password", "state", "code"),
    [
        ("p%40ss%20word", MessageState.SENT, ""),
        ("wrong", MessageState.WAITING, "mail.login_refused"),
    ],
)
def test_the_server_may_ask_for_a_password(
    app: Flask,
    server: Controller,
    outbox: Outbox,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    state: MessageState,
    code: str,
) -> None:
    url = address_of(server, who=f"canopy:{password}@")
    monkeypatch.setitem(app.config, "SMTP_URL", url)
    message_id = outbox.post()
    worker.run_once()
    message = outbox.get(message_id)
    assert (message.state, message.problem.get("code", "")) == (state, code)
    assert "wrong" not in str(message.problem)


def test_a_server_without_tls_is_not_trusted_with_it(
    app: Flask,
    server: Controller,
    outbox: Outbox,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", address_of(server, "smtp+starttls"))
    message_id = outbox.post()
    worker.run_once()
    assert outbox.get(message_id).problem["code"] == "mail.not_supported"


def test_a_certificate_that_is_not_trusted_is_refused(
    app: Flask,
    sink: Sink,
    outbox: Outbox,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    certificate: tuple[Path, Path],
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    server = Controller(sink, hostname="127.0.0.1", port=free_port(), tls_context=context)
    server.start()
    monkeypatch.setitem(app.config, "SMTP_URL", address_of(server, "smtp+starttls"))
    message_id = outbox.post()
    worker.run_once()
    assert "CERTIFICATE_VERIFY_FAILED" in outbox.get(message_id).problem["details"]["answer"]
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusted)
    with Session(outbox.engine) as session:
        session.get_one(Job, session.scalars(select(Job.id)).one()).run_at = None
        session.commit()
    worker.run_once()
    assert outbox.get(message_id).state is MessageState.SENT
    server.stop()


def test_a_crash_before_our_commit_sends_the_same_mail_again(
    server: Controller,
    sink: Sink,
    outbox: Outbox,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outbox.post()
    with monkeypatch.context() as dying:
        dying.setattr("app.jobs.claims.finish", _die)
        with pytest.raises(SystemExit):
            worker.run_once()
    with Session(outbox.engine) as session:
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.RUNNING
        job.state, job.worker = JobState.WAITING, ""
        session.commit()
    worker.run_once()
    first, second = sink.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


def _die(*_args: object, **_values: object) -> None:
    raise SystemExit


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"details": "gAAAA-of-another-key"}, "mail.unreadable"),
        ({"kind": "of_another_version"}, "mail.not_worded"),
    ],
)
def test_what_cannot_be_worded_fails_by_name(
    server: Controller,
    outbox: Outbox,
    worker: Worker,
    change: Mapping[str, str],
    code: str,
) -> None:
    message_id = outbox.post()
    with Session(outbox.engine) as session:
        table = Message.__table__
        for name, value in change.items():
            session.connection().exec_driver_sql(f"UPDATE {table} SET {name} = '{value}'")  # noqa: S608
        session.commit()
    worker.run_once()
    message = outbox.get(message_id)
    assert (message.state, message.problem["code"]) == (MessageState.FAILED, code)


def test_without_a_server_mails_are_files_for_our_account_alone(
    app: Flask,
    outbox: Outbox,
    worker: Worker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "mail"
    monkeypatch.setitem(app.config, "MAIL_DIR", folder)
    message_id = outbox.post()
    worker.run_once()
    assert outbox.get(message_id).state is MessageState.SENT
    (path,) = folder.iterdir()
    assert path.name == f"{message_id}.eml"
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    assert SECRET in mail.get_content()


def test_a_folder_that_cannot_be_written_is_tried_again(
    app: Flask,
    outbox: Outbox,
    worker: Worker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setitem(app.config, "MAIL_DIR", tmp_path / "file")
    message_id = outbox.post()
    worker.run_once()
    message = outbox.get(message_id)
    assert (message.state, message.problem["code"]) == (MessageState.WAITING, "mail.no_folder")


Wish = Callable[[Session, Message, Job], None]


def _lose_the_job(session: Session, message: Message, job: Job) -> None:
    session.delete(job)


def _fail_the_job(session: Session, message: Message, job: Job) -> None:
    job.state, job.problem = JobState.FAILED, {"code": "job.worker_lost", "details": {}}


def _wait_too_long(session: Session, message: Message, job: Job) -> None:
    message.created_at = message.created_at.replace(year=message.created_at.year - 1)


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        (_lose_the_job, MessageState.SENT),
        (_fail_the_job, MessageState.FAILED),
        (_wait_too_long, MessageState.FAILED),
    ],
)
def test_no_mail_waits_forever_and_no_secret_is_kept_forever(
    server: Controller,
    outbox: Outbox,
    worker_of: MakeWorker,
    happens: Wish,
    state: MessageState,
) -> None:
    message_id = outbox.post()
    with Session(outbox.engine) as session:
        message, job = session.get_one(Message, message_id), session.scalars(select(Job)).one()
        happens(session, message, job)
        job.run_at = job.created_at.replace(year=2099)
        session.commit()
    worker_of(KINDS, {"sweep_outbox": 60.0}).run_once()
    message = outbox.get(message_id)
    assert message.state is state
    assert ("secret" in message.details) == (happens is _fail_the_job)
