"""Adding work for the worker, and changing one's mind about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import NotFoundError, WrongJobStateError
from app.models.account import Account
from app.models.base import now
from app.models.job import Job, JobState, PeriodicAct, Worker
from app.services.acts import record_act

ENDED: Final = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


ALIVE: Final = timedelta(seconds=60)  # since a worker's last heartbeat
SHOWN: Final = 200  # jobs of one state in a list


def add_job(
    session: Session,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    run_at: datetime | None = None,
    key: str = "",
    owner: Account | None = None,
) -> Job:
    """Put work into the queue; it is done only if the caller's transaction is committed.

    kind       of the registry in `app/jobs/registry.py`
    arguments  JSON; no secrets, administrators see them
    run_at     not before this moment; None: at once
    key        at most one job of a key waits: a second one returns the first, which then runs
               at the earlier of both moments. Two of one key never run side by side.
    owner      who may follow and cancel it at /jobs/<id>
    """
    if key and (waiting := _waiting(session, key)):
        return _not_later(waiting, run_at)
    job = Job(
        kind=kind,
        arguments=dict(arguments),
        run_at=run_at,
        key=key,
        account_id=owner.id if owner else None,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        if key and (waiting := _waiting(session, key)):
            return _not_later(waiting, run_at)  # somebody else was faster
        raise
    return job


def cancel_job(session: Session, job: Job, by: Account) -> None:
    """End a job that waits; ask one that runs to stop at its next step.

    Raises WrongJobStateError when it has ended.
    """
    if job.state in ENDED:
        raise WrongJobStateError(state=job.state.value)
    if job.state is JobState.WAITING:
        job.state = JobState.CANCELLED
    else:
        job.is_cancel_wanted = True
    record_act(session, "platform", "canopy", "cancel_job", by, job=job.id, work=job.kind)


def retry_job(session: Session, job: Job, by: Account) -> None:
    """Let a job that failed or was cancelled begin anew, now; raise WrongJobStateError otherwise.

    If another of its key waits already, that one does the work and nothing changes.
    """
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise WrongJobStateError(state=job.state.value)
    if job.key and _waiting(session, job.key):
        return
    job.state = JobState.WAITING
    job.run_at = job.finished_at = job.started_at = None
    job.attempts = job.done = job.total = 0
    job.is_cancel_wanted = False
    job.problem = {}
    record_act(session, "platform", "canopy", "retry_job", by, job=job.id, work=job.kind)


def is_worker_alive(session: Session) -> bool:
    """Tell whether a worker gave a sign of life in the last minute."""
    last = session.scalar(select(func.max(Worker.heartbeat_at)))
    return last is not None and last > now() - ALIVE


def jobs_in(session: Session, *states: JobState, but: str = "") -> Sequence[Job]:
    """Return the newest jobs of these states, those of kind *but* left out."""
    query = select(Job).where(Job.state.in_(states), Job.kind != but)
    return session.scalars(query.order_by(Job.id.desc()).limit(SHOWN)).all()


def periodic_acts(session: Session) -> Sequence[PeriodicAct]:
    """Return what is done again and again, with when it was last begun."""
    return session.scalars(select(PeriodicAct).order_by(PeriodicAct.kind)).all()


def job_by_id(session: Session, job_id: str) -> Job:
    """Return a job; raise NotFoundError."""
    found = session.get(Job, job_id)
    if found is None:
        raise NotFoundError(what="job", code=job_id)
    return found


def _waiting(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key, Job.state == JobState.WAITING))


def _not_later(job: Job, run_at: datetime | None) -> Job:
    if job.run_at is not None:
        job.run_at = None if run_at is None else min(job.run_at, run_at)
    return job
