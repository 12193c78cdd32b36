"""Where in a workbook something stands, so that authors find what is told: sheet, row, column."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.forms.xlsform.kept import CANOPY
from app.forms.xlsform.workbook import cleaned

SURVEY: Final = "survey"
CHOICES: Final = "choices"
SETTINGS: Final = "settings"
_GENERATED: Final = re.compile(r"(?:generated|reserved)_\w+_([0-9]+)")  # by pyxform, of a row
_NO_ROW: Final = ("end", "form_title", "set_form_title", "form_id", "set_form_id")  # types


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is not carried over as it was: where it stands, and what about it."""

    where: str
    what: str
    sheet: str = ""
    row: int = 0  # counts from 1, the row of headings; 0 for the whole sheet
    column: str = ""  # its letters and heading: "F (relevant)"

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        place = ", ".join(part for part in (self.sheet, row, column) if part)
        return ": ".join(part for part in (place, self.where, self.what) if part)


def in_order(lines: Iterable[Told]) -> list[Told]:
    """Return lines in the order of a workbook; those of no sheet last."""
    sheets = (SURVEY, CHOICES, SETTINGS)
    order = {sheet: at for at, sheet in enumerate(sheets)}
    last = {"": len(sheets) + 1}
    return sorted(
        lines, key=lambda line: ((order | last).get(line.sheet.lower(), len(sheets)), line.row)
    )


class Places:
    """The rows and columns of a workbook by what stands in them."""

    def __init__(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.names = {name.lower(): name for name in sheets}
        self.cells = {name.lower(): rows for name, rows in sheets.items()}
        if SURVEY not in self.cells and len(sheets) == 1:  # the only sheet is the survey
            (self.names[SURVEY],) = sheets
            (self.cells[SURVEY],) = sheets.values()
        self.columns = {sheet: _columns(rows, sheet) for sheet, rows in self.cells.items()}
        self.rows: dict[str, tuple[str, int]] = {}  # sheet and row, by the name that is told
        self.used: set[int] = {1}  # rows of the survey
        self.at = 2
        self.named: dict[str, list[int]] = {}  # rows of the survey by name
        for row in range(2, len(self.cells.get(SURVEY, ())) + 1):
            self.named.setdefault(self.cell(SURVEY, row, "name"), []).append(row)
        self.note_choices()

    def told(self, where: str, what: str, key: str = "") -> Told:
        """Return what is told of a thing; *key* is the column as pyxform names it."""
        sheet, row = self.rows.get(where, ("", 0))
        return Told(where, what, self.names.get(sheet, ""), row, self.column(sheet, key))

    def told_in(self, sheet: str, row: int, key: str, where: str, what: str) -> Told:
        """Return what is told of a row that has no name, or of a whole sheet (row 0)."""
        return Told(where, what, self.names.get(sheet, sheet), row, self.column(sheet, key))

    def told_of_language(self, tag: str, where: str, what: str) -> Told:
        """Return what is told of a language, at the first column in it."""
        for sheet in (SURVEY, CHOICES):
            if tag in self.columns.get(sheet, {}):
                return self.told_in(sheet, 1, tag, where, what)
        return Told(where, what)

    def column(self, sheet: str, key: str) -> str:
        """Return a column as authors see it: its letters, and its heading; "" if not there."""
        at = self.columns.get(sheet, {}).get(key) if key else None
        return "" if at is None else f"{letters(at)} ({self.cells[sheet][0][at].strip()})"

    def cell(self, sheet: str, row: int, key: str) -> str:
        """Return the text of a cell, as pyxform gives it."""
        at = self.columns.get(sheet, {}).get(key)
        cells = self.cells[sheet][row - 1]
        return cleaned(cells[at]) if at is not None and at < len(cells) else ""

    def note(self, name: str, known_as: str) -> None:
        """Find the row of what comes next in the survey: its name is looked for downwards."""
        row = next((row for row in self.named.get(name, ()) if row >= self.at), 0)
        generated = _GENERATED.fullmatch(name)
        if row:
            self.at = row + 1
        elif generated:
            row = int(generated[1])
        else:
            return
        self.rows[known_as] = (SURVEY, row)
        self.used.add(row)

    def note_choices(self) -> None:
        """Find the row of every choice, and of the first of each list."""
        for row in range(2, len(self.cells.get(CHOICES, ())) + 1):
            listed, name = (self.cell(CHOICES, row, key) for key in ("list name", "name"))
            self.rows.setdefault(f"{listed}.{name}", (CHOICES, row))
            self.rows.setdefault(f"list {listed}", (CHOICES, row))

    def has_row(self, sheet: str, row: int) -> bool:
        """Tell whether a sheet has so many rows."""
        return len(self.cells.get(sheet, ())) >= row

    def heading(self, sheet: str, at: int) -> str:
        """Return the heading of a column in lower case."""
        return self.cells[sheet][0][at].strip().lower()

    def other_sheets(self) -> Iterator[str]:
        """Yield each sheet that has something in it, and is none that we read."""
        for sheet, rows in self.cells.items():
            is_read = sheet in (SURVEY, CHOICES, SETTINGS, CANOPY) or self.cells[SURVEY] is rows
            if not is_read and any(cell.strip() for cells in rows for cell in cells):
                yield sheet

    def unread_rows(self) -> Iterator[tuple[int, str]]:
        """Yield each row of the survey that became nothing, with its type."""
        for row, cells in enumerate(self.cells.get(SURVEY, ()), start=1):
            kind = self.cell(SURVEY, row, "type")
            is_left = row not in self.used and any(map(str.strip, cells))
            if is_left and not kind.lower().startswith(_NO_ROW):
                yield row, kind

    def without_heading(self) -> Iterator[tuple[str, int, str]]:
        """Yield sheet, row and letters of the first text in each column without a heading."""
        for sheet in (SURVEY, CHOICES, SETTINGS):
            heads, *rows = self.cells.get(sheet) or [[]]
            headed = {at for at, head in enumerate(heads) if head.strip()}
            for row, cells in enumerate(rows, start=2):
                for at, cell in enumerate(cells):
                    if cell.strip() and at not in headed:
                        headed.add(at)
                        yield sheet, row, letters(at)


def letters(at: int) -> str:
    """Return the letters of a column, which counts from 0."""
    return letters(at // 26 - 1) + letters(at % 26) if at >= 26 else chr(ord("A") + at)  # noqa: PLR2004


def _columns(rows: Sequence[Sequence[str]], sheet: str) -> dict[str, int]:
    """Return the columns of a sheet by the names that pyxform gives them, and by language."""
    from pyxform import aliases  # noqa: PLC0415 - seldom needed
    from pyxform.parsing.sheet_headers import process_header  # noqa: PLC0415

    by_sheet: dict[str, Any] = {SURVEY: aliases.survey_header, SETTINGS: aliases.settings_header}
    known = by_sheet.get(sheet, aliases.list_header)
    heads = [cleaned(head) for head in (rows[0] if rows else ())]
    is_double = any("::" in head for head in heads)
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        _, tokens = process_header(head, is_double, known, _PLAIN)
        for token in (*tokens, "::".join(tokens[-2:])):
            found.setdefault(token, at)
    return found


_PLAIN: Final = frozenset(
    {
        *("type", "name", "label", "hint", "guidance_hint", "default", "choice_filter"),
        *("parameters", "trigger", "list_name", "media", "bind", "control", "instance", "version"),
        *("default_language", "instance_name", "style", "repeat_count"),
    }
)
