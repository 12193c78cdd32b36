"""What anybody may read: forms, codebooks, collections, submissions, Parties, targets."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models.account import Account
from app.receipts import canonical, chain
from app.services.reviews import close_review, start_review
from app.workflow import ReviewStatus
from tests.api.conftest import KENYA, SIGNABLE, Caller, problem_of
from tests.make import make_collection, make_review, make_revision, make_submission

SECRET = "a word that nobody may read"
NOTE = {"en": {"text": SECRET}}
WITH_NOTE = {
    "targets_basis": "national_targets",
    "national_targets": [
        {"row": "one", "answers": {"title": {"en": {"text": "Forests"}}, "target_notes": NOTE}}
    ],
}


def pages(call: Caller, path: str, limit: int) -> list[dict[str, Any]]:
    """Return all items of a list, read in parts."""
    items: list[dict[str, Any]] = []
    joint, cursor = "&" if "?" in path else "?", ""
    while True:
        body = call(f"{path}{joint}limit={limit}&cursor={cursor}").get_json()
        items += body["items"]
        assert len(body["items"]) <= limit
        if body["next"] is None:
            return items
        cursor = body["next"]


# Forms


def test_a_form_comes_with_its_questions_in_the_language_asked_for(call: Caller) -> None:
    english = call("/forms/aichi-progress/1").get_json()
    arabic = call("/forms/aichi-progress/1?lang=ar").get_json()
    by_header = call("/forms/aichi-progress/1", headers={"Accept-Language": "ar, en;q=0.5"})
    assert english["language"] == "en"
    assert arabic["language"] == "ar"
    assert by_header.get_json() == arabic
    assert english["title"] != arabic["title"]
    ids = [[section["id"] for section in form["sections"]] for form in (english, arabic)]
    assert ids[0] == ids[1]
    kinds = {element["kind"] for section in english["sections"] for element in section["elements"]}
    assert kinds == {"question", "loop", "repeat"}


def test_a_form_speaks_the_language_asked_for(call: Caller) -> None:
    for language in ("fr", "zh"):
        assert call(f"/forms/aichi-progress/1?lang={language}").get_json()["language"] == language


def test_forms_are_listed_with_their_languages(call: Caller) -> None:
    (form,) = pages(call, "/forms", 1)
    assert (form["agreement"], form["form"], form["version"]) == ("cbd", "aichi-progress", 1)
    assert form["languages"] == ["ar", "en", "es", "fr", "ru", "zh"]


@pytest.mark.parametrize("path", ["/forms/aichi-progress/99", "/forms/nothing/1", "/forms/x/y"])
def test_a_form_that_is_not_there(call: Caller, path: str) -> None:
    problem_of(call(path), 404, "not_found")


def test_a_codebook_is_json_or_csv(call: Caller) -> None:
    path = "/forms/aichi-progress/1/codebook"
    variables = call(path).get_json()["variables"]
    by_format = call(f"{path}?format=csv")
    by_header = call(path, headers={"Accept": "text/csv"})
    assert by_format.content_type == by_header.content_type == "text/csv; charset=utf-8"
    assert by_format.text == by_header.text
    lines = list(csv.DictReader(StringIO(by_format.text)))
    assert [line["column"] for line in lines] == [variable["column"] for variable in variables]
    assert "targets_basis" in [line["column"] for line in lines]


# Collections and submissions


def test_a_collection_says_how_many_were_asked_and_have_submitted(
    session: Session, call: Caller
) -> None:
    make_revision(session, make_submission(session, "KEN"), SIGNABLE)
    withdrawn = datetime(2019, 1, 1, tzinfo=UTC)
    make_revision(session, make_submission(session, "UGA"), SIGNABLE, withdrawn_at=withdrawn)
    body = call("/collections/nr6").get_json()
    assert (body["asked"], body["submitted"], body["is_open"]) == (196, 1, True)
    assert (body["due_on"], body["synthetic"]) == ("2018-12-31", False)
    assert call("/collections").get_json() == {"items": [body], "next": None}
    problem_of(call("/collections/nr7"), 404, "not_found")


def test_every_party_asked_is_in_the_list_also_in_parts(session: Session, call: Caller) -> None:
    make_collection(session)
    submissions = pages(call, "/collections/nr6/submissions", 50)
    parties = [submission["party"] for submission in submissions]
    assert len(parties) == 196
    assert parties == sorted(set(parties))
    assert {submission["status"] for submission in submissions} == {"draft"}


def test_a_signed_submission_is_told_with_its_hash(session: Session, call: Caller) -> None:
    revision = make_revision(session, make_submission(session), SIGNABLE)
    make_review(session, revision, ReviewStatus.REVIEWED)
    body = call(KENYA).get_json()
    assert body["answers"] == SIGNABLE
    assert body["status"] == "submitted"
    assert body["review_status"] == "reviewed"
    assert body["is_signed_elsewhere"] is False
    assert (body["revision"], body["submitted_at"]) == (1, "2018-12-01T00:00:00Z")
    assert body["hash"] == chain(body["previous_hash"], canonical(body["answers"]))


def test_it_is_told_which_answers_were_taken_over(session: Session, call: Caller) -> None:
    revision = make_revision(session, make_submission(session), SIGNABLE)
    assert call(KENYA).get_json()["carried"] == []
    mark = {"collection": "nr5", "signed_at": "2014-01-01T00:00:00Z", "is_carried": True}
    revision.carried = [
        {"place": "targets", "question": "targets_basis", **mark},
        {"place": "targets", "question": "not_shown", **mark},
    ]
    (carried,) = call(KENYA).get_json()["carried"]
    assert carried == {
        "place": "targets",
        "question": "targets_basis",
        "collection": "nr5",
        "signed_at": "2014-01-01T00:00:00Z",
    }


def test_answers_come_in_bulk_when_asked_for(session: Session, call: Caller) -> None:
    make_revision(session, make_submission(session), SIGNABLE)
    without = call("/collections/nr6/submissions?limit=500").get_json()["items"]
    items = call("/collections/nr6/submissions?limit=500&answers=true").get_json()["items"]
    assert not any("answers" in item for item in without)
    answered = {item["party"]: item["answers"] for item in items if item["answers"] is not None}
    assert answered == {"KEN": SIGNABLE}


def test_one_can_look_back_to_a_cut_off(session: Session, call: Caller) -> None:
    submission = make_submission(session)
    first = make_revision(session, submission, SIGNABLE)
    second = make_revision(session, submission, {"targets_basis": "national_targets"})
    assert call(f"{KENYA}?as_of=2018-11-30").get_json()["revision"] is None
    day = call(f"{KENYA}?as_of=2018-12-01").get_json()
    assert (day["revision"], day["hash"], day["answers"]) == (1, first.hash, SIGNABLE)
    assert call(f"{KENYA}?as_of=2018-12-02T00:00:00Z").get_json()["hash"] == second.hash
    # The "+" of an offset arrives as a space where it was not escaped.
    assert call(f"{KENYA}?as_of=2018-12-02T00:00:00+00:00").get_json()["hash"] == second.hash
    for wrong in ("yesterday", "0001-01-01T00:00:00%2B14:00"):
        problem_of(call(f"{KENYA}?as_of={wrong}"), 422, "invalid_input")


def test_a_review_counts_from_the_moment_it_was_closed(
    session: Session, call: Caller, reviewer: Account
) -> None:
    signed_at = datetime(2018, 12, 1, tzinfo=UTC)
    revision = make_revision(session, make_submission(session), SIGNABLE, signed_at=signed_at)
    review = start_review(session, revision, reviewer)
    review.started_at = datetime(2019, 1, 1, tzinfo=UTC)
    close_review(session, revision, reviewer)
    review.closed_at = datetime(2019, 2, 1, tzinfo=UTC)
    session.commit()
    statuses = [
        call(f"{KENYA}{query}").get_json()["review_status"]
        for query in ("?as_of=2018-12-31", "?as_of=2019-01-15", "?as_of=2019-03-01", "")
    ]
    assert statuses == ["not_started", "in_review", "reviewed", "reviewed"]


def test_the_language_of_a_draft_is_told_to_its_party_alone(
    session: Session, call: Caller, reviewer: Account, kenya: Account
) -> None:
    make_submission(session).language = "fr"
    session.commit()
    told = [call(KENYA, reader).get_json()["language"] for reader in (None, reviewer, kenya)]
    assert told == [None, None, "fr"]


def test_the_answers_of_a_withdrawn_submission_are_opened_no_more(
    session: Session, call: Caller
) -> None:
    withdrawn_at = datetime(2019, 1, 1, tzinfo=UTC)
    make_revision(session, make_submission(session), SIGNABLE, withdrawn_at=withdrawn_at)
    now = call(KENYA).get_json()
    then = call(f"{KENYA}?as_of=2018-12-31").get_json()
    assert (now["status"], now["revision"], now["answers"]) == ("withdrawn", None, None)
    assert (then["revision"], then["answers"]) == (1, None)


def test_what_was_withdrawn_stays_closed_when_something_else_is_signed(
    session: Session, call: Caller
) -> None:
    submission, withdrawn_at = make_submission(session), datetime(2019, 1, 1, tzinfo=UTC)
    make_revision(session, submission, SIGNABLE, withdrawn_at=withdrawn_at)
    make_revision(
        *(session, submission, {"targets_basis": "national_targets"}),
        signed_at=datetime(2019, 2, 1, tzinfo=UTC),
    )
    then = call(f"{KENYA}?as_of=2018-12-31").get_json()
    assert (then["revision"], then["answers"]) == (1, None)
    assert call(f"{KENYA}?as_of=2019-03-01").get_json()["answers"] is not None
    every = call("/collections/nr6/submissions?limit=500&answers=true").get_json()["items"]
    told = next(each for each in every if each["party"] == "KEN")
    assert told["answers"] == {"targets_basis": "national_targets"}


def test_answers_for_the_party_alone_are_in_no_answer_to_others(
    session: Session, call: Caller, reviewer: Account, kenya: Account
) -> None:
    make_revision(session, make_submission(session), WITH_NOTE)
    for path in (KENYA, "/collections/nr6/submissions?limit=500&answers=true"):
        for caller in (None, reviewer):
            assert SECRET not in call(path, caller).text
        assert SECRET in call(path, kenya).text
    assert "Forests" in call(KENYA).text


def test_a_working_draft_shows_to_nobody_else(
    session: Session, call: Caller, kenya: Account, reviewer: Account
) -> None:
    submission = make_submission(session, draft={"targets_basis": "national_targets"})
    make_revision(session, submission, SIGNABLE)
    for caller in (None, reviewer):
        body = call(KENYA, caller).get_json()
        assert (body["status"], body["answers"]) == ("submitted", SIGNABLE)
    assert call(KENYA, kenya).get_json()["status"] == "in_revision"


@pytest.mark.parametrize("path", ["/collections/nr6/submissions/XYZ", "/collections/x/submissions"])
def test_a_submission_that_is_not_there(session: Session, call: Caller, path: str) -> None:
    make_collection(session)
    problem_of(call(path), 404, "not_found")


# Parties and targets


def test_parties_are_those_of_the_day(call: Caller) -> None:
    assert len(pages(call, "/parties?on=2014-03-31", 100)) == 193
    assert len(pages(call, "/parties?on=2015-05-05", 500)) == 196


def test_a_party_has_its_name_and_groups_of_the_day(call: Caller) -> None:
    then = {party["code"]: party for party in pages(call, "/parties?on=2022-12-31", 500)}
    now = {party["code"]: party for party in pages(call, "/parties?lang=fr", 500)}
    assert then["BHR"]["groups"]["sids"]
    assert "sids" not in now["BHR"]["groups"]
    assert (now["KEN"]["name"], now["KEN"]["region"]) == ("Kenya", "AFR")
    assert now["DEU"]["name"] == "Allemagne"
    assert now["EUR"]["region"] is not None


def test_targets_have_the_year_in_which_each_was_due(call: Caller) -> None:
    targets = {target["code"]: target for target in pages(call, "/targets", 7)}
    assert len(targets) == 20
    due_2015 = [code for code, target in targets.items() if target["due_year"] == 2015]
    assert due_2015 == ["aichi-10", "aichi-16", "aichi-17"]


# Lists, languages, caches


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=many", "cursor=x", "lang=xx", "most=5"]
)
def test_a_wrong_parameter_is_named(call: Caller, query: str) -> None:
    answer = call(f"/targets?{query}")
    assert answer.status_code == 422
    told = json.dumps(answer.get_json(force=True))
    assert query.partition("=")[0] in told


def test_answers_say_what_they_depend_on_and_set_no_cookie(call: Caller, kenya: Account) -> None:
    answer = call("/targets?lang=ar")
    assert {"Accept", "Accept-Language", "Authorization"} <= set(answer.vary)
    assert "Set-Cookie" not in answer.headers
    assert call("/targets", kenya).headers["Cache-Control"] == "private, no-store"
