"""Answers from files into the database: what is matched, refused, made, replaced and left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import NotAllowedError
from app.files.layout import MAIN
from app.files.record import Table
from app.forms.definition import Form
from app.forms.places import Document
from app.models.account import Account, Role
from app.models.base import now
from app.models.submission import Submission
from app.services.accounts import add_account
from app.services.collections import close_collection
from app.services.exports import export_records, export_tables
from app.services.imports import ImportReport, Options, import_answers
from app.services.submissions import (
    draft_document,
    replace_document,
    revise,
    send_for_sign_off,
    sign,
    signed_document,
    standing,
    withdraw,
)
from app.wording.files import file_sentence
from app.workflow import Status, status_of

Line = dict[str, str]
Import = Callable[..., ImportReport]
GOOD = {"party": "KEN", "kind": "a", "year": "2015"}
SIGNED = {**GOOD, "status": "submitted"}


def table(name: str, *lines: Line) -> Table:
    header = tuple(dict.fromkeys(column for line in lines for column in line))
    cells = [tuple(line.get(column, "") for column in header) for line in lines]
    return Table(name, header, list(enumerate(cells, start=2)))


@pytest.fixture
def administrator(two_parties: Session) -> Account:
    return add_account(two_parties, "admin@example.org", Role.ADMINISTRATOR)


@pytest.fixture
def load(
    two_parties: Session, kenya: Submission, short_form: Form, administrator: Account
) -> Import:
    """Return a function that imports lines of the main file, and of repeats by their names."""

    def load(
        *lines: Line, update: bool = False, good: bool = False, **repeats: list[Line]
    ) -> ImportReport:
        tables = {MAIN: table("a.csv", *lines)}
        tables |= {file: table(f"a.{file}.csv", *rows) for file, rows in repeats.items()}
        two_parties.flush()
        two_parties.expire_all()
        report = import_answers(
            two_parties,
            kenya.collection,
            short_form,
            tables,
            administrator,
            Options(update=update, good_rows_only=good),
        )
        two_parties.flush()
        return report

    return load


def counts(report: ImportReport) -> tuple[int, int, int]:
    return (report.new, report.updated, report.unchanged)


def told(report: ImportReport) -> list[tuple[str, int, str, str]]:
    return [(p.file, p.row, p.column, p.code) for p in report.problems]


def status(submission: Submission) -> Status:
    return status_of(standing(submission))


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


def test_the_partys_own_signature_stands_beside_an_import(
    load: Import, two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> None:
    document: Document = {"kind": "a", "year": "2015"}
    replace_document(two_parties, kenya, short_form, document, drafter)
    send_for_sign_off(two_parties, kenya, short_form, drafter)
    sign(two_parties, kenya, short_form, drafter, "en")
    assert counts(load(SIGNED)) == (0, 0, 1)
    assert not kenya.revisions[0].is_signed_elsewhere


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
