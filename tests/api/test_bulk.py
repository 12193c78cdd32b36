"""Many submissions in one call: lines of JSON and flat files, and the way back."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.models.account import Account, Scope
from app.models.submission import DraftPart
from app.services.submissions import draft_document, replace_document
from tests.api.conftest import SIGNABLE, Caller, problem_of
from tests.make import aichi, make_account, make_collection, make_revision, make_submission

LINES = "/collections/nr6/submissions"
FILES = "/collections/nr6/import"
EXPORT = "/collections/nr6/export"

NATIONAL = {
    "targets_basis": "national_targets",
    "national_targets": [
        {
            "row": "one",
            "answers": {
                "is_aichi_target": "no",
                "title": {"en": {"text": "Forests"}},
                "target_notes": {"en": {"text": "a private word"}},
            },
        }
    ],
}


def line(party: str = "KEN", **members: Any) -> dict[str, Any]:  # noqa: ANN401 - members of a line
    given = {"status": "submitted", "submitted_at": "2018-12-31", "answers": SIGNABLE}
    return {"party": party, **given, **members}


def ndjson(*lines: Mapping[str, Any] | str) -> bytes:
    texts = (each if isinstance(each, str) else json.dumps(each) for each in lines)
    return "".join(f"{text}\n" for text in texts).encode()


@pytest.fixture
def nr6(session: Session) -> None:
    make_collection(session)


def send(
    call: Caller,
    account: Account,
    body: bytes,
    *,
    path: str = LINES,
    key: str = "a key",
    kind: str = "application/x-ndjson",
) -> TestResponse:
    headers = {"Content-Type": kind, "Idempotency-Key": key}
    return call.post(path, account, scope=Scope.ADMIN, data=body, headers=headers)


def counts(answer: TestResponse) -> tuple[int, int, int]:
    body = answer.get_json()
    return body["new"], body["updated"], body["unchanged"]


# Lines of JSON


def test_lines_become_submissions_marked_as_signed_elsewhere(
    nr6: None, call: Caller, administrator: Account
) -> None:
    draft = line("UGA", status="draft", submitted_at="")
    answer = send(call, administrator, ndjson(line(language="fr"), draft))
    assert counts(answer) == (2, 0, 0)
    told = {item["party"]: item for item in call(f"{LINES}?answers=true").get_json()["items"]}
    kenya, uganda = call(f"{LINES}/KEN").get_json(), call(f"{LINES}/UGA").get_json()
    assert told.keys() >= {"AFG"}
    assert (kenya["status"], kenya["is_signed_elsewhere"]) == ("submitted", True)
    assert (kenya["language"], kenya["submitted_at"]) == ("fr", "2018-12-31T00:00:00Z")
    assert kenya["answers"] == SIGNABLE
    assert (uganda["status"], uganda["answers"]) == ("draft", None)


def test_all_or_nothing_with_one_report(nr6: None, call: Caller, administrator: Account) -> None:
    body = ndjson(
        line("KEN"),
        "not json",
        line("XYZ"),
        line("UGA", answers={"targets_basis": "maybe"}),
        line("RWA", answers={}),
        line("TZA", colour="green"),
        line("TZA"),
        line("SLE", answers={**SIGNABLE, "unheard_of": "x"}),
        line("BDI", submitted_at="2999-01-01"),
        {"answers": {}},
        line("ETH", language="xx"),
        {"party": "SDN", "status": "submitted"},
        line("EGY", submitted_at="0001-01-01T00:00:00+14:00"),
    )
    answer = send(call, administrator, body)
    problems = problem_of(answer, 422, "file.invalid")["problems"]
    assert [(each["row"], each["column"], each["code"]) for each in problems] == [
        (2, "", "not_json"),
        (3, "party", "unknown_party"),
        (4, "targets_basis", "not_a_choice"),
        (5, "targets_basis", "required"),
        (6, "colour", "unknown_member"),
        (6, "party", "doubled_party"),
        (7, "party", "doubled_party"),
        (8, "unheard_of", "unknown_question"),
        (9, "submitted_at", "in_the_future"),
        (10, "party", "missing_party"),
        (11, "language", "not_a_choice"),
        (12, "answers", "missing_member"),
        (12, "targets_basis", "required"),
        (13, "submitted_at", "not_a_moment"),
    ]
    assert all(each["message"] != each["code"] for each in problems)
    assert call("/collections/nr6").get_json()["submitted"] == 0


def test_good_lines_only(nr6: None, call: Caller, administrator: Account) -> None:
    body = ndjson(line("KEN"), line("XYZ"))
    answer = send(call, administrator, body, path=f"{LINES}?good_rows_only=true")
    assert counts(answer) == (1, 0, 0)
    assert answer.get_json()["skipped"] == 1
    assert [problem["row"] for problem in answer.get_json()["problems"]] == [2]


def test_other_answers_need_update(session: Session, call: Caller, administrator: Account) -> None:
    make_revision(session, make_submission(session), {"targets_basis": "national_targets"})
    body = ndjson(line(submitted_at="2019-01-31"))
    problem_of(send(call, administrator, body), 422, "file.invalid")
    updated = send(call, administrator, body, path=f"{LINES}?update=true")
    assert counts(updated) == (0, 1, 0)
    kenya = call(f"{LINES}/KEN").get_json()
    assert (kenya["revision"], kenya["is_signed_elsewhere"]) == (2, True)


def test_what_a_party_has_typed_is_not_replaced_by_a_draft(
    session: Session, call: Caller, administrator: Account
) -> None:
    submission = make_submission(session)
    typed: dict[str, Any] = {"targets_basis": "national_targets"}
    replace_document(session, submission, aichi(), typed, make_account(session))
    draft = ndjson(line("UGA", status="draft", submitted_at=""), line(status="draft"))
    answer = send(call, administrator, draft, path=f"{LINES}?update=true")
    (problem,) = problem_of(answer, 422, "file.invalid")["problems"]
    assert (problem["row"], problem["column"], problem["code"]) == (2, "status", "typed_in")
    assert "has typed answers in its draft" in problem["message"]
    session.expire_all()
    assert draft_document(aichi(), submission) == typed


def test_a_repeated_call_is_answered_alike_and_does_nothing(
    nr6: None, call: Caller, administrator: Account
) -> None:
    first = send(call, administrator, ndjson(line("KEN")), key="one")
    again = send(call, administrator, ndjson(line("KEN")), key="one")
    assert again.get_json() == first.get_json()
    assert counts(send(call, administrator, ndjson(line("KEN")), key="two")) == (0, 0, 1)
    reused = send(call, administrator, ndjson(line("UGA")), key="one")
    problem_of(reused, 409, "idempotency_key.reused")


def test_a_call_that_was_refused_can_be_corrected_under_the_same_key(
    nr6: None, call: Caller, administrator: Account
) -> None:
    problem_of(send(call, administrator, ndjson(line("XYZ"))), 422, "file.invalid")
    assert counts(send(call, administrator, ndjson(line("KEN")))) == (1, 0, 0)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"", "application/x-ndjson", 422, "file.invalid"),
        (b"\xff\xfe", "application/x-ndjson", 422, "file.invalid"),
        (b"[" * 100_000, "application/x-ndjson", 422, "file.invalid"),
        (b"{}", "application/json", 415, "unsupported_media_type"),
        (b"x" * (20 * 1024 * 1024 + 1), "application/x-ndjson", 413, "file.too_large"),
    ],
    ids=["empty", "not UTF-8", "too deep", "another kind", "too large"],
)
def test_a_body_that_cannot_be_read(
    nr6: None, call: Caller, administrator: Account, body: bytes, kind: str, status: int, code: str
) -> None:
    problem_of(send(call, administrator, body, kind=kind), status, code)


def test_a_key_is_needed(nr6: None, call: Caller, administrator: Account) -> None:
    headers = {"Content-Type": "application/x-ndjson"}
    body = ndjson(line())
    answer = call.post(LINES, administrator, scope=Scope.ADMIN, data=body, headers=headers)
    (problem,) = problem_of(answer, 422, "unprocessable")["problems"]
    assert problem["place"] == "headers/Idempotency-Key"


# Flat files


def test_a_csv_file_is_imported(nr6: None, call: Caller, administrator: Account) -> None:
    body = b"party,status,submitted_at,targets_basis\nKEN,submitted,2018-12-31,aichi_targets\n"
    answer = send(call, administrator, body, path=FILES, kind="text/csv")
    assert counts(answer) == (1, 0, 0)
    assert call(f"{LINES}/KEN").get_json()["answers"] == SIGNABLE


@pytest.mark.parametrize("names", [("main", "targets"), ("file", "file")])
def test_files_are_imported_as_parts_of_a_form(
    nr6: None,
    session: Session,
    call: Caller,
    administrator: Account,
    names: tuple[str, str],
) -> None:
    main = b"party,targets_basis\nKEN,national_targets\n"
    targets = b"party,parent,row,position,title\nKEN,,one,1,Forests\n"
    data = MultiDict(
        [
            (names[0], (io.BytesIO(main), "nr6.csv")),
            (names[1], (io.BytesIO(targets), "nr6.national_targets.csv")),
        ]
    )
    answer = call.post(FILES, administrator, scope=Scope.ADMIN, data=data)
    assert counts(answer) == (1, 0, 0)
    rows = session.scalars(select(DraftPart.path)).all()
    assert "targets/national_targets/one" in rows


def test_two_parts_of_one_name_are_refused(nr6: None, call: Caller, administrator: Account) -> None:
    main = b"party,targets_basis\nKEN,national_targets\n"
    parts = [("file", (io.BytesIO(main), "nr6.csv")) for _ in range(2)]
    answer = call.post(FILES, administrator, scope=Scope.ADMIN, data=MultiDict(parts))
    assert problem_of(answer, 415, "file.unreadable")["problems"][0]["code"] == "doubled_file"


def test_a_wrong_file_gives_one_report_and_changes_nothing(
    nr6: None, call: Caller, administrator: Account
) -> None:
    body = b"party,colour,targets_basis\nKEN,green,maybe\nXYZ,red,aichi_targets\n"
    answer = send(call, administrator, body, path=FILES, kind="text/csv")
    problems = problem_of(answer, 422, "file.invalid")["problems"]
    assert {(each["row"], each["code"]) for each in problems} == {
        (1, "unknown_column"),
        (2, "not_a_choice"),
        (3, "unknown_party"),
    }


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "text/csv", "empty_file"),
        (b"party,how\nKEN,l\x92eau", "text/csv", "unclear_encoding"),
        (b"PK\x03\x04nothing", "application/zip", "broken_zip"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    nr6: None, call: Caller, administrator: Account, body: bytes, kind: str, code: str
) -> None:
    answer = send(call, administrator, body, path=FILES, kind=kind)
    (problem,) = problem_of(answer, 415, "file.unreadable")["problems"]
    assert problem["code"] == code
    assert problem["message"] != code


# And back


def exported(call: Caller, kind: str, account: Account | None = None) -> bytes:
    answer = call(f"{EXPORT}?format={kind}", account, Scope.READ)
    assert answer.status_code == 200
    return bytes(answer.data)


@pytest.mark.parametrize(
    ("kind", "path", "sent_as"),
    [
        ("jsonl", LINES, "application/x-ndjson"),
        ("csv", FILES, "application/zip"),
        (
            "xlsx",
            FILES,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_what_is_exported_can_be_sent_back_without_a_difference(
    session: Session, call: Caller, administrator: Account, kind: str, path: str, sent_as: str
) -> None:
    make_revision(session, make_submission(session, "KEN"), SIGNABLE)
    make_revision(session, make_submission(session, "UGA"), SIGNABLE)
    body = exported(call, kind, administrator)
    answer = send(call, administrator, body, path=path, kind=sent_as)
    assert answer.status_code == 200, answer.text
    assert counts(answer) == (0, 0, 2)


def test_an_export_holds_public_signed_answers_alone(
    session: Session, call: Caller, administrator: Account
) -> None:
    make_revision(session, make_submission(session, "KEN"), NATIONAL)
    make_submission(session, "UGA", draft=SIGNABLE)
    for account in (None, administrator):
        lines = [json.loads(each) for each in exported(call, "jsonl", account).splitlines()]
        assert [each["party"] for each in lines] == ["KEN"]
        with zipfile.ZipFile(io.BytesIO(exported(call, "csv", account))) as packed:
            files = {name: packed.read(name).decode() for name in packed.namelist()}
        assert {"nr6.csv", "nr6.national_targets.csv"} <= files.keys()
        assert "Forests" in files["nr6.national_targets.csv"]
        assert "private" not in "".join([*files.values(), json.dumps(lines)])


def test_files_of_synthetic_data_say_so_in_their_names(session: Session, call: Caller) -> None:
    make_collection(session, is_synthetic=True)
    for kind, ending in (("csv", "zip"), ("xlsx", "xlsx"), ("jsonl", "jsonl")):
        answer = call(f"{EXPORT}?format={kind}")
        assert f"nr6.synthetic.{ending}" in answer.headers["Content-Disposition"]
        answer.close()


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_export_begins_before_all_is_read_and_ends_as_it_began(
    session: Session, call: Caller, administrator: Account, kind: str
) -> None:
    make_revision(session, make_submission(session, "KEN"), SIGNABLE)
    make_revision(session, make_submission(session, "UGA"), SIGNABLE)
    session.commit()
    answer = call(f"{EXPORT}?format={kind}", administrator, Scope.READ, buffered=False)
    assert answer.is_streamed
    parts = answer.iter_encoded()
    begun = next(parts)  # of a zip, before anything is read
    assert begun
    whole = begun + next(parts)
    make_revision(session, make_submission(session, "RWA"), SIGNABLE)  # while it goes on
    session.commit()
    whole = whole + b"".join(parts)
    answer.close()
    if kind == "csv":
        with zipfile.ZipFile(io.BytesIO(whole)) as packed:
            assert packed.testzip() is None
            whole = packed.read("nr6.csv")
    assert [code for code in (b"KEN", b"RWA", b"UGA") if code in whole] == [b"KEN", b"UGA"]
