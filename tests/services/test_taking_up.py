"""A Party takes a query up: a revision in which only what was asked about can be changed."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import AnswerLockedError, WrongStatusError
from app.forms.definition import Form
from app.forms.places import Place
from app.models.account import Account
from app.models.operation import State
from app.models.query import Query
from app.models.submission import Submission
from app.services import submissions
from app.services.batches import Batch
from app.services.operations import answer
from app.services.queries import Asked, ask, take_up
from app.services.row_operations import add_row, move_row, remove_row

START = Place("start")
THING = Place("list", (("things", "one"),))
DOCUMENT: dict[str, Any] = {
    "kind": "a",
    "things": [
        {"row": "one", "answers": {"thing_name": "Lamp"}},
        {"row": "two", "answers": {"thing_name": "Chair"}},
    ],
}


@pytest.fixture
def signed(
    two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> Submission:
    """Return Kenya's submission with one signed revision."""
    desk = (two_parties, kenya, short_form)
    submissions.replace_document(*desk, DOCUMENT, drafter)
    submissions.send_for_sign_off(*desk, drafter)
    submissions.sign(*desk, drafter, "en")
    return kenya


@pytest.fixture
def query(two_parties: Session, signed: Submission, short_form: Form, drafter: Account) -> Query:
    """Return a query about one answer in a row."""
    asked = Asked(place=THING, question="thing_name", text="Which lamp?", language="en")
    return ask(two_parties, signed, short_form, asked, drafter)


def batch_of(session: Session, submission: Submission, form: Form, drafter: Account) -> Batch:
    return submissions.drafting(session, submission, form, drafter)


def test_only_what_was_asked_about_can_be_changed(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account, query: Query
) -> None:
    take_up(two_parties, signed, short_form, [query], drafter)
    batch = batch_of(two_parties, signed, short_form, drafter)
    changed = answer(batch, THING, {"thing_name": "Desk lamp"})
    locked = answer(batch, START, {"kind": "b"})
    same = answer(batch, START, {"kind": "a"})
    batch.save()
    assert [outcome.state for outcome in (*changed, *locked, *same)] == [
        State.APPLIED,
        State.LOCKED,
        None,
    ]
    document = submissions.draft_document(short_form, signed)
    assert document["kind"] == "a"
    assert document["things"][0]["answers"] == {"thing_name": "Desk lamp"}
    kept = [op.after for op in batch.written if op.state is State.LOCKED]
    assert kept == ["b"], "what was typed is in the history"


def test_rows_that_nobody_asked_about_stay(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account, query: Query
) -> None:
    take_up(two_parties, signed, short_form, [query], drafter)
    batch = batch_of(two_parties, signed, short_form, drafter)
    other = Place("list", (("things", "two"),))
    with pytest.raises(AnswerLockedError):
        remove_row(batch, other)
    with pytest.raises(AnswerLockedError):
        move_row(batch, other, -1)
    with pytest.raises(AnswerLockedError):
        add_row(batch, Place("list", (("things", "three"),)))
    with pytest.raises(AnswerLockedError):
        submissions.replace_document(two_parties, signed, short_form, {"kind": "b"}, drafter)


def test_what_was_signed_stays_until_the_change_is_signed(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account, query: Query
) -> None:
    take_up(two_parties, signed, short_form, [query], drafter)
    assert signed.revisions[-1].number == 1
    batch = batch_of(two_parties, signed, short_form, drafter)
    answer(batch, THING, {"thing_name": "Desk lamp"})
    batch.save()
    submissions.send_for_sign_off(two_parties, signed, short_form, drafter)
    with pytest.raises(WrongStatusError):
        take_up(two_parties, signed, short_form, [query], drafter)
    second = submissions.sign(two_parties, signed, short_form, drafter, "en")
    said = submissions.signed_document(second)
    assert [row["answers"]["thing_name"] for row in said["things"]] == ["Desk lamp", "Chair"]
    assert query.revision == 1


def test_a_second_query_and_then_everything_is_unlocked(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account, query: Query
) -> None:
    take_up(two_parties, signed, short_form, [query], drafter)
    asked = Asked(place=START, question="kind", text="Which kind?", language="en")
    second = ask(two_parties, signed, short_form, asked, drafter)
    take_up(two_parties, signed, short_form, [second], drafter)
    batch = batch_of(two_parties, signed, short_form, drafter)
    assert answer(batch, START, {"kind": "b"})[0].state is State.APPLIED
    assert not batch.is_unlocked(Place("list", (("things", "two"),)), "thing_name")
    batch.save()
    submissions.unlock(signed, drafter)
    batch = batch_of(two_parties, signed, short_form, drafter)
    assert batch.is_unlocked(Place("list", (("things", "two"),)), "thing_name")
    assert [e.action for e in signed.events if e.action == "unlock"] == ["unlock", "unlock"]


def test_a_query_about_a_section_unlocks_all_that_stands_in_it(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account
) -> None:
    asked = Asked(place=Place("list"), question="", text="All of them?", language="en")
    take_up(
        two_parties,
        signed,
        short_form,
        [ask(two_parties, signed, short_form, asked, drafter)],
        drafter,
    )
    batch = batch_of(two_parties, signed, short_form, drafter)
    remove_row(batch, THING)
    add_row(batch, Place("list", (("things", "three"),)))
    assert answer(batch, START, {"kind": "b"})[0].state is State.LOCKED
    batch.save()
