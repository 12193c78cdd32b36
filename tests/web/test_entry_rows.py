"""Rows of a draft: added, opened, moved and removed, and never at the price of what was typed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models.submission import Submission
from tests.page import Browse, Page, words

Draft = Callable[[Submission], dict[str, Any]]


def address(submission: Submission, place: str = "animals") -> str:
    return f"/submissions/{submission.id}/draft/{place}"


def titles(page: Page) -> list[str]:
    return [words(e) for e in page.all("h3", class_="entry-title")]


@pytest.fixture
def herds(kenya: Submission, client: FlaskClient) -> Submission:
    """Return a draft with three herds, the first of which was seen twice."""
    for row, name in (("r1", "Zebras"), ("r2", "Gnus"), ("r3", "Elands")):
        client.post(address(kenya, f"animals/herds/{row}"), data={"name": name})
    for row, day in (("s1", "2017-01-01"), ("s2", "2018-01-01")):
        client.post(address(kenya, f"animals/herds/r1/sightings/{row}"), data={"seen_on": day})
    return kenya


def test_a_new_row_has_an_address_of_its_own_and_is_made_when_saved(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    page = browse(address(kenya, "animals/herds/add"))
    assert page.h1 == "Herd 1"
    action = page.all("form", method="post")[-1].get("action", "")
    assert re.fullmatch(re.escape(address(kenya, "animals/herds/")) + "[0-9a-f-]{36}", action)
    assert "herds" not in draft(kenya)
    browse(action, data={"name": "Zebras"})
    assert [row["answers"] for row in draft(kenya)["herds"]] == [
        {"name": {"en": {"text": "Zebras"}}}
    ]


def test_saving_the_same_row_twice_makes_one(
    client: FlaskClient, kenya: Submission, draft: Draft
) -> None:
    for _ in range(2):
        answer = client.post(address(kenya, "animals/herds/r1"), data={"name": "Zebras"})
        assert answer.status_code == 303
    assert len(draft(kenya)["herds"]) == 1


def test_a_row_with_problems_is_there_and_can_be_opened(browse: Browse, kenya: Submission) -> None:
    page = browse(address(kenya, "animals/herds/r1"), status=422, data={"name": ""})
    assert "Answer this question." in page.words
    assert browse(address(kenya, "animals/herds/r1")).h1 == "Herd 1"
    assert titles(browse(address(kenya))) == ["Herd 1"]


def test_rows_stand_in_rows_two_clicks_away(browse: Browse, herds: Submission) -> None:
    page = browse(address(herds))
    assert titles(page) == ["Zebras", "Gnus", "Elands"]
    assert "1 January 2017" in page.words
    row = browse(address(herds, "animals/herds/r1/sightings/s1"))
    assert row.h1 == "Sighting: 1 January 2017"
    assert row.links()["Zebras"] == address(herds, "animals/herds/r1")


def test_no_more_rows_are_offered_than_the_form_takes(browse: Browse, herds: Submission) -> None:
    assert "Add: Herd" not in browse(address(herds)).words
    assert "Add: Sighting" in browse(address(herds)).words


def test_rows_are_moved_and_what_was_typed_is_saved(
    browse: Browse, herds: Submission, draft: Draft
) -> None:
    page = browse(address(herds), data={"nearest": "aichi-11", "then": "up:animals/herds/r3"})
    assert titles(page) == ["Zebras", "Elands", "Gnus"]
    assert draft(herds)["nearest"] == "aichi-11"
    page = browse(address(herds), data={"then": "down:animals/herds/r1"})
    assert titles(page) == ["Elands", "Zebras", "Gnus"]
    assert [s["row"] for s in draft(herds)["herds"][1]["answers"]["sightings"]] == ["s1", "s2"]


def test_moving_a_row_that_a_colleague_removed_loses_nothing(
    client: FlaskClient, herds: Submission, draft: Draft
) -> None:
    moved = {"nearest": "aichi-11", "then": "up:animals/herds/gone"}
    assert client.post(address(herds), data=moved).status_code == 303
    assert draft(herds)["nearest"] == "aichi-11"


def test_a_row_is_removed_with_all_under_it_after_a_question(
    browse: Browse, client: FlaskClient, herds: Submission, draft: Draft
) -> None:
    page = browse(address(herds, "animals/herds/r1/remove"))
    assert "Zebras" in page.words
    assert "2 entries under it go too." in page.words
    assert len(draft(herds)["herds"]) == 3
    answer = client.post(address(herds, "animals/herds/r1/remove"), data={"from": "animals"})
    assert (answer.status_code, answer.location.partition("#")[0]) == (303, address(herds))
    assert [row["row"] for row in draft(herds)["herds"]] == ["r2", "r3"]
    browse(address(herds, "animals/herds/r1"), status=404)


@pytest.mark.parametrize("place", ["animals", "animals/herds/none"])
def test_only_a_row_that_is_there_can_be_removed(
    client: FlaskClient, herds: Submission, place: str
) -> None:
    assert client.get(address(herds, f"{place}/remove")).status_code == 404
    assert client.post(address(herds, f"{place}/remove")).status_code == 404


def test_going_elsewhere_saves_first_and_leads_back(
    client: FlaskClient, browse: Browse, kenya: Submission, draft: Draft
) -> None:
    here = address(kenya, "animals/herds/r1")
    then = {"name": "Zebras", "then": "go:animals/herds/r1/sightings/add"}
    answer = client.post(here, data=then)
    assert answer.status_code == 303
    assert draft(kenya)["herds"][0]["answers"]["name"] == {"en": {"text": "Zebras"}}
    page = browse(answer.location)
    assert page.find("input", name="from").get("value") == "animals/herds/r1"
    action = page.all("form", method="post")[-1].get("action", "")
    saved = client.post(action, data={"seen_on": "2018-01-01", "from": "animals/herds/r1"})
    assert saved.location.startswith(f"{here}#")


@pytest.mark.parametrize("wished", ["//example.org", "https://example.org/", "../../.."])
def test_a_button_never_leads_out_of_the_draft(
    client: FlaskClient, kenya: Submission, wished: str
) -> None:
    answer = client.post(address(kenya), data={"then": f"go:{wished}"})
    assert answer.location.startswith(address(kenya, ""))


def test_a_row_under_a_row_that_is_not_there_is_refused(
    client: FlaskClient, kenya: Submission
) -> None:
    lost = address(kenya, "animals/herds/none/sightings/s1")
    assert client.post(lost, data={"seen_on": "2018-01-01"}).status_code == 404


@pytest.fixture
def many(kenya: Submission, client: FlaskClient) -> Submission:
    """Return a draft with thirty herds."""
    for number in range(1, 31):
        client.post(address(kenya, f"animals/herds/r{number}"), data={"name": f"Herd of {number}"})
    return kenya


def test_a_long_list_is_shown_in_parts(browse: Browse, many: Submission) -> None:
    page = browse(address(many))
    assert len(titles(page)) == 25
    assert "1 to 25 of 30" in page.words
    assert "Part 1 of 2" in page.words
    second = browse(f"{address(many)}?page.herds=2")
    assert [title.rpartition(" ")[2] for title in titles(second)] == [*map(str, range(26, 31))]
    assert second.all("ol", class_="entries")[0].get("start") == "26"


def test_a_word_is_found_in_a_long_list(browse: Browse, many: Submission) -> None:
    page = browse(f"{address(many)}?find.herds=of%2027")
    assert len(titles(page)) == 1
    assert "1 of 30 has these words." in page.words
    nothing = browse(f"{address(many)}?find.herds=whales")
    assert titles(nothing) == []
    assert "Nothing with these words." in nothing.words


@pytest.mark.parametrize(
    ("posted", "query"),
    [
        ({"then": "find:herds", "find.herds": "of 27"}, "find.herds=of+27"),
        ({"then": "stay", "find.herds": "of 27", ".find.herds": ""}, "find.herds=of+27"),
        ({"then": "page:herds:2:"}, "page.herds=2"),
        ({"then": "page:herds:2:of 2"}, "page.herds=2"),
    ],
)
def test_a_long_list_is_gone_through_without_losing_what_was_typed(
    client: FlaskClient, many: Submission, posted: dict[str, str], query: str
) -> None:
    answer = client.post(address(many), data=posted)
    assert answer.status_code == 303
    assert query in answer.location
    assert answer.location.endswith("#at-animals-herds")


def test_one_comes_back_to_the_part_of_the_list_that_a_row_is_in(
    client: FlaskClient, many: Submission
) -> None:
    answer = client.post(address(many, "animals/herds/r28"), data={"name": "Gnus"})
    assert "page.herds=2" in answer.location
    assert answer.location.endswith("#at-animals-herds-r28")
