"""Operations as JSON: what the page that saves by itself sends, and what it is told."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.base import clock_at, now
from app.models.operation import Operation
from app.models.submission import Submission
from tests import make

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]
Json = Any
PAGE, OTHER = "page-1", "page-2"


class Typist:
    """Somebody with one page open, as its script works."""

    def __init__(self, client: FlaskClient, submission: Submission, page: str = PAGE) -> None:
        self.client, self.home, self.page = client, f"/submissions/{submission.id}/draft", page
        self.count = 0

    def operation(self, place: str = "forest", at: int = 0, /, **fields: Json) -> dict[str, Any]:
        self.count += 1
        return {
            "id": f"{self.page}-{self.count}",
            "order": self.count,
            "place": place,
            "at_version": at,
            "fields": {k: v if isinstance(v, list) else [v] for k, v in fields.items()},
        }

    def post(self, *operations: dict[str, Any], status: int = 200, **more: Json) -> Json:
        body = {"page": self.page, "locale": "en", "operations": list(operations), **more}
        answer = self.client.post(f"{self.home}/operations", json=body)
        assert answer.status_code == status, answer.text
        return answer.json

    def send(self, place: str = "forest", at: int = 0, /, **fields: Json) -> Json:
        return self.post(self.operation(place, at, **fields))["operations"][0]

    def changes(self, since: int = 0, *, status: int = 200, **query: Json) -> Json:
        found = self.client.get(
            f"{self.home}/changes", query_string={"since": since, "page": self.page, **query}
        )
        assert found.status_code == status, found.text
        return found.json


@pytest.fixture
def one(client: FlaskClient, kenya: Submission) -> Typist:
    return Typist(client, kenya)


@pytest.fixture
def two(client: FlaskClient, kenya: Submission) -> Typist:
    """The same browser with another page: what it changes counts as another's."""
    return Typist(client, kenya, OTHER)


def test_what_is_sent_is_in_the_draft_and_is_answered(
    one: Typist, kenya: Submission, draft: Draft
) -> None:
    answer = one.post(one.operation(trees="12"), one.operation(story="Tall."))
    assert [each["result"] for each in answer["operations"]] == ["applied", "applied"]
    assert answer["version"] == 2
    assert answer["saved_at"].endswith("Z")
    assert draft(kenya) == {"trees": "12", "story": {"en": {"text": "Tall."}}}


def test_an_operation_is_carried_out_once_however_often_it_is_sent(
    one: Typist, two: Typist, kenya: Submission, draft: Draft
) -> None:
    first = one.operation(trees="12")
    assert one.post(first)["operations"][0]["result"] == "applied"
    assert two.send("forest", 1, trees="13")["result"] == "applied"
    again = one.post(first, first)
    assert [each["result"] for each in again["operations"]] == ["applied", "applied"]
    assert again["operations"][0]["answers"][0]["fields"]["trees"] == ["13"]
    assert draft(kenya)["trees"] == "13"
    assert again["version"] == 2


def test_an_older_text_that_comes_late_does_not_undo_a_newer_one_that_took_it_back(
    one: Typist, two: Typist, kenya: Submission, draft: Draft
) -> None:
    version = two.post(two.operation(trees="12"))["version"]
    older = one.operation("forest", version, trees="13")
    newer = one.operation("forest", version, trees="12")  # typed back to what was shown
    assert one.post(newer)["operations"][0]["result"] == "same"
    assert one.post(older)["operations"][0]["result"] == "same"
    assert draft(kenya)["trees"] == "12"
    assert one.send("forest", version, trees="14")["result"] == "applied"
    assert one.post(newer)["operations"][0]["result"] == "same", "known again"
    assert draft(kenya)["trees"] == "14"


def test_an_id_of_somebody_else_or_of_elsewhere_hides_nothing(
    one: Typist, kenya: Submission, session: Session, sign_in: SignIn, draft: Draft
) -> None:
    first = one.operation(trees="12")
    one.post(first)
    elsewhere = first | {"place": "animals/herds/r1", "fields": {"name": ["Zebras"]}}
    (refused,) = one.post(elsewhere)["operations"]
    assert (refused["result"], refused["code"]) == ("refused", "idempotency_key.reused")
    sign_in(make.make_account(session, name="Colleague"))
    (refused,) = one.post(first | {"fields": {"trees": ["13"]}})["operations"]
    assert (refused["result"], refused["code"]) == ("refused", "idempotency_key.reused")
    posted = {"trees": "13", ".page": OTHER, ".op.trees": f"{first['id']}:1", "then": "stay"}
    headers = {"Origin": "http://localhost"}
    answer = one.client.post(f"{one.home}/forest", data=posted, headers=headers)
    assert answer.status_code == 409
    assert ">\n13</textarea>" in answer.text, "what was typed is on the page"
    assert draft(kenya) == {"trees": "12"}


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(minutes=-1), timedelta(hours=1)])
def test_a_clock_that_jumps_turns_no_order_and_loses_nothing(
    one: Typist, two: Typist, kenya: Submission, session: Session, draft: Draft, jump: timedelta
) -> None:
    version = one.post(one.operation(trees="12"))["version"]
    with clock_at(now() + jump):
        answer = two.post(two.operation("forest", version, trees="13"))
        assert answer["operations"][0]["result"] == "applied"
        assert answer["saved_at"] is not None
        assert one.send(trees="14")["result"] == "clash", "what a colleague did is still later"
        assert [each["fields"]["trees"] for each in one.changes(version)["changes"]] == [["13"]]
    assert one.send(story="Tall.")["result"] == "applied"
    assert draft(kenya) == {"trees": "13", "story": {"en": {"text": "Tall."}}}
    kept = session.query(Operation).order_by(Operation.number)
    assert [op.after for op in kept if op.question == "trees"] == ["12", "13", "14"]


def test_a_session_that_a_clock_has_ended_is_told_and_goes_on_after_signing_in(
    one: Typist, kenya: Submission, session: Session, sign_in: SignIn, draft: Draft
) -> None:
    drafter = session.query(Account).filter_by(name="Drafter").one()
    sent = one.operation(trees="12")
    with clock_at(now() + timedelta(days=400)):
        assert one.post(sent, status=401)["code"] == "not_signed_in"
        sign_in(drafter)
        assert one.post(sent, account=drafter.id)["operations"][0]["result"] == "applied"
    assert draft(kenya) == {"trees": "12"}


@pytest.mark.parametrize("body", ["[]", '{"operations": []}'])
def test_what_is_too_large_is_refused_as_json(one: Typist, client: FlaskClient, body: str) -> None:
    sent = body + " " * (20 * 1024 * 1024)
    answer = client.post(f"{one.home}/operations", data=sent, content_type="application/json")
    assert (answer.status_code, answer.json and answer.json["code"]) == (413, "file.too_large")


def test_a_page_follows_itself_and_needs_no_new_version(
    one: Typist, kenya: Submission, draft: Draft
) -> None:
    for count in ("1", "12", "125"):
        assert one.send(trees=count)["result"] == "applied"
    assert draft(kenya)["trees"] == "125"


def test_what_comes_late_undoes_nothing_newer(
    one: Typist, kenya: Submission, session: Session, draft: Draft
) -> None:
    older, newer = one.operation(story="Ta"), one.operation(story="Tall.")
    one.post(newer)
    assert one.post(older)["operations"][0]["result"] == "same"
    assert draft(kenya)["story"] == {"en": {"text": "Tall."}}
    assert {"en": {"text": "Ta"}} in [op.after for op in session.query(Operation)]


def test_changes_of_several_answers_merge(
    one: Typist, two: Typist, kenya: Submission, draft: Draft
) -> None:
    one.send(trees="12")
    assert two.send(story="Tall.")["result"] == "applied"
    assert draft(kenya) == {"trees": "12", "story": {"en": {"text": "Tall."}}}


def test_texts_in_several_languages_merge(
    one: Typist, two: Typist, kenya: Submission, draft: Draft
) -> None:
    one.send(story="Tall.")
    told = two.send("forest", 0, **{"story": ["Grands."], "story.language": ["fr"]})
    assert told["result"] == "applied"
    assert told["answers"][0]["fields"] == {
        "story": ["Tall.", "Grands."],
        "story.language": ["en", "fr"],
    }
    assert one.send(story="Tall trees.")["result"] == "applied"
    assert draft(kenya)["story"] == {"en": {"text": "Tall trees."}, "fr": {"text": "Grands."}}


def test_a_clash_tells_theirs_keeps_both_and_is_settled_by_a_choice(
    one: Typist, two: Typist, kenya: Submission, session: Session, draft: Draft
) -> None:
    one.send(trees="12")
    answer = two.post(two.operation(trees="13"))
    (told,) = answer["operations"]
    assert told["result"] == "clash"
    (clash,) = told["answers"]
    assert clash["fields"]["trees"] == ["12"]
    assert clash["html"] == "12"
    assert clash["theirs"]["by"] == "Drafter"
    assert draft(kenya)["trees"] == "12"
    assert two.send("forest", told["version"], trees="13")["result"] == "applied"
    assert draft(kenya)["trees"] == "13"
    kept = [op.after for op in session.query(Operation).order_by(Operation.number)]
    assert kept == ["12", "13", "13"]


def test_a_replayed_clash_is_told_again(one: Typist, two: Typist) -> None:
    one.send(trees="12")
    sent = two.operation(trees="13")
    first, again = two.post(sent), two.post(sent)
    assert first["operations"] == again["operations"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"place": "nowhere"}, "not_found"), ({"place": "animals/herds/r1/sightings/s"}, "not_found")],
)
def test_what_is_refused_stops_nothing_else(
    one: Typist, kenya: Submission, draft: Draft, change: dict[str, Any], code: str
) -> None:
    bad = one.operation(trees="1") | change
    answer = one.post(bad, one.operation(trees="12"))
    refused, applied = answer["operations"]
    assert (refused["result"], refused["code"]) == ("refused", code)
    assert refused["sentence"]
    assert applied["result"] == "applied"
    assert draft(kenya) == {"trees": "12"}


def test_a_row_is_made_once_and_comes_back_when_it_is_written_in(
    one: Typist, two: Typist, kenya: Submission, draft: Draft
) -> None:
    row = "animals/herds/r1"
    version = one.post(one.operation(row, name="Zebras"))["version"]
    removal = {"id": "gone", "at_version": version, "kind": "remove_row", "place": row}
    assert two.post(removal)["operations"][0]["result"] == "applied"
    assert draft(kenya) == {}
    unchanged = one.post(one.operation(row, version, name="Zebras"))
    assert unchanged["came_back"] == []
    answer = one.post(one.operation(row, version, name="Many zebras"))
    assert answer["came_back"] == [row]
    assert draft(kenya)["herds"][0]["answers"] == {"name": {"en": {"text": "Many zebras"}}}


def test_rows_move_past_a_neighbour(one: Typist, kenya: Submission, draft: Draft) -> None:
    for row in ("a", "b", "c"):
        one.send(f"animals/herds/{row}", name=row)
    move = {"id": "m", "at_version": 0, "kind": "move_row", "place": "animals/herds/c", "by": -1}
    one.post(move | {"neighbour": "a"})
    assert [row["row"] for row in draft(kenya)["herds"]] == ["c", "a", "b"]


def test_others_are_told_what_was_changed(one: Typist, two: Typist) -> None:
    version = one.post(one.operation(story="Tall."), one.operation("animals/herds/r1", name="Z"))[
        "version"
    ]
    told = two.changes(place="forest")
    assert [(each["question"], each["fields"]["story"]) for each in told["changes"]] == [
        ("story", ["Tall."])
    ]
    assert told["changes"][0]["by"] == "Drafter"
    assert told["version"] == version
    rows = two.changes(place="animals")["rows"]
    assert [(row["kind"], row["place"]) for row in rows] == [("add_row", "animals/herds/r1")]
    assert one.changes()["changes"] == []
    assert two.changes(version)["changes"] == []


def test_who_is_at_work_is_told(
    one: Typist, kenya: Submission, session: Session, sign_in: SignIn
) -> None:
    one.changes(place="forest")
    assert one.changes(place="forest")["present"] == [], "nobody is told of themselves"
    sign_in(make.make_account(session, name="Colleague"))
    (here,) = one.changes(place="forest")["present"]
    assert (here["who"], here["place"], here["is_here"]) == ("Drafter", "forest", True)
    (there,) = one.changes(place="animals")["present"]
    assert not there["is_here"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"operations": []},
        {"operations": [1]},
        {"operations": [{"id": "a", "place": "forest"}]},
        {"operations": [{"id": "a b", "place": "forest", "at_version": 0}]},
        {"operations": [{"id": "a", "place": "forest", "at_version": -1}]},
        {"operations": [{"id": "a", "place": 7, "at_version": 0}]},
        {"operations": [{"id": "a", "place": "forest", "at_version": 0, "fields": {"x": "y"}}]},
        {"operations": [{"id": "a", "place": "forest", "at_version": 0, "kind": "drop"}]},
        {"operations": [{"id": "a", "place": "forest", "at_version": 0, "by": 5}]},
        {"operations": [{"id": "a", "place": "f", "at_version": 0, "order": True}], "page": "p"},
        {"operations": [{"id": "a", "place": "f", "at_version": 0}], "page": 5},
        {"operations": [{"id": "a", "place": "f", "at_version": 0}], "locale": "xx"},
        {"operations": [{"id": "a", "place": "f", "at_version": 0, "kind": []}]},
    ],
)
def test_what_is_no_list_of_operations_is_refused_as_json(
    one: Typist, client: FlaskClient, kenya: Submission, draft: Draft, body: Json
) -> None:
    answer = client.post(f"{one.home}/operations", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json is not None
    assert answer.json["code"] == "invalid_input"
    assert draft(kenya) == {}


@pytest.mark.parametrize("where", ["depth", "locale", "fields", "name", "place"])
def test_json_that_is_no_text_or_too_deep_is_refused_as_json(
    one: Typist, client: FlaskClient, kenya: Submission, draft: Draft, where: str
) -> None:
    half = "\ud800"  # of a surrogate pair
    changes: dict[str, dict[str, Json]] = {
        "fields": {"fields": {"story": [half]}},
        "name": {"fields": {half: [""]}},
        "place": {"place": f"forest/{half}"},
    }
    operation = one.operation(story="Tall.") | changes.get(where, {})
    body = {"operations": [operation]} | ({"locale": half} if where == "locale" else {})
    sent = "[" * 100_000 if where == "depth" else json.dumps(body)
    kind = "application/json"
    answer = client.post(f"{one.home}/operations", data=sent, content_type=kind)
    assert answer.status_code == 422, answer.text
    assert answer.json is not None
    assert draft(kenya) == {}


def test_errors_are_json(
    one: Typist, client: FlaskClient, kenya: Submission, session: Session, sign_in: SignIn
) -> None:
    sent = {"page": PAGE, "operations": [one.operation(trees="1")]}
    wrong = client.post(f"{one.home}/operations", json=sent, headers={"X-CSRFToken": "wrong"})
    assert (wrong.status_code, wrong.json and wrong.json["code"]) == (400, "csrf")
    for role, party in ((Role.REVIEWER, ""), (Role.NATIONAL_AUTHORIZED_USER, "JOR")):
        sign_in(make.make_account(session, role, party))
        for answer in (
            client.post(f"{one.home}/operations", json=sent),
            client.get(f"{one.home}/changes?since=0"),
        ):
            assert (answer.status_code, answer.json and answer.json["code"]) == (403, "not_allowed")


def test_a_page_of_somebody_else_is_not_taken(one: Typist, kenya: Submission, draft: Draft) -> None:
    assert one.post(one.operation(trees="12"), account="another", status=401)["code"] == (
        "not_signed_in"
    )
    one.changes(account=one.post(one.operation(story="Tall."))["operations"][0]["id"], status=401)
    assert draft(kenya) == {"story": {"en": {"text": "Tall."}}}


def test_what_a_button_posts_is_known_again_when_it_is_sent(
    one: Typist, two: Typist, kenya: Submission, session: Session, draft: Draft
) -> None:
    """The page that saves by itself was about to send it when its button was pressed."""
    trees, story = one.operation(trees="12"), one.operation(story="Tall.")
    two.send(story="Small.")
    posted = {"trees": "12", "story": "Tall.", "then": "stay", ".version": "0", ".page": PAGE}
    for question, each in {"trees": trees, "story": story}.items():
        posted[f".op.{question}"] = f"{each['id']}:{each['order']}"
    assert one.client.post(f"{one.home}/forest", data=posted).status_code == 409
    again = one.post(trees, story)["operations"]
    assert [each["result"] for each in again] == ["applied", "clash"]
    assert again[1]["answers"][0]["theirs"]["by"] == "Drafter"
    assert one.client.post(f"{one.home}/forest", data=posted).status_code == 409
    assert draft(kenya) == {"trees": "12", "story": {"en": {"text": "Small."}}}
    kept = [op.id for op in session.query(Operation)]
    assert sorted(kept) == sorted({trees["id"], story["id"], "page-2-1"})
