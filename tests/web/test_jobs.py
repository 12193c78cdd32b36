"""Pages on jobs and mails: for administrators all of them, for others a job of their own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.registry import KINDS
from app.jobs.worker import Worker as JobWorker
from app.models.account import Account, Role
from app.models.base import now
from app.models.job import Job, JobState, PeriodicAct, Worker
from app.models.message import Message, MessageState
from app.services.jobs import add_job
from app.services.outbox import post
from tests.conftest import Client
from tests.make import make_account
from tests.page import Browse

SignIn = Callable[[Account], None]


@pytest.fixture
def administrator(session: Session, sign_in: SignIn) -> Account:
    account = make_account(session, Role.ADMINISTRATOR, email="administrator@example.org")
    sign_in(account)
    return account


def posted(session: Session, state: MessageState = MessageState.WAITING) -> Message:
    details: dict[str, object] = {
        "secret": "the-secret-of-a-link",
        "email": "focal.point@example.org",
        "expires_at": "2026-12-01T12:00:00+00:00",
    }
    message = post(
        session, to="focal.point@example.org", kind="set_password", language="en", details=details
    )
    message.state = state
    session.flush()
    return message


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "MAIL_DIR", tmp_path)
    return tmp_path


def work(app: Flask, session: Session) -> None:
    session.commit()
    engine = session.get_bind()
    JobWorker(app, engine, kinds=KINDS, acts={}).run_once()  # type: ignore[arg-type] # an engine


def test_an_empty_queue_says_so(administrator: Account, browse: Browse) -> None:
    page = browse("/admin/jobs")
    assert page.h1 == "Jobs and mails"
    assert "Nothing waits, runs or has failed." in page.words
    assert "No worker has been seen in the last minute." in page.words
    assert "No mail has been posted yet." in browse("/admin/mail").words


def test_jobs_show_with_progress_and_what_to_do(
    administrator: Account, session: Session, browse: Browse
) -> None:
    running, failed = add_job(session, "tidy_jobs", {}), add_job(session, "tidy_jobs", {})
    later = add_job(session, "of_a_newer_version", {}, run_at=now() + timedelta(days=1))
    running.state, running.worker, running.done, running.total = JobState.RUNNING, "w", 3, 10
    failed.state, failed.problem = JobState.FAILED, {"code": "job.worker_lost", "details": {}}
    session.add(PeriodicAct(kind="tidy_jobs", last_at=now()))
    session.add(Worker(name="w"))
    page = browse("/admin/jobs")
    assert "3 of 10" in page.words
    assert "The worker ended in the middle of it." in page.words
    assert "Other work: of_a_newer_version" in page.words
    assert "Next at" in page.words
    assert "No worker has been seen" not in page.words
    assert "Done again and again" in page.words
    browse(f"/admin/jobs/{failed.id}/retry", data={})
    browse(f"/admin/jobs/{later.id}/cancel", data={})
    browse(f"/admin/jobs/{running.id}/cancel", data={})
    session.expire_all()
    assert [job.state for job in (running, failed, later)] == [
        JobState.RUNNING,
        JobState.WAITING,
        JobState.CANCELLED,
    ]
    assert running.is_cancel_wanted
    assert "It is to stop." in browse("/admin/jobs").words
    assert "This is no longer possible" in browse(
        f"/admin/jobs/{later.id}/cancel", 409, data={}
    ).h1  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("address", ["/admin/jobs", "/admin/mail"])
def test_nobody_else_sees_them(
    session: Session, sign_in: SignIn, browse: Browse, role: Role, address: str
) -> None:
    sign_in(make_account(session, role))
    browse(address, 403)
    assert "Jobs and mails" not in browse("/").text


def test_a_job_shows_to_its_owner_alone(session: Session, sign_in: SignIn, browse: Browse) -> None:
    owner, other = make_account(session), make_account(session)
    job = add_job(session, "tidy_jobs", {}, owner=owner)
    sign_in(other)
    browse(f"/jobs/{job.id}", 404)
    browse(f"/jobs/{job.id}/cancel", 404, data={})
    sign_in(owner)
    page = browse(f"/jobs/{job.id}")
    assert "It begins as soon as the worker is free." in page.words
    assert "Show how far it is" in page.links()
    browse(f"/jobs/{job.id}/cancel", data={})
    assert "Cancelled" in browse(f"/jobs/{job.id}").words


def test_a_job_that_is_done_leads_to_its_result(
    session: Session, sign_in: SignIn, browse: Browse
) -> None:
    owner = make_account(session)
    job = add_job(session, "tidy_jobs", {}, owner=owner)
    job.state, job.result = JobState.DONE, {"address": "/results/"}
    sign_in(owner)
    page = browse(f"/jobs/{job.id}")
    assert page.links()["Open the result"] == "/results/"
    assert page.find("div", id="job").get("data-ended") == "yes"


def test_nobody_signed_in_is_asked_to_sign_in(session: Session, client: Client) -> None:
    job = add_job(session, "tidy_jobs", {})
    session.flush()
    assert client.get(f"/jobs/{job.id}").status_code == 303


def test_in_the_demonstration_mails_are_read_on_the_page_and_their_links_work(
    app: Flask, administrator: Account, session: Session, browse: Browse, folder: Path
) -> None:
    message = posted(session)
    before = browse(f"/admin/mail/{message.id}")
    assert "written to the folder when it is sent" in before.words
    work(app, session)
    assert "focal.point@example.org" in browse("/admin/mail").words
    page = browse(f"/admin/mail/{message.id}")
    assert "Set your password for Canopy" in page.words
    address = f"{app.config['PUBLIC_URL']}/sign-in/link/the-secret-of-a-link"
    assert page.links()[address] == address


def test_with_a_mail_server_no_page_says_what_a_mail_says(
    app: Flask,
    administrator: Account,
    session: Session,
    browse: Browse,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = posted(session)
    work(app, session)  # into the folder, as before the server was set
    waiting = posted(session)
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1")
    for address in ("/admin/mail", f"/admin/mail/{message.id}", f"/admin/mail/{waiting.id}"):
        page = browse(address)
        assert "the-secret-of-a-link" not in page.text
        assert "What it says is not shown" in page.words


def test_a_failed_mail_is_sent_again_or_given_up(
    administrator: Account, session: Session, browse: Browse
) -> None:
    first, second = posted(session, MessageState.FAILED), posted(session, MessageState.FAILED)
    refused = {"code": "mail.recipient_refused", "details": {"answer": "550 No such user"}}
    first.problem = second.problem = refused
    assert "550 No such user. Check the address." in browse("/admin/mail").words
    browse(f"/admin/mail/{first.id}/again", data={})
    browse(f"/admin/mail/{second.id}/drop", data={})
    session.expire_all()
    assert (first.state, second.state) == (MessageState.WAITING, MessageState.CANCELLED)
    browse(f"/admin/mail/{second.id}/again", 409, data={})
    browse("/admin/mail/no-such-mail", 404)


def test_an_administrator_can_send_a_test_mail(
    administrator: Account, session: Session, browse: Browse
) -> None:
    browse("/admin/mail/test", data={})
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.recipient) == ("test", administrator.email)
    assert session.scalars(select(Job.key)).all() == [f"send_mail:{message.id}"]


def test_healthz_says_whether_a_worker_is_alive_and_fails_in_no_case(
    session: Session, client: Client
) -> None:
    assert client.get("/healthz").text == "ok\nworker: not seen in the last minute\n"
    session.add(Worker(name="old", heartbeat_at=now() - timedelta(minutes=2)))
    assert client.get("/healthz").status_code == 200
    session.add(Worker(name="new"))
    assert client.get("/healthz").text == "ok\nworker: alive\n"
