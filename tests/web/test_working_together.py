"""Several people in one draft, with pages alone: merges, clashes, who is there."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.operation import Operation, Presence
from app.models.submission import Submission
from tests import make
from tests.page import Browse, words
from tests.web.conftest import Draft, SignIn
from tests.web.person import Person, history, posted


def test_an_old_page_undoes_nothing(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    old, other = ann.opens(), ben.opens()
    ben.saves(other, trees="12", story="Tall.")
    ann.saves(old, keeper="Ann")
    assert draft(kenya) == {
        "has_forest": "yes",
        "trees": "12",
        "story": {"en": {"text": "Tall."}},
        "keeper": "Ann",
    }


def test_a_page_that_is_saved_twice_follows_itself(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, _ben = people
    page = ann.opens()
    ann.saves(page, trees="1")
    ann.saves(page, trees="12")
    ann.saves(page, trees="12")
    assert draft(kenya)["trees"] == "12"


def test_a_page_without_a_version_changes_what_differs_from_now(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    ben.saves(ben.opens(), trees="12")
    ann.saves({}, trees="13")
    assert draft(kenya)["trees"] == "13"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_clash_shows_both_and_saves_all_else(
    people: tuple[Person, Person], kenya: Submission, draft: Draft, language: str
) -> None:
    ann, ben = people
    old = ann.opens()
    ben.saves(ben.opens(), trees="12")
    ann.language = language
    page = ann.saves(old, status=409, trees="13", keeper="Ann")
    (block,) = page.all("fieldset", class_="clash")
    assert {"12", "13"} <= set(words(block).replace(",", " ").split())
    assert "Ben" in words(block)
    assert [a.get("href") for a in page.find("section", class_="error-summary").iter("a")] == [
        "#clash-q-trees"
    ]
    assert posted(page)["trees"] == ["13"], "one's own text is still in its field"
    assert draft(kenya) == {"has_forest": "yes", "trees": "12", "keeper": "Ann"}


@pytest.mark.parametrize(
    ("choice", "typed", "kept"),
    [("mine", "13", "13"), ("theirs", "13", "12"), ("mine", "14", "14"), ("theirs", "15", "12")],
)
def test_a_choice_settles_a_clash_and_loses_no_text(
    people: tuple[Person, Person],
    kenya: Submission,
    session: Session,
    draft: Draft,
    choice: str,
    typed: str,
    kept: str,
) -> None:
    ann, ben = people
    old = ann.opens()
    ben.saves(ben.opens(), trees="12")
    page = posted(ann.saves(old, status=409, trees="13"))
    ann.saves(page, also={".keep.trees": choice, "trees": typed})
    assert draft(kenya)["trees"] == kept
    assert {after for _b, after, _s in history(session, "trees")} == {"12", "13", typed}


def test_until_one_chooses_the_page_asks_again(
    people: tuple[Person, Person], kenya: Submission, session: Session, draft: Draft
) -> None:
    ann, ben = people
    old = ann.opens()
    ben.saves(ben.opens(), trees="12")
    page = posted(ann.saves(old, status=409, trees="13"))
    again = ann.saves(page, status=409, keeper="Ann")
    assert "Choose which answer is to stay" in again.words
    assert draft(kenya)["keeper"] == "Ann"
    changed = posted(ann.saves(posted(again), status=409, trees="14"))
    assert changed["trees"] == ["14"]
    assert [state for _b, _a, state in history(session, "trees")] == ["applied", "clash", "clash"]


def test_texts_merge_by_language_and_only_the_same_language_clashes(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    old, other = ann.opens(), ben.opens()
    ben.saves(other, also={"story": ["Tall.", "عالية"], "story.language": ["en", "ar"]})
    page = posted(ann.saves(old, status=409, story="Big.", also={"story.language": "en"}))
    assert page["story"] == ["عالية", "Big.", ""]
    ann.saves(page, also={".keep.story": "mine"})
    assert draft(kenya)["story"] == {"en": {"text": "Big."}, "ar": {"text": "عالية"}}


def test_a_page_that_is_sent_as_it_came_changes_nothing(
    browse: Browse,
    session: Session,
    kenya: Submission,
    tiny: Form,
    sign_in: SignIn,
) -> None:
    document = {
        "has_forest": "yes",
        "trees": {"typed": "soon", "locale": "fr", "problem": "not_a_whole_number"},
        "story": {
            "en": {"text": "Tall.\n\nVery."},
            "fr": {"text": "Grands.", "translated_by": "B"},
        },
        "uses": ["fire", "fruit"],
        "counted_on": "2018-12-31",
        "keeper": "Ann",
    }
    make.make_submission(session, draft=document, form=tiny)
    ann = Person(browse, sign_in, make.make_account(session, name="Ann"), kenya)
    ann.saves(ann.opens(), status=422, then="continue")
    ann.saves(ann.opens(), status=422)
    assert session.query(Operation).count() == 0


def test_a_row_that_somebody_has_removed_comes_back_when_it_is_written_in(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    row = "animals/herds/r1"
    ann.saves({}, row, name="Zebras")
    old, unchanged = ann.opens(row), ann.opens(row)
    ben.looks(f"/draft/{row}/remove", data={})
    page = ann.saves(unchanged, row)
    assert "has removed this entry" in page.words
    assert draft(kenya)["has_forest"] == "yes"
    assert "herds" not in draft(kenya)
    assert "is back" in ann.saves(old, row, name="Zebras, many").words
    assert draft(kenya)["herds"][0]["answers"] == {"name": {"en": {"text": "Zebras, many"}}}


def test_a_row_in_which_somebody_writes_is_not_removed_unasked(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    row = "animals/herds/r1"
    ann.saves({}, row, name="Zebras")
    asked = ann.looks(f"/draft/{row}/remove")
    version = asked.find("input", name=".version").get("value")
    ben.saves(ben.opens(row), row, name="Gnus")
    page = ann.looks(f"/draft/{row}/remove", status=409, data={".version": version})
    assert "Ben" in page.words
    assert draft(kenya)["herds"]
    newer = page.find("input", name=".version").get("value")
    ann.looks(f"/draft/{row}/remove", data={".version": newer})
    assert "herds" not in draft(kenya)


def test_a_row_moves_past_the_neighbour_that_was_shown(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, _ben = people
    for row in ("a", "b", "c"):
        ann.saves({}, f"animals/herds/{row}", name=row)
    page = ann.looks("/draft/animals")
    buttons = [b.get("value") for b in page.all("button", name="then")]
    assert "up:animals/herds/c:b" in buttons
    ann.saves({}, "animals", then="up:animals/herds/c:a")
    assert [row["row"] for row in draft(kenya)["herds"]] == ["c", "a", "b"]


def test_who_is_at_work_is_shown(people: tuple[Person, Person]) -> None:
    ann, ben = people
    ann.opens("animals")
    page = ben.looks("/draft/forest")
    assert "Ann is working on “Animals”." in page.words
    assert "Ann is working on this page." in ben.looks("/draft/animals").words
    assert "Ben is working on “Animals”." in ann.looks("").words


def test_to_note_who_is_there_leaves_connections_as_they_were(
    people: tuple[Person, Person], engine: Engine
) -> None:
    ann, _ben = people
    for place in ("forest", "animals", "forest"):
        ann.opens(place)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10000


def test_nowhere_is_no_place_to_be(people: tuple[Person, Person], session: Session) -> None:
    ann, _ben = people
    ann.saves({}, "nowhere", status=404)
    ann.looks("/draft/nowhere", status=404)
    session.expire_all()
    assert session.query(Presence).filter_by(place="nowhere").count() == 0
