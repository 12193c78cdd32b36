"""Every act on a submission leaves one line in its audit trail, chained to the line before."""

from datetime import datetime, timedelta

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, object_session

from app.models.account import Account
from app.models.base import now
from app.models.submission import Event, Submission
from app.receipts import FIRST, canonical, digest, link, timestamp


def record(submission: Submission, action: str, account: Account, **details: object) -> Event:
    """Add and return an event; *details* are JSON and say what people will want to know later.

    It is chained to the event before by the head that the submission's row keeps: no other event
    is read. Whoever writes holds that row, so that no two events take the same number.
    """
    session = _session_of(submission)
    at, aside = next_moment(submission.head_at)
    event = Event(
        submission_id=submission.id,
        number=submission.head_number + 1,
        at=at,
        account_id=account.id,
        action=str(action),
        details=details | aside,
        previous_hash=submission.head_hash or FIRST,
    )
    event.hash = link(event.previous_hash, event_facts(event))
    session.add(event)
    submission.head_number, submission.head_hash = event.number, event.hash
    submission.head_at = event.at
    session.expire(submission, ["events"])  # a list that was read before lacks this one
    return event


def text_hash(text: str, language: str) -> str:
    """Return the hash by which an event knows again what somebody said; the text is not in it."""
    return digest(canonical([language, text]))


def event_facts(event: Event) -> dict[str, object]:
    """Return what the hash of an event covers beside the hash before it."""
    return {
        "submission": event.submission_id,
        "number": event.number,
        "at": timestamp(event.at),
        "account": event.account_id,
        "action": event.action,
        "details": event.details,
    }


def next_moment(last: datetime | None) -> tuple[datetime, dict[str, object]]:
    """Return a moment after *last* for the next line, and what to tell of the clock in its details.

    That is the server's clock; if the clock was put back, the moment just after *last*, and the
    details say what the clock said: time in a chain only goes forward.
    """
    reading = now()
    if last is None or reading > last:
        return reading, {}
    return last + timedelta(microseconds=1), {"clock": timestamp(reading)}


def last_event(session: Session, submission: Submission) -> Event | None:
    """Return the event that happened last, or None."""
    if not submission.head_number:
        return None
    session.flush()
    return session.get(Event, (submission.id, submission.head_number))


def latest_events(session: Session, submission: Submission, limit: int) -> list[Event]:
    """Return at most *limit* events, the last one first."""
    return list(
        session.scalars(
            select(Event)
            .where(Event.submission_id == submission.id)
            .order_by(Event.number.desc())
            .limit(limit)
        )
    )


def _session_of(submission: Submission) -> Session:
    session = object_session(submission)
    if session is None:
        raise ValueError("an event on a submission that is in no session")
    if not inspect(submission).persistent:
        session.flush()  # gives it its id
    return session
