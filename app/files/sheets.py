"""Sheets of a workbook, of whatever format, to tables: which is which, and what is not read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from app.errors import UnreadableFileError
from app.files.csv_text import SEARCHED, header_of
from app.files.layout import MAIN
from app.files.problems import FileProblem, letter_of
from app.files.record import Table

MOST_CELLS: Final = 10_000_000  # of one sheet, empty ones between others included
EXACT: Final = 10**15  # from here on a number in a workbook may have lost digits
LONGEST_SHEET_NAME: Final = 31  # characters, by the format
_ASIDE: Final = frozenset({"codebook", "problems"})  # sheets that may be there and are not read

Row = tuple[str, ...]
Corner = tuple[int, int]  # row and column, from 1


@dataclass(slots=True)
class Oddities:
    """What a sheet shows that a table of cells cannot say.

    cells           row, column and problem code of cells that cannot be read, with what they show
    formulas        where a formula's value was taken
    merged          first and last corner of cells that are merged into one
    hidden_rows     numbers of rows that are hidden, in part
    hidden_columns  numbers of columns that are hidden
    """

    cells: list[tuple[Corner, str, str]] = field(default_factory=list)
    formulas: list[Corner] = field(default_factory=list)
    merged: list[tuple[Corner, Corner]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One sheet: rows that hold something, by number, and what is odd about it."""

    title: str
    rows: list[tuple[int, Row]]
    is_hidden: bool = False
    oddities: Oddities = field(default_factory=Oddities)


def sheet_name(repeat: str) -> str:
    """Return the name of a repeat's sheet: its id, as far as it fits."""
    return repeat[:LONGEST_SHEET_NAME]


def tables_of_sheets(name: str, sheets: list[Sheet], repeats: Collection[str]) -> dict[str, Table]:
    """Return the tables of the workbook *name*, by file.

    A repeat's sheet bears its id, whatever the case; the first of the others is the main one.
    Hidden sheets are never read. Raises UnreadableFileError when there is no main sheet.
    """
    known = {sheet_name(repeat).casefold(): repeat for repeat in repeats}
    found: dict[str, Sheet] = {}
    problems: list[FileProblem] = []
    notes: list[FileProblem] = []
    others: list[Sheet] = []
    for sheet in sheets:
        key = sheet.title.strip().casefold()
        if sheet.is_hidden:
            told = problems if key in known else notes
            code = "hidden_sheet" if key in known else "hidden_sheet_left"
            told.append(FileProblem(sheet.title, 0, "", code))
        elif key in known and known[key] in found:
            problems.append(FileProblem(sheet.title, 0, "", "doubled_file"))
        elif key in known:
            found[known[key]] = sheet
        elif key not in _ASIDE and sheet.rows:
            others.append(sheet)
    if not others:
        reason = "no_main_file" if any(sheet.rows for sheet in sheets) else "empty_file"
        raise UnreadableFileError(reason=reason, file=name)
    for sheet in others[1:]:
        told_of = {"known": tuple(sorted(sheet_name(repeat) for repeat in repeats))}
        problems.append(FileProblem(sheet.title, 0, "", "unknown_file", told_of))
    tables = {MAIN: _table(others[0])}
    for repeat, sheet in found.items():
        if not sheet.rows:
            problems.append(FileProblem(sheet.title, 0, "", "empty_file"))
        else:
            tables[repeat] = _table(sheet)
    tables[MAIN].problems.extend(problems)
    tables[MAIN].notes.extend(notes)
    return tables


def _table(sheet: Sheet) -> Table:
    problems: list[FileProblem] = []
    filled = [row for row in sheet.rows if any(cell and not cell.isspace() for cell in row[1])]
    if not filled:
        raise UnreadableFileError(reason="empty_file", file=sheet.title)
    first, header = header_of(sheet.title, list(islice(filled, SEARCHED)), problems)
    rows = [row for row in filled if row[0] > first]
    last = filled[-1][0]
    problems.extend(_problems(sheet, first, last, header))
    return Table(sheet.title, header, rows, first, problems, list(_notes(sheet, first, last)))


def _problems(sheet: Sheet, first: int, last: int, header: Row) -> Iterator[FileProblem]:
    for (row, column), code, shown in sheet.oddities.cells:
        if first <= row <= last:
            yield _at(sheet, row, column, code, header, value=shown)
    for (top, left), (bottom, right) in sheet.oddities.merged:
        if bottom >= first and top <= last:
            cells = f"{letter_of(left)}{top}:{letter_of(right)}{bottom}"
            yield _at(sheet, top, left, "merged_cells", header, cells=cells)


def _at(
    sheet: Sheet, row: int, column: int, code: str, header: Row, **details: object
) -> FileProblem:
    name = header[column - 1].strip() if 0 < column <= len(header) else ""
    return FileProblem(sheet.title, row, name, code, details, letter_of(column))


def _notes(sheet: Sheet, first: int, last: int) -> Iterator[FileProblem]:
    """Yield what was read, and may not have been meant or seen."""
    odd = sheet.oddities
    formulas = [corner for corner in odd.formulas if first <= corner[0] <= last]
    if formulas:
        row, column = formulas[0]
        told = {"count": len(formulas), "cell": f"{letter_of(column)}{row}"}
        yield FileProblem(sheet.title, row, "", "formulas", told, letter_of(column))
    hidden = [row for row in odd.hidden_rows if first <= row <= last]
    if hidden:
        yield FileProblem(sheet.title, hidden[0], "", "hidden_rows", {"count": len(hidden)})
    if odd.hidden_columns:
        letters = tuple(letter_of(column) for column in odd.hidden_columns)
        told_of = {"count": len(letters), "columns": letters}
        yield FileProblem(sheet.title, 0, "", "hidden_columns", told_of, letters[0])
