"""`flask reports`: check, list, table."""

import csv
import io
import json
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.config import ROOT
from app.models.collection import Collection
from tests.reports.conftest import build, counts

TABLE = "cbd/aichi-progress/progress-by-region"


def test_check_finds_nothing_wrong(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["reports", "check"])
    assert (result.exit_code, "No problem." in result.output) == (0, True)


def test_list_names_tables_and_languages(runner: FlaskCliRunner) -> None:
    output = runner.invoke(args=["reports", "list"]).output
    assert "cbd/aichi-progress  aichi-progress  ar en" in output
    assert TABLE in output


def test_a_table_is_printed_as_csv_and_json(
    runner: FlaskCliRunner, session: Session, collection: Collection
) -> None:
    args = ["reports", "table", TABLE, "--collection", "nr6", "--param", "target=aichi-11"]
    expected = counts(build(session, "progress-by-region", target="aichi-11"))["AFR"]
    printed = runner.invoke(args=[*args, "--by", "cbd_region", "--format", "csv"])
    africa = next(csv.DictReader(io.StringIO(printed.stdout)))
    assert {key: int(africa[key]) for key in expected} == expected
    printed = runner.invoke(
        args=[*args, "--as-of", "2018-12-31", "--members-on", "2018-01-01", "--format", "json"]
    )
    found = json.loads(printed.stdout)
    assert {key: found["rows"][0][key] for key in expected} == expected
    assert found["members_on"] == "2018-01-01"
    assert found["as_of"] == "2018-12-31T23:59:59.999999Z"


def test_synthetic_data_is_marked_beside_the_table(
    runner: FlaskCliRunner, collection: Collection
) -> None:
    collection.is_synthetic = True
    result = runner.invoke(args=["reports", "table", TABLE, "--collection", "nr6"])
    assert result.stderr.startswith("Synthetic data")
    assert result.stdout.startswith("group,name,")


def test_a_broken_report_is_told_and_not_thrown(
    app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copytree(ROOT / "reports", tmp_path / "reports")
    path = tmp_path / "reports" / "cbd" / "aichi-progress.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "surplus: yes\n", encoding="utf-8")
    monkeypatch.setitem(app.config, "REPORTS_DIR", tmp_path / "reports")
    for args in (["list"], ["table", TABLE, "--collection", "nr6"]):
        result = runner.invoke(args=["reports", *args])
        assert result.exit_code == 1
        assert "'surplus' is not a key here" in result.output


def test_what_is_wrong_is_one_line(runner: FlaskCliRunner, collection: Collection) -> None:
    for wrong in (
        [TABLE, "--collection", "nr99"],
        ["cbd/none/none", "--collection", "nr6"],
        [TABLE, "--collection", "nr6", "--param", "target=aichi-99"],
        [TABLE, "--collection", "nr6", "--param", "target"],
    ):
        result = runner.invoke(args=["reports", "table", *wrong])
        assert result.exit_code
        assert "Error: " in result.stderr
    nowhere = runner.invoke(args=["reports", "table", TABLE, "--collection", "nr99"])
    assert nowhere.stderr == "Error: There is no collection nr99. (not_found)\n"
    other = runner.invoke(args=["reports", "table", TABLE, "--collection", "nr6", "--by", "x"])
    assert other.stderr.startswith("Error: This is not understood. Change “by”: ")
