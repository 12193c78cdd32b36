"""CSV as bytes to a table. What cannot be read for certain is refused, with the reason."""

import csv
import io
import re
from typing import Final

from app.errors import UnreadableFileError
from app.files.record import Table

LONGEST_CELL: Final = 20 * 1024 * 1024  # characters
_DELIMITERS: Final = (",", ";", "\t")
_NAME: Final = re.compile(r"[\w .\-]*")  # of a column; other signs hint at another delimiter
_STARTS: Final = {  # of files that are no text
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF file",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"PK": "a zip file",
    b"Rar!": "a RAR file",
    b"7z\xbc\xaf": "a 7z file",
    b"{": "JSON",
    b"[": "JSON",
    b"<": "XML or a web page",
}
_MARKS: Final = {  # of text that is not UTF-8
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

csv.field_size_limit(LONGEST_CELL)


def csv_table(name: str, content: bytes) -> Table:
    """Return the table in a CSV file; raise UnreadableFileError (see `app.files.readers`)."""
    text = _decode(name, content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(name, text), strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        rows.extend((n, tuple(cells)) for n, cells in enumerate(lines, start=1) if any(cells))
    except csv.Error as error:
        row = rows[-1][0] + 1 if rows else 1
        raise UnreadableFileError(reason="broken_csv", file=name, row=row) from error
    if not rows:
        raise UnreadableFileError(reason="empty_file", file=name)
    return Table(name, without_empty_end(rows[0][1]), rows[1:])


def without_empty_end(header: tuple[str, ...]) -> tuple[str, ...]:
    """Return *header* without the empty names at its end, as spreadsheets leave them."""
    names = list(header)
    while names and not names[-1].strip():
        names.pop()
    return tuple(names)


def _decode(name: str, content: bytes) -> str:
    for start, encoding in _MARKS.items():
        if content.startswith(start):
            raise UnreadableFileError(reason="not_utf8", file=name, guess=f"it is {encoding}")
    for start, kind in _STARTS.items():
        if content.startswith(start):
            raise UnreadableFileError(reason="not_a_table", file=name, guess=kind)
    if b"\x00" in content:
        zeros = content.count(b"\x00") / len(content)
        if zeros > 0.2:  # noqa: PLR2004 - every second byte of Latin text in UTF-16
            raise UnreadableFileError(reason="not_utf8", file=name, guess="it may be UTF-16")
        raise UnreadableFileError(reason="not_a_table", file=name, guess="a binary file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        guess = f"byte {content[error.start]:#04x} in line {line}; perhaps Latin-1 or Windows-1252"
        raise UnreadableFileError(reason="not_utf8", file=name, guess=guess, line=line) from error


def _delimiter(name: str, text: str) -> str:
    """Return what separates the columns, from the header; refuse what is not certain."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    found = [delimiter for delimiter in _DELIMITERS if delimiter in header]
    if len(found) > 1:
        signs = " and ".join("tab" if d == "\t" else d for d in found)
        raise UnreadableFileError(
            reason="unclear_delimiter", file=name, found=f"the header has {signs}"
        )
    if not found and not _NAME.fullmatch(header.strip().strip('"')):
        raise UnreadableFileError(
            reason="unclear_delimiter", file=name, found="the header is one long name"
        )
    return found[0] if found else ","
