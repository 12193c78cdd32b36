"""What the worker does for itself: no mail is forgotten, and what is over does not pile up."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, literal, select
from sqlalchemy.orm import Session

from app.jobs.running import RunningJob
from app.models.job import Job, JobState, Worker
from app.models.message import Message, MessageState
from app.services.jobs import ENDED
from app.services.outbox import SEND, key_of, queue

MOST_AT_ONCE: Final = 500  # mails in one transaction
KEEP_UNSENT: Final = timedelta(days=14)  # what a mail would say; every link in it is older by then
KEEP_ENDED: Final = timedelta(days=30)
KEEP_SILENT_WORKERS: Final = timedelta(days=1)


def sweep_outbox(session: Session, job: RunningJob) -> None:
    """Give every mail that waits a job; let those fail whose job did; forget what is too old."""
    waiting = select(Message).where(
        Message.state == MessageState.WAITING, ~_has_job(JobState.WAITING, JobState.RUNNING)
    )
    for message in session.scalars(waiting.limit(MOST_AT_ONCE)).all():
        failed = session.scalars(
            select(Job)
            .where(Job.key == key_of(message.id), Job.state == JobState.FAILED)
            .order_by(Job.id.desc())
        ).first()
        if failed is None:
            queue(session, message)
        else:
            message.state, message.problem = MessageState.FAILED, failed.problem
    _forget_old(session, job)


def tidy_jobs(session: Session, job: RunningJob) -> None:
    """Delete jobs that ended long ago, and what killed workers left behind."""
    at = job.clock()
    session.execute(delete(Job).where(Job.state.in_(ENDED), Job.finished_at < at - KEEP_ENDED))
    session.execute(delete(Worker).where(Worker.heartbeat_at < at - KEEP_SILENT_WORKERS))


def _has_job(*states: JobState) -> ColumnElement[bool]:
    key = literal(f"{SEND}:").concat(Message.id)
    return select(Job.id).where(Job.key == key, Job.state.in_(states)).exists()


def _forget_old(session: Session, job: RunningJob) -> None:
    old = select(Message).where(
        Message.state.in_([MessageState.WAITING, MessageState.FAILED]),
        Message.created_at < job.clock() - KEEP_UNSENT,
        Message.problem["code"].as_string().is_distinct_from("mail.too_old"),
    )
    for message in session.scalars(old.limit(MOST_AT_ONCE)).all():
        message.state = MessageState.FAILED
        message.details = {}
        message.problem = {"code": "mail.too_old", "details": {}}
