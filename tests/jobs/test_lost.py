"""Jobs of dead workers are taken up again, those of living ones are not, whatever clocks say."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.jobs.registry import Kind
from app.jobs.running import RunningJob
from app.models.job import JobState
from tests.jobs.conftest import Clock, MakeWorker, Queue


def nothing(session: Session, job: RunningJob) -> None:
    """Do no work at all."""


KINDS = {"nothing": Kind(nothing, attempts=2)}


def running(queue: Queue, clock: Clock, kind: str = "nothing", attempts: int = 1) -> str:
    """Return a job that some other worker runs."""
    job_id = queue.add(kind)
    queue.change(
        job_id,
        state=JobState.RUNNING,
        worker="another",
        claim=attempts,
        attempts=attempts,
        heartbeat_at=clock.at,
    )
    return job_id


def test_a_silent_job_is_watched_and_then_done_by_another(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    job_id = running(queue, clock)
    worker = worker_of(KINDS)
    clock.go(31)
    worker.look_after()
    assert queue.get(job_id).state is JobState.RUNNING
    clock.go(12)
    worker.look_after()
    job = queue.get(job_id)
    assert (job.state, job.run_at, job.problem["code"]) == (
        JobState.WAITING,
        None,
        "job.worker_lost",
    )
    assert worker.run_once() == 1
    assert (queue.get(job_id).state, queue.get(job_id).attempts) == (JobState.DONE, 2)


@pytest.mark.parametrize("jump", [3600, -3600])
def test_no_job_is_taken_from_a_living_worker_when_clocks_jump(
    queue: Queue, worker_of: MakeWorker, clock: Clock, jump: int
) -> None:
    job_id = running(queue, clock)
    worker = worker_of(KINDS)
    clock.jump(jump)
    for beat in range(1, 10):
        worker.look_after()
        clock.ticks += 4
        queue.change(job_id, beats=beat)  # with the other machine's clock, which did not jump
    assert queue.get(job_id).state is JobState.RUNNING


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_dead_worker_is_found_when_clocks_jump(
    queue: Queue, worker_of: MakeWorker, clock: Clock, jump: int
) -> None:
    job_id = running(queue, clock)
    worker = worker_of(KINDS)
    clock.jump(jump)
    for _look in range(2):
        worker.look_after()
        clock.go(12)
    assert queue.get(job_id).state is JobState.WAITING


def test_a_job_that_kills_every_worker_fails(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    job_id = running(queue, clock, attempts=2)
    worker = worker_of(KINDS)
    clock.go(31)
    worker.look_after()
    clock.go(12)
    worker.look_after()
    job = queue.get(job_id)
    assert (job.state, job.problem["code"]) == (JobState.FAILED, "job.worker_lost")


def test_a_lost_job_that_is_not_wanted_ends(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    job_id = running(queue, clock)
    queue.change(job_id, is_cancel_wanted=True)
    worker = worker_of(KINDS)
    clock.go(31)
    worker.look_after()
    clock.go(12)
    worker.look_after()
    assert queue.get(job_id).state is JobState.CANCELLED


def test_a_kind_that_this_worker_does_not_know_is_left_to_others(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    job_id = running(queue, clock, kind="of_a_newer_version")
    worker = worker_of(KINDS)
    for _look in range(3):
        clock.go(31)
        worker.look_after()
    assert queue.get(job_id).state is JobState.RUNNING


def test_a_repetition_does_not_wait_for_a_clock_that_was_set_back(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    job_id = queue.add("nothing")
    queue.change(job_id, attempts=1, heartbeat_at=clock.at, run_at=clock.at + timedelta(seconds=10))
    clock.jump(-86_400)
    assert worker_of(KINDS).run_once() == 1


def test_periodic_acts_go_on_when_the_clock_was_set_back(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    acts = {"nothing": 60.0}
    worker = worker_of(KINDS, acts)
    assert worker.run_once() == 1
    assert worker.run_once() == 0
    clock.jump(-86_400)
    assert worker.run_once() == 1
    clock.go(59)
    assert worker.run_once() == 0
    clock.go(1)
    assert worker.run_once() == 1


def test_several_workers_do_each_act_once(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    workers = [worker_of(KINDS, {"nothing": 60.0}) for _number in range(3)]
    for worker in workers:
        worker.look_after()
    assert sum(worker.run_once() for worker in workers) == 1
