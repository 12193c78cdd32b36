"""`flask forms`: what the commands print, write and refuse."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from app.config import Config
from app.forms.lock import read_lock
from tests.unit.form_files import write_form

ASKED = """
- {id: level, type: select_one, label: Level, choices: [{code: low, label: Low}]}
- {id: area, type: integer, unit: km2, label: -Area, required: true, source: landArea}
"""


@pytest.fixture
def forms_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    write_form(folder, ASKED)
    return folder


@pytest.fixture
def app(tmp_path: Path, forms_dir: Path) -> Flask:
    database = f"sqlite:///{tmp_path / 'canopy.db'}"
    return create_app(
        Config(
            SECRET_KEY="x" * 40,
            SQLALCHEMY_DATABASE_URI=database,
            FORMS_DIR=forms_dir,
            TESTING=True,
        )
    )


def run(app: Flask, *words: str) -> Result:
    return FlaskCliRunner(app).invoke(args=["forms", *words])


def test_check_says_when_nothing_is_wrong(app: Flask) -> None:
    result = run(app, "check")
    assert (result.exit_code, result.output) == (0, "Forms checked: 1. No problem.\n")


def test_check_prints_every_problem_and_fails(app: Flask, forms_dir: Path) -> None:
    write_form(forms_dir, "- {id: A, type: text}\n- {id: b, type: text, label: B, unit: km}")
    result = run(app, "check")
    assert result.exit_code == 1
    assert "demo/tiny/1/form.yaml:9: A: write 'label' as a text" in result.output
    assert "demo/tiny/1/form.yaml:10: b: 'unit' is not a key here" in result.output
    assert "3 problems" in result.output


def test_a_form_goes_from_draft_to_published_to_new_words(app: Flask, forms_dir: Path) -> None:
    assert run(app, "list").output == "demo  tiny/1  not published  en\n"
    published = run(app, "publish", "tiny/1").output
    assert "tiny/1 is published, with wording 1" in published
    assert "not complete in ar, es, fr, ru, zh: after a restart" in published
    assert run(app, "list").output == "demo  tiny/1  wording 1  en\n"

    write_form(forms_dir, ASKED.replace("-Area", "Land area"))
    assert "record them: flask forms publish tiny/1 --wording" in run(app, "check").output
    assert run(app, "publish", "tiny/1", "--wording").exit_code == 0
    assert read_lock(forms_dir)["tiny/1"].wording == 2
    changelog = (forms_dir.parent / "CHANGELOG.md").read_text()
    assert "### Forms\n\n- `demo/tiny/1`, wording 2: `area.label` in en.\n" in changelog
    assert run(app, "check").exit_code == 0


def test_the_next_version_names_what_it_drops(app: Flask, forms_dir: Path) -> None:
    run(app, "publish", "tiny/1")
    write_form(forms_dir, ASKED.replace("id: area", "id: surface"), version=2)
    refused = run(app, "publish", "tiny/2")
    assert (refused.exit_code, "with --drop area" in refused.output) == (1, True)
    assert run(app, "publish", "tiny/2", "--drop", "area").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["publish", "huge/1"], "not_found"),
        (["publish", "tiny/one"], "write FORM/VERSION"),
        (["publish", "tiny/1", "--wording", "--drop", "area"], "leave out --drop"),
        (["publish", "tiny/1", "--wording"], "publish it without --wording"),
        (["codebook", "huge"], "not_found"),
    ],
)
def test_what_cannot_be_done_is_refused(app: Flask, words: list[str], told: str) -> None:
    result = run(app, *words)
    assert result.exit_code != 0
    assert told in result.output


def test_the_codebook_says_the_same_in_both_shapes(app: Flask) -> None:
    table = list(csv.DictReader(StringIO(run(app, "codebook", "tiny").output)))
    data = json.loads(run(app, "codebook", "tiny/1", "--format", "json").output)
    assert (data["form"], data["version"], data["language"]) == ("tiny", 1, "en")
    assert [row["column"] for row in table] == [v["column"] for v in data["variables"]]

    level = next(v for v in data["variables"] if v["column"] == "level")
    assert level["codes"] == [{"code": "low", "label": "Low"}]
    area = next(row for row in table if row["column"] == "area")
    assert (area["type"], area["unit"], area["is_required"]) == ("integer", "km2", "true")
    assert (area["source"], area["label"]) == ("landArea", "'-Area")  # no formula in a spreadsheet


def test_the_codebook_of_a_broken_form_is_refused(app: Flask, forms_dir: Path) -> None:
    write_form(forms_dir, "- {id: A, type: text, label: A}")
    result = run(app, "codebook", "tiny")
    assert (result.exit_code, "lower_snake_case" in result.output) == (1, True)
