"""Workers over the test's database, with clocks that the test turns, and work made for tests."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.jobs.pace import Pace
from app.jobs.registry import Kind
from app.jobs.worker import Worker
from app.models.job import Job
from app.services.jobs import add_job
from tests.jobs.mail_server import outbox, server, sink

__all__ = ["outbox", "server", "sink"]  # fixtures of another file

PACE = Pace(poll=0.01, beat=0.05, silence=30, watch=12, rest=0.01)
HERE = IPv4Address("127.0.0.1")
LONG_AGO = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A wall clock and one that only goes on, both turned by the test."""

    def __init__(self) -> None:
        self.at = LONG_AGO
        self.ticks = 0.0

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.jump(seconds)
        self.ticks += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock alone."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Queue:
    """The queue as the test sees it; each look is a short transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, kind: str, arguments: Mapping[str, Any] | None = None, **wishes: Any) -> str:  # noqa: ANN401
        with Session(self._engine) as session:
            job = add_job(session, kind, arguments or {}, **wishes)
            session.commit()
            return job.id

    def get(self, job_id: str) -> Job:
        with Session(self._engine) as session:
            return session.get_one(Job, job_id)

    def all(self) -> list[Job]:
        with Session(self._engine) as session:
            return list(session.scalars(select(Job).order_by(Job.id)))

    def change(self, job_id: str, **values: Any) -> None:  # noqa: ANN401
        with Session(self._engine) as session:
            job = session.get_one(Job, job_id)
            for name, value in values.items():
                setattr(job, name, value)
            session.commit()


@pytest.fixture
def queue(engine: Engine) -> Queue:
    return Queue(engine)


MakeWorker = Callable[..., Worker]


@pytest.fixture
def worker_of(app: Flask, engine: Engine, clock: Clock, tmp_path: Path) -> MakeWorker:
    """Return a function that makes a worker for *kinds*; without periodic acts."""

    def make(kinds: Mapping[str, Kind], acts: Mapping[str, float] | None = None) -> Worker:
        return Worker(
            app,
            engine,
            kinds=kinds,
            acts=acts or {},
            pace=PACE,
            clock=lambda: clock.at,
            ticks=lambda: clock.ticks,
        )

    return make


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return files with a certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(HERE)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"
