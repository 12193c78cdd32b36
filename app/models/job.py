"""Work that takes more than a second: the row is the queue, and says how far the work is.

    waiting -> running -> done
       ^          |
       |          +-> failed, cancelled
       +----------+   (tried again later, given back, or its worker was lost)

`app/jobs` claims and does it. Services add rows in the transaction of the change they belong to.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, new_id, now


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_ONE_WAITING = text("state = 'waiting' AND key <> ''")


class Job(Base):
    """One piece of work."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND (total = 0 OR done <= total)", name="done_within_total"),
        CheckConstraint("(state = 'running') = (worker <> '')", name="worker_while_running"),
        Index("ix_job_state_run_at", "state", "run_at"),
        Index(
            "uq_job_waiting_key",
            "key",
            unique=True,
            sqlite_where=_ONE_WAITING,
            postgresql_where=_ONE_WAITING,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str]  # of the registry in app/jobs
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str] = mapped_column(default="", index=True)  # one waiting of a key; empty: any
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)  # owner
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=now)
    run_at: Mapped[datetime | None]  # not before; None: at once
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[int] = mapped_column(default=0)  # goes up with each; an older one writes nothing
    worker: Mapped[str] = mapped_column(default="")  # who runs it
    beats: Mapped[int] = mapped_column(default=0)  # signs of life, so that no clock has to be right
    heartbeat_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)  # of `total`, in the handler's own unit
    total: Mapped[int] = mapped_column(default=0)  # 0: not known
    is_cancel_wanted: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the last: code and details
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)  # `address`: the page to open


class Worker(Base):
    """A process that runs jobs; its row goes when it ends in order."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(primary_key=True)  # machine, process and a random part
    started_at: Mapped[datetime] = mapped_column(default=now)
    heartbeat_at: Mapped[datetime] = mapped_column(default=now, index=True)


class PeriodicAct(Base):
    """When something that is done again and again was last put into the queue."""

    __tablename__ = "periodic_act"

    kind: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime | None]
