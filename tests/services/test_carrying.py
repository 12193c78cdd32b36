"""What a Party said last time, and says of it now: taken over, changed, undone, signed, checked."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.forms.carrying import Carry, Kept, given_up, rows_left, said_at
from app.forms.definition import Form
from app.forms.places import Place, container_in, elements_at
from app.models.account import Account, Role
from app.models.operation import Cause, Kind, Operation, State
from app.models.submission import Revision, Submission
from app.services import carrying, submissions
from app.services.accounts import add_account
from app.services.audit_signed import check_signed
from app.services.batches import HERE, Outcome, Sent
from app.services.carrying import LastTime, carried_marks, chosen_in
from app.services.collections import open_collection
from app.services.draft_history import last_own, undo
from app.services.submissions import draft_document, drafting
from tests.services.conftest import FORMS

PLAN, LIST = Place("plan"), Place("list")
LAMP = LIST.child("acts", "lamp")
STEP = LAMP.child("steps", "first")
THEN: dict[str, Any] = {
    "has_plan": "have",
    "story": {"en": {"text": "Slowly."}},
    "area": "12",
    "colour": "Green",
    "acts": [
        {
            "row": "lamp",
            "answers": {
                "act_name": "Lamps",
                "moved_in": "It moves",
                "steps": [{"row": "first", "answers": {"step_name": "Buy"}}],
            },
        },
        {"row": "tree", "answers": {"act_name": "Trees"}},
    ],
}


class Desk:
    """Somebody at work on the draft of this time."""

    def __init__(self, session: Session, submission: Submission, account: Account) -> None:
        self.session, self.submission, self.account = session, submission, account
        opened = submission.collection
        self.form = FORMS.load(opened.form, opened.form_version)

    @property
    def last(self) -> LastTime:
        found = carrying.last_time(self.session, self.submission, FORMS, "en")
        assert found is not None
        return found

    def carry(
        self,
        what: Carry,
        *questions: str,
        place: Place = PLAN,
        since: int | None = None,
        by: Account | None = None,
    ) -> list[Outcome]:
        batch = drafting(
            self.session, self.submission, self.form, by or self.account, Cause.CARRIED
        )
        found = carrying.carry(
            batch, self.last, place, questions, what, since=since, sent=Sent(page="p")
        )
        batch.save("carry")
        return found

    def bring(self, what: Carry, place: Place) -> list[Place]:
        batch = drafting(self.session, self.submission, self.form, self.account, Cause.CARRIED)
        came = carrying.bring_over(batch, self.last, place, what, sent=HERE)
        batch.save("carry")
        return came

    def type(self, place: Place = PLAN, by: Account | None = None, **answers: object) -> None:
        submissions.save_place(
            self.session, self.submission, self.form, place, answers, by or self.account
        )

    def undo(self) -> Outcome:
        found = last_own(self.session, self.submission, self.account)
        assert found is not None
        batch = drafting(self.session, self.submission, self.form, self.account, Cause.UNDONE)
        outcome = undo(batch, found)
        batch.save("undo")
        return outcome

    def sign(self) -> Revision:
        submissions.send_for_sign_off(self.session, self.submission, self.form, self.account)
        return submissions.sign(self.session, self.submission, self.form, self.account, "en")

    def draft(self) -> dict[str, Any]:
        self.session.expire_all()
        return draft_document(self.form, self.submission)

    def says(self) -> dict[tuple[str, str], str]:
        found = chosen_in(self.session, self.submission)
        return {key: chosen.carry.value for key, chosen in found.items()}


def opened(session: Session, code: str, form: Form, year: int) -> Submission:
    open_collection(session, code, form, opens_on=date(year, 1, 1))
    return session.query(Submission).filter_by(collection_code=code, party_code="KEN").one()


@pytest.fixture
def then(two_parties: Session, drafter: Account) -> Submission:
    """Kenya has signed the form in 2014."""
    form = FORMS.load("again", 1)
    submission = opened(two_parties, "then", form, 2014)
    submissions.replace_document(two_parties, submission, form, THEN, drafter)
    submissions.send_for_sign_off(two_parties, submission, form, drafter)
    submissions.sign(two_parties, submission, form, drafter, "en")
    return submission


@pytest.fixture
def desk(two_parties: Session, then: Submission, drafter: Account) -> Desk:
    """The same form is open again."""
    now = opened(two_parties, "now", FORMS.load("again", 1), 2020)
    return Desk(two_parties, now, drafter)


@pytest.fixture
def newer(two_parties: Session, then: Submission, drafter: Account) -> Desk:
    """Version 2 of the form is open."""
    return Desk(two_parties, opened(two_parties, "now", FORMS.load("again", 2), 2020), drafter)


def test_nothing_is_taken_over_by_itself(desk: Desk) -> None:
    assert desk.draft() == {}
    assert desk.says() == {}
    assert desk.last.collection == "then"
    assert desk.last.document == THEN


def test_last_time_is_the_latest_earlier_collection_that_stands(
    desk: Desk, then: Submission
) -> None:
    session = desk.session
    between = opened(session, "between", FORMS.load("again", 1), 2017)
    later = opened(session, "later", FORMS.load("again", 1), 2023)
    for submission in (between, later):
        submissions.replace_document(session, submission, desk.form, THEN, desk.account)
        submissions.send_for_sign_off(session, submission, desk.form, desk.account)
        submissions.sign(session, submission, desk.form, desk.account, "en")
    assert desk.last.submission == between.id
    submissions.withdraw(between, desk.account)
    assert desk.last.submission == then.id
    submissions.withdraw(then, desk.account)
    assert carrying.last_time(session, desk.submission, FORMS, "en") is None


def test_what_another_party_or_a_demonstration_said_is_no_last_time(
    desk: Desk, then: Submission
) -> None:
    session = desk.session
    jordan = session.query(Submission).filter_by(collection_code="now", party_code="JOR").one()
    assert carrying.last_time(session, jordan, FORMS, "en") is None
    then.collection.is_synthetic = True
    assert carrying.last_time(session, desk.submission, FORMS, "en") is None


def test_still_true_takes_the_answer_over_and_says_so(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "story")
    assert desk.draft() == {"story": THEN["story"]}
    assert desk.says() == {("plan", "story"): "still_true"}
    brought, said = desk.session.query(Operation).filter_by(submission_id=desk.submission.id)
    assert (brought.kind, brought.cause) == (Kind.ANSWER, Cause.CARRIED)
    assert (said.kind, said.id) == (Kind.CARRY, brought.id)
    assert said.after["collection"] == "then"


def test_still_true_replaces_what_was_typed_and_the_history_keeps_it(desk: Desk) -> None:
    desk.type(area="40")
    desk.carry(Carry.STILL_TRUE, "area")
    assert desk.draft() == {"area": "12"}
    kept = desk.session.query(Operation).filter_by(cause=Cause.CARRIED, kind=Kind.ANSWER).one()
    assert kept.before == "40"


def test_update_begins_with_the_answer_unless_something_is_typed(desk: Desk) -> None:
    desk.type(area="40")
    desk.carry(Carry.UPDATE, "area", "story")
    assert desk.draft() == {"area": "40", "story": THEN["story"]}
    assert set(desk.says().values()) == {"update"}


def test_no_longer_clears_what_was_said_and_nothing_else(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "area")
    desk.type(story={"en": {"text": "New"}})
    desk.carry(Carry.NO_LONGER, "area", "story")
    assert desk.draft() == {"story": {"en": {"text": "New"}}}
    assert set(desk.says().values()) == {"no_longer"}


def test_to_say_it_twice_changes_nothing(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "area")
    before = desk.session.query(Operation).count()
    desk.carry(Carry.STILL_TRUE, "area")
    assert desk.session.query(Operation).count() == before


def test_what_a_colleague_typed_meanwhile_clashes_and_stays(desk: Desk) -> None:
    colleague = add_account(desk.session, "c@example.org", Role.NATIONAL_AUTHORIZED_USER, "KEN")
    desk.type(area="40", by=colleague)
    (outcome,) = desk.carry(Carry.STILL_TRUE, "area", since=0)
    assert outcome.state is State.CLASH
    assert desk.draft() == {"area": "40"}
    assert desk.says() == {}


def test_what_was_not_said_cannot_be_taken_over(desk: Desk) -> None:
    for what in Carry:
        with pytest.raises(NotFoundError):
            desk.carry(what, "unheard_of")
    with pytest.raises(NotFoundError):
        desk.bring(Carry.STILL_TRUE, LIST.child("acts", "never"))
    with pytest.raises(NotFoundError):
        desk.bring(Carry.STILL_TRUE, STEP)  # its row is not there


def test_undo_takes_back_what_was_said_with_what_it_brought(desk: Desk) -> None:
    desk.type(area="40")
    desk.carry(Carry.STILL_TRUE, "area", "story")
    assert desk.undo().state is State.APPLIED
    assert desk.draft() == {"area": "40"}
    assert desk.says() == {}
    desk.undo()
    assert desk.draft() == {}


def test_undo_leaves_what_a_colleague_has_changed_since(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "area", "story")
    colleague = add_account(desk.session, "c@example.org", Role.NATIONAL_AUTHORIZED_USER, "KEN")
    desk.type(area="40", by=colleague)
    assert desk.undo().state is State.CLASH
    assert desk.draft() == {"area": "40"}
    assert desk.says() == {("plan", "area"): "still_true"}


def test_a_row_comes_over_whole_with_its_id(desk: Desk) -> None:
    acts = container_in(elements_at(desk.form, LIST), "acts")
    assert acts is not None
    old, document = desk.last.form, desk.last.document
    assert rows_left(old, desk.form, document, LIST, acts, []) == ["lamp", "tree"]
    assert desk.bring(Carry.STILL_TRUE, LAMP) == [LAMP, STEP]
    assert desk.draft() == {"acts": [THEN["acts"][0]]}
    assert desk.says()[str(LAMP), ""] == "still_true"
    assert desk.says()[str(STEP), "step_name"] == "still_true"
    assert rows_left(old, desk.form, document, LIST, acts, ["lamp"]) == ["tree"]
    assert desk.bring(Carry.STILL_TRUE, LAMP) == []


def test_a_row_that_holds_no_longer_is_kept_in_mind(desk: Desk) -> None:
    assert desk.bring(Carry.NO_LONGER, LAMP) == []
    assert desk.draft() == {}
    assert desk.says() == {(str(LAMP), ""): "no_longer"}


def test_undo_takes_a_row_back_unless_a_colleague_has_written_in_it(desk: Desk) -> None:
    desk.bring(Carry.UPDATE, LAMP)
    assert desk.undo().state is State.APPLIED
    assert desk.draft() == {}
    assert desk.says() == {}
    desk.bring(Carry.UPDATE, LAMP)
    colleague = add_account(desk.session, "c@example.org", Role.NATIONAL_AUTHORIZED_USER, "KEN")
    desk.type(STEP, step_name="Sell", by=colleague)
    assert desk.undo().state is State.CLASH
    assert "acts" in desk.draft()
    assert desk.says()[str(LAMP), ""] == "update"


def test_a_revision_knows_which_answers_are_carried(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "has_plan", "area")
    desk.carry(Carry.UPDATE, "colour")
    desk.carry(Carry.NO_LONGER, "story")
    desk.type(area="13")  # changed after all: fresh
    revision = desk.sign()
    assert revision.carried is not None
    assert set(carried_marks(revision.carried)) == {("plan", "has_plan"), ("plan", "colour")}
    assert {entry["question"]: entry["carry"] for entry in revision.carried} == {
        "area": "still_true",
        "colour": "update",
        "has_plan": "still_true",
        "story": "no_longer",
    }
    assert "is_carried" not in revision.content


def test_the_next_revision_carries_on(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "has_plan", "area")
    desk.sign()
    submissions.revise(desk.session, desk.submission, desk.form, desk.account)
    desk.type(area="13")
    assert set(carried_marks(desk.sign().carried)) == {("plan", "has_plan")}


def test_a_discarded_revision_takes_back_what_was_said_in_it(desk: Desk) -> None:
    desk.carry(Carry.STILL_TRUE, "has_plan", "area")
    desk.sign()
    submissions.revise(desk.session, desk.submission, desk.form, desk.account)
    desk.carry(Carry.NO_LONGER, "area")
    desk.carry(Carry.STILL_TRUE, "story")
    submissions.discard_revision(desk.session, desk.submission, desk.form, desk.account)
    assert desk.says() == {("plan", "area"): "still_true", ("plan", "has_plan"): "still_true"}


def test_without_a_last_time_a_revision_keeps_no_record(
    two_parties: Session, then: Submission, drafter: Account
) -> None:
    assert then.revisions[-1].carried is None


@pytest.mark.parametrize(
    "tampered",
    [
        "UPDATE revision SET carried = NULL WHERE carried IS NOT NULL",
        "UPDATE revision SET carried = '[]'",
        """UPDATE revision SET carried = '[{"place": "plan"}]'""",
    ],
)
def test_the_audit_finds_a_record_that_was_changed(desk: Desk, tampered: str) -> None:
    desk.carry(Carry.STILL_TRUE, "has_plan")
    desk.sign()
    desk.session.flush()
    assert not [problem for _n, found in check_signed(desk.session, {}) for problem in found]
    desk.session.execute(text(tampered))
    problems = [problem for _n, found in check_signed(desk.session, {}) for problem in found]
    assert any("which answers are carried changed since event" in each for each in problems)


def test_another_version_is_matched_by_key_and_says_what_it_did_not_keep(newer: Desk) -> None:
    last = newer.last
    said = said_at(last.form, newer.form, last.document, PLAN)
    assert {key: each.kept for key, each in said.items()} == {
        "has_plan": Kept.SAME,
        "story": Kept.SAME,
        "area": Kept.CHANGED,
        "fresh": Kept.NEW,
    }
    assert said_at(last.form, newer.form, last.document, LIST)["moved_in"].kept is Kept.MOVED
    gone = list(given_up(last.form, newer.form, last.document))
    assert [(str(each.place), each.question.id) for each in gone] == [
        ("plan", "colour"),
        (str(LAMP), "moved_in"),
    ]
    with pytest.raises(NotFoundError):
        newer.carry(Carry.STILL_TRUE, "area")
    newer.bring(Carry.STILL_TRUE, LAMP)
    newer.carry(Carry.STILL_TRUE, "story")
    kept = dict(THEN["acts"][0]["answers"])
    del kept["moved_in"]
    assert newer.draft() == {"story": THEN["story"], "acts": [{"row": "lamp", "answers": kept}]}


def test_a_choice_that_is_offered_no_more_cannot_be_taken_over(
    newer: Desk, then: Submission
) -> None:
    then.revisions[-1].content = json.dumps({"has_plan": "lack"})
    newer.session.flush()
    said = said_at(newer.last.form, newer.form, newer.last.document, PLAN)
    assert said["has_plan"].kept is Kept.NOT_OFFERED
    with pytest.raises(NotFoundError):
        newer.carry(Carry.STILL_TRUE, "has_plan")
