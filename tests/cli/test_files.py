"""`flask import answers` and `flask export answers`, on the Aichi form and all Parties."""

import csv
import json
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.submission import Revision, Submission
from tests.conftest import Runner
from tests.make import make_collection, make_revision, make_submission

TARGETS = [f"aichi-{number:02}" for number in range(1, 21)]
CATEGORIES = ["exceed", "on_track", "insufficient_rate", "no_change", "moving_away", "unknown"]


def write(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def write_assessments(folder: Path, parties: Iterable[str], targets: list[str] = TARGETS) -> Path:
    """Write what a stranger's program would: each Party assesses each Aichi Target once."""
    parties = list(parties)
    main = folder / "real.csv"
    write(
        main,
        ["party", "status", "submitted_at", "targets_basis"],
        [[party, "submitted", "2018-12-31", "aichi_targets"] for party in parties],
    )
    write(
        folder / "real.aichi_target_assessments.csv",
        ["party", "parent", "progress", "assessed_on", "confidence", "evidence"],
        [
            [
                party,
                target,
                CATEGORIES[(p + t) % 6],
                "2018-06-30",
                "partial_indicators",
                "Text, and",
            ]
            for p, party in enumerate(parties)
            for t, target in enumerate(targets)
        ],
    )
    return main


def run(runner: Runner, *arguments: object) -> Any:  # noqa: ANN401 - Click's own
    return runner.invoke(args=[str(argument) for argument in arguments])


@pytest.fixture
def main(session: Session, tmp_path: Path) -> Path:
    make_collection(session)
    return write_assessments(tmp_path, ["KEN", "JOR"], TARGETS[:2])


def signed(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Revision)) or 0


def test_all_parties_are_imported_exported_and_imported_without_a_difference(
    session: Session, runner: Runner, tmp_path: Path
) -> None:
    collection = make_collection(session)
    parties = session.scalars(
        select(Submission.party_code).where(Submission.collection_code == collection.code)
    ).all()
    main = write_assessments(tmp_path, parties)
    started = time.process_time()
    first = run(runner, "import", "answers", main, "--collection", "nr6")
    assert (first.exit_code, first.output) == (0, f"{len(parties)} new, 0 updated, 0 unchanged\n")
    assert time.process_time() - started < 60
    assert signed(session) == len(parties) == 196
    out = tmp_path / "out" / "all.csv"
    assert run(runner, "export", "answers", "--collection", "nr6", "--out", out).exit_code == 0
    for path in (main, out, out.parent):
        again = run(runner, "import", "answers", path, "--collection", "nr6")
        assert again.output == "0 new, 0 updated, 196 unchanged\n"
    assert signed(session) == 196


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_table_format_is_read_back(
    session: Session, runner: Runner, main: Path, tmp_path: Path, kind: str
) -> None:
    run(runner, "import", "answers", main, "--collection", "nr6")
    out = tmp_path / f"out.{kind}"
    result = run(runner, "export", "answers", "--collection", "nr6", "--format", kind, "--out", out)
    assert result.exit_code == 0, result.output
    again = run(runner, "import", "answers", out, "--collection", "nr6")
    assert again.output == "0 new, 0 updated, 196 unchanged\n"


def test_json_lines_hold_typed_answers(
    session: Session, runner: Runner, main: Path, tmp_path: Path
) -> None:
    run(runner, "import", "answers", main, "--collection", "nr6")
    out = tmp_path / "out.jsonl"
    run(runner, "export", "answers", "--collection", "nr6", "--format", "jsonl", "--out", out)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    kenya = next(line for line in lines if line["party"] == "KEN")
    assert list(kenya["answers"]["aichi_targets"]) == TARGETS[:2]
    assert kenya["submitted_at"] == "2018-12-31T00:00:00Z"


def test_a_wrong_file_is_told_row_by_row_and_changes_nothing(
    session: Session, runner: Runner, main: Path, tmp_path: Path
) -> None:
    main.write_text(main.read_text().replace("JOR", "XXX") + "KEN,submitted,,nothing\n")
    report = tmp_path / "problems.csv"
    result = run(runner, "import", "answers", main, "--collection", "nr6", "--report", report)
    assert result.exit_code == 1
    assert "Nothing was imported" in result.output
    assert "There is no Party of code XXX" in result.output
    with report.open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(row["file"], row["row"], row["column"], row["code"]) for row in rows]
    assert told == [
        ("real.csv", "2", "party", "doubled_party"),
        ("real.csv", "3", "party", "unknown_party"),
        ("real.csv", "4", "party", "doubled_party"),
        ("real.csv", "4", "targets_basis", "not_a_choice"),
        ("real.aichi_target_assessments.csv", "4", "party", "no_such_submission"),
        ("real.aichi_target_assessments.csv", "5", "party", "no_such_submission"),
    ]
    assert all(row["what_to_do"] for row in rows)
    assert signed(session) == 0


def test_good_rows_only_imports_the_others(session: Session, runner: Runner, main: Path) -> None:
    main.write_text(main.read_text().replace("JOR,submitted", "JOR,published"))
    result = run(runner, "import", "answers", main, "--collection", "nr6", "--good-rows-only")
    assert result.exit_code == 0
    assert "1 new, 0 updated, 0 unchanged, 1 left out" in result.output
    assert signed(session) == 1


def test_an_unreadable_file_is_told_in_the_same_way(
    session: Session, runner: Runner, main: Path
) -> None:
    main.write_bytes(b"party,how\nKEN,l\x92eau\n")
    result = run(runner, "import", "answers", main, "--collection", "nr6")
    assert result.exit_code == 1
    assert "unclear_encoding" in result.output
    assert "Traceback" not in result.output


def test_other_answers_need_update(session: Session, runner: Runner, main: Path) -> None:
    run(runner, "import", "answers", main, "--collection", "nr6")
    beside = main.with_name("real.aichi_target_assessments.csv")
    beside.write_text(beside.read_text().replace("on_track", "no_change"))
    refused = run(runner, "import", "answers", main, "--collection", "nr6")
    assert refused.exit_code == 1
    assert "different" in refused.output
    done = run(runner, "import", "answers", main, "--collection", "nr6", "--update")
    assert done.output == "0 new, 2 updated, 0 unchanged\n"
    assert signed(session) == 4


def test_files_of_synthetic_data_say_so(session: Session, runner: Runner, tmp_path: Path) -> None:
    collection = make_collection(session, "demo", is_synthetic=True, due_on=date(2018, 12, 31))
    make_revision(session, make_submission(session, "KEN", collection), {"targets_basis": "x"})
    result = run(runner, "export", "answers", "--collection", "demo", "--out", tmp_path / "x.csv")
    assert result.exit_code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert "x.synthetic.csv" in names
    assert all(name.endswith(".synthetic.csv") for name in names)


@pytest.mark.parametrize(
    "command", [["import", "answers", "."], ["export", "answers", "--out", "x"]]
)
def test_an_unknown_collection_is_told(runner: Runner, command: list[str]) -> None:
    result = run(runner, *command, "--collection", "none")
    assert result.exit_code == 1
    assert "not_found" in result.output


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_report_is_written_in_the_format_of_its_name(
    session: Session, runner: Runner, main: Path, tmp_path: Path, kind: str
) -> None:
    main.write_text(main.read_text().replace("JOR", "XXX"))
    report = tmp_path / f"problems.{kind}"
    command = ("import", "answers", main, "--collection", "nr6", "--report", report)
    assert run(runner, *command).exit_code == 1
    if kind == "json":
        found = json.loads(report.read_text())
        assert (found["is_refused"], found["more"]) == (True, 0)
        told = [(each["row"], each["letter"], each["code"]) for each in found["found"]]
    elif kind == "csv":
        with report.open(newline="") as file:
            lines = list(csv.DictReader(file))
        told = [(int(each["row"]), each["letter"], each["code"]) for each in lines]
    else:
        rows = CalamineWorkbook.from_path(str(report)).get_sheet_by_index(0).to_python()
        told = [(int(str(row[2])), str(row[3]), str(row[5])) for row in rows[1:]]
    assert told[0] == (3, "A", "unknown_party")
    assert len(told) == 3


def test_a_report_of_another_format_is_refused(
    session: Session, runner: Runner, main: Path, tmp_path: Path
) -> None:
    result = run(runner, "import", "answers", main, "--collection", "nr6", "--report", "a.doc")
    assert result.exit_code == 2
    assert ".xlsx" in result.output


def test_an_encoding_is_declared(session: Session, runner: Runner, tmp_path: Path) -> None:
    make_collection(session)
    path = tmp_path / "a.csv"
    path.write_bytes(b"party,targets_basis,note\nKEN,,l\x92eau\n")
    command = ("import", "answers", path, "--collection", "nr6")
    assert "Mac Roman" in run(runner, *command).output
    assert "unknown_column" in run(runner, *command, "--encoding", "windows-1252").output


def test_what_is_assumed_is_told_and_the_rest_imported(
    session: Session, runner: Runner, tmp_path: Path
) -> None:
    make_collection(session)
    path = tmp_path / "a.csv"
    path.write_bytes("party,targets_basis\nKEN,aichi_targets\n".encode("utf-16-le"))
    assert run(runner, "import", "answers", path, "--collection", "nr6").exit_code == 0
    other = "party,parent,title\nJOR,,Forêts protégées\n".encode("cp1252")
    path.with_name("a.national_targets.csv").write_bytes(other)
    path.write_bytes(b"party,targets_basis\nJOR,national_targets\n")
    result = run(runner, "import", "answers", path, "--collection", "nr6")
    assert result.exit_code == 0, result.output
    assert "Windows-1252" in result.output
