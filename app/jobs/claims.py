"""Who does what: one statement claims a job, and only its latest claim may write its end.

The same statements run on both databases: SQLite has one writer at a time and leaves out the
`FOR UPDATE SKIP LOCKED` with which PostgreSQL lets several workers claim side by side.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app.jobs.running import RunningJob
from app.models.job import Job, JobState

FIRST_DELAY: Final = 10  # seconds; doubles with each attempt
LONGEST_DELAY: Final = 3600  # seconds


def is_any_due(session: Session, kinds: Collection[str], at: datetime) -> bool:
    """Tell whether there is something to claim; reads only."""
    return session.scalar(_next(kinds, at)) is not None


def claim(session: Session, kinds: Collection[str], worker: str, at: datetime) -> Job | None:
    """Take the job that has been due for longest; commit at once. None: nothing is due."""
    taken = (
        update(Job)
        .where(
            Job.id == _next(kinds, at).with_for_update(skip_locked=True).scalar_subquery(),
            Job.state == JobState.WAITING,
        )
        .values(
            state=JobState.RUNNING,
            worker=worker,
            claim=Job.claim + 1,
            attempts=Job.attempts + 1,
            beats=0,
            heartbeat_at=at,
            started_at=at,
            done=0,
            total=0,
        )
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.scalar(taken)


def finish(session: Session, job: RunningJob, state: JobState, **values: Any) -> bool:  # noqa: ANN401
    """Write how a job ended; False if its claim was lost, and nothing may be committed."""
    values = {"worker": "", "finished_at": job.clock(), **values}
    ended = job.holding().values(state=state, **values).returning(Job.id)
    return session.scalar(ended) is not None


def put_back(session: Session, job: RunningJob, **values: Any) -> bool:  # noqa: ANN401
    """Let a job wait again; one whose key another job waits for meanwhile leaves it the work."""
    again = job.holding().values(state=JobState.WAITING, worker="", **values).returning(Job.id)
    try:
        with session.begin_nested():
            return session.scalar(again) is not None
    except IntegrityError:
        problem = {"code": "job.replaced", "details": {}}
        return finish(session, job, JobState.CANCELLED, problem=problem)


def remove(session: Session, job: RunningJob) -> None:
    """Delete the row of a job that has ended."""
    session.execute(delete(Job).where(Job.id == job.id, Job.claim == job.claim))


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 10 s, 20 s, 40 s … an hour."""
    return timedelta(seconds=min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY))


def _next(kinds: Collection[str], at: datetime) -> Select[str]:
    """Return the id of the job to do next: none of a key of which another one is running."""
    queued, twin = aliased(Job), aliased(Job)
    is_twin_running = (
        select(twin.id).where(twin.key == queued.key, twin.state == JobState.RUNNING).exists()
    )
    return (
        select(queued.id)
        .where(
            queued.state == JobState.WAITING,
            queued.kind.in_(sorted(kinds)),
            _is_due(queued, at),
            or_(queued.key == "", ~is_twin_running),
        )
        .order_by(func.coalesce(queued.run_at, queued.created_at), queued.id)
        .limit(1)
    )


def _is_due(queued: type[Job], at: datetime) -> ColumnElement[bool]:
    """Tell whether the moment has come; for a repetition also when the clock was set back since."""
    clock_was_set_back = and_(queued.attempts > 0, queued.heartbeat_at > at)
    return or_(queued.run_at.is_(None), queued.run_at <= at, clock_was_set_back)
