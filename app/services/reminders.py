"""Reminders to the Parties that have not submitted, and to no others; each is logged."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.errors import CollectionClosedError, InvalidInputError, NotFoundError
from app.models.account import Account
from app.models.base import now, today
from app.models.collection import Collection
from app.models.counting import latest
from app.models.reminder import RemindedParty, Reminder
from app.models.submission import Submission
from app.services.acts import record_act
from app.services.collections import is_open
from app.services.outbox import post_to
from app.services.people import WRITING, active_people

REMINDER = "reminder"  # kinds of mail
REMINDER_DUE = "reminder_due"
LONGEST_NUMBER = 40  # characters of a notification's number


def concerned(session: Session, collection: Collection) -> list[Submission]:
    """Return the submissions of those asked that have nothing signed, in order of Party code."""
    found = session.scalars(
        select(Submission)
        .where(Submission.collection_code == collection.code)
        .options(selectinload(Submission.revisions))
        .order_by(Submission.party_code)
    )
    return [submission for submission in found if latest(submission) is None]


def people_of(session: Session, parties: Iterable[str]) -> dict[str, list[Account]]:
    """Return, by Party code, the people to write to; a Party without any is not there."""
    found: dict[str, list[Account]] = {}
    for account in active_people(session, *parties, roles=WRITING):
        found.setdefault(account.party_code or "", []).append(account)
    return found


def mail_of(
    collection: Collection, notification: str, submission: str
) -> tuple[str, dict[str, str]]:
    """Return kind and details of the mail that a reminder sends."""
    details = {
        "collection": collection.code,
        "notification": notification,
        "submission": submission,
    }
    if collection.due_on is None:
        return REMINDER, details
    return REMINDER_DUE, {**details, "due_on": collection.due_on.isoformat()}


def send_now(
    session: Session, collection: Collection, notification: str, account: Account
) -> Reminder:
    """Remind everybody concerned at once.

    notification   the number by which Parties were notified, which the mail quotes
    Raises CollectionClosedError; InvalidInputError for a number that is empty or too long, and
    when nobody is concerned.
    """
    reminder = _made(session, collection, notification, account)
    if not concerned(session, collection):
        raise InvalidInputError(parameter="parties", value="", allowed="somebody to remind")
    _send(session, reminder)
    return reminder


def plan(
    session: Session, collection: Collection, notification: str, day: date, account: Account
) -> Reminder:
    """Have everybody reminded who is still concerned on *day*; raise as `send_now` does.

    InvalidInputError also for a day before today, or that has a reminder already.
    """
    planned = {r.planned_on for r in reminders_of(session, collection) if r.sent_at is None}
    if day < today() or day in planned:
        raise InvalidInputError(parameter="day", value=str(day), allowed="a later day")
    return _made(session, collection, notification, account, day)


def cancel(session: Session, collection: Collection, reminder_id: str, account: Account) -> None:
    """Drop a planned reminder; raise NotFoundError when it is none, or was sent."""
    found = session.get(Reminder, reminder_id, with_for_update=True)
    is_here = found is not None and found.collection_code == collection.code
    if found is None or not is_here or found.sent_at is not None:
        raise NotFoundError(what="reminder", code=reminder_id)
    session.delete(found)
    act = ("collection", collection.code, "cancel_reminder")
    record_act(session, *act, account, reminder=reminder_id)


def send_planned(session: Session, day: date) -> int:
    """Send the reminders whose day has come, each once; return how many. For the worker."""
    due = session.scalars(
        select(Reminder)
        .where(Reminder.sent_at.is_(None), Reminder.planned_on <= day)
        .order_by(Reminder.planned_on, Reminder.id)
        .with_for_update(skip_locked=True)
    ).all()
    for reminder in due:
        _send(session, reminder)
    return len(due)


def reminders_of(session: Session, collection: Collection) -> Sequence[Reminder]:
    """Return the reminders of a collection, the last one made first."""
    return session.scalars(
        select(Reminder)
        .where(Reminder.collection_code == collection.code)
        .options(selectinload(Reminder.parties), joinedload(Reminder.account))
        .order_by(Reminder.id.desc())
    ).all()


def _made(
    session: Session,
    collection: Collection,
    notification: str,
    account: Account,
    day: date | None = None,
) -> Reminder:
    notification = notification.strip()
    if not is_open(collection):
        raise CollectionClosedError(collection=collection.code)
    if not notification or len(notification) > LONGEST_NUMBER:
        allowed = f"1 to {LONGEST_NUMBER} characters"
        raise InvalidInputError(parameter="notification", value=notification, allowed=allowed)
    collection.notification = notification
    reminder = Reminder(
        collection=collection,
        notification=notification,
        account_id=account.id,
        planned_on=day,
    )
    session.add(reminder)
    session.flush()
    record_act(
        *(session, "collection", collection.code, "remind", account),
        reminder=reminder.id,
        notification=notification,
        planned_on=day.isoformat() if day else None,
    )
    return reminder


def _send(session: Session, reminder: Reminder) -> None:
    """Post a mail to each person of the Parties concerned, and log to how many; closed: to none."""
    reminder.sent_at = now()
    if not is_open(reminder.collection):
        return
    submissions = concerned(session, reminder.collection)
    people = people_of(session, (submission.party_code for submission in submissions))
    for submission in submissions:
        kind, details = mail_of(reminder.collection, reminder.notification, submission.id)
        persons = people.get(submission.party_code, [])
        for person in persons:
            post_to(session, person, kind, **details)
        reminder.parties.append(RemindedParty(submission_id=submission.id, people=len(persons)))
    session.flush()
    record_act(
        *(session, "collection", reminder.collection_code, "send_reminder", None),
        reminder=reminder.id,
        parties=len(submissions),
        people=sum(party.people for party in reminder.parties),
    )
