"""XLSX files of XLSForm: written with xlsxwriter; read with pyxform, and cell by cell.

pyxform knows the headers and languages of XLSForm. It straightens quotation marks and
joins spaces; `texts_as_written` gives back how a text was typed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

Sheets = Mapping[str, Sequence[Sequence[str]]]

LONGEST_CELL: Final = 32_767  # characters, in XLSX
_QUOTES: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


class NoXlsFormError(ValueError):
    """The file is no XLSForm that can be read; the message says why."""


def write_workbook(path: Path, sheets: Sheets) -> None:
    """Write each sheet with its rows; every cell is a text."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.set_column(0, max(map(len, rows), default=1), 24, wrapped)
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(at, column, cell)


def read_survey(path: Path) -> dict[str, Any]:
    """Return what pyxform makes of the workbook; raise NoXlsFormError when it refuses it."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - seldom needed
    from pyxform.xls2json import parse_file_to_json  # noqa: PLC0415

    try:
        found: dict[str, Any] = parse_file_to_json(str(path), warnings=[])
    except (PyXFormError, OSError, KeyError, ValueError) as error:
        raise NoXlsFormError(str(error)) from error
    return found


def read_cells(path: Path) -> dict[str, list[list[str]]]:
    """Return the rows of every sheet as texts, as typed."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    book = CalamineWorkbook.from_path(str(path))
    return {
        name: [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def texts_as_written(rows: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return each text as typed, by what pyxform makes of it."""
    return {cleaned(cell): cell.strip() for row in rows for cell in row if cell.strip()}


def cleaned(text: str) -> str:
    """Return a text as pyxform gives it."""
    return re.sub(r"( )+", " ", text.replace("\u00a0", " ").strip()).translate(_QUOTES)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
