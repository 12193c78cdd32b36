"""What a Party does with its submission, on a real database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import (
    CollectionClosedError,
    InvalidAnswersError,
    NotFoundError,
    WrongStatusError,
)
from app.forms.definition import Form
from app.forms.places import Place
from app.models.account import Account
from app.models.base import now
from app.models.counting import revision_at
from app.models.operation import Operation
from app.models.submission import Revision, Submission
from app.receipts import FIRST, canonical, chain
from app.services import submissions
from app.services.collections import close_collection
from app.services.submissions import standing
from app.workflow import Status, status_of

START = Place("start")
THING = Place("list", (("things", "one"),))
NOTE = THING.child("notes", "n1")
DOCUMENT: dict[str, Any] = {
    "kind": "a",
    "things": [{"row": "one", "answers": {"thing_name": "Lamp"}}],
}


class Desk:
    """Somebody at work on one submission, so that a test can say what they do in a line."""

    def __init__(
        self, session: Session, submission: Submission, form: Form, account: Account
    ) -> None:
        self.session, self.submission, self.form, self.account = session, submission, form, account

    def save(self, place: Place, **answers: object) -> None:
        submissions.save_place(
            self.session, self.submission, self.form, place, answers, self.account
        )

    def replace(self, document: dict[str, Any]) -> None:
        submissions.replace_document(
            self.session, self.submission, self.form, document, self.account
        )

    def send(self) -> None:
        submissions.send_for_sign_off(self.session, self.submission, self.form, self.account)

    def sign(self) -> Revision:
        self.send()
        return submissions.sign(self.session, self.submission, self.form, self.account, "en")

    def revise(self) -> None:
        submissions.revise(self.session, self.submission, self.form, self.account)

    def draft(self) -> dict[str, Any]:
        """Read the draft as the next request will: from the database."""
        self.session.flush()
        self.session.expire_all()
        return dict(submissions.draft_document(self.form, self.submission))

    def status(self) -> Status:
        return status_of(standing(self.submission))


@pytest.fixture
def desk(two_parties: Session, kenya: Submission, short_form: Form, drafter: Account) -> Desk:
    return Desk(two_parties, kenya, short_form, drafter)


def test_before_anything_is_typed_there_is_an_empty_draft(desk: Desk) -> None:
    assert desk.status() is Status.DRAFT
    assert desk.draft() == {}


def test_a_save_changes_what_was_typed_and_nothing_else(desk: Desk) -> None:
    desk.save(START, kind="a", year="1999")
    desk.save(START, year=None)
    desk.save(THING, thing_name="Lamp")
    assert desk.draft() == DOCUMENT


def test_what_was_not_understood_is_kept_as_typed(desk: Desk) -> None:
    typed = {"typed": "soon", "locale": "en", "problem": "not_a_whole_number"}
    desk.save(START, year=typed)
    assert desk.draft() == {"year": typed}


def test_a_row_is_made_by_its_first_save_and_doubled_by_none(desk: Desk) -> None:
    desk.save(THING, thing_name="Lamp")
    desk.save(THING, thing_name="Lamp")
    assert [row["row"] for row in desk.draft()["things"]] == ["one"]


def test_a_row_under_a_row_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        desk.save(NOTE, note_text={"en": {"text": "Old"}})


def test_rows_keep_their_order_and_can_be_moved(desk: Desk) -> None:
    for name in ("one", "two", "three"):
        desk.save(Place("list", (("things", name),)), thing_name=name)
    last = Place("list", (("things", "three"),))
    submissions.move_row(desk.session, desk.submission, desk.form, last, -1, desk.account)
    assert [row["row"] for row in desk.draft()["things"]] == ["one", "three", "two"]
    submissions.move_row(desk.session, desk.submission, desk.form, last, 5, desk.account)
    assert [row["row"] for row in desk.draft()["things"]] == ["one", "two", "three"]


def test_a_removed_row_takes_its_own_rows_along_and_stays_in_the_history(desk: Desk) -> None:
    desk.save(THING, thing_name="Lamp")
    desk.save(NOTE, note_text={"en": {"text": "Old"}})
    submissions.remove_row(desk.session, desk.submission, desk.form, THING, desk.account)
    assert desk.draft() == {}
    told = desk.submission.events[-1].details["operations"]
    removal = desk.session.get_one(Operation, (desk.submission.id, told["last"]))
    assert set(removal.before["parts"]) == {str(THING), str(NOTE)}


def test_a_draft_with_problems_is_saved_but_neither_sent_nor_signed(desk: Desk) -> None:
    desk.replace({"year": "1999"})
    with pytest.raises(InvalidAnswersError) as caught:
        desk.send()
    problems = caught.value.details["problems"]
    assert isinstance(problems, list)
    assert {(p.question, p.code) for p in problems} >= {("kind", "required")}
    assert desk.draft() == {"year": "1999"}


def test_a_warning_is_signed_with_a_word_of_explanation(desk: Desk) -> None:
    desk.replace({**DOCUMENT, "year": "1999"})
    with pytest.raises(InvalidAnswersError):
        desk.send()
    desk.save(START, **{"recent.explanation": {"en": {"text": "So it is."}}})
    revision = desk.sign()
    assert "So it is." in revision.content


def test_a_signed_revision_holds_what_was_asked_and_chains_to_the_one_before(desk: Desk) -> None:
    desk.replace({**DOCUMENT, "reason": {"en": {"text": "Not asked now"}}})
    first = desk.sign()
    assert first.content == canonical(DOCUMENT)
    assert first.previous_hash == chain(FIRST, desk.submission.id)
    desk.revise()
    desk.save(START, kind="b")
    second = desk.sign()
    assert second.number == 2
    assert second.previous_hash == first.hash
    assert second.hash == chain(first.hash, second.content)


def test_the_signed_revision_counts_while_it_is_revised(desk: Desk) -> None:
    desk.replace(DOCUMENT)
    first = desk.sign()
    desk.revise()
    assert desk.status() is Status.IN_REVISION
    assert desk.draft() == DOCUMENT
    assert revision_at(desk.submission.revisions, now()) is first
    submissions.discard_revision(desk.session, desk.submission, desk.form, desk.account)
    assert desk.status() is Status.SUBMITTED
    assert desk.draft() == {}


def test_only_what_awaits_sign_off_can_be_signed(desk: Desk) -> None:
    desk.replace(DOCUMENT)
    with pytest.raises(WrongStatusError):
        submissions.sign(desk.session, desk.submission, desk.form, desk.account, "en")
    desk.send()
    with pytest.raises(WrongStatusError):
        desk.save(START, kind="b")
    submissions.send_back(desk.submission, desk.account, "One word more, please.")
    desk.save(START, kind="b")
    assert desk.draft()["kind"] == "b"


def test_what_is_withdrawn_counts_only_for_the_time_before(desk: Desk) -> None:
    desk.replace(DOCUMENT)
    desk.sign()
    desk.revise()
    second = desk.sign()
    before = now()
    submissions.withdraw(desk.submission, desk.account)
    assert desk.status() is Status.WITHDRAWN
    assert revision_at(desk.submission.revisions, before) is second
    assert revision_at(desk.submission.revisions, now()) is None


def test_what_was_signed_elsewhere_is_marked_and_leaves_the_draft_alone(desk: Desk) -> None:
    desk.save(START, kind="b")
    day = datetime(2018, 12, 31, tzinfo=UTC)
    revision = submissions.sign_elsewhere(
        desk.submission, desk.form, dict(DOCUMENT), desk.account, day
    )
    assert (revision.is_signed_elsewhere, revision.signed_at) == (True, day)
    assert revision.content == canonical(DOCUMENT)
    assert desk.draft() == {"kind": "b"}
    assert desk.status() is Status.IN_REVISION


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=-1)])
def test_a_revision_cannot_be_signed_before_the_one_it_follows(desk: Desk, late: timedelta) -> None:
    day = datetime(2018, 12, 31, tzinfo=UTC)
    args = (desk.submission, desk.form, dict(DOCUMENT), desk.account)
    submissions.sign_elsewhere(*args, day)
    with pytest.raises(ValueError, match="no later than"):
        submissions.sign_elsewhere(*args, day + late)
    with pytest.raises(ValueError, match="in the future"):
        submissions.sign_elsewhere(*args, now() + timedelta(days=1))


def test_a_closed_collection_takes_no_more_answers(desk: Desk) -> None:
    desk.replace(DOCUMENT)
    close_collection(desk.submission.collection)
    with pytest.raises(CollectionClosedError):
        desk.save(START, kind="b")
    with pytest.raises(CollectionClosedError):
        desk.send()


def test_every_act_leaves_a_line(desk: Desk) -> None:
    desk.save(START, kind="a")
    desk.save(START, kind="b")
    desk.save(THING, thing_name="Lamp")
    desk.sign()
    actions = [(event.number, event.action) for event in desk.submission.events]
    assert actions == [
        (1, "edit"),
        (2, "edit"),
        (3, "edit"),
        (4, "send_for_sign_off"),
        (5, "sign"),
    ]
