"""The worker: lanes that claim and do jobs, a heart, and a look after the queue.

Of several lanes the first does what is short, so that mails and seals never wait behind an export.
The session of a handler is committed together with the end of its job, and only by the job's latest
claim.
"""

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.jobs import claims, lost, outcome, periodic
from app.jobs.heart import Heart
from app.jobs.pace import Pace
from app.jobs.registry import ACTS, KINDS, Kind
from app.jobs.running import RunningJob
from app.models.base import now
from app.models.engine import for_reading
from app.models.job import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

LOG: Final = logging.getLogger("canopy.jobs")


class Worker:
    """One process that does jobs."""

    def __init__(  # every part can be another one in tests
        self,
        app: "Flask",
        engine: Engine,
        *,
        kinds: Mapping[str, Kind] = KINDS,
        acts: Mapping[str, float] = ACTS,
        pace: Pace = Pace(),  # noqa: B008 - it is immutable
        clock: Callable[[], datetime] = now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"
        self.ending = threading.Event()
        self.was_told = False  # to end
        self._app = app
        self._engine = engine
        self._kinds = kinds
        self._acts = acts
        self._pace = pace
        self._clock = clock
        self._ticks = ticks
        self._heart = Heart(engine, self.name, pace.beat, clock)
        self._watch = lost.Watch(pace)

    def end(self) -> None:
        """Finish or give back what is being done, and take nothing more."""
        self.was_told = True
        self.ending.set()

    def run(self, lanes: int) -> None:
        """Do jobs, *lanes* at once, until `ending` is set and what was begun is finished.

        Sets `ending` itself when a lane breaks.
        """
        short = {name: kind for name, kind in self._kinds.items() if not kind.is_long}
        taken = [self._kinds] if lanes == 1 else [short, *[self._kinds] * (lanes - 1)]
        threads = [threading.Thread(target=self._lane, args=(kinds,)) for kinds in taken]
        with self._heart.beating():
            for thread in threads:
                thread.start()
            while not self.ending.wait(self._pace.poll):
                with self._surviving():
                    self.look_after()
            for thread in threads:
                thread.join()

    def run_once(self) -> int:
        """Do all that is due, lost jobs too, and return how many jobs that were."""
        count = 0
        with self._heart.beating():
            self.look_after()
            while self._watch.is_unsure and not self.ending.wait(self._pace.poll):
                self.look_after()
            while not self.ending.is_set() and self.work(self._kinds):
                count += 1
        return count

    def look_after(self) -> None:
        """Start the periodic acts that are due; take up lost jobs. Writes only if there are any."""
        at = self._clock()
        with Session(for_reading(self._engine)) as session:
            acts = periodic.due_acts(session, self._acts, at)
            silent = self._watch.lost(session, at, self._ticks())
        most = {name: kind.attempts for name, kind in self._kinds.items()}
        for kind in acts:
            with Session(self._engine) as session:
                periodic.start_act(session, kind, self._acts[kind], at)
                session.commit()
        for sign in silent:
            LOG.warning("%s %s was lost by its worker", sign.kind, sign.id)
            with Session(self._engine) as session:
                lost.take_up(session, sign, most, at)
                session.commit()

    def work(self, kinds: Mapping[str, Kind]) -> bool:
        """Claim one job of *kinds* and do it; tell whether there was one."""
        with Session(for_reading(self._engine)) as session:
            if not claims.is_any_due(session, kinds, self._clock()):
                return False
        with Session(self._engine, expire_on_commit=False) as session:
            job = claims.claim(session, kinds, self.name, self._clock())
            session.commit()
            if job is None:
                return False  # another worker was faster
            with self._heart.beating_for(job):
                self._do(session, job, kinds[job.kind])
        return True

    def _do(self, session: Session, job: Job, kind: Kind) -> None:
        session.expunge_all()
        running = RunningJob(
            job,
            session,
            most=kind.attempts,
            is_ending=self.ending.is_set,
            clock=self._clock,
        )
        try:
            with self._app.app_context():
                result = kind.do(session, running)
            self._succeed(session, running, kind, dict(result or {}))
        except outcome.StoppedError as stopped:
            session.rollback()
            self._stop(session, running, stopped)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is kept with its job
            session.rollback()
            self._fail(session, running, kind, error)

    def _succeed(
        self, session: Session, job: RunningJob, kind: Kind, result: dict[str, Any]
    ) -> None:
        """Commit what the handler did, together with its end."""
        if not claims.finish(session, job, JobState.DONE, result=result, problem={}):
            raise outcome.ClaimLostError
        if not kind.leaves_row:
            claims.remove(session, job)
        session.commit()

    def _stop(self, session: Session, job: RunningJob, stopped: outcome.StoppedError) -> None:
        if isinstance(stopped, outcome.CancelledError):
            claims.finish(session, job, JobState.CANCELLED)
        elif isinstance(stopped, outcome.GivenBackError):
            claims.put_back(session, job, attempts=job.attempt - 1, run_at=None)
        else:
            LOG.warning("%s %s was taken over by another worker", job.kind, job.id)
        session.commit()

    def _fail(self, session: Session, job: RunningJob, kind: Kind, error: Exception) -> None:
        problem = outcome.problem_of(error)
        LOG.warning("%s %s, attempt %s: %s", job.kind, job.id, job.attempt, problem)
        if not isinstance(error, outcome.ProblemError):
            LOG.warning("%s", "".join(traceback.format_tb(error.__traceback__)))
        at = self._clock()
        if outcome.is_final(error) or job.attempt >= kind.attempts:
            claims.finish(session, job, JobState.FAILED, problem=problem)
        else:
            run_at = at + claims.back_off(job.attempt)
            claims.put_back(session, job, run_at=run_at, heartbeat_at=at, problem=problem)
        session.commit()

    def _lane(self, kinds: Mapping[str, Kind]) -> None:
        try:
            while not self.ending.is_set():
                did = False
                with self._surviving():
                    did = self.work(kinds)
                if not did:
                    self.ending.wait(self._pace.poll)
        finally:
            self.ending.set()  # a worker that has lost a lane ends, and is started anew

    @contextmanager
    def _surviving(self) -> "Iterator[None]":
        """Say that the database failed, rest, and go on: what was running is taken up again."""
        try:
            yield
        except SQLAlchemyError as error:
            LOG.warning("The database failed: %s", outcome.problem_of(error))
            self.ending.wait(self._pace.rest)
