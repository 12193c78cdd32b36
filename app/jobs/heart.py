"""Signs of life: of the worker, and of each job that it is really doing.

In short transactions of their own, so that they are seen whatever a handler holds.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.models.job import Job, JobState, Worker

LOG: Final = logging.getLogger("canopy.jobs")


class Heart:
    """Beats for one worker."""

    def __init__(
        self, engine: Engine, worker: str, seconds: float, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._worker = worker
        self._seconds = seconds
        self._clock = clock
        self._jobs: set[tuple[str, int]] = set()  # id and claim
        self._lock = threading.Lock()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat until the block ends; then the worker is gone from the database."""
        is_over = threading.Event()
        thread = threading.Thread(target=self._beat_on, args=(is_over,), name="heart")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            try:
                with Session(self._engine) as session:
                    session.execute(delete(Worker).where(Worker.name == self._worker))
                    session.commit()
            except SQLAlchemyError:
                LOG.warning("The database did not take note that the worker has ended")

    @contextmanager
    def beating_for(self, job: Job) -> Iterator[None]:
        """Beat for *job* too while the block runs."""
        held = (job.id, job.claim)
        with self._lock:
            self._jobs.add(held)
        try:
            yield
        finally:
            with self._lock:
                self._jobs.discard(held)

    def beat(self) -> None:
        """Give one sign of life."""
        with self._lock:
            held = sorted(self._jobs)
        at = self._clock()
        with Session(self._engine) as session:
            seen = update(Worker).where(Worker.name == self._worker).values(heartbeat_at=at)
            if session.scalar(seen.returning(Worker.name)) is None:
                session.add(Worker(name=self._worker, started_at=at, heartbeat_at=at))
            for job_id, claim in held:
                session.execute(
                    update(Job)
                    .where(Job.id == job_id, Job.claim == claim, Job.state == JobState.RUNNING)
                    .values(beats=Job.beats + 1, heartbeat_at=at)
                    .execution_options(synchronize_session=False)
                )
            session.commit()

    def _beat_on(self, is_over: threading.Event) -> None:
        while True:
            try:
                self.beat()
            except SQLAlchemyError:
                LOG.warning("The database did not take a heartbeat; the next one follows")
            if is_over.wait(self._seconds):
                return
