"""What ended long ago is removed, and nothing else; everything the worker does has a name."""

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.jobs.registry import ACTS, KINDS
from app.models.job import JobState, Worker
from app.models.message import MessageState
from app.wording.jobs import JOB_STATES, JOBS, MESSAGE_STATES, PROBLEMS
from tests.jobs.conftest import Clock, MakeWorker, Queue


def test_only_what_ended_long_ago_is_removed(
    queue: Queue, worker_of: MakeWorker, clock: Clock, session: Session
) -> None:
    long_ago, lately = clock.at - timedelta(days=31), clock.at - timedelta(days=29)
    old, new, failed, waiting = (queue.add("unknown") for _number in range(4))
    queue.change(old, state=JobState.DONE, finished_at=long_ago)
    queue.change(new, state=JobState.DONE, finished_at=lately)
    queue.change(failed, state=JobState.FAILED, finished_at=long_ago)
    queue.change(waiting, run_at=clock.at + timedelta(days=365))
    session.add_all(
        [Worker(name="old", heartbeat_at=long_ago), Worker(name="new", heartbeat_at=clock.at)]
    )
    session.commit()
    worker = worker_of(KINDS, {"tidy_jobs": 3600.0})
    assert worker.run_once() == 1
    assert {job.id for job in queue.all()} == {new, waiting}
    assert session.scalars(select(Worker.name)).all() == ["new"]


def test_everything_the_worker_does_has_a_name() -> None:
    assert set(KINDS) == set(JOBS)
    assert set(ACTS) <= set(KINDS)
    assert set(JOB_STATES) == set(JobState)
    assert set(MESSAGE_STATES) == set(MessageState)


def test_every_problem_of_a_job_says_what_to_do() -> None:
    source = "".join(path.read_text() for path in (ROOT / "app" / "jobs").glob("*.py"))
    used = set(re.findall(r'"((?:job|mail)\.[a-z_]+)"', source))
    assert used
    assert used == set(PROBLEMS)
