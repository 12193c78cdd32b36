"""Tables to files: CSV and XLSX; records to JSON Lines."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Final

import xlsxwriter

from app.errors import InvalidInputError
from app.files.layout import MAIN
from app.files.record import Record, Table
from app.files.sheets import sheet_name

LONGEST_XLSX_CELL: Final = 32_767  # characters, by the format
_PART: Final = 64 * 1024  # characters written at once


def csv_parts(table: Table) -> Iterator[str]:
    """Yield *table* as CSV with commas, part by part; UTF-8 once it is encoded."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(table.header)
    for _, cells in table.rows:
        writer.writerow(cells)
        if buffer.tell() > _PART:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_text(table: Table) -> str:
    """Return *table* as CSV."""
    return "".join(csv_parts(table))


def zip_parts(
    names: Mapping[str, str], tables: Callable[[], Mapping[str, Table]], moment: datetime
) -> Iterator[bytes]:
    """Yield a zip of CSV files, part by part; the first at once, before *tables* is asked.

    names    what each file is called, by "" for the main one and ids of repeats
    tables   gives the tables of these files
    moment   by which the files are dated
    """
    stream = _Stream()
    dated = moment.timetuple()[:6]
    found: Mapping[str, Table] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, name in names.items():
            with archive.open(zipfile.ZipInfo(name, dated), "w") as member:
                yield stream.take()
                found = found or tables()
                for part in csv_parts(found[file]):
                    member.write(part.encode())
                    yield stream.take()
    yield stream.take()


class _Stream:
    """What a zip is written to: only as much as was not taken yet."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, content: bytes, /) -> int:
        """Take up more."""
        self._written += content
        return len(content)

    def flush(self) -> None:
        """Do nothing: what was written is there."""

    def close(self) -> None:
        """Do nothing: nothing is held open."""

    def take(self) -> bytes:
        """Return what was written since."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def xlsx_bytes(tables: Mapping[str, Table], main: str = "submissions") -> bytes:
    """Return *tables*, by file, as a workbook (see `write_xlsx`)."""
    content = io.BytesIO()
    write_xlsx(content, tables, main)
    return content.getvalue()


def write_xlsx(target: IO[bytes], tables: Mapping[str, Table], main: str = "submissions") -> None:
    """Write *tables*, by file, as a workbook with a sheet each; *main* names the first.

    Every cell is a text: no formula, no link, no number that loses digits. One row is in memory at
    a time. Raises InvalidInputError when a text is longer than a cell can be.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        for file, table in tables.items():
            sheet = workbook.add_worksheet(_title(file, main, tables))
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(table.header):
                sheet.write_string(0, column, name)
            for number, (_, cells) in enumerate(table.rows, start=1):
                for column, cell in enumerate(cells):
                    if cell:
                        _refuse_long(cell)
                        sheet.write_string(number, column, cell)


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield each record as a line of JSON: the fixed columns, and `answers` as a document."""
    for record in records:
        line = {
            "submission": record.submission,
            "collection": record.collection,
            "form": record.form,
            "version": record.version,
            "party": record.party,
            "respondent_group": record.respondent_group,
            "language": record.language,
            "status": record.status,
            "submitted_at": record.submitted_at,
            "answers": record.document,
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _refuse_long(cell: str) -> None:
    if len(cell) > LONGEST_XLSX_CELL:
        allowed = (
            f"csv or jsonl: a text is longer than the {LONGEST_XLSX_CELL} characters of a cell"
        )
        raise InvalidInputError(parameter="format", value="xlsx", allowed=allowed)


def _title(file: str, main: str, tables: Mapping[str, Table]) -> str:
    if file != MAIN:
        return sheet_name(file)
    taken = {sheet_name(other) for other in tables}
    return main if main not in taken else f"{main}_"
