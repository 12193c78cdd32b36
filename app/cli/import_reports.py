"""The report of an import as a file: CSV, XLSX or JSON, with every problem and note."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.files.cells import escape
from app.files.layout import MAIN
from app.files.problems import FileProblem
from app.files.record import Table
from app.files.writers import xlsx_bytes
from app.services.imports import ImportReport
from app.wording.files import file_sentence

FORMATS: Final = (".csv", ".xlsx", ".json")
_HEADER: Final = ("kind", "file", "row", "letter", "column", "code", "what_to_do")


def write_report(path: Path, report: ImportReport) -> None:
    """Write *report* to *path*, in the format that its ending says."""
    kind = path.suffix.lower()
    rows = list(_rows(report))
    if kind == ".json":
        told = {
            "is_refused": report.is_refused,
            "more": report.more,
            "unchecked": report.unchecked,
            "found": [dict(zip(_HEADER, row, strict=True)) for row in rows],
        }
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif kind == ".xlsx":
        numbered = [(n, tuple(str(cell) for cell in row)) for n, row in enumerate(rows, start=2)]
        path.write_bytes(xlsx_bytes({MAIN: Table("", _HEADER, numbered)}, main="problems"))
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            writer.writerows([escape(str(cell)) for cell in row] for row in rows)


def row_text(text: str) -> str:
    """Return *text* in one line, without signs that a terminal obeys."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _rows(report: ImportReport) -> Iterator[tuple[str | int, ...]]:
    for kind, problems in (("problem", report.problems), ("note", report.notes)):
        for problem in problems:
            yield kind, *_row(problem)


def _row(problem: FileProblem) -> tuple[str | int, ...]:
    row = problem.row or ""
    sentence = file_sentence(problem)
    return problem.file, row, problem.letter, problem.column, problem.code, sentence
