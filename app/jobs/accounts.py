"""Work on accounts that a request leaves to the worker."""

from sqlalchemy.orm import Session

from app.jobs.running import RunningJob
from app.services.resets import send_reset_link


def send_link(session: Session, job: RunningJob) -> None:
    """Look for the account of an e-mail address, and send it a link to set a password."""
    send_reset_link(session, job.arguments["email"])
