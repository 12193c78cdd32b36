"""The history of a draft, what is brought back from it, and undo, with pages alone."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.config import ROOT
from app.models.account import Role
from app.models.operation import Operation, State
from app.models.submission import Submission
from app.workflow import DraftStatus
from tests import make
from tests.page import words
from tests.web.conftest import Draft, SignIn
from tests.web.person import Person


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
