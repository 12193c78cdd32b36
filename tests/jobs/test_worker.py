"""What becomes of a job: done once, tried again, given up, cancelled, given back, taken over."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.jobs import claims
from app.jobs.outcome import ClaimLostError, GiveUpError, TryAgainError
from app.jobs.registry import Kind
from app.jobs.running import RunningJob
from app.models.job import JobState, PeriodicAct
from app.models.party import Party
from app.services.jobs import add_job
from tests.jobs.conftest import Clock, MakeWorker, Queue


def nothing(session: Session, job: RunningJob) -> None:
    """Do no work at all."""


def test_work_is_done_and_leaves_its_result(queue: Queue, worker_of: MakeWorker) -> None:
    def double(session: Session, job: RunningJob) -> dict[str, str]:
        return {"address": f"/results/{job.arguments['number'] * 2}"}

    job_id = queue.add("double", {"number": 21})
    assert worker_of({"double": Kind(double)}).run_once() == 1
    job = queue.get(job_id)
    assert (job.state, job.result) == (JobState.DONE, {"address": "/results/42"})
    assert (job.attempts, job.worker) == (1, "")


def test_work_that_went_well_may_leave_no_row(queue: Queue, worker_of: MakeWorker) -> None:
    queue.add("nothing")
    worker_of({"nothing": Kind(nothing, leaves_row=False)}).run_once()
    assert queue.all() == []


def test_only_what_is_due_and_known_is_done(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    later = queue.add("nothing", run_at=clock.at + timedelta(seconds=60))
    unknown = queue.add("of_a_newer_version")
    worker = worker_of({"nothing": Kind(nothing)})
    assert worker.run_once() == 0
    clock.go(60)
    assert worker.run_once() == 1
    assert queue.get(later).state is JobState.DONE
    assert queue.get(unknown).state is JobState.WAITING


def test_what_fails_changes_nothing_and_is_tried_again_later(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    def fail(session: Session, job: RunningJob) -> None:
        session.add(PeriodicAct(kind="mark"))
        session.flush()
        raise TryAgainError("mail.no_server", answer="refused")

    job_id = queue.add("fail")
    worker = worker_of({"fail": Kind(fail, attempts=3)})
    assert worker.run_once() == 1
    job = queue.get(job_id)
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    assert job.problem == {"code": "mail.no_server", "details": {"answer": "refused"}}
    assert job.run_at == clock.at + timedelta(seconds=10)
    clock.go(10)
    worker.run_once()
    assert queue.get(job_id).run_at == clock.at + timedelta(seconds=20)
    clock.go(20)
    worker.run_once()
    assert (queue.get(job_id).state, queue.get(job_id).attempts) == (JobState.FAILED, 3)
    with Session(worker._engine) as session:  # noqa: SLF001 - a look into the database
        assert session.get(PeriodicAct, "mark") is None


@pytest.mark.parametrize(
    "error", [GiveUpError("mail.unreadable"), NotFoundError(what="x", code="y")]
)
def test_what_no_repetition_helps_fails_at_once(
    queue: Queue, worker_of: MakeWorker, error: Exception
) -> None:
    def fail(session: Session, job: RunningJob) -> None:
        raise error

    job_id = queue.add("fail")
    worker_of({"fail": Kind(fail)}).run_once()
    assert queue.get(job_id).state is JobState.FAILED


def test_a_fault_is_told_without_the_values_of_a_query(
    queue: Queue, worker_of: MakeWorker, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(session: Session, job: RunningJob) -> None:
        session.add(Party(code="KEN", iso_alpha2="a secret"))
        session.flush()

    job_id = queue.add("fail")
    worker_of({"fail": Kind(fail)}).run_once()
    job = queue.get(job_id)
    assert job.problem["code"] == "job.crashed"
    assert ": " in job.problem["details"]["error"]  # the name of the error, and what it says
    assert "a secret" not in f"{job.problem} {caplog.text}"


def test_progress_is_committed_with_what_was_done_and_seen_by_others(
    queue: Queue, worker_of: MakeWorker
) -> None:
    seen: list[tuple[int, int]] = []

    def count(session: Session, job: RunningJob) -> None:
        for done in (1, 2):
            session.add(PeriodicAct(kind=f"mark-{done}"))
            job.step(done, 2)
            row = queue.get(job.id)
            seen.append((row.done, row.total))
        raise GiveUpError("mail.unreadable")

    job_id = queue.add("count")
    worker = worker_of({"count": Kind(count)})
    worker.run_once()
    assert seen == [(1, 2), (2, 2)]
    assert queue.get(job_id).state is JobState.FAILED
    with Session(worker._engine) as session:  # noqa: SLF001 - a look into the database
        assert session.get(PeriodicAct, "mark-2") is not None


def test_reading_for_long_holds_up_no_writer(queue: Queue, worker_of: MakeWorker) -> None:
    def read(session: Session, job: RunningJob) -> None:
        with job.reading() as reading:
            assert reading.get(Party, "KEN") is not None
            queue.add("nothing")  # another connection writes
            assert session.get(Party, "KEN") is not None

    job_id = queue.add("read")
    worker_of({"read": Kind(read)}).run_once()
    assert queue.get(job_id).state is JobState.DONE


def test_a_job_that_is_not_wanted_stops_at_its_next_step(
    queue: Queue, worker_of: MakeWorker
) -> None:
    def count(session: Session, job: RunningJob) -> None:
        queue.change(job.id, is_cancel_wanted=True)
        job.step(1, 3)
        raise AssertionError("it went on")

    job_id = queue.add("count")
    worker_of({"count": Kind(count)}).run_once()
    assert (queue.get(job_id).state, queue.get(job_id).done) == (JobState.CANCELLED, 1)


def test_a_worker_that_ends_gives_its_job_back(queue: Queue, worker_of: MakeWorker) -> None:
    def count(session: Session, job: RunningJob) -> None:
        worker.end()
        job.step(1, 3)
        raise AssertionError("it went on")

    job_id = queue.add("count")
    worker = worker_of({"count": Kind(count)})
    worker.run_once()
    job = queue.get(job_id)
    assert (job.state, job.attempts, job.run_at) == (JobState.WAITING, 0, None)
    worker_of({"count": Kind(nothing)}).run_once()
    assert queue.get(job_id).state is JobState.DONE


def test_a_worker_that_was_taken_for_dead_writes_nothing_any_more(
    queue: Queue, worker_of: MakeWorker
) -> None:
    def slow(session: Session, job: RunningJob) -> None:
        queue.change(job.id, claim=job.claim + 1, worker="another")
        session.add(PeriodicAct(kind="mark"))
        if job.arguments["steps"]:
            with pytest.raises(ClaimLostError):
                job.step(1, 2)
            raise ClaimLostError

    for steps in (False, True):
        job_id = queue.add("slow", {"steps": steps})
        worker = worker_of({"slow": Kind(slow)})
        worker.run_once()
        job = queue.get(job_id)
        assert (job.state, job.worker, job.done) == (JobState.RUNNING, "another", 0)
        with Session(worker._engine) as session:  # noqa: SLF001 - a look into the database
            assert session.get(PeriodicAct, "mark") is None


def test_two_of_one_key_never_run_side_by_side(queue: Queue, worker_of: MakeWorker) -> None:
    seen: list[str] = []

    def rebuild(session: Session, job: RunningJob) -> None:
        if not seen:
            seen.append(queue.add("rebuild", key="rebuild"))
            assert worker_of({"rebuild": Kind(rebuild)}).run_once() == 0

    first = queue.add("rebuild", key="rebuild")
    assert worker_of({"rebuild": Kind(rebuild)}).run_once() == 2
    assert [queue.get(job_id).state for job_id in (first, *seen)] == [JobState.DONE] * 2


def test_what_failed_leaves_its_work_to_one_of_its_key_that_waits(
    queue: Queue, worker_of: MakeWorker, clock: Clock
) -> None:
    def fail(session: Session, job: RunningJob) -> None:
        add_job(session, "fail", {}, key="fail", run_at=clock.at + timedelta(days=1))
        session.commit()
        raise TryAgainError("mail.no_server")

    job_id = queue.add("fail", key="fail")
    worker_of({"fail": Kind(fail)}).run_once()
    states = {job.id: job.state for job in queue.all()}
    assert states.pop(job_id) is JobState.CANCELLED
    assert list(states.values()) == [JobState.WAITING]


def test_what_is_short_never_waits_behind_what_is_long(queue: Queue, worker_of: MakeWorker) -> None:
    short_is_done = threading.Event()

    def wait(session: Session, job: RunningJob) -> None:
        assert short_is_done.wait(60)

    def hurry(session: Session, job: RunningJob) -> None:
        short_is_done.set()

    def end(session: Session, job: RunningJob) -> None:
        worker.end()

    for kind in ("long", "long", "short", "end"):
        queue.add(kind)
    worker = worker_of(
        {
            "long": Kind(wait, is_long=True),
            "short": Kind(hurry),
            "end": Kind(end, is_long=True),
        }
    )
    worker.run(lanes=2)
    assert {job.kind: job.state for job in queue.all()} == dict.fromkeys(
        ("long", "short", "end"), JobState.DONE
    )


def test_a_worker_survives_a_database_that_fails(
    queue: Queue, worker_of: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, answers = claims.is_any_due, iter([OperationalError("", {}, Exception("gone away"))])

    def is_any_due(*args: Any) -> bool:  # noqa: ANN401 - as the real one
        for error in answers:
            raise error
        return ask(*args)

    def end(session: Session, job: RunningJob) -> None:
        worker.end()

    monkeypatch.setattr(claims, "is_any_due", is_any_due)
    job_id = queue.add("end")
    worker = worker_of({"end": Kind(end)})
    worker.run(lanes=1)
    assert queue.get(job_id).state is JobState.DONE
    assert worker.was_told


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_loses_a_lane_ends(queue: Queue, worker_of: MakeWorker) -> None:
    def break_out(session: Session, job: RunningJob) -> None:
        raise SystemExit

    job_id = queue.add("break_out")
    worker = worker_of({"break_out": Kind(break_out)})
    worker.run(lanes=2)
    assert not worker.was_told
    assert queue.get(job_id).state is JobState.RUNNING  # until it is found to be lost
