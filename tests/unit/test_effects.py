"""What a new version of a form does to answers, translations and reports."""

from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from app.config import ROOT, Config
from app.forms.catalogue import Catalogue, FormName
from app.forms.effects import Fate, effects_on_answers, effects_on_translations
from app.reports.catalogue import Reports
from app.reports.readers import looks_at
from tests.unit.form_files import write_form

OLD = """
- {id: a, type: text, label: A}
- {id: b, type: integer, label: B, unit: km2}
- {id: c, type: select_one, label: C, choices: [{code: x, label: X}, {code: y, label: Y}]}
- {id: many, type: repeat, label: R, row_label: R, elements: [{id: d, type: date, label: D}]}
- {id: e, type: text, label: E}
"""
NEW = """
- {id: a, type: text, label: A}
- {id: b, type: integer, label: B, unit: ha}
- {id: c, type: select_one, label: Why C, choices: [{code: x, label: X}], required: true}
- {id: many, type: repeat, label: R, row_label: R, elements: [{id: d, type: date, label: D}]}
- {id: f, type: text, label: F, required: true}
"""


@pytest.fixture
def forms(tmp_path: Path) -> Catalogue:
    root = tmp_path / "forms"
    arabic = {"a.label": "أ", "c.label": "ج"}
    write_form(root, OLD, ar=arabic)
    write_form(root, NEW, version=2, ar=arabic)
    return Catalogue(root)


def test_every_key_has_one_fate(forms: Catalogue) -> None:
    found = effects_on_answers(forms.load("tiny", 1), forms.load("tiny", 2))
    told = {effect.key: (effect.fate, effect.about) for effect in found}
    assert told.pop("b")[0] is Fate.REFUSED
    assert told == {
        "c.y": (Fate.DROPPED, ""),
        "e": (Fate.DROPPED, ""),
        "c": (Fate.CHANGED, "choices, required"),
        "f": (Fate.ADDED, ""),
        "a": (Fate.KEPT, ""),
        "many/d": (Fate.KEPT, ""),
    }
    assert [effect.fate for effect in found] == sorted(
        (effect.fate for effect in found), key=[*Fate].index
    )


def test_a_version_compared_with_itself_keeps_everything() -> None:
    form = Catalogue(ROOT / "forms").load("aichi-progress", 1)
    assert {effect.fate for effect in effects_on_answers(form, form)} == {Fate.KEPT}


def test_translations_that_are_missing_or_say_what_was_said_before(forms: Catalogue) -> None:
    old, new = FormName("demo", "tiny", 1), FormName("demo", "tiny", 2)
    (arabic,) = effects_on_translations(forms, old, new)
    assert arabic.stale == ("c.label",)
    assert {"b.label", "f.label", "title"} <= {*arabic.missing}
    assert "a.label" not in arabic.missing


def test_the_reports_that_look_at_a_question_are_named() -> None:
    reports = Reports(ROOT / "reports")
    found = list(looks_at(reports, "aichi-progress", {"progress", "private"}))
    assert found
    assert all(look.questions == ("progress",) for look in found)
    assert all(look.report == "cbd/aichi-progress" for look in found)
    assert any(look.tables for look in found)
    assert not list(looks_at(reports, "another-form", {"progress"}))


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    root = tmp_path / "forms"
    copytree(ROOT / "forms", root)
    first = root / "cbd" / "aichi-progress" / "1"
    second = copytree(first, root / "cbd" / "aichi-progress" / "2")
    text = (second / "form.yaml").read_text().replace("version: 1", "version: 2", 1)
    text = text.replace("      ordered: true\n      label: How far", "      label: How far")
    (second / "form.yaml").write_text(text)
    database = f"sqlite:///{tmp_path / 'canopy.db'}"
    return create_app(
        Config(SECRET_KEY="x" * 40, SQLALCHEMY_DATABASE_URI=database, FORMS_DIR=root, TESTING=True)
    )


def test_the_command_names_all_three(app: Flask) -> None:
    run = FlaskCliRunner(app).invoke
    result = run(args=["forms", "compare", "aichi-progress/1", "aichi-progress/2"])
    assert result.exit_code == 0, result.output
    for line in (
        "Answers, from aichi-progress/1 to aichi-progress/2",
        "  refused: 0",
        "progress: is_ordered",
        "  ar, stale: 0",
        "looks at progress, shown in",
        "does not read version 2",
    ):
        assert line in result.output
    assert run(args=["forms", "compare", "aichi-progress/1", "aichi-progress/9"]).exit_code
