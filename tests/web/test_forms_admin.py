"""The page of a form for its authors: every question, rule and code, in each language."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.definition import LANGUAGES
from app.models.account import Account, Role
from tests import make
from tests.page import Browse, words

SignIn = Callable[[Account], None]
AICHI = "/admin/forms/aichi-progress/1"


@pytest.fixture
def reviewer(session: Session, sign_in: SignIn) -> Account:
    account = make.make_account(session, Role.REVIEWER)
    sign_in(account)
    return account


def use(app: Flask, monkeypatch: pytest.MonkeyPatch, root: Path) -> Catalogue:
    monkeypatch.setitem(app.extensions, "canopy_forms", Catalogue(root))
    return Catalogue(root)


@pytest.mark.parametrize("role", Role)
def test_it_is_for_the_secretariat(
    browse: Browse, session: Session, sign_in: SignIn, role: Role
) -> None:
    sign_in(make.make_account(session, role))
    may = role in (Role.REVIEWER, Role.ANALYST, Role.ADMINISTRATOR)
    browse("/admin/forms/", 200 if may else 403)
    browse(AICHI, 200 if may else 403)


def test_the_list_leads_to_every_form(browse: Browse, reviewer: Account) -> None:
    links = browse("/").links()
    assert AICHI in browse(links["Forms"]).links().values()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_form_is_shown_in_each_of_the_six_languages(
    browse: Browse, reviewer: Account, locale: str
) -> None:
    page = browse(f"{AICHI}?in={locale}")
    form = Catalogue(ROOT / "forms").load("aichi-progress", 1, locale)
    for question in form.questions():
        assert " ".join(question.label.split()) in page.words


def test_rules_codes_sources_and_marks_stand_beside_the_questions(
    browse: Browse, reviewer: Account
) -> None:
    told = browse(AICHI).words
    for part in (
        'targets_basis == "aichi_targets_instead"',
        "national_targets (targetPursued=true)",
        "nationalTargets[]",
        "Provisional",
        "count(national_assessments.progress) >= 1",
        "1\u2013300",
    ):
        assert part in told


@pytest.mark.parametrize("folder", ["tests/forms", "tests/web/forms"])
def test_every_kind_of_question_is_shown(
    app: Flask,
    browse: Browse,
    reviewer: Account,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
) -> None:
    catalogue = use(app, monkeypatch, ROOT / folder)
    for name in catalogue.names():
        page = browse(f"/admin/forms/{name}?in=ar")
        for question in catalogue.load(name.form, name.version).questions():
            assert question.id.partition(".")[0] in page.words


def test_missing_texts_are_named(
    app: Flask, browse: Browse, reviewer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, monkeypatch, ROOT / "tests" / "forms")
    page = browse("/admin/forms/select-one/1")
    assert "progress.label" in page.words
    assert "choices/yes_no.yes" in page.words


def test_two_versions_are_compared(
    app: Flask,
    browse: Browse,
    reviewer: Account,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    root = copytree(ROOT / "forms", tmp_path / "forms")
    second = copytree(root / "cbd/aichi-progress/1", root / "cbd/aichi-progress/2")
    text = (second / "form.yaml").read_text().replace("version: 1", "version: 2", 1)
    text = text.replace("      ordered: true\n      label: How far", "      label: How far")
    (second / "form.yaml").write_text(text)
    use(app, monkeypatch, root)
    page = browse(f"{AICHI}?in=en&with=2")
    assert "aichi-progress/1 → aichi-progress/2" in page.words
    assert "Refused: 0" in page.words
    assert "national_assessments/progress: is_ordered" in page.words
    assert any("cbd/aichi-progress" in words(item) for item in page.all("li"))
    browse(f"{AICHI}?with=7", 404)


def test_a_broken_form_shows_its_problems(
    app: Flask,
    browse: Browse,
    reviewer: Account,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    root = copytree(ROOT / "tests" / "forms", tmp_path / "forms")
    path = root / "demo" / "text" / "1" / "form.yaml"
    path.write_text(path.read_text().replace("type: text", "type: txt", 1))
    use(app, monkeypatch, root)
    assert "did you mean 'text'?" in browse("/admin/forms/text/1").words


def test_what_is_not_there_is_not_found(browse: Browse, reviewer: Account) -> None:
    browse("/admin/forms/aichi-progress/9", 404)
    browse(f"{AICHI}?in=de", 404)
