"""An OpenDocument spreadsheet to sheets. Read here, since what repeats could fill any memory."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from app.errors import UnreadableFileError
from app.files.record import Table
from app.files.sheets import EXACT, MOST_CELLS, Sheet, tables_of_sheets
from app.files.xml_parts import BrokenXmlError, scan

_LAST_COLUMN: Final = 16_384
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_HIDDEN: Final = frozenset({"collapse", "filter"})
_MOST_SPACES: Final = 10_000
_MOST_PLACES: Final = 30


def ods_tables(name: str, members: dict[str, bytes], repeats: Collection[str]) -> dict[str, Table]:
    """Return the tables of an unpacked spreadsheet, by file; raise UnreadableFileError."""
    if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
        raise UnreadableFileError(reason="encrypted_workbook", file=name)
    reader = _Reader(name)
    try:
        scan(members["content.xml"], reader.start, reader.end, reader.text)
    except BrokenXmlError as error:
        raise UnreadableFileError(reason="broken_xlsx", file=name) from error
    if not reader.sheets:
        raise UnreadableFileError(reason="not_a_table", file=name, kind="document")
    return tables_of_sheets(name, reader.sheets, repeats)


@dataclass(slots=True)
class _Cell:
    """A cell while it is read."""

    attributes: Mapping[str, str]
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Follows the XML of a spreadsheet."""

    name: str
    sheets: list[Sheet] = field(default_factory=list)
    hidden_styles: set[str] = field(default_factory=set)
    style: str = ""
    sheet: Sheet | None = None
    number: int = 0  # of the row
    column: int = 0  # of the columns declared
    cells: list[str] = field(default_factory=list)
    row: Mapping[str, str] = field(default_factory=dict)
    cell: _Cell | None = None
    aside: int = 0  # how deep we are in a comment, or in a table inside a cell
    taken: int = 0  # cells of the sheet so far

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where we are, and what stands there."""
        if self.aside or (self.cell is not None and name in {"annotation", "table"}):
            self.aside += 1
            return
        if handler := _STARTS.get(name):
            handler(self, attributes)
        elif name in _CELLS:
            self.cell = _Cell(attributes)
        elif self.cell is not None:
            self._in_cell(name, attributes)

    def _in_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            if self.cell is not None:
                self.cell.paragraphs.append("")
        elif name == "s":
            self.text(" " * min(_count(attributes, "c"), _MOST_SPACES))
        elif name in {"tab", "line-break"}:
            self.text("\t" if name == "tab" else "\n")

    def text(self, text: str) -> None:
        """Keep what a cell shows."""
        if self.cell is not None and not self.aside and self.cell.paragraphs:
            self.cell.paragraphs[-1] += text

    def end(self, name: str) -> None:
        """Close what ends here."""
        if self.aside:
            self.aside -= 1
        elif name in _CELLS and self.cell is not None:
            self._keep(self.cell)
            self.cell = None
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self.sheet = None

    def begin_style(self, attributes: Mapping[str, str]) -> None:
        """Remember which style comes."""
        self.style = attributes.get("name", "")

    def table_style(self, attributes: Mapping[str, str]) -> None:
        """Remember styles that hide a sheet."""
        if attributes.get("display") == "false":
            self.hidden_styles.add(self.style)

    def begin_sheet(self, attributes: Mapping[str, str]) -> None:
        """Begin a sheet."""
        is_hidden = attributes.get("style-name", "") in self.hidden_styles
        self.sheet = Sheet(attributes.get("name", ""), [], is_hidden)
        self.sheets.append(self.sheet)
        self.number = self.column = self.taken = 0

    def columns(self, attributes: Mapping[str, str]) -> None:
        """Count columns that are declared, and keep which are hidden."""
        times = min(_count(attributes, "number-columns-repeated"), _LAST_COLUMN)
        if self.sheet is not None and attributes.get("visibility") in _HIDDEN:
            odd = self.sheet.oddities
            odd.hidden_columns += range(self.column + 1, min(self.column + times, _LAST_COLUMN) + 1)
        self.column += times

    def begin_row(self, attributes: Mapping[str, str]) -> None:
        """Begin a row."""
        self.row, self.cells = attributes, []

    def _keep(self, cell: _Cell) -> None:
        """Put a cell into its row, as often as it is repeated."""
        if self.sheet is None:
            return
        value, code = _value(cell)
        here = (self.number + 1, len(self.cells) + 1)
        odd = self.sheet.oddities
        if code:
            odd.cells.append((here, code, value))
        elif cell.attributes.get("formula"):
            odd.formulas.append(here)
        down = _count(cell.attributes, "number-rows-spanned")
        across = _count(cell.attributes, "number-columns-spanned")
        if down > 1 or across > 1:
            odd.merged.append((here, (here[0] + down - 1, here[1] + across - 1)))
        times = _count(cell.attributes, "number-columns-repeated")
        self.cells += [value] * min(times, _LAST_COLUMN - len(self.cells))

    def _end_row(self) -> None:
        """Put the row into its sheet, as often as it is repeated; count it if it is empty."""
        times = _count(self.row, "number-rows-repeated")
        while self.cells and not self.cells[-1]:
            self.cells.pop()
        if self.sheet is not None and self.cells:
            self.taken += times * len(self.cells)
            if self.taken > MOST_CELLS:
                raise UnreadableFileError(
                    reason="unpacked_too_large", file=self.name, size=self.taken, limit=MOST_CELLS
                )
            row = tuple(self.cells)
            numbers = range(self.number + 1, self.number + times + 1)
            self.sheet.rows += [(number, row) for number in numbers]
            if self.row.get("visibility") in _HIDDEN:
                self.sheet.oddities.hidden_rows += numbers
        self.number += times


_STARTS: Final[Mapping[str, Callable[[_Reader, Mapping[str, str]], None]]] = {
    "style": _Reader.begin_style,
    "table-properties": _Reader.table_style,
    "table": _Reader.begin_sheet,
    "table-column": _Reader.columns,
    "table-row": _Reader.begin_row,
}


def _value(cell: _Cell) -> tuple[str, str]:
    """Return a cell as a CSV file would hold it, and the code of a problem or ""."""
    given, shown = cell.attributes, "\n".join(cell.paragraphs)
    kind = given.get("value-type", "")  # "error" is LibreOffice's, beside "string"
    if kind == "error" or (given.get("formula") and shown.startswith(("#", "Err:"))):
        return shown, "error_value"
    if kind == "percentage":
        return given.get("value", shown), "percent"
    if kind in {"float", "currency"}:
        return _number(given.get("value", shown))
    if kind == "date":
        return given.get("date-value", shown).removesuffix("T00:00:00"), ""
    if kind == "boolean":
        return {"true": "1", "false": "0"}.get(given.get("boolean-value", ""), shown), ""
    if given.get("formula") and not kind:
        return "", "no_value"
    return given.get("string-value", shown), ""


def _number(text: str) -> tuple[str, str]:
    """Return a number without an exponent; one so large may have lost digits."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text, ""
    if not number.is_finite() or abs(number.adjusted()) > _MOST_PLACES:
        return text, "error_value"
    return f"{number:f}", "digits_lost" if abs(number) >= EXACT else ""


def _count(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004 - digits
