"""A mail server on this machine, and the outbox, as tests see them."""

import email
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.job import Job
from app.models.message import Message
from app.services.outbox import post

SECRET = "the-secret-of-a-link"
DETAILS = {
    "secret": SECRET,
    "email": "focal.point@example.org",
    "expires_at": "2026-12-01T12:00:00+00:00",
}


class Sink:
    """What the mail server takes, and what it answers instead."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}  # command to reply, instead of the usual one

    async def handle_MAIL(self, *args: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's own
        _server, _session, envelope, address, _options = args
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, *args: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's own
        _server, _session, envelope, address, _options = args
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, *args: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's own
        if "DATA" not in self.answers:
            content = args[2].content
            self.taken.append(email.message_from_bytes(content, policy=default))
        return self.answers.get("DATA", "250 OK")


@pytest.fixture
def sink() -> Sink:
    return Sink()


def _let_in(*args: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's own
    who = args[-1]
    right = isinstance(who, LoginPassword) and who.password == b"p@ss word"
    return AuthResult(success=right, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    """Run a mail server that takes a password, and let the application use it."""
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_let_in,
        auth_require_tls=False,
    )
    controller.start()
    monkeypatch.setitem(app.config, "SMTP_URL", address_of(controller))
    monkeypatch.setitem(app.config, "MAIL_FROM", "Canopy <canopy@example.org>")
    yield controller
    controller.stop()


def address_of(controller: Controller, scheme: str = "smtp", who: str = "") -> str:
    return f"{scheme}://{who}127.0.0.1:{controller.port}"


class Outbox:
    """The outbox as the test sees it; each look is a short transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def post(self, kind: str = "set_password", language: str = "en", **details: object) -> str:
        with Session(self.engine) as session:
            message = post(
                session,
                to="focal.point@example.org",
                kind=kind,
                language=language,
                details={**DETAILS, **details},
            )
            session.commit()
            return message.id

    def get(self, message_id: str) -> Message:
        with Session(self.engine) as session:
            return session.get_one(Message, message_id)

    def jobs(self) -> list[Job]:
        with Session(self.engine) as session:
            return list(session.scalars(select(Job)))


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine)
