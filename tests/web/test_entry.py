"""Filling in a draft: what people type, in which language, and what the page tells them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.submission import Submission
from tests import make
from tests.page import Browse, Page, words

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]

SCRIPT = '<script>alert(1)</script> & "Co"'


def address(submission: Submission, place: str = "forest") -> str:
    return f"/submissions/{submission.id}/draft/{place}"


def values(page: Page, name: str) -> list[str]:
    """Return what the inputs of that name hold, hidden ones left out."""
    found = [e for e in page.all("input", name=name) if e.get("type") != "hidden"]
    return [e.get("value", "") for e in found]


def chosen(page: Page, name: str) -> list[str]:
    return [e.get("value", "") for e in page.all("input", name=name) if "checked" in e.attrib]


def described(page: Page, element_id: str) -> str:
    """Return what describes an input, as a screen reader says it."""
    (element,) = [e for e in page.root.iter() if e.get("id") == element_id]
    ids = element.get("aria-describedby", "").split()
    return " ".join(words(e) for i in ids for e in page.root.iter() if e.get("id") == i)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("place", ["forest", "animals", "animals/herds/add"])
def test_every_page_of_a_draft(
    browse: Browse, kenya: Submission, language: str, place: str
) -> None:
    page = browse(address(kenya, place), language=language)
    assert page.root.get("dir") == {"en": "ltr", "ar": "rtl"}[language]


def test_the_aichi_form_opens_on_every_page(
    browse: Browse, session: Session, sign_in: SignIn
) -> None:
    submission = make.make_submission(
        session,
        draft={
            "targets_basis": "aichi_targets",
            "aichi_targets": {
                "aichi-11": {
                    "aichi_target_assessments": [{"row": "a1", "answers": {"progress": "unknown"}}]
                }
            },
        },
    )
    sign_in(make.make_account(session))
    for place in ("basis", "targets", "aichi_assessments"):
        browse(address(submission, place))
    row = "aichi_assessments/aichi_targets/aichi-11/aichi_target_assessments/a1"
    page = browse(address(submission, row))
    assert page.h1 == "Assessment 1"
    assert chosen(page, "progress") == ["unknown"]
    listed = browse(address(submission, "aichi_assessments"))
    assert listed.links()["Assessment 1"].startswith(address(submission, row))


def test_problems_are_shown_at_once_and_nothing_typed_is_lost(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    typed = {"has_forest": "yes", "trees": "soon", "counted_on": "tomorrow", "story": "Tall."}
    browse(address(kenya), data={"has_forest": "yes"})
    page = browse(address(kenya), status=422, data=typed)
    assert values(page, "trees") == ["soon"]
    assert values(page, "counted_on") == ["tomorrow"]
    assert "Tall." in words(page.all("textarea", name="story")[0])
    summary = page.find("section", class_="error-summary")
    assert [a.get("href") for a in summary.iter("a")] == ["#q-trees", "#q-counted_on"]
    assert "Enter a whole number" in described(page, "q-trees")
    assert "Enter a date" in described(page, "q-counted_on")
    kept = draft(kenya)
    assert kept["trees"] == {"typed": "soon", "locale": "en", "problem": "not_a_whole_number"}
    assert kept["story"] == {"en": {"text": "Tall."}}
    assert values(browse(address(kenya)), "trees") == ["soon"]


def test_what_is_missing_is_told_on_the_way_on_but_not_while_staying(
    browse: Browse, kenya: Submission
) -> None:
    assert "Saved" in browse(address(kenya), data={"story": "x", "then": "stay"}).words
    page = browse(address(kenya), status=422, data={"story": "x", "then": "continue"})
    assert "Answer this question." in described(page, "q-has_forest") or (
        "Answer this question." in page.words
    )
    assert page.links()["Go on and come back to this later"] == address(kenya, "animals")


def test_a_clean_save_leads_on_to_the_next_section_that_is_asked(
    client: FlaskClient, kenya: Submission
) -> None:
    answer = client.post(address(kenya), data={"has_forest": "yes"})
    assert (answer.status_code, answer.location) == (303, f"{address(kenya)}?new=trees#q-trees")
    answer = client.post(address(kenya), data={"has_forest": "yes", "trees": "12"})
    assert (answer.status_code, answer.location) == (303, address(kenya, "animals"))


def test_new_questions_keep_people_on_the_page(browse: Browse, kenya: Submission) -> None:
    assert not values(browse(address(kenya)), "trees")
    page = browse(address(kenya), data={"has_forest": "yes"})
    assert "there is more to fill in on this page" in page.words
    assert values(page, "trees") == [""]
    assert [words(e) for e in page.all("p", class_="new-mark")] == ["New"]
    assert not page.all("section", class_="error-summary")


def test_an_answer_that_is_no_longer_asked_is_kept(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    browse(address(kenya), data={"has_forest": "yes"})
    browse(address(kenya), data={"has_forest": "yes", "trees": "12"})
    browse(address(kenya), data={"has_forest": "no"})
    assert draft(kenya)["trees"] == "12"
    browse(address(kenya), data={"has_forest": "yes"})
    assert values(browse(address(kenya)), "trees") == ["12"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_markup_in_an_answer_is_only_text(browse: Browse, kenya: Submission, language: str) -> None:
    browse(address(kenya), data={"story": SCRIPT, "keeper": SCRIPT, "then": "stay"})
    browse(address(kenya, "animals/herds/r1"), data={"name": SCRIPT})
    for place in ("forest", "animals", "animals/herds/r1"):
        page = browse(address(kenya, place), language=language)
        assert "<script>alert" not in page.text
    page = browse(f"/submissions/{kenya.id}/check", language=language)
    assert "<script>alert" not in page.text
    assert SCRIPT in page.words


def test_a_text_has_the_direction_of_its_own_language(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    story = {"story": ["Tall.", "عالية"], "story.language": ["en", "ar"], "then": "stay"}
    page = browse(address(kenya), data=story)
    assert draft(kenya)["story"] == {"en": {"text": "Tall."}, "ar": {"text": "عالية"}}
    arabic, english, more = page.all("textarea", name="story")
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert (english.get("lang"), english.get("dir")) == ("en", "ltr")
    assert more.get("lang") not in {"ar", "en"}
    selects = page.all("select", name="story.language")
    assert len(selects) == 3, "a language beside each text, in the same order"
    read = browse(f"/submissions/{kenya.id}/check")
    (shown,) = [e for e in read.all("div", lang="ar") if words(e) == "عالية"]
    assert shown.get("dir") == "rtl"


def test_a_new_text_takes_the_language_of_writing(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    home = f"/submissions/{kenya.id}"
    browse(f"{home}/language", data={"language": "ar"})
    box = browse(address(kenya)).all("textarea", name="story")[0]
    assert (box.get("lang"), box.get("dir")) == ("ar", "rtl")
    browse(address(kenya), data={"story": "عالية", "then": "stay"})
    assert draft(kenya)["story"] == {"ar": {"text": "عالية"}}


def test_the_language_of_a_text_can_be_changed(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    browse(address(kenya), data={"story": "Grands.", "then": "stay"})
    browse(address(kenya), data={"story": "Grands.", "story.language": "fr", "then": "stay"})
    assert draft(kenya)["story"] == {"fr": {"text": "Grands."}}


def test_kinds_of_nothing_are_offered_kept_and_told_apart(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    browse(address(kenya), data={"has_forest": "yes"})
    browse(address(kenya), data={"trees": "", "trees.nothing": "unknown", "then": "stay"})
    assert draft(kenya)["trees"] == {"nothing": "unknown"}
    assert chosen(browse(address(kenya)), "trees.nothing") == ["unknown"]
    assert "How many trees? Unknown" in browse(f"/submissions/{kenya.id}/check").words


def test_choices_can_be_taken_back(browse: Browse, kenya: Submission, draft: Draft) -> None:
    browse(address(kenya), data={"uses": ["", "fruit", "fire"], "then": "stay"})
    page = browse(address(kenya))
    assert draft(kenya)["uses"] == ["fire", "fruit"]
    assert chosen(page, "uses") == ["fire", "fruit"]
    assert [e.get("name") for e in page.all("input", type="hidden", name="uses")] == ["uses"]
    browse(address(kenya), data={"uses": [""], "then": "stay"})
    assert "uses" not in draft(kenya)


def test_a_choice_that_is_none_is_kept_as_it_was_posted(
    browse: Browse, kenya: Submission, draft: Draft
) -> None:
    browse(address(kenya), status=422, data={"has_forest": "perhaps"})
    assert draft(kenya)["has_forest"]["typed"] == "perhaps"


def test_a_warning_asks_for_a_word_and_then_lets_go_on(
    browse: Browse, kenya: Submission, client: FlaskClient, draft: Draft
) -> None:
    browse(address(kenya), data={"has_forest": "yes"})
    page = browse(address(kenya), status=422, data={"has_forest": "yes", "trees": "5000"})
    summary = page.find("section", class_="error-summary")
    assert [a.get("href") for a in summary.iter("a")] == ["#q-many-explanation"]
    assert "That is very many trees." in described(page, "q-many-explanation")
    explained = {"has_forest": "yes", "trees": "5000", "many.explanation": "A big forest."}
    assert client.post(address(kenya), data=explained).status_code == 303
    assert draft(kenya)["many.explanation"] == {"en": {"text": "A big forest."}}
    assert "A big forest." in browse(f"/submissions/{kenya.id}/check").words


def test_a_note_informs_and_stops_nobody(
    browse: Browse, kenya: Submission, client: FlaskClient
) -> None:
    browse(address(kenya), data={"has_forest": "yes"})
    answer = client.post(address(kenya), data={"has_forest": "yes", "trees": "1"})
    assert answer.status_code == 303
    assert "That is hardly a forest." in described(browse(address(kenya)), "q-trees")


def test_a_section_that_is_not_needed_says_so(browse: Browse, kenya: Submission) -> None:
    browse(address(kenya), data={"has_forest": "yes"})
    assert "not needed" in browse(address(kenya, "rivers")).words
    assert "Rivers" in browse(f"/submissions/{kenya.id}").words


@pytest.mark.parametrize("place", ["nowhere", "forest/herds/r1", "animals/herds/none", "a/b"])
def test_there_is_no_page_where_there_is_no_place(
    browse: Browse, kenya: Submission, place: str
) -> None:
    browse(address(kenya, place), status=404)


@pytest.mark.parametrize(
    ("role", "party"),
    [
        (Role.NATIONAL_AUTHORIZED_USER, "JOR"),
        (Role.PUBLISHING_AUTHORITY, "JOR"),
        (Role.REVIEWER, ""),
        (Role.ADMINISTRATOR, ""),
    ],
)
def test_nobody_else_reads_or_writes_a_draft(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    sign_in: SignIn,
    kenya: Submission,
    draft: Draft,
    role: Role,
    party: str,
) -> None:
    browse(address(kenya), data={"story": "A secret.", "then": "stay"})
    sign_in(make.make_account(session, role, party))
    home = f"/submissions/{kenya.id}"
    for path in (home, f"{home}/check", address(kenya), address(kenya, "animals/herds/add")):
        answer = client.get(path)
        assert answer.status_code in {403, 404}, path
        assert "A secret." not in answer.text
    assert client.get(home).status_code == 404
    assert client.post(address(kenya), data={"story": "Mine."}).status_code in {403, 404}
    assert draft(kenya)["story"] == {"en": {"text": "A secret."}}


def test_a_save_needs_its_csrf_token(client: FlaskClient, kenya: Submission, draft: Draft) -> None:
    answer = client.post(address(kenya), data={"story": "x"}, headers={"X-CSRFToken": "wrong"})
    assert answer.status_code == 400
    assert draft(kenya) == {}


def test_nothing_can_be_written_when_the_collection_is_closed(
    browse: Browse, client: FlaskClient, kenya: Submission
) -> None:
    kenya.collection.closed_at = datetime.now(UTC)
    assert client.get(address(kenya)).status_code == 409
    assert client.post(address(kenya), data={"story": "x"}).status_code == 409
    assert "Send for sign-off" not in browse(f"/submissions/{kenya.id}/check").words
    page = browse(f"/submissions/{kenya.id}")
    assert "The collection is closed" in page.words
    assert not any("/draft/" in href for href in page.links().values())
