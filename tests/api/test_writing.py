"""A Party's submission from the first answer to a withdrawal, by program."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.base import now
from app.workflow import DraftStatus
from tests.api.conftest import KENYA, SIGNABLE, Caller, problem_of
from tests.make import make_collection, make_revision, make_submission


def test_the_whole_journey(
    session: Session, call: Caller, kenya: Account, authority: Account
) -> None:
    make_collection(session)
    written = call.put(f"{KENYA}/answers", kenya, json={"answers": SIGNABLE, "language": "fr"})
    assert written.get_json()["submission"]["language"] == "fr"
    assert {problem["severity"] for problem in written.get_json()["problems"]} == {"note"}
    assert call.post(f"{KENYA}/send-for-sign-off", kenya).get_json()["status"] == (
        "awaiting_sign_off"
    )
    back = call.post(f"{KENYA}/send-back", authority, json={"note": "See target 3."})
    assert back.get_json()["status"] == "draft"
    call.post(f"{KENYA}/send-for-sign-off", kenya)
    signed = call.post(f"{KENYA}/sign", authority).get_json()
    assert (signed["status"], signed["revision"], signed["language"]) == ("submitted", 1, "fr")
    assert call(KENYA).get_json()["answers"] == SIGNABLE

    assert call.post(f"{KENYA}/revise", kenya).get_json()["status"] == "in_revision"
    assert call.post(f"{KENYA}/discard-revision", authority).get_json()["status"] == "submitted"
    withdrawn = call.post(f"{KENYA}/withdraw", authority).get_json()
    assert (withdrawn["status"], withdrawn["revision"]) == ("withdrawn", None)


def test_a_draft_is_saved_with_its_problems(session: Session, call: Caller, kenya: Account) -> None:
    make_submission(session)
    answers = {"targets_basis": "national_targets", "national_targets": [{"answers": {}}]}
    body = call.put(f"{KENYA}/answers", kenya, json={"answers": answers}).get_json()
    row = call(f"{KENYA}?draft=true", kenya).get_json()["draft"]["answers"]["national_targets"][0]
    assert {
        "code": "required",
        "message": "Answer this question.",
        "severity": "problem",
        "place": f"targets/national_targets/{row['row']}",
        "question": "is_aichi_target",
        "check": "",
    } in body["problems"]


def test_what_is_not_sent_is_no_longer_answered(
    session: Session, call: Caller, kenya: Account
) -> None:
    make_submission(session, draft={"targets_basis": "national_targets"})
    call.put(f"{KENYA}/answers", kenya, json={"answers": {}})
    assert call(f"{KENYA}?draft=true", kenya).get_json()["draft"]["answers"] == {}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"nothing_like_it": "x"}, "unknown_question"),
        ({"targets_basis": "maybe"}, "not_a_choice"),
        ({"targets_basis": 1}, "not_a_choice"),
        ({"targets_basis": ["aichi_targets"]}, "not_a_choice"),
        ({"national_targets": {}}, "not_a_list"),
        ({"national_targets": [{"row": "a/b", "answers": {}}]}, "bad_row"),
        ({"aichi_targets": []}, "not_an_object"),
        ({"aichi_targets": {"aichi-21": {}}}, "unknown_item"),
    ],
)
def test_what_could_not_be_kept_is_refused(
    session: Session, call: Caller, kenya: Account, answers: dict[str, Any], code: str
) -> None:
    make_submission(session, draft=SIGNABLE)
    answer = call.put(f"{KENYA}/answers", kenya, json={"answers": answers})
    problems = problem_of(answer, 422, "submission.invalid_answers")["problems"]
    assert [problem["code"] for problem in problems] == [code]
    assert call(f"{KENYA}?draft=true", kenya).get_json()["draft"]["answers"] == SIGNABLE


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b'{"answers": {"targets_basis": "\\ud800"}}', 400, "bad_request"),
        (b"[" * 100_000, 400, "bad_request"),
        (b"\xff\xfe", 400, "bad_request"),
        (b"[]", 422, "unprocessable"),
        (b"{}", 422, "unprocessable"),
        (b'{"answers": []}', 422, "unprocessable"),
        (b'{"answers": {}, "more": 1}', 422, "unprocessable"),
        (b'{"answers": {}, "language": "xx"}', 422, "unprocessable"),
    ],
)
def test_json_of_another_shape_is_refused(
    session: Session, call: Caller, kenya: Account, body: bytes, status: int, code: str
) -> None:
    make_submission(session, draft=SIGNABLE)
    headers = {"Content-Type": "application/json"}
    problem_of(call.put(f"{KENYA}/answers", kenya, data=body, headers=headers), status, code)
    assert call(f"{KENYA}?draft=true", kenya).get_json()["draft"]["answers"] == SIGNABLE


def test_nothing_is_sent_for_sign_off_with_problems(
    session: Session, call: Caller, kenya: Account
) -> None:
    make_submission(session, draft={})
    answer = call.post(f"{KENYA}/send-for-sign-off", kenya)
    (problem,) = problem_of(answer, 422, "submission.invalid_answers")["problems"]
    assert (problem["code"], problem["question"]) == ("required", "targets_basis")


def test_the_status_decides_what_is_possible(
    session: Session, call: Caller, kenya: Account, authority: Account
) -> None:
    make_submission(session, draft=SIGNABLE, draft_status=DraftStatus.AWAITING_SIGN_OFF)
    answer = call.put(f"{KENYA}/answers", kenya, json={"answers": {}})
    problem_of(answer, 409, "submission.wrong_status")
    problem_of(call.post(f"{KENYA}/withdraw", authority), 409, "submission.wrong_status")


def test_a_closed_collection_takes_nothing(session: Session, call: Caller, kenya: Account) -> None:
    collection = make_collection(session, closed_at=now())
    make_submission(session, collection=collection)
    answer = call.put(f"{KENYA}/answers", kenya, json={"answers": SIGNABLE})
    problem_of(answer, 409, "collection.closed")


def test_a_program_that_only_reads_changes_nothing(
    session: Session, call: Caller, authority: Account
) -> None:
    """What is read with GET cannot write, whatever is in it."""
    submission = make_submission(session)
    make_revision(session, submission, SIGNABLE)
    call(f"{KENYA}?draft=true", authority)
    session.expire_all()
    assert submission.draft is None
    assert submission.events == []
