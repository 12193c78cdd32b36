"""`flask import`: answers from files, all or nothing."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from app.cli.errors import told
from app.cli.import_reports import FORMATS, row_text, write_report
from app.errors import UnreadableFileError
from app.extensions import db, forms_in_use
from app.files.encodings import ENCODINGS
from app.files.problems import FileProblem, problems_of
from app.files.readers import read_path
from app.forms.definition import LANGUAGES
from app.forms.variables import repeats
from app.services.accounts import command_line_account
from app.services.collections import collection_of
from app.services.imports import ImportReport, Options, import_answers
from app.wording.files import file_sentence

import_group = AppGroup("import", help="Bring answers in.")

_SHOWN = 50  # problems on the screen; the report has all


@import_group.command("answers")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--collection", "code", required=True, metavar="CODE")
@click.option("--update", is_flag=True, help="Replace other answers, by a new revision.")
@click.option("--good-rows-only", is_flag=True, help="Leave out submissions with problems.")
@click.option(
    "--encoding",
    type=click.Choice(list(ENCODINGS)),
    help="What CSV files are in, where they do not say it themselves.",
)
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every problem to this file: .csv, .xlsx or .json.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Of what is said about the file.",
)
def answers(
    path: Path,
    code: str,
    *,
    update: bool,
    good_rows_only: bool,
    encoding: str | None,
    report_path: Path | None,
    language: str,
) -> None:
    """Import a main CSV file, an XLSX or ODS file, a folder or a zip into a collection.

    X.csv has a row for each submission, X.REPEAT.csv beside it one for each row of that repeat;
    in XLSX and ODS they are sheets. `flask forms codebook` lists all columns. CSV has commas,
    semicolons, tabs or vertical bars. UTF-8 and UTF-16 are told by themselves, other encodings when
    only one is possible. An empty cell is "not answered"; __na is "not applicable", __unknown is
    "unknown".

    With any problem nothing changes, and every problem is told.
    """
    if report_path is not None and report_path.suffix.lower() not in FORMATS:
        raise click.UsageError(f"--report writes {', '.join(FORMATS)}, by the ending of its name.")
    options = Options(update=update, good_rows_only=good_rows_only)
    with told():
        report = _import(path, code, options, encoding or "")
        if not report.is_refused:
            db.session.commit()
    with force_locale(language):
        if report_path is not None:
            write_report(report_path, report)
        _tell("Notes", report.notes, 0)
        _tell("Problems", report.problems, report.more)
    if report.unchecked:
        click.echo(f"{report.unchecked} submissions were not checked: too many problems", err=True)
    if report.is_refused:
        db.session.rollback()
        raise click.ClickException("Nothing was imported.")
    skipped = f", {report.skipped} left out" if report.skipped else ""
    click.echo(f"{report.new} new, {report.updated} updated, {report.unchanged} unchanged{skipped}")


def _import(path: Path, code: str, options: Options, encoding: str) -> ImportReport:
    session = db.session()
    collection = collection_of(session, code)
    form = forms_in_use().load(collection.form, collection.form_version)
    try:
        tables = read_path(path, [repeat.id for repeat, _, _ in repeats(form)], encoding)
    except UnreadableFileError as error:
        return ImportReport(is_refused=True, problems=problems_of(error))
    return import_answers(session, collection, form, tables, command_line_account(session), options)


def _tell(what: str, problems: Sequence[FileProblem], more: int) -> None:
    """Print problems as a table: file, row, column, code, what to do."""
    if not problems:
        return
    click.echo(f"{what}: {len(problems) + more}", err=True)
    lines = [_line(problem) for problem in islice(problems, _SHOWN)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip(), err=True)
    rest = len(problems) - _SHOWN
    if rest > 0:
        click.echo(f"and {rest} more; --report FILE writes them", err=True)
    if more:
        click.echo(f"and {more} beyond the {len(problems)} that a report keeps", err=True)


def _line(problem: FileProblem) -> tuple[str, ...]:
    row = f"row {problem.row}" if problem.row else ""
    column = " ".join(part for part in (problem.letter, problem.column) if part)
    told_of = (problem.file, row, column, problem.code, file_sentence(problem))
    return tuple(row_text(cell) for cell in told_of)
