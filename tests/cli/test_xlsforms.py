"""`flask forms from-xlsform`: what it says, and writes to a file, and how it ends."""

import csv
from pathlib import Path

from app.forms.xlsform.workbook import write_workbook
from tests.conftest import Runner

SURVEY = [
    ("type", "name", "label", "appearance"),
    ("text", "a", "=1+1", "w1"),
    ("audio", "b", "B", ""),
]


def command(path: Path, out: Path) -> list[str]:
    return ["forms", "from-xlsform", str(path), "--out", str(out)]


def test_what_is_not_carried_over_is_printed_and_written_with_its_place(
    runner: Runner, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "a.xlsx", {"survey": SURVEY})
    report, out = tmp_path / "told.csv", tmp_path / "demo" / "farms" / "1"
    ended = runner.invoke(
        args=[*command(tmp_path / "a.xlsx", out), "--report", str(report)],
    )
    assert ended.exit_code == 0, ended.output
    line = "survey, row 2, column D (appearance): a: appearance is left out: w1"
    assert line in ended.output.splitlines()
    assert "Not carried over as it was: 2." in ended.output
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {
        "where": "a",
        "what": "appearance is left out: w1",
        "sheet": "survey",
        "row": "2",
        "column": "D (appearance)",
    }
    assert (out / "form.yaml").is_file()


def test_a_workbook_of_which_nothing_can_be_asked_ends_with_the_list(
    runner: Runner, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "a.xlsx", {"survey": [SURVEY[0], SURVEY[2]]})
    out = tmp_path / "demo" / "farms" / "1"
    ended = runner.invoke(args=command(tmp_path / "a.xlsx", out))
    assert ended.exit_code == 1
    assert "row 2, column A (type): b: a question of type 'audio' is left out" in ended.output
    assert "nothing in it can be asked here" in ended.output
    assert not out.exists()


def test_what_is_no_workbook_is_refused(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("survey,type,name\n")
    out = tmp_path / "demo" / "farms" / "1"
    ended = runner.invoke(args=command(tmp_path / "a.csv", out))
    assert ended.exit_code == 1
    assert "cannot be read as an XLSForm: it is no workbook" in ended.output
