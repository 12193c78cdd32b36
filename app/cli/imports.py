"""`flask import`: answers from files, all or nothing."""

import csv
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.errors import told
from app.errors import UnreadableFileError
from app.extensions import db, forms_in_use
from app.files.cells import escape
from app.files.problems import FileProblem
from app.files.readers import read_path
from app.forms.variables import repeats
from app.services.accounts import command_line_account
from app.services.collections import collection_of
from app.services.imports import ImportReport, import_answers

import_group = AppGroup("import", help="Bring answers in.")

_SHOWN = 50  # problems on the screen; the report has all


@import_group.command("answers")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--collection", "code", required=True, metavar="CODE")
@click.option("--update", is_flag=True, help="Replace other answers, by a new revision.")
@click.option("--good-rows-only", is_flag=True, help="Leave out submissions with problems.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every problem to this CSV file.",
)
def answers(
    path: Path, code: str, *, update: bool, good_rows_only: bool, report_path: Path | None
) -> None:
    """Import a main CSV file, an XLSX file, a folder or a zip into a collection.

    X.csv has a row for each submission, X.REPEAT.csv beside it one for each row of that repeat;
    in XLSX they are sheets. `flask forms codebook` lists all columns. CSV is UTF-8 with commas
    (semicolons and tabs are read too). An empty cell is "not answered"; __na is "not applicable",
    __unknown is "unknown".

    With any problem nothing changes, and every problem is told.
    """
    with told():
        report = _import(path, code, update=update, good_rows_only=good_rows_only)
        if not report.is_refused:
            db.session.commit()
    if report_path is not None:
        _write_report(report_path, report)
    _tell("Left out, because it is not asked", report.notes)
    _tell("Problems", report.problems)
    if report.is_refused:
        db.session.rollback()
        raise click.ClickException("Nothing was imported.")
    skipped = f", {report.skipped} left out" if report.skipped else ""
    click.echo(f"{report.new} new, {report.updated} updated, {report.unchanged} unchanged{skipped}")


def _import(path: Path, code: str, *, update: bool, good_rows_only: bool) -> ImportReport:
    session = db.session()
    collection = collection_of(session, code)
    form = forms_in_use().load(collection.form, collection.form_version)
    try:
        tables = read_path(path, [repeat.id for repeat, _, _ in repeats(form)])
    except UnreadableFileError as error:
        return ImportReport(is_refused=True, problems=[_unreadable(error)])
    return import_answers(
        session,
        collection,
        form,
        tables,
        command_line_account(session),
        update=update,
        good_rows_only=good_rows_only,
    )


def _unreadable(error: UnreadableFileError) -> FileProblem:
    details = dict(error.details)
    reason, file = str(details.pop("reason")), str(details.pop("file", ""))
    row = details.pop("row", 0)
    return FileProblem(file, row if isinstance(row, int) else 0, "", reason, details)


def _tell(what: str, problems: list[FileProblem]) -> None:
    """Print problems as a table: file, row, column, code, what to do."""
    if not problems:
        return
    click.echo(f"{what}: {len(problems)}", err=True)
    lines = [_line(problem) for problem in islice(problems, _SHOWN)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip(), err=True)
    if len(problems) > _SHOWN:
        rest = len(problems) - _SHOWN
        click.echo(f"and {rest} more; --report FILE writes all of them", err=True)


def _line(problem: FileProblem) -> tuple[str, ...]:
    row = f"row {problem.row}" if problem.row else ""
    return (problem.file, row, problem.column, problem.code, problem.what_to_do)


def _write_report(path: Path, report: ImportReport) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["kind", "file", "row", "column", "code", "what_to_do"])
        writer.writerows(_rows("problem", report.problems))
        writer.writerows(_rows("note", report.notes))


def _rows(kind: str, problems: list[FileProblem]) -> Iterable[tuple[str, ...]]:
    for problem in problems:
        told_of = (problem.file, problem.row or "", problem.column, problem.code)
        yield tuple(escape(str(cell)) for cell in (kind, *told_of, problem.what_to_do))
