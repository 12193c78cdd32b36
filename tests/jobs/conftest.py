"""Workers over the test's database, with clocks that the test turns, and work made for tests."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.jobs.pace import Pace
from app.jobs.registry import Kind
from app.jobs.worker import Worker
from app.models.job import Job
from app.services.jobs import add_job

PACE = Pace(poll=0.01, beat=0.05, silence=30, watch=12, rest=0.01)
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
