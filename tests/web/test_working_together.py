"""Several people in one draft, with pages alone: merges, clashes, history, undo, who is there."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.operation import Operation, Presence, State
from app.models.submission import Submission
from app.workflow import DraftStatus
from tests import make
from tests.page import Browse, Page, words

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]
Fields = dict[str, Any]


class Person:
    """Somebody with a browser without JavaScript."""

    def __init__(
        self, browse: Browse, sign_in: SignIn, account: Account, submission: Submission
    ) -> None:
        self.browse, self.account, self.home = browse, account, f"/submissions/{submission.id}"
        self._sign_in = sign_in
        self.language = "en"

    def opens(self, place: str = "forest") -> Fields:
        """Open a page; return what it posts unless something is typed."""
        self._sign_in(self.account)
        return posted(self.browse(f"{self.home}/draft/{place}", language=self.language))

    def saves(
        self,
        page: Fields,
        place: str = "forest",
        *,
        status: int = 200,
        also: Fields | None = None,
        **typed: str,
    ) -> Page:
        self._sign_in(self.account)
        data = {**page, "then": "stay", **typed, **(also or {})}
        return self.browse(
            f"{self.home}/draft/{place}", status=status, data=data, language=self.language
        )

    def looks(self, path: str, status: int = 200, data: Fields | None = None) -> Page:
        self._sign_in(self.account)
        return self.browse(f"{self.home}{path}", status=status, data=data, language=self.language)


def posted(page: Page) -> Fields:
    """Return what the form of a page posts as it came."""
    form = next(f for f in page.all("form", method="post") if f.get("data-rules"))
    found: dict[str, list[str]] = {}
    waiting = {e for template in form.iter("template") for e in template.iter()}
    for e in form.iter():
        name = e.get("name")
        if not name or e in waiting or name == "csrf_token":
            continue
        if e.tag == "textarea":
            found.setdefault(name, []).append((e.text or "").removeprefix("\n"))
        elif e.tag == "select":
            chosen = [o for o in e.iter("option") if "selected" in o.attrib]
            found.setdefault(name, []).extend(o.get("value", "") for o in chosen[:1])
        elif e.tag == "input" and (
            e.get("type") not in {"radio", "checkbox"} or "checked" in e.attrib
        ):
            found.setdefault(name, []).append(e.get("value", ""))
    return dict(found)


@pytest.fixture
def people(
    browse: Browse, session: Session, sign_in: SignIn, kenya: Submission, client: FlaskClient
) -> tuple[Person, Person]:
    client.post(f"/submissions/{kenya.id}/draft/forest", data={"has_forest": "yes"})
    ann = make.make_account(session, name="Ann")
    ben = make.make_account(session, Role.PUBLISHING_AUTHORITY, name="Ben")
    return Person(browse, sign_in, ann, kenya), Person(browse, sign_in, ben, kenya)


def history(session: Session, question: str) -> list[Any]:
    session.expire_all()
    found = session.query(Operation).filter_by(question=question).order_by(Operation.number)
    return [(op.before, op.after, op.state.value) for op in found]


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


def test_every_answer_has_its_history_and_comes_back(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    ann.saves(ann.opens(), story="Tall.")
    ben.saves(ben.opens(), story="Big.")
    links = ann.looks("/draft/forest").links().values()
    page = ann.browse(next(link for link in links if link.endswith("?question=story")))
    assert page.h1 == "History of an answer"
    newest, oldest = [words(li) for li in page.find("ol", class_="changes-made").iter("li")]
    assert "From Tall. To Big." in newest
    assert "Changed by Ben" in newest
    assert "From Not answered To Tall." in oldest
    restore = page.all("form", class_="restore")[0]
    version = page.all("input", name=".version")[0].get("value")
    ann.browse(restore.get("action", ""), data={".version": version})
    assert draft(kenya)["story"] == {"en": {"text": "Tall."}}
    assert "Brought back from the history by Ann" in ann.looks("/history").words


def test_a_restore_from_an_old_page_undoes_nothing(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    ann.saves(ann.opens(), trees="1")
    ann.saves(ann.opens(), trees="2")
    page = ann.looks("/history/forest?question=trees")
    restore = page.all("form", class_="restore")[0].get("action", "")
    version = page.all("input", name=".version")[0].get("value")
    ben.saves(ben.opens(), trees="3")
    shown = ann.browse(restore, status=409, data={".version": version})
    assert "What stands now" in shown.words
    assert draft(kenya)["trees"] == "3"
    again = shown.all("form", class_="action")[-1].get("action", "")
    newer = shown.all("input", name=".version")[0].get("value")
    ann.browse(again, data={".version": newer})
    assert draft(kenya)["trees"] == "1"


def test_undo_takes_back_ones_own_changes_newest_first(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    ann.saves(ann.opens(), story="Tall.")
    ann.saves(ann.opens(), trees="12")
    ben.saves(ben.opens(), keeper="Ben")
    for left in ({"story": {"en": {"text": "Tall."}}}, {}):
        page = ann.looks("/undo")
        number = page.find("input", name="number").get("value")
        ann.looks("/undo", data={"number": number})
        assert draft(kenya) == {"has_forest": "yes", "keeper": "Ben", **left}
        stale = ann.looks("/undo", data={"number": number})
        assert "Nothing was taken back" in stale.words
    assert "no change of yours" in ann.looks("/undo").words


def test_undo_is_refused_with_both_texts_where_somebody_went_on(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    ann.saves(ann.opens(), keeper="Ann")
    ann.saves(ann.opens(), story="Tall.")
    ann.saves(ann.opens(), story="Taller.")
    ben.saves(ben.opens(), story="Big.")
    number = ann.looks("/undo").find("input", name="number").get("value")
    page = ann.looks("/undo", status=409, data={"number": number})
    assert "Tall." in page.words
    assert "Big." in page.words
    assert "Ben" in page.words
    assert draft(kenya)["story"] == {"en": {"text": "Big."}}
    assert "Tall." in ann.looks("/undo").words, "the next undo goes on with the one before"


def test_removed_rows_come_back_from_the_history(
    people: tuple[Person, Person], kenya: Submission, draft: Draft
) -> None:
    ann, ben = people
    for row in ("a", "b"):
        ann.saves({}, f"animals/herds/{row}", name=row.upper())
    ann.saves({}, "animals/herds/a/sightings/s", seen_on="2018-01-01")
    before = draft(kenya)
    ben.looks("/draft/animals/herds/a/remove", data={})
    page = ann.looks("/draft/animals/herds/a", status=404)
    assert "2 answers stood in it" in page.words
    restore = page.all("form", class_="restore")[0].get("action", "")
    ann.browse(restore, data={})
    assert draft(kenya) == before


def test_undo_of_rows(people: tuple[Person, Person], kenya: Submission, draft: Draft) -> None:
    ann, _ben = people
    for row in ("a", "b"):
        ann.saves({}, f"animals/herds/{row}", name=row.upper())
    before = draft(kenya)
    ann.looks("/draft/animals/herds/a/remove", data={})
    ann.looks(
        "/undo", data={"number": ann.looks("/undo").find("input", name="number").get("value")}
    )
    assert draft(kenya) == before
    ann.saves({}, "animals", then="up:animals/herds/b")
    assert [row["row"] for row in draft(kenya)["herds"]] == ["b", "a"]
    for _time in range(5):
        number = ann.looks("/undo").find("input", name="number").get("value")
        ann.looks("/undo", data={"number": number})
    assert draft(kenya) == {"has_forest": "yes"}


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


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_the_history(
    people: tuple[Person, Person], language: str, session: Session, kenya: Submission
) -> None:
    ann, _ben = people
    for number in range(30):
        ann.saves({}, "forest", story=f"Tall {number}.", trees=str(number + 5))
    ann.saves({}, "animals/herds/a", name="A")
    ann.looks("/draft/animals/herds/a/remove", data={})
    ann.language = language
    for path in ("/history", "/history/forest?question=trees", "/history/animals", "/undo"):
        page = ann.looks(path)
        assert page.root.get("dir") == {"en": "ltr", "ar": "rtl"}[language]
    older = ann.looks("/history").find("a", class_="pagination-next").get("href")
    assert "Tall 10." in ann.browse(older or "", language=language).words


def test_nobody_else_reads_the_history(
    people: tuple[Person, Person],
    session: Session,
    sign_in: SignIn,
    client: FlaskClient,
    kenya: Submission,
) -> None:
    ann, _ben = people
    ann.saves(ann.opens(), story="A secret.")
    number = session.query(Operation).order_by(Operation.number.desc()).first().number  # type: ignore[union-attr]
    others = (
        (Role.REVIEWER, ""),
        (Role.ADMINISTRATOR, ""),
        (Role.NATIONAL_AUTHORIZED_USER, "JOR"),
    )
    for role, party in others:
        sign_in(make.make_account(session, role, party))
        for path in ("/history", "/history/forest", "/undo", "/draft/changes?since=0"):
            answer = client.get(f"{ann.home}{path}")
            assert answer.status_code in {403, 404}, path
            assert "A secret." not in answer.text
        for path in (f"/history/{number}/restore", "/undo", "/draft/operations"):
            assert client.post(f"{ann.home}{path}").status_code in {403, 404}


def test_what_awaits_sign_off_has_a_history_to_read_alone(
    people: tuple[Person, Person], session: Session, kenya: Submission
) -> None:
    ann, _ben = people
    ann.saves(ann.opens(), trees="12")
    assert kenya.draft is not None
    kenya.draft.status = DraftStatus.AWAITING_SIGN_OFF
    page = ann.looks("/history")
    assert "12" in page.words
    assert not page.all("form", class_="restore")
    ann.looks("/history/1/restore", status=409, data={})


def test_the_history_tells_each_state_that_was_not_taken() -> None:
    not_taken = set(State) - {State.APPLIED, State.SAME}
    text = (ROOT / "templates" / "entry" / "history.html").read_text(encoding="utf-8")
    assert [state for state in not_taken if f'"{state.value}"' not in text] == []
