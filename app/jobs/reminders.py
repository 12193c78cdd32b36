"""Reminders that were planned for a day."""

from sqlalchemy.orm import Session

from app.jobs.running import RunningJob
from app.services.delegates import remind_before_due
from app.services.reminders import send_planned


def send_reminders(session: Session, job: RunningJob) -> None:
    """Send those whose day has come, by the clock of the job, in UTC."""
    send_planned(session, job.clock().date())


def remind_delegates(session: Session, job: RunningJob) -> None:
    """Remind those whose due date is near, by the clock of the job, in UTC."""
    remind_before_due(session, job.clock().date())
