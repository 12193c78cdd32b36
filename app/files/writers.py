"""Tables to files: CSV and XLSX; records to JSON Lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

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


def xlsx_bytes(tables: Mapping[str, Table], main: str = "submissions") -> bytes:
    """Return *tables*, by file, as a workbook with a sheet each; *main* names the first.

    Every cell is a text: no formula, no link, no number that loses digits. Raises
    InvalidInputError when a text is longer than a cell can be.
    """
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        for file, table in tables.items():
            sheet = workbook.add_worksheet(_title(file, main, tables))
            for column, name in enumerate(table.header):
                sheet.write_string(0, column, name)
            for number, (_, cells) in enumerate(table.rows, start=1):
                for column, cell in enumerate(cells):
                    if cell:
                        _refuse_long(cell)
                        sheet.write_string(number, column, cell)
            sheet.freeze_panes(1, 0)
    return content.getvalue()


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
