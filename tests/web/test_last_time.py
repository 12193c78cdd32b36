"""What was said last time, on the pages of a draft: shown beside, taken over, signed, compared."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.forms.unlocked import Unlocked
from app.models.account import Account, Role
from app.models.submission import Submission
from app.services.submissions import draft_document, revise
from tests import make
from tests.page import Browse, Page, words
from tests.web.person import Fields, Person

SignIn = Callable[[Account], None]
THEN: dict[str, Any] = {
    "has_plan": "have",
    "story": {"en": {"text": "It came slowly."}},
    "area": "5000",
    "large.explanation": {"en": {"text": "With the sea."}},
    "colour": "Green",
    "acts": [
        {
            "row": "lamp",
            "answers": {
                "act_name": "Lamps",
                "steps": [{"row": "first", "answers": {"step_name": "Buy"}}],
            },
        },
        {"row": "tree", "answers": {"act_name": "Trees", "moved_in": "It moves"}},
    ],
}


class Reporting:
    """Kenya has signed the form in 2014, and is asked again."""

    def __init__(self, session: Session, browse: Browse, sign_in: SignIn, now: Form) -> None:
        self.session, self.form, self.browse = session, now, browse
        self.then = self._submission("then", FORMS.load("again", 1), 2014)
        make.make_revision(session, self.then, THEN, signed_at=datetime(2014, 5, 2, tzinfo=UTC))
        self.now = self._submission("now", now, 2020)
        self.drafter = make.make_account(session, name="Drafter")
        self.person = Person(browse, sign_in, self.drafter, self.now)
        self.sign_in = sign_in

    def _submission(self, code: str, form: Form, year: int) -> Submission:
        collection = make.make_collection(
            self.session, code, form, opens_on=date(year, 1, 1), due_on=None
        )
        return make.make_submission(self.session, collection=collection, form=form)

    def presses(
        self, then: str, place: str = "plan", page: Fields | None = None, status: int = 200
    ) -> Page:
        fields = page or self.person.opens(place)
        return self.person.saves(fields, place, also={"then": then}, status=status)

    @property
    def draft(self) -> dict[str, Any]:
        self.session.expire_all()
        return draft_document(self.form, self.now)


FORMS = Catalogue(ROOT / "tests" / "services" / "forms")


@pytest.fixture
def again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """The application has the form that comes again, in two versions."""
    monkeypatch.setitem(app.extensions, "canopy_forms", FORMS)
    monkeypatch.setitem(app.extensions, "canopy_languages", ("ar", "en"))
    return FORMS


@pytest.fixture
def same(session: Session, browse: Browse, sign_in: SignIn, again: Catalogue) -> Reporting:
    return Reporting(session, browse, sign_in, again.load("again", 1))


@pytest.fixture
def newer(session: Session, browse: Browse, sign_in: SignIn, again: Catalogue) -> Reporting:
    return Reporting(session, browse, sign_in, again.load("again", 2))


def beside(page: Page, question: str) -> str:
    """Return what stands beside a question."""
    (found,) = page.all("div", id=f"last-{question.replace('.', '-')}")
    return words(found)


def buttons(page: Page) -> list[str]:
    values = (button.get("value", "") for button in page.all("button", name="then"))
    return [value for value in values if value.startswith(("carry:", "bring:"))]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_answer_of_last_time_stands_beside_its_question(
    same: Reporting, language: str
) -> None:
    same.person.language = language
    page = same.person.looks("/draft/plan")
    assert "It came slowly." in beside(page, "story")
    assert "then" in beside(page, "story")
    assert same.draft == {}
    if language == "en":
        (story,) = page.all("div", id="last-story")
        said = [words(button) for button in story.iter("button")]
        asked = "How did it come?"
        assert [each.removesuffix(asked)[:-3] for each in said] == [
            "Still true",
            "Update",
            "No longer",
        ]
    assert buttons(page) == [
        f"carry:{what}:{question}"
        for question in ("has_plan", "story", "area", "colour")
        for what in ("still_true", "update", "no_longer")
    ]


def test_nothing_stands_there_where_nothing_was_signed(
    same: Reporting, session: Session, browse: Browse, sign_in: SignIn
) -> None:
    same.then.revisions[-1].withdrawn_at = datetime(2015, 1, 1, tzinfo=UTC)
    page = same.person.looks("/draft/plan")
    assert buttons(page) == []
    assert "signed nothing" in same.person.looks("/last-time").text
    assert "answered this form before" not in same.person.looks("").text


def test_still_true_saves_the_page_and_takes_the_answer_over(same: Reporting) -> None:
    page = same.person.opens("plan") | {"colour": "Blue"}
    shown = same.presses("carry:still_true:story", page=page)
    assert same.draft == {"story": THEN["story"], "colour": "Blue"}
    assert "Still true" in beside(shown, "story")
    assert "Drafter" in beside(shown, "story")
    assert "carry:still_true:story" not in buttons(shown)
    assert shown.response.request.path.endswith("/draft/plan")


def test_the_explanation_of_last_time_stands_beside_that_of_now(same: Reporting) -> None:
    page = same.presses("carry:still_true:area")
    assert "With the sea." in beside(page, "large.explanation")
    same.presses("carry:still_true:large.explanation")
    assert same.draft["large.explanation"] == THEN["large.explanation"]


def test_update_lets_one_write_on_from_the_answer_of_last_time(same: Reporting) -> None:
    page = same.presses("carry:update:colour")
    (field,) = page.all("input", name="colour")
    assert field.get("value") == "Green"
    assert "Update" in beside(page, "colour")


def test_no_longer_is_kept_in_mind(same: Reporting) -> None:
    page = same.presses("carry:no_longer:colour")
    assert same.draft == {}
    assert "No longer" in beside(page, "colour")


def test_an_old_page_takes_nothing_from_a_colleague(same: Reporting, session: Session) -> None:
    old = same.person.opens("plan")
    colleague = Person(
        same.browse, same.sign_in, make.make_account(session, name="Colleague"), same.now
    )
    colleague.saves(colleague.opens("plan"), "plan", colour="Red")
    page = same.presses("carry:still_true:colour", page=old, status=409)
    assert same.draft == {"colour": "Red"}
    (mine,) = page.all("input", name="colour")
    assert mine.get("value") == "Green"


def test_a_row_is_brought_over_with_all_that_stood_in_it(same: Reporting) -> None:
    page = same.person.looks("/draft/list")
    said = [words(b) for b in page.all("button", name="then") if "Lamps" in words(b)]
    assert [each.split(" \N{EN DASH} ")[0] for each in said] == [
        "Bring over: still true",
        "Bring over to update",
        "No longer",
    ]
    assert buttons(page) == [
        f"bring:{what}:acts/{row}"
        for row in ("lamp", "tree")
        for what in ("still_true", "update", "no_longer")
    ]
    same.presses("bring:still_true:acts/lamp", "list")
    assert same.draft == {"acts": [THEN["acts"][0]]}
    page = same.presses("bring:no_longer:acts/tree", "list")
    assert "No longer" in page.text
    inner = same.person.looks("/draft/list/acts/lamp")
    assert "Still true" in beside(inner, "act_name")
    same.presses("carry:update:act_name", "list/acts/lamp")


@pytest.mark.parametrize(
    "then",
    [
        "carry:still_true:unheard_of",
        "bring:still_true:acts/never",
        "bring:still_true:unheard/of",
        "bring:still_true:acts",
        "carry:perhaps:story",
    ],
)
def test_what_cannot_be_taken_over_loses_nothing_that_was_typed(same: Reporting, then: str) -> None:
    page = same.person.opens("plan") | {"colour": "Blue"}
    same.person.saves(page, "plan", also={"then": then})
    assert same.draft == {"colour": "Blue"}


def test_another_version_says_what_did_not_stay_the_same(newer: Reporting) -> None:
    page = newer.person.looks("/draft/plan")
    assert "The question has changed" in beside(page, "area")
    assert "not asked last time" in beside(page, "fresh")
    assert "carry:still_true:area" not in buttons(page)
    assert "carry:still_true:story" in buttons(page)
    moved = newer.person.looks("/draft/list")
    assert "another part of the form" in beside(moved, "moved_in")
    whole = newer.person.looks("/last-time")
    assert "Green" in words(whole.all("section", id="not-asked")[0])
    assert "It moves" in words(whole.all("section", id="not-asked")[0])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_tells_what_is_still_to_be_looked_at(same: Reporting, language: str) -> None:
    same.presses("carry:still_true:story")
    same.presses("bring:no_longer:acts/tree", "list")
    same.person.saves(same.person.opens("plan"), "plan", colour="Red")
    same.person.language = language
    page = same.person.looks("/last-time")
    figures = [words(dd) for dl in page.all("dl", class_="figures") for dd in dl.iter("dd")]
    assert figures == (["3", "1", "0", "1", "1"] if language == "en" else figures)
    if language == "en":
        assert "3 answers of last time" in same.person.looks("").text


def test_undo_asks_and_takes_back_what_was_said(same: Reporting) -> None:
    same.presses("carry:still_true:story")
    page = same.person.looks("/undo")
    assert "Still true" in page.text
    number = page.all("input", name="number")[0].get("value", "")
    same.person.looks("/undo", data={"number": number})
    assert same.draft == {}
    assert "Still true" in same.person.looks("/history").text


def test_a_signed_revision_shows_what_was_taken_over(same: Reporting, session: Session) -> None:
    same.presses("carry:still_true:has_plan")
    same.presses("carry:still_true:story")
    check = same.person.looks("/check")
    assert "2 answers are taken over unchanged" in check.text
    assert check.text.count("Unchanged since then") == 2
    same.person.looks("/send", data={})
    same.sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY))
    home = f"/submissions/{same.now.id}"
    assert "Unchanged since then" in same.browse(f"{home}/sign").text
    same.browse(f"{home}/sign", data={})
    assert same.browse(f"{home}/revisions/1").text.count("Unchanged since then") == 2


def test_nobody_else_sees_what_a_party_compares(same: Reporting, session: Session) -> None:
    for role, party in (
        (Role.NATIONAL_AUTHORIZED_USER, "JOR"),
        (Role.REVIEWER, ""),
        (Role.ADMINISTRATOR, ""),
    ):
        same.sign_in(make.make_account(session, role, party))
        page = same.browse(f"/submissions/{same.now.id}/last-time", status=403)
        assert "slowly" not in page.text


def test_the_rows_of_a_matrix_are_taken_over_together(
    session: Session,
    app: Flask,
    browse: Browse,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forms = Catalogue(ROOT / "tests" / "forms")
    monkeypatch.setitem(app.extensions, "canopy_forms", forms)
    form = forms.load("matrix", 1)
    then = {
        "services.water": "high",
        "services.carbon": "low",
        "why_water": {"en": {"text": "Dry."}},
    }
    made = [
        make.make_submission(
            session,
            collection=make.make_collection(
                session, code, form, opens_on=date(year, 1, 1), due_on=None, also=("KEN",)
            ),
            form=form,
        )
        for code, year in (("then", 2014), ("now", 2020))
    ]
    make.make_revision(session, made[0], then, signed_at=datetime(2014, 5, 2, tzinfo=UTC))
    person = Person(browse, sign_in, make.make_account(session), made[1])
    page = person.looks("/draft/only")
    assert "Clean water High Storage of carbon Low" in beside(page, "services")
    page = person.saves(person.opens("only"), "only", also={"then": "carry:still_true:services"})
    assert "Still true" in beside(page, "services")
    session.expire_all()
    assert draft_document(form, made[1]) == {"services.water": "high", "services.carbon": "low"}
    asked = person.saves(person.opens("only"), "only", also={"then": "carry:update:why_water"})
    assert "Dry." in asked.text


def test_what_is_locked_cannot_be_taken_over(same: Reporting, session: Session) -> None:
    make.make_revision(session, same.now, {"has_plan": "have"})
    revise(session, same.now, same.form, same.drafter, Unlocked(frozenset({("plan", "area")})))
    shown = same.person.looks("/draft/plan")
    hidden = [words(div) for div in shown.all("div") if div.get("hidden") is not None]
    assert any("It came slowly." in each for each in hidden)
    same.presses("carry:still_true:story")
    assert same.draft == {"has_plan": "have"}
    same.presses("carry:still_true:area")
    assert same.draft == {"has_plan": "have", "area": "5000"}
