"""Answers out of the database: which of them, and what the fixed columns say."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.files.layout import MAIN
from app.files.record import Record
from app.forms.definition import Audience, Form
from app.forms.places import Document
from app.models.account import Account
from app.models.submission import Submission
from app.services.exports import export_records, export_tables, seen_by
from app.services.submissions import replace_document, revise, sign_elsewhere, withdraw

SIGNED: Document = {"kind": "a", "year": "2015"}


@pytest.fixture
def signed(
    two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> Submission:
    kenya.language = "fr"
    sign_elsewhere(kenya, short_form, SIGNED, drafter, datetime(2018, 12, 31, tzinfo=UTC))
    two_parties.flush()
    return kenya


def records(session: Session, submission: Submission, form: Form) -> dict[str, Record]:
    found = export_records(session, submission.collection, form)
    return {record.party: record for record in found}


def test_every_submission_is_a_record_in_the_order_of_codes(
    two_parties: Session, signed: Submission, short_form: Form
) -> None:
    found = records(two_parties, signed, short_form)
    assert list(found) == ["JOR", "KEN"]
    assert (found["JOR"].status, found["JOR"].document, found["JOR"].submitted_at) == (
        "draft",
        {},
        "",
    )
    kenya = found["KEN"]
    assert (kenya.status, kenya.document, kenya.language) == ("submitted", SIGNED, "fr")
    assert kenya.submitted_at == "2018-12-31T00:00:00Z"
    assert (kenya.collection, kenya.form, kenya.version) == ("test", "journey", "1")


def test_what_is_being_revised_is_exported_as_signed(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account
) -> None:
    revise(two_parties, signed, short_form, drafter)
    replace_document(two_parties, signed, short_form, {"kind": "b"}, drafter)
    found = records(two_parties, signed, short_form)["KEN"]
    assert (found.status, found.document) == ("in_revision", SIGNED)


def test_what_is_withdrawn_is_exported_without_answers(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account
) -> None:
    withdraw(signed, drafter)
    found = records(two_parties, signed, short_form)["KEN"]
    assert (found.status, found.document) == ("withdrawn", {})
    revise(two_parties, signed, short_form, drafter)
    found = records(two_parties, signed, short_form)["KEN"]
    assert (found.status, found.document) == ("withdrawn", {})


def test_readers_outside_the_party_get_no_draft(
    two_parties: Session, signed: Submission, short_form: Form, drafter: Account
) -> None:
    found = export_records(two_parties, signed.collection, short_form, with_drafts=False)
    assert [record.party for record in found] == ["KEN"]


def test_tables_have_a_row_for_each_record(
    two_parties: Session, signed: Submission, short_form: Form
) -> None:
    found = export_records(two_parties, signed.collection, short_form)
    tables = export_tables(short_form, found)
    assert list(tables) == [MAIN, "things", "notes"]
    assert [len(list(table.rows)) for table in tables.values()] == [2, 0, 0]


def test_json_lines_hold_what_is_asked(
    two_parties: Session, kenya: Submission, short_form: Form, drafter: Account
) -> None:
    reason = {"en": {"text": "kept in the draft"}}
    replace_document(two_parties, kenya, short_form, {"kind": "a", "reason": reason}, drafter)
    found = export_records(two_parties, kenya.collection, short_form)
    seen = {r.party: r.document for r in seen_by(short_form, found, Audience.PARTY)}
    assert seen == {"JOR": {}, "KEN": {"kind": "a"}}
