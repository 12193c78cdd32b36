"""Reminders go to those concerned and to nobody else, and each is logged."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import CollectionClosedError, InvalidInputError, NotFoundError
from app.models.account import Account, Role
from app.models.audit import Act
from app.models.base import now
from app.models.collection import Collection
from app.models.message import Message
from app.services.reminders import (
    cancel,
    concerned,
    plan,
    reminders_of,
    send_now,
    send_planned,
)
from tests import make

NUMBER = "2018-045"


@pytest.fixture
def reviewer(session: Session) -> Account:
    return make.make_account(session, Role.REVIEWER)


@pytest.fixture
def collection(session: Session) -> Collection:
    """Return a collection in which Jordan has signed, and Kenya and Jordan have people."""
    collection = make.make_collection(session)
    make.make_revision(session, make.make_submission(session, "JOR", collection))
    make.make_account(session, party="KEN", email="one@example.org")
    make.make_account(session, party="KEN", email="two@example.org")
    gone = make.make_account(session, party="KEN", email="gone@example.org")
    gone.deactivated_at = now()
    make.make_account(session, Role.READER, "KEN", email="reader@example.org")
    return collection


def sent_to(session: Session) -> set[str]:
    session.flush()
    return set(session.scalars(select(Message.recipient)))


def test_only_those_who_have_signed_nothing_are_reminded(
    session: Session, collection: Collection, reviewer: Account
) -> None:
    assert len(concerned(session, collection)) == 195
    sent = send_now(session, collection, f" {NUMBER} ", reviewer)
    assert sent_to(session) == {"one@example.org", "two@example.org"}
    assert {(p.submission_id, p.people) for p in sent.parties if p.people} == {
        (make.make_submission(session, "KEN", collection).id, 2)
    }
    assert len(sent.parties) == 195
    assert (sent.notification, collection.notification) == (NUMBER, NUMBER)
    kinds = set(session.scalars(select(Message.kind)))
    assert kinds == {"reminder_due"}


def test_without_a_due_date_the_mail_names_none(session: Session, reviewer: Account) -> None:
    collection = make.make_collection(session, due_on=None)
    make.make_account(session)
    send_now(session, collection, NUMBER, reviewer)
    assert set(session.scalars(select(Message.kind))) == {"reminder"}


def test_a_planned_reminder_is_sent_once_to_those_concerned_on_its_day(
    session: Session, collection: Collection, reviewer: Account
) -> None:
    day = now().date() + timedelta(days=3)
    plan(session, collection, NUMBER, day, reviewer)
    assert send_planned(session, day - timedelta(days=1)) == 0
    make.make_revision(session, make.make_submission(session, "KEN", collection))
    assert send_planned(session, day + timedelta(days=1)) == 1
    assert sent_to(session) == set(), "Kenya has signed meanwhile"
    assert send_planned(session, day + timedelta(days=2)) == 0
    assert [len(r.parties) for r in reminders_of(session, collection)] == [194]
    acts = session.scalars(
        select(Act).where(Act.action.like("%remind%")).order_by(Act.number)
    ).all()
    assert [act.action for act in acts] == ["remind", "send_reminder"]
    assert acts[0].details["planned_on"] == day.isoformat()
    assert (acts[1].details["parties"], acts[1].details["people"]) == (194, 0)


def test_nobody_is_reminded_of_what_is_closed(
    session: Session, collection: Collection, reviewer: Account
) -> None:
    plan(session, collection, NUMBER, now().date(), reviewer)
    collection.closed_at = now()
    assert send_planned(session, now().date()) == 1
    assert sent_to(session) == set()
    with pytest.raises(CollectionClosedError):
        send_now(session, collection, NUMBER, reviewer)


@pytest.mark.parametrize("number", ["", "  ", "9" * 41])
def test_a_reminder_quotes_a_notification(
    session: Session, collection: Collection, reviewer: Account, number: str
) -> None:
    with pytest.raises(InvalidInputError):
        send_now(session, collection, number, reviewer)


def test_a_day_has_one_reminder_and_lies_ahead(
    session: Session, collection: Collection, reviewer: Account
) -> None:
    day = now().date() + timedelta(days=1)
    plan(session, collection, NUMBER, day, reviewer)
    for wrong in (day, date(2001, 1, 1)):
        with pytest.raises(InvalidInputError):
            plan(session, collection, NUMBER, wrong, reviewer)


def test_a_planned_reminder_is_dropped_and_a_sent_one_is_not(
    session: Session, collection: Collection, reviewer: Account
) -> None:
    planned = plan(session, collection, NUMBER, now().date(), reviewer)
    cancel(session, collection, planned.id, reviewer)
    assert list(reminders_of(session, collection)) == []
    sent = send_now(session, collection, NUMBER, reviewer)
    with pytest.raises(NotFoundError):
        cancel(session, collection, sent.id, reviewer)
