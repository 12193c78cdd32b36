"""Answers from files over what is there already: what is replaced, and what is left."""

import pytest
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.places import Document
from app.models.account import Account
from app.models.submission import Submission
from app.services.collections import close_collection
from app.services.submissions import (
    draft_document,
    replace_document,
    revise,
    send_for_sign_off,
    sign,
    signed_document,
    withdraw,
)
from app.wording.files import file_sentence
from app.workflow import Status
from tests.services.importing import GOOD, SIGNED, Import, Line, counts, status, told


@pytest.mark.parametrize("line", [GOOD, SIGNED])
def test_the_same_file_again_changes_nothing(load: Import, kenya: Submission, line: Line) -> None:
    things = [{"party": "KEN", "thing_name": name} for name in ("x", "y")]
    assert counts(load(line, things=things)) == (1, 0, 0)
    events = len(kenya.events)
    assert counts(load(line, things=things)) == (0, 0, 1)
    assert counts(load(line, things=things, update=True)) == (0, 0, 1)
    assert len(kenya.events) == events


@pytest.mark.parametrize("first", [GOOD, SIGNED])
def test_other_answers_are_refused_without_update(
    load: Import, kenya: Submission, first: Line
) -> None:
    load(first)
    before = len(kenya.events)
    report = load({**first, "year": "2016"})
    assert told(report) == [("a.csv", 2, "", "different")]
    assert (counts(report), report.is_refused) == ((0, 0, 0), True)
    assert len(kenya.events) == before


def test_update_makes_a_new_revision(load: Import, kenya: Submission) -> None:
    load({**SIGNED, "submitted_at": "2018-12-31T12:00:00Z"})
    report = load({**SIGNED, "year": "2016", "submitted_at": "2018-12-31T12:00:00Z"}, update=True)
    assert counts(report) == (0, 1, 0)
    first, second = kenya.revisions
    assert second.previous_hash == first.hash
    assert second.signed_at > first.signed_at
    assert signed_document(second)["year"] == "2016"


def test_update_replaces_a_draft(load: Import, kenya: Submission, short_form: Form) -> None:
    load(GOOD)
    line = {"party": "KEN", "kind": "b", "year": ""}
    assert counts(load(line, update=True)) == (0, 1, 0)
    assert draft_document(short_form, kenya) == {"kind": "b"}


def test_update_with_a_draft_opens_a_revision(load: Import, kenya: Submission) -> None:
    load(SIGNED)
    assert counts(load({**GOOD, "year": "2016"}, update=True)) == (0, 1, 0)
    assert status(kenya) is Status.IN_REVISION
    assert len(kenya.revisions) == 1


def test_a_draft_that_is_signed_elsewhere_is_gone(load: Import, kenya: Submission) -> None:
    load(GOOD)
    assert told(load(SIGNED)) == [("a.csv", 2, "", "different")]
    assert counts(load(SIGNED, update=True)) == (0, 1, 0)
    assert status(kenya) is Status.SUBMITTED


def test_a_draft_with_other_answers_stays(
    load: Import, kenya: Submission, short_form: Form
) -> None:
    load(GOOD)
    load({**SIGNED, "year": "2016"}, update=True)
    assert status(kenya) is Status.IN_REVISION
    assert draft_document(short_form, kenya)["year"] == "2015"


def test_rows_keep_their_ids_when_they_change(load: Import, kenya: Submission) -> None:
    load(SIGNED, things=[{"party": "KEN", "thing_name": name} for name in "xy"])
    load(SIGNED, things=[{"party": "KEN", "thing_name": name} for name in "xyz"], update=True)
    before, after = (signed_document(r)["things"] for r in kenya.revisions)
    assert [row["row"] for row in after[:2]] == [row["row"] for row in before]
    assert [row["answers"]["thing_name"] for row in after] == ["x", "y", "z"]


def test_what_awaits_sign_off_is_sent_and_then_left_alone(load: Import, kenya: Submission) -> None:
    awaiting = {**GOOD, "status": "awaiting_sign_off"}
    assert counts(load(awaiting)) == (1, 0, 0)
    assert status(kenya) is Status.AWAITING_SIGN_OFF
    assert counts(load(awaiting)) == (0, 0, 1)
    report = load({**GOOD, "year": "2016"}, update=True)
    assert told(report) == [("a.csv", 2, "status", "awaiting_sign_off")]


def test_a_revision_in_work_is_not_overwritten_by_a_draft(
    load: Import, two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> None:
    load(SIGNED)
    revise(two_parties, kenya, short_form, drafter)
    report = load({**GOOD, "year": "2016"}, update=True)
    assert told(report) == [("a.csv", 2, "status", "being_revised")]


@pytest.mark.parametrize("wanted", ["", "draft", "awaiting_sign_off"])
def test_what_the_party_has_typed_in_its_draft_is_not_replaced(
    load: Import,
    two_parties: Session,
    kenya: Submission,
    short_form: Form,
    drafter: Account,
    wanted: str,
) -> None:
    row = {**GOOD, "year": "2016", "status": wanted}
    load(GOOD)
    assert counts(load({**GOOD, "year": "2014"}, update=True)) == (0, 1, 0), (
        "nobody has typed in it"
    )
    replace_document(two_parties, kenya, short_form, {"kind": "a", "year": "2015"}, drafter)
    report = load({**row, "party": "JOR"}, row, update=True)
    assert told(report) == [("a.csv", 3, "status", "typed_in")]
    assert "typed answers in its draft" in file_sentence(report.problems[0])
    assert report.is_refused
    assert draft_document(short_form, kenya) == {"kind": "a", "year": "2015"}
    if wanted != "awaiting_sign_off":
        assert counts(load(GOOD)) == (0, 0, 1), "the same answers change nothing"
    assert counts(load({**row, "status": "submitted"}, update=True)) == (0, 1, 0)
    assert draft_document(short_form, kenya) == {"kind": "a", "year": "2015"}


def test_a_withdrawn_submission_is_signed_anew_only_with_update(
    load: Import, two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> None:
    load(SIGNED)
    withdraw(kenya, drafter)
    two_parties.flush()
    assert counts(load({"party": "KEN", "status": "withdrawn"})) == (0, 0, 1)
    assert told(load(SIGNED)) == [("a.csv", 2, "", "different")]
    assert counts(load(SIGNED, update=True)) == (0, 1, 0)
    assert status(kenya) is Status.SUBMITTED


def test_after_closing_only_what_was_signed_comes_in(load: Import, kenya: Submission) -> None:
    close_collection(kenya.collection)
    assert told(load(GOOD)) == [("a.csv", 2, "status", "closed")]
    assert counts(load(SIGNED)) == (1, 0, 0)


def test_what_the_files_say_nothing_of_is_not_lost(load: Import, kenya: Submission) -> None:
    load(SIGNED, things=[{"party": "KEN", "thing_name": "x"}])
    report = load({"party": "KEN", "kind": "b", "status": "submitted"}, update=True)
    assert told(report) == [("a.csv", 2, "", "column_lost"), ("a.csv", 2, "", "file_lost")]
    assert len(kenya.revisions) == 1


def test_the_partys_own_signature_stands_beside_an_import(
    load: Import, two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> None:
    document: Document = {"kind": "a", "year": "2015"}
    replace_document(two_parties, kenya, short_form, document, drafter)
    send_for_sign_off(two_parties, kenya, short_form, drafter)
    sign(two_parties, kenya, short_form, drafter, "en")
    assert counts(load(SIGNED)) == (0, 0, 1)
    assert not kenya.revisions[0].is_signed_elsewhere
