"""A job while it runs, as its handler sees it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from app.jobs.outcome import CancelledError, ClaimLostError, GivenBackError
from app.models.base import now
from app.models.engine import for_reading
from app.models.job import Job, JobState


class RunningJob:
    """What a handler is given besides the session.

    What the handler changes in its session is committed together with the end of the job: it
    happens once, however often the job is tried. Long work calls `step` between its parts.
    """

    def __init__(
        self,
        job: Job,
        session: Session,
        *,
        most: int,
        is_ending: Callable[[], bool],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.id = job.id
        self.kind = job.kind
        self.arguments: Mapping[str, Any] = dict(job.arguments)
        self.owner_id = job.account_id
        self.claim = job.claim
        self.attempt = job.attempts  # 1 for the first
        self.is_last = job.attempts >= most
        self.clock = clock
        self._session = session
        self._is_ending = is_ending

    def step(self, done: int, total: int) -> None:
        """Commit what was done so far, with how much that is; let others write meanwhile.

        done, total   in any unit; total 0: not known
        Raises a StoppedError, to be let pass, when the job is to stop here. A job given back starts
        from its beginning: a handler sees what it has done already.
        """
        change = self.holding().values(done=done, total=total).returning(Job.is_cancel_wanted)
        is_cancel_wanted = self._session.scalar(change)
        if is_cancel_wanted is None:
            self._session.rollback()
            raise ClaimLostError
        self._session.commit()
        if is_cancel_wanted:
            raise CancelledError
        if self._is_ending():
            raise GivenBackError

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for long reading: it cannot write, and holds up nobody who does."""
        engine = self._session.get_bind()
        assert isinstance(engine, Engine)  # noqa: S101 - the worker's sessions are bound to one
        with Session(for_reading(engine)) as session:
            yield session

    def holding(self) -> Any:  # noqa: ANN401 - an update without its values yet
        """Return an update of the job's row that changes nothing once the claim is lost."""
        return (
            update(Job)
            .where(Job.id == self.id, Job.claim == self.claim, Job.state == JobState.RUNNING)
            .execution_options(synchronize_session=False)
        )
