"""XLSX files of XLSForm: written with xlsxwriter; read with pyxform, and cell by cell.

pyxform knows the headers and languages of XLSForm. It straightens quotation marks and
joins spaces; `texts_as_written` gives back how a text was typed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

Sheets = Mapping[str, Sequence[Sequence[str]]]

LONGEST_CELL: Final = 32_767  # characters, in XLSX
_QUOTES: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


TYPES: Final = {  # of pyxform, by ours
    **dict.fromkeys(("note", "q note", "add note prompt"), "note"),
    **dict.fromkeys(("text", "string", "q string", "add text prompt"), "text"),
    **dict.fromkeys(("integer", "int", "q int", "add integer prompt", "percentage"), "integer"),
    **dict.fromkeys(("decimal", "q decimal", "add decimal prompt"), "decimal"),
    **dict.fromkeys(("date", "q date", "add date prompt"), "date"),
    **dict.fromkeys(("calculate", "q calculate", "add calculate prompt"), "calculated"),
    "select one": "select_one",
    "select all that apply": "select_multiple",
}
_TYPE: Final = ("type", "command")  # headings
_LISTED: Final = re.compile(
    r"((?:add )?(?:select|rank)(?:[_ ](?:one|multiple|all that apply|prompt|from|using))*)"
    r"\s+(\S+)(.*)",
    re.IGNORECASE,
)
_BEGIN_OR_END: Final = re.compile(r"(?:begin|end)[_ ](?:group|repeat)$", re.IGNORECASE)


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
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415

    try:
        book = get_xlsform(str(path))
    except (PyXFormError, OSError, KeyError, ValueError) as error:
        raise NoXlsFormError(str(error)) from error
    for row in book.survey or ():
        row |= {head: _lower_case(kind) for head, kind in row.items() if head.lower() in _TYPE}
    found, refusal = _made_of(book, len(book.survey or ()))
    if found is None:
        raise NoXlsFormError(f"{_row_of(book, refusal)}{refusal}")
    return found


def _lower_case(kind: str) -> str:
    """Return a type in lower case, as pyxform wants it; not the name of a choice list."""
    if found := _LISTED.match(kind):
        word = found[1].lower()
        word = "select_multiple" if word == "select multiple" else word
        return f"{word} {found[2]}{found[3].lower()}"
    return kind.lower() if _BEGIN_OR_END.match(kind) or kind.lower() in TYPES else kind


def _made_of(book: Any, rows: int) -> tuple[dict[str, Any] | None, str]:  # noqa: ANN401 - pyxform
    """Return what pyxform makes of the first *rows* of the survey, or why it refuses them."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - seldom needed
    from pyxform.xls2json import workbook_to_json  # noqa: PLC0415

    part = deepcopy(book)
    part.survey = (part.survey or [])[:rows]
    try:
        return workbook_to_json(part, fallback_form_name=book.fallback_form_name), ""
    except PyXFormError as error:
        return None, str(error)
    except Exception as error:  # noqa: BLE001 - it breaks at odd columns in ways of its own
        return None, f"it cannot be understood ({type(error).__name__}: {error})"


def _row_of(book: Any, refusal: str) -> str:  # noqa: ANN401 - of pyxform
    """Return which row of the survey brings a refusal that names none; "" for no row."""
    if "[row" in refusal or _made_of(book, 0)[1] == refusal:
        return ""
    low, high = 1, len(book.survey or ())
    while low < high:
        middle = (low + high) // 2
        if _made_of(book, middle)[1] == refusal:
            high = middle
        else:
            low = middle + 1
    return f"[row : {low + 1}] On the 'survey' sheet: "


def read_cells(path: Path) -> dict[str, list[list[str]]]:
    """Return the rows of every sheet as texts, as typed; raise NoXlsFormError for no workbook."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(str(path))
        return {
            name: [
                [_text(cell) for cell in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise NoXlsFormError(f"it is no workbook such as .xlsx: {error}") from error


def doubled_heading(sheets: Sheets) -> str:
    """Return what is wrong when two columns have one heading; "" if none have."""
    for name, rows in sheets.items():
        heads = [head.strip() for head in (rows[0] if rows else ())]
        for at, head in enumerate(heads):
            if head and head in heads[:at]:
                return f"{name}, row 1: two columns have the heading {head!r}; rename one"
    return ""


def texts_as_written(rows: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return each text as typed, by what pyxform makes of it."""
    return {cleaned(cell): cell.strip() for row in rows for cell in row if cell.strip()}


def cleaned(text: str) -> str:
    """Return a text as pyxform gives it."""
    return re.sub(r"( )+", " ", text.replace("\u00a0", " ").strip()).translate(_QUOTES)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
