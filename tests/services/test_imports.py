"""Answers from files into the database: what is matched, refused and made."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import NotAllowedError
from app.files.layout import MAIN
from app.files.record import Table
from app.forms.definition import Form
from app.models.account import Account
from app.models.base import now
from app.models.submission import Submission
from app.services.exports import export_records, export_tables
from app.services.imports import Options, import_answers
from app.services.submissions import (
    draft_document,
    replace_document,
    signed_document,
)
from app.workflow import Status
from tests.services.importing import GOOD, SIGNED, Import, Line, counts, status, table, told


def test_a_row_without_a_status_is_a_draft(
    load: Import, kenya: Submission, short_form: Form
) -> None:
    report = load({"party": "KEN", "kind": "a"}, things=[{"party": "KEN", "row": "r1"}])
    assert (counts(report), told(report)) == ((1, 0, 0), [])
    assert status(kenya) is Status.DRAFT
    assert draft_document(short_form, kenya) == {
        "kind": "a",
        "things": [{"row": "r1", "answers": {}}],
    }


def test_a_signed_row_is_marked_as_signed_elsewhere(load: Import, kenya: Submission) -> None:
    report = load({**SIGNED, "language": "fr", "submitted_at": "2018-12-31"})
    assert counts(report) == (1, 0, 0)
    revision = kenya.revisions[0]
    assert revision.is_signed_elsewhere
    assert revision.signed_at == datetime(2018, 12, 31, tzinfo=UTC)
    assert (revision.language, kenya.language) == ("fr", "fr")
    assert status(kenya) is Status.SUBMITTED
    assert kenya.events[-1].action == "sign_elsewhere"


def test_a_signed_row_without_a_moment_is_signed_now(load: Import, kenya: Submission) -> None:
    load(SIGNED)
    assert now() - kenya.revisions[0].signed_at < timedelta(minutes=1)


def test_what_is_exported_makes_no_difference(
    load: Import,
    two_parties: Session,
    kenya: Submission,
    short_form: Form,
    administrator: Account,
) -> None:
    load(
        {**SIGNED, "kind": "b", "reason": "'=1+1", "year": "1999", "recent.explanation": "Old."},
        {"party": "JOR", "year": "2001"},
        things=[{"party": "KEN", "row": "r", "thing_name": "x"}],
        notes=[{"party": "KEN", "parent": "r", "note_text": "__own"}],
    )
    tables = export_tables(short_form, export_records(two_parties, kenya.collection, short_form))
    report = import_answers(two_parties, kenya.collection, short_form, tables, administrator)
    assert (counts(report), told(report)) == ((0, 0, 2), [])


def test_text_that_was_not_understood_survives_export_and_import(
    two_parties: Session,
    kenya: Submission,
    short_form: Form,
    administrator: Account,
    drafter: Account,
) -> None:
    strange = {"typed": "=soon", "locale": "fr", "problem": "not_a_whole_number"}
    replace_document(two_parties, kenya, short_form, {"kind": "a", "year": strange}, drafter)
    tables = export_tables(short_form, export_records(two_parties, kenya.collection, short_form))
    report = import_answers(two_parties, kenya.collection, short_form, tables, administrator)
    assert (counts(report), told(report)) == ((0, 0, 2), [])
    wrong = Table("a", ("party", "year"), [(2, ("KEN", "later"))])
    report = import_answers(two_parties, kenya.collection, short_form, {MAIN: wrong}, administrator)
    assert ("a", 2, "year", "not_a_whole_number") in told(report)


def test_an_id_that_another_installation_gave_goes_by_the_party(
    load: Import, kenya: Submission
) -> None:
    report = load({**SIGNED, "submission": "0199-from-elsewhere"})
    assert (counts(report), told(report)) == ((1, 0, 0), [])
    assert len(kenya.revisions) == 1


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ({"party": "XXX"}, "party", "unknown_party"),
        ({"party": "ken"}, "party", "unknown_party"),
        ({"party": "VAT"}, "party", "party_not_asked"),
        ({"submission": "nowhere", "party": ""}, "submission", "unknown_submission"),
        ({"collection": "other"}, "collection", "other_value"),
        ({"form": "other"}, "form", "other_value"),
        ({"version": "2"}, "version", "other_value"),
        ({"respondent_group": "women"}, "respondent_group", "other_value"),
        ({"language": "de"}, "language", "not_a_choice"),
        ({"status": "published"}, "status", "not_a_choice"),
        ({"status": "withdrawn"}, "status", "not_importable"),
        ({"kind": "c"}, "kind", "not_a_choice"),
        ({"year": "1,250"}, "year", "not_a_whole_number"),
        ({"kind": "", "status": "submitted"}, "kind", "required"),
        ({"year": "1999", "status": "submitted"}, "year", "explain"),
        ({"status": "submitted", "submitted_at": "soon"}, "submitted_at", "not_a_moment"),
        ({"status": "submitted", "submitted_at": "2018-02-30"}, "submitted_at", "not_a_moment"),
        ({"status": "submitted", "submitted_at": "2999-01-01"}, "submitted_at", "in_the_future"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_changes(
    load: Import, two_parties: Session, kenya: Submission, line: Line, column: str, code: str
) -> None:
    report = load({"party": "JOR", "kind": "a"}, {**GOOD, **line})
    assert told(report) == [("a.csv", 3, column, code)]
    assert report.is_refused
    assert not two_parties.query(Submission).filter(Submission.draft.has()).count()
    assert not kenya.revisions


def test_a_warning_that_is_explained_can_be_imported(load: Import, kenya: Submission) -> None:
    load({**SIGNED, "year": "1999", "recent.explanation": "It was."})
    assert signed_document(kenya.revisions[0])["recent.explanation"] == {"en": {"text": "It was."}}


def test_every_problem_of_every_file_is_in_one_report(load: Import) -> None:
    report = load(
        {**SIGNED, "kind": "c", "color": "red"},
        {"party": "KEN"},
        {"party": "XXX"},
        things=[
            {"party": "KEN", "row": "r"},
            {"party": "KEN", "row": "r"},
            {"party": "FRA", "row": "s"},
        ],
        notes=[{"party": "KEN", "parent": "q"}],
    )
    assert told(report) == [
        ("a.csv", 1, "color", "unknown_column"),
        ("a.csv", 2, "party", "doubled_party"),
        ("a.csv", 2, "kind", "not_a_choice"),
        ("a.csv", 3, "party", "doubled_party"),
        ("a.csv", 4, "party", "unknown_party"),
        ("a.things.csv", 2, "thing_name", "required"),
        ("a.things.csv", 3, "row", "doubled_row"),
        ("a.things.csv", 4, "party", "no_such_submission"),
        ("a.notes.csv", 2, "parent", "parent_missing"),
    ]


def test_good_rows_only_leaves_out_the_others(load: Import, kenya: Submission) -> None:
    report = load({**GOOD, "kind": "c"}, {"party": "JOR", "kind": "a"}, good=True)
    assert (counts(report), report.skipped, report.is_refused) == ((1, 0, 0), 1, False)
    assert kenya.draft is None
    assert load({**GOOD, "color": "red"}, good=True).is_refused


def test_answers_that_are_not_asked_are_left_out_and_told(load: Import, kenya: Submission) -> None:
    report = load({**SIGNED, "reason": "Because"})
    assert [(p.row, p.column, p.code) for p in report.notes] == [(2, "reason", "not_asked")]
    assert "reason" not in signed_document(kenya.revisions[0])


def test_a_moment_before_the_last_revision_is_refused(load: Import) -> None:
    load({**SIGNED, "submitted_at": "2018-12-31"})
    report = load({**SIGNED, "year": "2016", "submitted_at": "2018-12-30"}, update=True)
    assert told(report) == [("a.csv", 2, "submitted_at", "before_last_revision")]


def test_a_submission_is_found_by_its_id(load: Import, kenya: Submission) -> None:
    report = load({"submission": kenya.id, "party": "", "kind": "a"})
    assert counts(report) == (1, 0, 0)
    assert told(load({"submission": kenya.id, "party": "JOR"})) == [
        ("a.csv", 2, "party", "other_party"),
        ("a.csv", 2, "", "different"),
    ]


def test_only_an_administrator_imports(
    two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> None:
    with pytest.raises(NotAllowedError):
        import_answers(two_parties, kenya.collection, short_form, {}, drafter)


def test_a_cell_that_was_not_understood_is_no_missing_answer(load: Import) -> None:
    report = load({**SIGNED, "kind": "c", "reason": "x"})
    assert told(report) == [("a.csv", 2, "kind", "not_a_choice")]
    assert [problem.letter for problem in report.problems] == ["B"]


def test_a_trial_changes_nothing_and_counts_what_would_change(
    two_parties: Session,
    kenya: Submission,
    short_form: Form,
    administrator: Account,
) -> None:
    tables = {MAIN: table("a.csv", SIGNED, {"party": "JOR"})}
    trial = Options(is_trial=True)
    report = import_answers(two_parties, kenya.collection, short_form, tables, administrator, trial)
    assert (counts(report), report.is_refused) == ((1, 0, 1), False)
    assert not kenya.revisions
    assert not two_parties.query(Submission).filter(Submission.draft.has()).count()


def test_more_problems_than_a_report_holds_are_counted_and_refuse_all(
    two_parties: Session,
    kenya: Submission,
    short_form: Form,
    administrator: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.services.imports.MOST_PROBLEMS", 3)
    lines = [{"party": f"X{number}", "kind": "c"} for number in range(10)]
    tables = {MAIN: table("a.csv", GOOD, *lines)}
    options = Options(good_rows_only=True)
    report = import_answers(
        two_parties, kenya.collection, short_form, tables, administrator, options
    )
    assert (report.is_refused, counts(report), len(report.problems)) == (True, (0, 0, 0), 3)
    assert report.more > 0
    assert report.unchecked == 8
    assert kenya.draft is None
