"""Workers in processes of their own: side by side, told to end, and killed in the middle."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.models.job import JobState, PeriodicAct, Worker
from tests.jobs.conftest import Queue

Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def start(engine: Engine) -> Iterator[Start]:
    """Return a function that starts a worker; those that are left are killed at the end."""
    started: list[Process] = []
    database = engine.url.render_as_string(hide_password=False)

    def begin(*args: str) -> Process:
        command = [sys.executable, "-m", "tests.jobs.process", database, *args]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def wait_for(process: Process, said: str) -> None:
    """Read on until the process has *said* something."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(said):
            return
    raise AssertionError(f"it ended and never said {said!r}")


def marks(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(PeriodicAct.kind).order_by(PeriodicAct.kind)))


def test_three_workers_do_sixty_jobs_each_once(engine: Engine, queue: Queue, start: Start) -> None:
    for number in range(60):
        queue.add("mark", {"number": number})
    workers = [start("--once") for _number in range(3)]
    said = [worker.communicate()[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    done = Counter(line for lines in said for line in lines if line.startswith("marked"))
    assert done == Counter(f"marked {number}" for number in range(60))
    assert marks(engine) == sorted(f"mark-{number}-1" for number in range(60))
    assert {job.state for job in queue.all()} == {JobState.DONE}
    with Session(engine) as session:
        assert session.scalars(select(Worker.name)).all() == []


def test_a_killed_workers_job_is_done_by_another_and_counts_once(
    engine: Engine, queue: Queue, start: Start
) -> None:
    job_id = queue.add("hang")
    first = start()
    wait_for(first, "hanging")
    first.kill()
    first.wait()
    assert queue.get(job_id).state is JobState.RUNNING
    second = start()
    wait_for(second, "finishing")
    second.send_signal(signal.SIGTERM)
    assert second.wait() == 0
    job = queue.get(job_id)
    assert (job.state, job.attempts, job.claim) == (JobState.DONE, 2, 2)
    assert marks(engine) == ["mark-2"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_end_gives_back_what_it_does(
    queue: Queue, start: Start, number: signal.Signals
) -> None:
    job_id = queue.add("go_on")
    worker = start()
    wait_for(worker, "stepping")
    worker.send_signal(number)
    assert worker.wait() == 0
    job = queue.get(job_id)
    assert (job.state, job.attempts, job.worker) == (JobState.WAITING, 0, "")


def test_the_second_signal_ends_at_once(queue: Queue, start: Start) -> None:
    job_id = queue.add("hang")
    worker = start()
    wait_for(worker, "hanging")
    worker.send_signal(signal.SIGTERM)
    while worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    assert worker.returncode == -signal.SIGTERM
    assert queue.get(job_id).state is JobState.RUNNING
