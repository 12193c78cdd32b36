"""Jobs whose worker died: found by the silence of their heartbeat, and taken up again.

No clock decides alone, since clocks jump and machines disagree. A heartbeat that is not of the last
seconds makes a job suspect; it is lost when no further beat is seen while we watch.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.jobs.claims import back_off
from app.jobs.pace import Pace
from app.models.job import Job, JobState


class Sign(NamedTuple):
    """The last sign of life of a running job."""

    id: str
    kind: str
    claim: int
    beats: int
    attempts: int
    heartbeat_at: datetime
    is_cancel_wanted: bool


class Watch:
    """Remembers since when suspect jobs have been silent."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._silent_since: dict[tuple[str, int, int], float] = {}

    @property
    def is_unsure(self) -> bool:
        """Whether some job may be lost, and it takes longer to tell."""
        return bool(self._silent_since)

    def lost(self, session: Session, at: datetime, tick: float) -> list[Sign]:
        """Return the running jobs that are lost.

        at     by the clock, which may be wrong
        tick   seconds of a clock that only goes on
        """
        columns = [getattr(Job, name) for name in Sign._fields]
        running = session.execute(select(*columns).where(Job.state == JobState.RUNNING))
        suspect = [sign for sign in map(Sign._make, running) if self._is_suspect(sign, at)]
        known = self._silent_since
        self._silent_since = {key: known.get(key, tick) for key in map(_key, suspect)}
        since = self._silent_since
        return [s for s in suspect if tick - since[_key(s)] >= self._pace.watch]

    def _is_suspect(self, sign: Sign, at: datetime) -> bool:
        age = at - sign.heartbeat_at
        return not timedelta(0) <= age <= timedelta(seconds=self._pace.silence)


def take_up(session: Session, sign: Sign, most: Mapping[str, int], at: datetime) -> None:
    """Let a lost job be done by somebody else, unless it is used up: then it fails.

    most   attempts by kind; a kind that is not there is left to workers that know it
    """
    if sign.kind not in most:
        return
    held = (
        update(Job)
        .where(
            Job.id == sign.id,
            Job.claim == sign.claim,
            Job.beats == sign.beats,
            Job.state == JobState.RUNNING,
        )
        .execution_options(synchronize_session=False)
    )
    problem = {"code": "job.worker_lost", "details": {}}
    ended = {"worker": "", "finished_at": at, "problem": problem}
    if sign.is_cancel_wanted:
        session.execute(held.values(state=JobState.CANCELLED, **ended))
    elif sign.attempts >= most[sign.kind]:
        session.execute(held.values(state=JobState.FAILED, **ended))
    else:
        run_at = None if sign.attempts == 1 else at + back_off(sign.attempts)
        waiting = {"worker": "", "problem": problem, "run_at": run_at, "heartbeat_at": at}
        try:
            with session.begin_nested():
                session.execute(held.values(state=JobState.WAITING, **waiting))
        except IntegrityError:  # another of its key waits, and does the work
            session.execute(held.values(state=JobState.CANCELLED, **ended))


def _key(sign: Sign) -> tuple[str, int, int]:
    return (sign.id, sign.claim, sign.beats)
