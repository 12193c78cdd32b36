"""The page of each tiny form under tests/forms, as it is offered: one snapshot per language."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from syrupy.assertion import SnapshotAssertion

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.definition import LANGUAGES, Form
from app.models.account import Account
from app.models.submission import Submission
from tests import make
from tests.page import Browse, Page, words
from tests.web.conftest import SignIn

FORMS = Catalogue(ROOT / "tests" / "forms")
NAMES = sorted({name.form for name in FORMS.names()})

ANSWERS: dict[str, dict[str, Any]] = {
    "decimal": {
        "area": {"typed": "much", "locale": "en", "problem": "not_a_number"},
        "change": "-0.50",
        "sites": "0",
        "adopted": {"nothing": "unknown"},
    },
    "calculated": {"forest": "1250.5", "wetland": "20"},
    "matrix": {
        "services.water": "high",
        "services.carbon": {"nothing": "unknown"},
        "spent.water": "1250.50",
        "spent.pollination": "-3",
        "threats.water": ["pollution", "nothing_known"],
        "institutions.carbon": "The ministry",
    },
    "choosing": {"means_used": ["other_means"], "source_of_this": "other"},
}


def draft_of(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, name: str
) -> tuple[Form, Submission]:
    """Return a tiny form and Kenya's draft of it; somebody who drafts for Kenya is signed in."""
    monkeypatch.setitem(app.extensions, "canopy_forms", FORMS)
    monkeypatch.setitem(app.extensions, "canopy_languages", LANGUAGES)
    form = FORMS.load(name, 1)
    collection = make.make_collection(session, form=form, also=("KEN",))
    draft = ANSWERS.get(name, {})
    submission = make.make_submission(session, collection=collection, form=form, draft=draft)
    account: Account = make.make_account(session, name="Drafter")
    sign_in(account)
    return form, submission


def body(page: Page, submission: Submission) -> str:
    """Return the form in the page, without what is new on each visit."""
    found = re.search(r'<form action="[^"]*/draft/.*?</form>', page.text, re.DOTALL)
    assert found, page.text
    text = found[0].replace(submission.id, "SUBMISSION")
    text = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1TOKEN", text)
    text = re.sub(r'(name="\.page" value=")[^"]*', r"\1PAGE", text)
    text = re.sub(r' data-(account|words|csrf)="[^"]*"', "", text)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_tiny_form(
    browse: Browse,
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    sign_in: SignIn,
    snapshot: SnapshotAssertion,
    name: str,
    language: str,
) -> None:
    form, submission = draft_of(app, session, monkeypatch, sign_in, name)
    address = f"/submissions/{submission.id}/draft/{form.sections[0].id}"
    assert body(browse(f"{address}?problems=1", language=language), submission) == snapshot


@pytest.mark.parametrize("name", NAMES)
def test_each_tiny_form_is_read_and_checked(
    browse: Browse,
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    sign_in: SignIn,
    name: str,
) -> None:
    form, submission = draft_of(app, session, monkeypatch, sign_in, name)
    page = browse(f"/submissions/{submission.id}/check")
    assert form.sections[0].title in page.words


@pytest.fixture
def opened(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
) -> tuple[str, Submission]:
    """Return the address of the first page of the form named by the test, and the draft."""
    _form, submission = draft_of(app, session, monkeypatch, sign_in, request.param)
    return f"/submissions/{submission.id}/draft/only", submission


@pytest.mark.parametrize("opened", ["calculated"], indirect=True)
def test_a_total_follows_the_answers(browse: Browse, opened: tuple[str, Submission]) -> None:
    address, submission = opened
    page = browse(address, data={"forest": "30.5", "wetland": "", "then": "stay"})
    assert words(page.find("output", id="q-total")) == "30.5 km2"
    typed = "\u0669\u0666\u0669\u066b\u0665"  # 969.5 in Arabic digits, with the Arabic point
    page = browse(address, language="ar", data={"wetland": typed, "then": "stay"})
    assert words(page.find("output", id="q-total")) == "1,000 km2"
    assert page.all("input", name="total") == []
    assert "1,000 km2" in browse(f"/submissions/{submission.id}/check").words


@pytest.mark.parametrize("opened", ["calculated"], indirect=True)
def test_nobody_can_type_what_is_calculated(browse: Browse, opened: tuple[str, Submission]) -> None:
    page = browse(opened[0], data={"total": "7", "forest": "1", "wetland": "1", "then": "stay"})
    assert words(page.find("output", id="q-total")) == "2 km2"


@pytest.mark.parametrize("opened", ["matrix"], indirect=True)
def test_a_matrix_is_saved_item_by_item(
    browse: Browse, opened: tuple[str, Submission], session: Session
) -> None:
    data = {
        "services.water": ["", "low"],
        "services.carbon": ["", "medium"],
        "services.pollination.nothing": "unknown",
        "services.pollination": "",
        "spent.water": "1'000,50",
        "spent.pollination": "",
        "threats.water": ["", "land_use"],
        "then": "stay",
    }
    page = browse(opened[0], data=data)
    chosen = {
        e.get("name"): e.get("value")
        for e in page.all("input")
        if "checked" in e.attrib and e.get("name", "").startswith("services")
    }
    assert chosen == {
        "services.water": "low",
        "services.carbon": "medium",
        "services.pollination.nothing": "unknown",
    }
    assert words(page.find("output", id="q-spent_in_all")) == "1,000.5 USD"
    session.expire_all()
    (part,) = opened[1].draft.parts if opened[1].draft else []
    assert part.answers["threats.water"] == ["land_use"]


@pytest.mark.parametrize("opened", ["matrix"], indirect=True)
def test_each_row_of_a_matrix_is_named_by_its_headers(
    browse: Browse, opened: tuple[str, Submission]
) -> None:
    page = browse(opened[0])
    radio = page.find("input", name="services.carbon", value="high")
    label = next(e for e in page.all("label") if radio in list(e.iter()))
    assert words(label) == "Storage of carbon: High"
    typed = page.find("input", id="q-spent-carbon")
    assert typed.get("aria-labelledby") == "q-spent-carbon-item"
    assert {e.get("scope") for e in page.all("th")} == {"row", "col"}


@pytest.mark.parametrize("opened", ["choosing"], indirect=True)
def test_what_other_is_must_be_said(browse: Browse, opened: tuple[str, Submission]) -> None:
    address, submission = opened
    data = {"means_used": ["law", "other_means"], "source_of_this": "survey", "then": "continue"}
    page = browse(address, status=422, data=data)
    assert "Which other means? — Answer this question." in page.words
    assert "Which other source?" not in page.words
    page = browse(address, data={**data, "means_used.other": "Songs", "then": "stay"})
    assert page.find("input", id="q-means_used-other").get("value") == "Songs"
    assert "Songs" in browse(f"/submissions/{submission.id}/check").words


@pytest.mark.parametrize("opened", ["choosing"], indirect=True)
@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (["law", "none_of_these"], "Leave “None of these” alone, or take it back"),
        (["law"], "Choose at least 2. You have chosen 1."),
        (["law", "money", "training", "other_means"], "Choose at most 3. You have chosen 4."),
    ],
)
def test_choices_have_their_limits(
    browse: Browse, opened: tuple[str, Submission], chosen: list[str], told: str
) -> None:
    page = browse(opened[0], status=422, data={"means_used": chosen, "then": "continue"})
    assert told in page.words


@pytest.mark.parametrize("opened", ["decimal"], indirect=True)
def test_limits_are_told_before_and_after(browse: Browse, opened: tuple[str, Submission]) -> None:
    page = browse(opened[0])
    assert "From 0 to 1,000,000.5." in page.words
    assert "31 December 2030 or earlier." in page.words
    data = {"area": "2 000 000", "sites": "0", "adopted": "2031-01-01", "then": "continue"}
    page = browse(opened[0], status=422, data=data)
    assert "Enter something from 0 to 1,000,000.5." in page.words
    assert "Enter 1 or more." in page.words
    assert "Enter 31 December 2030 or an earlier day." in page.words


@pytest.mark.parametrize("opened", ["decimal"], indirect=True)
def test_a_number_is_shown_as_it_can_be_typed(
    browse: Browse, opened: tuple[str, Submission]
) -> None:
    page = browse(opened[0], data={"area": "1.250", "sites": "2", "then": "stay"})
    assert page.find("input", id="q-area").get("value") == "1.250"
