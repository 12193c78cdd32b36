"""An XLSX workbook to tables: the first sheet is the main one, the others bear repeats' ids."""

import io
import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from app.errors import UnreadableFileError
from app.files.csv_text import without_empty_end
from app.files.layout import MAIN
from app.files.record import Table
from app.files.zips import pack

MOST_CELLS: Final = 10_000_000  # of one sheet, empty ones between others included
LONGEST_SHEET_NAME: Final = 31  # characters, by the format
_CELL: Final = re.compile(rb"""\br=["']\s*([A-Za-z]{1,3})([0-9]{1,7})["']""")
_FULL_CELL: Final = re.compile(rb"<c\b([^>]*[^>/])>(.*?)</c>", re.DOTALL)
_VALUE: Final = re.compile(rb"<v\b[^>]*>[^<]")
_KIND: Final = re.compile(rb"""\bt=["'](\w+)["']""")
_ASIDE: Final = "codebook"  # a sheet that may be there and is not read


def sheet_name(repeat: str) -> str:
    """Return the name of a repeat's sheet: its id, as far as it fits."""
    return repeat[:LONGEST_SHEET_NAME]


def workbook_tables(
    name: str, members: dict[str, bytes], repeats: Collection[str]
) -> dict[str, Table]:
    """Return the tables of an unpacked workbook, by file.

    Raises UnreadableFileError (see `app.files.readers`): also for a sheet whose cells lie so far
    apart that it would not fit into memory, and for a cell that would be read as empty and is not.
    """
    _refuse_wide(name, members)
    _refuse_without_value(name, members)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(pack(members)))
        sheets = {
            title: workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in workbook.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(reason="broken_xlsx", file=name) from error
    known = {sheet_name(repeat): repeat for repeat in repeats}
    tables: dict[str, Table] = {}
    for position, (title, rows) in enumerate(sheets.items()):
        if title not in known and position > 0:
            if title.lower() == _ASIDE or not rows:
                continue
            told = ", ".join(sorted(known))
            raise UnreadableFileError(reason="unknown_file", file=title, known=told)
        tables[MAIN if position == 0 else known[title]] = _table(title, rows)
    return tables


def _table(title: str, rows: Sequence[Sequence[object]]) -> Table:
    cells = [(n, tuple(_text(cell) for cell in row)) for n, row in enumerate(rows, start=1)]
    filled = [(n, row) for n, row in cells if any(row)]
    if not filled:
        raise UnreadableFileError(reason="empty_file", file=title)
    return Table(title, without_empty_end(filled[0][1]), filled[1:])


def _text(cell: object) -> str:
    """Return a cell as a CSV file would hold it."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None or isinstance(cell, timedelta) else str(cell)


def _refuse_wide(name: str, members: dict[str, bytes]) -> None:
    for path, content in members.items():
        if not path.startswith("xl/worksheets/"):
            continue
        columns, rows = 0, 0
        for letters, number in _CELL.findall(content):
            rows = max(rows, int(number))
            columns = max(columns, _column(letters))
        if rows * columns > MOST_CELLS:
            raise UnreadableFileError(
                reason="unpacked_too_large", file=name, size=rows * columns, limit=MOST_CELLS
            )


def _refuse_without_value(name: str, members: dict[str, bytes]) -> None:
    """Refuse a cell with an error, or a formula whose value was not saved: neither is empty."""
    for path, content in members.items():
        if not path.startswith("xl/worksheets/") or not _may_lack_value(content):
            continue
        for attributes, inside in _FULL_CELL.findall(content):
            kind = _KIND.search(attributes)
            is_text = kind is not None and kind[1] == b"str"  # a formula may give an empty text
            lacks = b"<f" in inside and not is_text and not _VALUE.search(inside)
            if lacks or (kind is not None and kind[1] == b"e"):
                place = _CELL.search(b" " + attributes)
                cell = b"".join(place.groups()).decode() if place else ""
                raise UnreadableFileError(reason="no_value", file=name, cell=cell)


def _may_lack_value(content: bytes) -> bool:
    return b"<f" in content or b't="e"' in content or b"t='e'" in content


def _column(letters: bytes) -> int:
    """Return the number of a column by its letters: A is 1, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
