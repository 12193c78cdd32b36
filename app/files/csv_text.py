"""CSV to a table: encoding, delimiter and header found out, rows read as they are asked for.

What cannot be read for certain is refused, with the reason. However large the file, only one row
of it is in memory.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.errors import UnreadableFileError
from app.files.encodings import Found, encoding_of
from app.files.problems import FileProblem, letter_of
from app.files.record import Table
from app.files.source import Source

LONGEST_CELL: Final = 20 * 1024 * 1024  # characters
DELIMITERS: Final = (",", ";", "\t", "|")
KEYS: Final = frozenset({"party", "submission"})  # one of them stands in every header
SEARCHED: Final = 20  # rows in which a header is looked for
_HEAD: Final = 256 * 1024  # characters in which the header ends
_NAME: Final = re.compile(r"[\w .\-]*")  # of a column; other signs hint at another delimiter
_SEPARATOR: Final = re.compile(r'"?sep=(.)"?(\r\n|\r|\n|$)', re.IGNORECASE)  # as Excel writes it
_STARTS: Final = {  # of files that are no text, as `app.wording.files.KINDS` calls them
    b"\xd0\xcf\x11\xe0": "old_office",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"SQLite format 3": "database",
    b"PAR1": "parquet",
    b"PK": "zip",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"{": "json",
    b"[": "json",
    b"<": "xml",
}

Row = tuple[str, ...]

csv.field_size_limit(LONGEST_CELL)


def csv_table(name: str, content: bytes | Source, encoding: str = "") -> Table:
    """Return the table in a CSV file; raise UnreadableFileError (see `app.files.readers`).

    encoding   what the file is said to be in, a key of `ENCODINGS`; "": found out
    """
    source = content if isinstance(content, Source) else Source(name, content)
    head = source.head()
    for start, kind in _STARTS.items():
        if head.startswith(start):
            raise UnreadableFileError(reason="not_a_table", file=name, kind=kind)
    found = encoding_of(source, encoding)
    separator, delimiter = _delimiter(source, found)
    problems: list[FileProblem] = []
    rows = _Rows(source, found, separator, delimiter, problems)
    first = list(islice(rows.filled(), SEARCHED))
    if not first:
        if problems:
            raise UnreadableFileError(reason=problems[0].code, file=name, row=problems[0].row)
        raise UnreadableFileError(reason="empty_file", file=name)
    problems.clear()  # they come again when the rows are read
    number, header = header_of(name, first, problems)
    rows.after = number
    notes = [_assumed(name, found)] if found.assumed else []
    return Table(name, header, rows, number, problems, notes)


def header_of(
    name: str, rows: list[tuple[int, Row]], problems: list[FileProblem]
) -> tuple[int, Row]:
    """Return where the header stands, and its names; add a problem when rows stand above it."""
    for number, cells in rows:
        if KEYS & {cell.strip().casefold() for cell in cells}:
            if number != rows[0][0]:
                told = {"header": number, "text": next(cell for cell in rows[0][1] if cell)}
                problems.append(FileProblem(name, rows[0][0], "", "header_not_first", told))
            return number, without_empty_end(cells)
    return rows[0][0], without_empty_end(rows[0][1])


def without_empty_end(header: Row) -> Row:
    """Return *header* without the empty names at its end, as spreadsheets leave them."""
    names = list(header)
    while names and not names[-1].strip():
        names.pop()
    return tuple(names)


@dataclass(slots=True)
class _Rows:
    """The rows of a CSV file, read anew each time; what ends them early is told in `problems`."""

    source: Source
    found: Found
    skipped: int  # characters before the first row: Excel's `sep=` line
    delimiter: str
    problems: list[FileProblem]
    after: int = 0  # the row of the header

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return (row for row in self.filled() if row[0] > self.after)

    def filled(self) -> Iterator[tuple[int, Row]]:
        """Yield number and cells of every row with something in it, from the first."""
        number = 0
        with _text(self.source, self.found) as text:
            text.read(self.skipped)
            lines = csv.reader(text, delimiter=self.delimiter, strict=True)
            try:
                for number, cells in enumerate(lines, start=1):
                    if any(cell and not cell.isspace() for cell in cells):
                        if self.found.has_marks:
                            self._look(number, cells)
                        yield number, tuple(cells)
            except csv.Error as error:
                code = "cell_too_long" if "field limit" in str(error) else "broken_csv"
                problem = FileProblem(self.source.name, number + 1, "", code)
                self.problems.append(problem)

    def _look(self, number: int, cells: list[str]) -> None:
        """Refuse cells with signs that no text has."""
        for place, cell in enumerate(cells, start=1):
            if "\x00" in cell or "\ufeff" in cell:
                code = "zero_byte" if "\x00" in cell else "mark_inside"
                letter = letter_of(place)
                self.problems.append(FileProblem(self.source.name, number, "", code, {}, letter))


def _text(source: Source, found: Found) -> io.TextIOWrapper:
    return io.TextIOWrapper(source.open(), encoding=found.codec, newline="")


def _assumed(name: str, found: Found) -> FileProblem:
    return FileProblem(name, 0, "", "encoding_assumed", {"encoding": found.assumed})


def _delimiter(source: Source, found: Found) -> tuple[int, str]:
    """Return the characters to leave out at the beginning, and what separates the columns."""
    with _text(source, found) as text:
        head = text.read(_HEAD)
    if given := _SEPARATOR.match(head):
        if given[1] in DELIMITERS:
            return given.end(), given[1]
        raise UnreadableFileError(reason="unclear_delimiter", file=source.name, found=(given[1],))
    with_key = [sign for sign in DELIMITERS if _header_line(head, sign) is not None]
    if len(with_key) == 1:
        header = _header_line(head, with_key[0]) or []
        others = [s for s in DELIMITERS if s != with_key[0] and any(s in name for name in header)]
        if others:
            signs = (with_key[0], *others)
            raise UnreadableFileError(reason="unclear_delimiter", file=source.name, found=signs)
        return 0, with_key[0]
    return 0, _of_first_line(source.name, head)


def _header_line(head: str, delimiter: str) -> list[str] | None:
    """Return the names of the first line of several cells that has a key; None without one."""
    lines = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for cells in islice(lines, SEARCHED):
            if len(cells) > 1 and KEYS & {cell.strip().casefold() for cell in cells}:
                return cells
    except csv.Error:
        return None
    return None


def _of_first_line(name: str, head: str) -> str:
    header = next((line for line in head.splitlines() if line.strip()), "")
    found = tuple(delimiter for delimiter in DELIMITERS if delimiter in header)
    if len(found) > 1:
        raise UnreadableFileError(reason="unclear_delimiter", file=name, found=found)
    if not found and not _NAME.fullmatch(header.strip().strip('"')):
        raise UnreadableFileError(reason="unclear_delimiter", file=name, found=())
    return found[0] if found else ","
