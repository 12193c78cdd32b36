"""Adding work: once per key, at the earlier moment, only with what it belongs to."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import WrongJobStateError
from app.models.audit import Act
from app.models.base import now
from app.models.job import Job, JobState
from app.services.jobs import add_job, cancel_job, retry_job
from tests.make import make_account


def test_work_waits_with_its_arguments(session: Session) -> None:
    job = add_job(session, "count", {"to": 3})
    session.commit()
    assert (job.state, job.arguments, job.run_at) == (JobState.WAITING, {"to": 3}, None)


def test_work_goes_with_the_change_that_it_belongs_to(session: Session) -> None:
    add_job(session, "count", {})
    session.rollback()
    assert session.scalars(select(Job)).all() == []


def test_one_job_of_a_key_waits_and_runs_at_the_earlier_moment(session: Session) -> None:
    later = now() + timedelta(hours=1)
    first = add_job(session, "rebuild", {}, key="rebuild", run_at=later)
    assert add_job(session, "rebuild", {}, key="rebuild", run_at=later + timedelta(1)) is first
    assert session.scalars(select(Job.run_at)).all() == [later]
    assert add_job(session, "rebuild", {}, key="rebuild") is first
    assert session.scalars(select(Job.run_at)).all() == [None]
    assert add_job(session, "rebuild", {}, key="another") is not first
    assert add_job(session, "rebuild", {}) is not add_job(session, "rebuild", {})


def test_a_second_of_a_key_may_wait_while_the_first_runs(session: Session) -> None:
    first = add_job(session, "rebuild", {}, key="rebuild")
    first.state, first.worker = JobState.RUNNING, "somebody"
    session.flush()
    assert add_job(session, "rebuild", {}, key="rebuild") is not first


def test_what_waits_is_cancelled_at_once_and_what_runs_is_asked_to_stop(session: Session) -> None:
    somebody = make_account(session)
    waiting, running = add_job(session, "count", {}), add_job(session, "count", {})
    running.state, running.worker = JobState.RUNNING, "somebody"
    cancel_job(session, waiting, somebody)
    cancel_job(session, running, somebody)
    assert waiting.state is JobState.CANCELLED
    acts = session.scalars(select(Act.details).order_by(Act.number)).all()
    assert [details["job"] for details in acts] == [waiting.id, running.id]
    assert (running.state, running.is_cancel_wanted) == (JobState.RUNNING, True)
    with pytest.raises(WrongJobStateError):
        cancel_job(session, waiting, somebody)


def test_what_failed_begins_anew(session: Session) -> None:
    job = add_job(session, "count", {})
    somebody = make_account(session)
    job.state, job.attempts, job.problem = JobState.FAILED, 5, {"code": "job.crashed"}
    retry_job(session, job, somebody)
    assert (job.state, job.attempts, job.problem) == (JobState.WAITING, 0, {})
    with pytest.raises(WrongJobStateError):
        retry_job(session, job, somebody)


def test_what_failed_leaves_its_work_to_the_next_of_its_key(session: Session) -> None:
    failed = add_job(session, "rebuild", {}, key="rebuild")
    failed.state = JobState.FAILED
    session.flush()
    add_job(session, "rebuild", {}, key="rebuild")
    retry_job(session, failed, make_account(session))
    assert failed.state is JobState.FAILED
