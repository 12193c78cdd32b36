"""Sending one mail of the outbox: read it, word it, send it, and forget its details.

The database is not held while the mail server is spoken to. A worker that dies between the server's
"accepted" and our commit sends the mail again, with the same Message-ID: programs show it once.
"""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from flask import current_app
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.jobs.delivery import deliver
from app.jobs.outcome import GiveUpError, ProblemError, problem_of
from app.jobs.running import RunningJob
from app.models.message import Message, MessageState
from app.models.sealed import Unreadable
from app.wording.mails import worded


def send_mail(session: Session, job: RunningJob) -> None:
    """Send the message of the job's arguments, if it still waits."""
    message_id = job.arguments["message"]
    try:
        with job.reading() as reading:
            message = reading.get(Message, message_id)
            if message is None or message.state is not MessageState.WAITING:
                return
            mail = compose(message)
        deliver(mail, message_id)
    except ProblemError as error:
        _note_failure(session, message_id, error, is_last=job.is_last)
        raise
    sent = session.get_one(Message, message_id)
    sent.state, sent.sent_at = MessageState.SENT, job.clock()
    sent.attempts += 1
    sent.details, sent.problem = {}, {}


def compose(message: Message) -> EmailMessage:
    """Return the mail as it is sent; the same each time.

    Raises GiveUpError when it cannot be worded: the key of its details was changed, a kind that is
    not known, a detail that is missing.
    """
    if isinstance(message.details, Unreadable):
        raise GiveUpError("mail.unreadable")
    sender = current_app.config["MAIL_FROM"]
    try:
        said = worded(
            message.kind, message.language, message.details, current_app.config["PUBLIC_URL"]
        )
    except NotFoundError as error:
        raise GiveUpError("mail.not_worded", missing=error.details["code"]) from error
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.recipient
    mail["Subject"] = said.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(said.body)  # which takes away all Content-… there was
    mail["Content-Language"] = said.tag
    return mail


def _note_failure(session: Session, message_id: str, error: ProblemError, *, is_last: bool) -> None:
    """Keep why a mail was not sent, before the job is tried again or fails."""
    message = session.get_one(Message, message_id)
    message.attempts += 1
    message.problem = problem_of(error)
    if error.is_final or is_last:
        message.state = MessageState.FAILED
    session.commit()
