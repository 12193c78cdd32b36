"""The outbox: a mail is a row of the same transaction as what it tells of, and a job to send it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, NotFoundError, WrongJobStateError
from app.models.account import Account
from app.models.job import Job, JobState
from app.models.message import Message, MessageState
from app.models.submission import Submission
from app.services.acts import record_act
from app.services.jobs import SHOWN, add_job

SEND: Final = "send_mail"  # the kind of job that sends one
_ADDRESS: Final = re.compile(r"[^@\s<>,;\"\\\x00-\x20]+@[^@\s<>,;\"\\\x00-\x20]+")


def post(
    session: Session, *, to: str, kind: str, language: str, details: Mapping[str, object]
) -> Message:
    """Have a mail sent once the caller's transaction is committed.

    to        one e-mail address; raises InvalidInputError for anything else
    kind      of the registry in `app/wording/mail_texts.py`, which says what details it needs
    language  of the reader; empty: English
    details   text and whole numbers; a name ending in `_on` is an ISO 8601 day, in `_at` a moment.
              They are sealed in the database, and emptied once the mail is sent.
    """
    if not _ADDRESS.fullmatch(to):
        raise InvalidInputError(parameter="to", value=to, allowed="an e-mail address")
    message = Message(recipient=to, kind=kind, language=language or "en", details=dict(details))
    session.add(message)
    session.flush()
    queue(session, message)
    return message


def post_to(session: Session, person: Account, kind: str, **details: object) -> Message:
    """Have a mail sent to *person*, in the language of their pages."""
    return post(session, to=person.email, kind=kind, language=person.language, details=details)


def post_about(
    session: Session, submission: Submission, person: Account, kind: str, **details: object
) -> Message:
    """Have a mail about *submission* sent to *person*; it is named in the details."""
    which = {"submission": submission.id, "collection": submission.collection_code}
    return post_to(session, person, kind, **which, **details)


def queue(session: Session, message: Message) -> Job:
    """Have the worker send *message*, which waits; one job per message."""
    return add_job(session, SEND, {"message": message.id}, key=key_of(message.id))


def key_of(message_id: str) -> str:
    """Return the key of the jobs that send this message."""
    return f"{SEND}:{message_id}"


def message_by_id(session: Session, message_id: str) -> Message:
    """Return a mail; raise NotFoundError."""
    found = session.get(Message, message_id)
    if found is None:
        raise NotFoundError(what="mail", code=message_id)
    return found


def newest_messages(session: Session) -> Sequence[Message]:
    """Return the mails to show, the newest first."""
    return session.scalars(select(Message).order_by(Message.id.desc()).limit(SHOWN)).all()


def count_messages(session: Session) -> dict[MessageState, int]:
    """Return how many mails there are of each state."""
    counts = dict.fromkeys(MessageState, 0)
    for state, count in session.execute(
        select(Message.state, func.count()).group_by(Message.state)
    ):
        counts[state] = count
    return counts


def send_again(session: Session, message: Message, by: Account) -> None:
    """Try a mail anew that failed.

    Raises WrongJobStateError if it did not fail, or if what it would say is gone.
    """
    if message.state is not MessageState.FAILED or not message.details:
        raise WrongJobStateError(state=message.state.value)
    message.state = MessageState.WAITING
    message.problem = {}
    message.attempts = 0
    queue(session, message)
    record_act(session, "platform", "canopy", "send_mail_again", by, mail=message.id)


def do_not_send(session: Session, message: Message, by: Account) -> None:
    """Give up a mail that waits or failed, and forget what it would say."""
    if message.state not in {MessageState.WAITING, MessageState.FAILED}:
        raise WrongJobStateError(state=message.state.value)
    message.state = MessageState.CANCELLED
    message.details = {}
    waiting = select(Job).where(Job.key == key_of(message.id), Job.state == JobState.WAITING)
    for job in session.scalars(waiting):
        job.state = JobState.CANCELLED
    record_act(session, "platform", "canopy", "drop_mail", by, mail=message.id)
