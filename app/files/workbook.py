"""An XLSX workbook to sheets: values by calamine, and from the XML what calamine does not say."""

import io
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.errors import UnreadableFileError
from app.files.record import Table
from app.files.sheets import EXACT, MOST_CELLS, Corner, Oddities, Sheet, tables_of_sheets
from app.files.xml_parts import BrokenXmlError, scan
from app.files.zips import pack

_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_REFERENCE: Final = re.compile(rb"""\br=["']\s*([A-Za-z]{1,9})?([0-9]{1,19})["']""")
_ODD: Final = re.compile(
    rb"""<(?:\w+:)?f\b|\bt=["']e["']|<(?:\w+:)?mergeCell\b|\bhidden=["'](?:1|true)["']"""
)
_PERCENT: Final = frozenset({9, 10})  # formats that every workbook has: 0% and 0.00%
_LAST_COLUMN: Final = 16_384
_LAST_ROW: Final = 1_048_576


def workbook_tables(
    name: str, members: dict[str, bytes], repeats: Collection[str]
) -> dict[str, Table]:
    """Return the tables of an unpacked workbook, by file.

    Raises UnreadableFileError (see `app.files.readers`), also for a sheet whose cells lie so far
    apart that it would not fit into memory.
    """
    _refuse_wide(name, members)
    try:
        paths = _paths(members)
        percent = _percent_styles(members.get("xl/styles.xml", b""))
        sheets = list(_sheets(members, paths, percent))
    except (CalamineError, BrokenXmlError, OSError, ValueError) as error:
        raise UnreadableFileError(reason="broken_xlsx", file=name) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # calamine's, for what it did not expect
            raise UnreadableFileError(reason="broken_xlsx", file=name) from None
        raise
    return tables_of_sheets(name, sheets, repeats)


def _sheets(
    members: dict[str, bytes], paths: Mapping[str, str], percent: Collection[int]
) -> Iterator[Sheet]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(pack(members)))
    for about in workbook.sheets_metadata:
        if about.visible is not SheetVisibleEnum.Visible:
            yield Sheet(about.name, [], is_hidden=True)
            continue
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        odd = _oddities(members.get(paths.get(about.name, ""), b""), percent)
        cells = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
        yield Sheet(about.name, _rows(cells, odd), oddities=odd)


def _rows(cells: Sequence[Sequence[object]], odd: Oddities) -> list[tuple[int, tuple[str, ...]]]:
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, row in enumerate(cells, start=1):
        texts = tuple(_text(cell) for cell in row)
        if any(texts):
            rows.append((number, texts))
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, float) and abs(cell) >= EXACT:
                odd.cells.append(((number, column), "digits_lost", texts[column - 1]))
    return rows


def _text(cell: object) -> str:
    """Return a cell as a CSV file would hold it."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _refuse_wide(name: str, members: dict[str, bytes]) -> None:
    for path, content in members.items():
        if not path.startswith("xl/worksheets/"):
            continue
        columns, rows = 1, 1
        for letters, number in _REFERENCE.findall(content):
            rows = max(rows, int(number))
            columns = max(columns, _column(letters.decode()))
        if rows * columns > MOST_CELLS or rows > _LAST_ROW or columns > _LAST_COLUMN:
            raise UnreadableFileError(
                reason="unpacked_too_large", file=name, size=rows * columns, limit=MOST_CELLS
            )


def _column(letters: str) -> int:
    """Return the number of a column by its letters: A is 1, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _corner(place: str) -> Corner | None:
    found = _PLACE.fullmatch(place.strip().replace("$", ""))
    return (int(found[2]), _column(found[1])) if found else None


def _paths(members: Mapping[str, bytes]) -> dict[str, str]:
    """Return where in the zip the sheets are, by their titles."""
    targets: dict[str, str] = {}
    titles: dict[str, str] = {}

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            titles[attributes.get("name", "")] = attributes.get("id", "")

    scan(members.get("xl/_rels/workbook.xml.rels", b"<none/>"), relation)
    scan(members["xl/workbook.xml"], sheet)
    return {title: targets.get(relation_id, "") for title, relation_id in titles.items()}


def _percent_styles(content: bytes) -> set[int]:
    """Return the styles of cells that show a hundredth as one per cent."""
    percent = set(_PERCENT)
    styles: set[int] = set()
    inside: list[str] = []
    count = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal count
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            percent.add(_number(attributes.get("numFmtId", "")))
        if name == "xf" and inside[-1:] == ["cellXfs"]:
            if _number(attributes.get("numFmtId", "")) in percent:
                styles.add(count)
            count += 1
        inside.append(name)

    def end(_name: str) -> None:
        inside.pop()

    if b"%" in content or b"numFmtId" in content:
        scan(content, start, end)
    return styles


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004 - digits


def _oddities(content: bytes, percent: Collection[int]) -> Oddities:
    """Return what is odd in a sheet; looks closely only where there is something to see."""
    reader = _OddReader(percent)
    if percent or _ODD.search(content):
        scan(content, reader.start, reader.end, reader.text)
    return reader.odd


@dataclass(slots=True)
class _OddReader:
    """Follows the XML of a sheet."""

    percent: Collection[int]
    odd: Oddities = field(default_factory=Oddities)
    row: int = 0
    column: int = 0
    kind: str = ""
    style: int = -1
    has_formula: bool = False
    in_value: bool = False
    value: str = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where we are, and what stands there."""
        if name == "c":
            self._cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name == "v":
            self.in_value = True
        elif name == "row":
            given = _number(attributes.get("r", ""))
            self.row, self.column = (given if given > 0 else self.row + 1), 0
            if attributes.get("hidden") in {"1", "true"}:
                self.odd.hidden_rows.append(self.row)
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = _number(attributes.get("min", "")), _number(attributes.get("max", ""))
            self.odd.hidden_columns += range(max(first, 1), min(last, _LAST_COLUMN) + 1)
        elif name == "mergeCell":
            ends = [_corner(end) for end in attributes.get("ref", "").split(":")]
            if ends[0] is not None and ends[-1] is not None:
                self.odd.merged.append((ends[0], ends[-1]))

    def _cell(self, attributes: Mapping[str, str]) -> None:
        place = _corner(attributes.get("r", ""))
        self.column += 1
        if place is not None:
            self.row, self.column = place
        self.kind, self.style = attributes.get("t", ""), _number(attributes.get("s", "0"))
        self.has_formula, self.value = False, ""

    def text(self, text: str) -> None:
        """Keep the value of a cell."""
        if self.in_value:
            self.value += text

    def end(self, name: str) -> None:
        """Judge a cell when all of it was seen."""
        if name == "v":
            self.in_value = False
        if name != "c":
            return
        here = (self.row, self.column)
        if self.kind == "e":
            self.odd.cells.append((here, "error_value", self.value))
        elif self.has_formula and not self.value and self.kind != "str":
            self.odd.cells.append((here, "no_value", ""))
        elif self.style in self.percent and self.value and self.kind in {"", "n"}:
            self.odd.cells.append((here, "percent", self.value))
        elif self.has_formula:
            self.odd.formulas.append(here)
