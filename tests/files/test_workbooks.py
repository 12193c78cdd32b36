"""Workbooks as people make them: what a table of cells cannot say is told, never guessed."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from app.errors import UnreadableFileError
from app.files.layout import MAIN
from app.files.problems import FileProblem, letter_of, with_letters
from app.files.readers import read_upload
from app.files.record import Table
from app.files.sheets import MOST_CELLS

REPEATS = ("actions", "steps")
Write = Callable[[Any, Any], None]  # xlsxwriter ships no types


def xlsx(write: Write, options: dict[str, object] | None = None) -> bytes:
    """Return a workbook: a sheet with a header and Kenya's row, then what *write* adds."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **(options or {})}) as book:
        sheet = book.add_worksheet("answers")
        sheet.write_row(0, 0, ["party", "year", "how"])
        sheet.write_row(1, 0, ["KEN", 2015, "so"])
        write(book, sheet)
    return content.getvalue()


def ods(body: str, styles: str = "", manifest: str = "") -> bytes:
    """Return an OpenDocument spreadsheet with these tables."""
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    xml = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return content.getvalue()


def cell(text: str = "", **attributes: str) -> str:
    told = {"table_" + k if "_" not in k else k: v for k, v in attributes.items()}
    given = " ".join(f'{k.replace("_", ":", 1).replace("_", "-")}="{v}"' for k, v in told.items())
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {given}>{inside}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def sheet_of(*rows: str, name: str = "answers", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{"".join(rows)}</table:table>'


HEADER = row(cell("party"), cell("year"), cell("how"))
KENYA = row(cell("KEN"), cell("2015", office_value="2015", office_value_type="float"))


def read(content: bytes, name: str = "a.xlsx") -> dict[str, Table]:
    return read_upload(name, content, REPEATS)


def told(found: list[FileProblem]) -> list[tuple[str, int, str, str, str]]:
    return [(p.file, p.row, p.letter, p.column, p.code) for p in found]


def percent(book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    sheet.write_number(1, 1, 0.25, book.add_format({"num_format": "0.0%"}))


def hidden_repeat(book: Any, _sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    hidden = book.add_worksheet("Actions")
    hidden.write(0, 0, "party")
    hidden.hide()


@pytest.mark.parametrize(
    ("write", "problem"),
    [
        (lambda _b, s: s.write_formula(1, 1, "=1/0", None, "#DIV/0!"), ("B", "error_value")),
        (lambda _b, s: s.merge_range("A2:A3", "KEN"), ("A", "merged_cells")),
        (lambda _b, s: s.merge_range("B1:C1", "year"), ("B", "merged_cells")),
        (lambda _b, s: s.write_number(1, 1, 12345678901234567), ("B", "digits_lost")),
        (percent, ("B", "percent")),
        (hidden_repeat, ("", "hidden_sheet")),
    ],
)
def test_what_would_be_read_as_something_else_is_told(
    write: Write, problem: tuple[str, str]
) -> None:
    found = [(p.letter, p.code) for p in read(xlsx(write))[MAIN].problems]
    assert problem in found
    assert len(found) == 1


def list_hidden(book: Any, _sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    hidden = book.add_worksheet("lists")
    hidden.write(0, 0, "x")
    hidden.very_hidden()


@pytest.mark.parametrize(
    ("write", "code", "details"),
    [
        (lambda _b, s: s.set_row(1, None, None, {"hidden": True}), "hidden_rows", {"count": 1}),
        (
            lambda _b, s: s.set_column("B:C", None, None, {"hidden": True}),
            "hidden_columns",
            {"count": 2, "columns": ("B", "C")},
        ),
        (list_hidden, "hidden_sheet_left", {}),
        (
            lambda _b, s: s.write_formula(1, 1, "=2014+1", None, 2015),
            "formulas",
            {"count": 1, "cell": "B2"},
        ),
    ],
)
def test_what_is_read_and_may_not_be_seen_is_a_note(
    write: Write, code: str, details: dict[str, object]
) -> None:
    table = read(xlsx(write))[MAIN]
    assert [(note.code, note.details) for note in table.notes] == [(code, details)]
    assert table.problems == []
    assert list(table.rows) == [(2, ("KEN", "2015", "so"))]


def test_a_chart_sheet_is_no_table() -> None:
    def write(book: Any, _sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter's
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=answers!$B$2:$B$2"})
        book.add_chartsheet("chart").set_chart(chart)

    assert list(read(xlsx(write))) == [MAIN]


def test_sheets_are_found_whatever_the_case_of_their_names() -> None:
    def write(book: Any, _sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter's
        book.add_worksheet("ACTIONS ").write_row(0, 0, ["party", "title"])
        book.add_worksheet("Codebook").write(0, 0, "x")

    assert list(read(xlsx(write))) == [MAIN, "actions"]


def test_the_main_sheet_may_stand_after_a_repeat() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("steps").write_row(0, 0, ["party", "parent"])
        book.add_worksheet("empty")
        book.add_worksheet("main").write_row(0, 0, ["party"])
    tables = read(content.getvalue())
    assert {file: table.name for file, table in tables.items()} == {MAIN: "main", "steps": "steps"}


def test_a_header_is_found_below_a_title_and_told() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("main")
        sheet.write(0, 0, "Sixth national report")
        sheet.write_row(3, 2, ["party", "year"])
        sheet.write_row(4, 2, ["KEN", 2015])
    table = read(content.getvalue())[MAIN]
    assert table.header_row == 4
    assert table.header == ("", "", "party", "year")
    assert told(table.problems) == [("main", 1, "", "", "header_not_first")]
    assert list(table.rows) == [(5, ("", "", "KEN", "2015"))]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e14, "100000000000000"),
        (-0.5, "-0.5"),
        (True, "1"),
        ("007", "007"),
        ("x" * 32_767, "x" * 32_767),
    ],
)
def test_a_value_is_read_as_a_csv_file_would_hold_it(value: object, text: str) -> None:
    content = xlsx(lambda _b, s: s.write(1, 2, value))
    (_, cells), *_ = read(content)[MAIN].rows
    assert cells[2] == text


def test_a_date_is_read_from_its_number() -> None:
    def write(book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter's
        sheet.write_number(1, 2, 43465, book.add_format({"num_format": "dd/mm/yyyy"}))

    dates: list[dict[str, object]] = [{}, {"date_1904": True}]
    for options in dates:
        (_, cells), *_ = read(xlsx(write, options))[MAIN].rows
        assert re.fullmatch(r"\d{4}-12-31|\d{4}-01-01", cells[2])
    (_, cells), *_ = read(xlsx(write))[MAIN].rows
    assert cells[2] == "2018-12-31"


# OpenDocument


def test_a_spreadsheet_is_read() -> None:
    date = cell("31/12/18", office_value_type="date", office_date_value="2018-12-31")
    number = cell("1,3", office_value_type="float", office_value="1.25")
    text = cell("a<text:s text:c='2'/>b</text:p><text:p>c", office_value_type="string")
    body = sheet_of(HEADER, row(cell("KEN"), number, text), row(cell("FRA"), date))
    tables = read(ods(body + sheet_of(HEADER, name="Steps")), "a.ods")
    assert list(tables) == [MAIN, "steps"]
    assert list(tables[MAIN].rows) == [
        (2, ("KEN", "1.25", "a  b\nc")),
        (3, ("FRA", "2018-12-31")),
    ]


@pytest.mark.parametrize(
    ("strange", "code"),
    [
        (cell("25 %", office_value_type="percentage", office_value="0.25"), "percent"),
        (cell("#REF!", table_formula="of:=[.A9]", office_value_type="string"), "error_value"),
        (cell("", table_formula="of:=[.A9]"), "no_value"),
        (cell("x", table_number_rows_spanned="2"), "merged_cells"),
        (cell("", office_value_type="float", office_value="1E+020"), "digits_lost"),
    ],
)
def test_cells_that_would_be_misread_are_told(strange: str, code: str) -> None:
    table = read(ods(sheet_of(HEADER, row(cell("KEN"), strange))), "a.ods")[MAIN]
    assert told(table.problems) == [("answers", 2, "B", "year", code)]


def test_what_repeats_is_counted_and_a_bomb_is_refused() -> None:
    gap = row(cell(), attributes='table:number-rows-repeated="1000000"')
    twice = row(cell("KEN"), attributes='table:number-rows-repeated="2"')
    end = row(cell("FRA", table_number_columns_repeated="2"))
    table = read(ods(sheet_of(HEADER, twice, gap, end)), "a.ods")[MAIN]
    assert [number for number, _ in table.rows] == [2, 3, 1_000_004]
    bomb = row(
        cell("x", table_number_columns_repeated="16384"),
        attributes='table:number-rows-repeated="1048576"',
    )
    with pytest.raises(UnreadableFileError) as refused:
        read(ods(sheet_of(HEADER, bomb)), "a.ods")
    assert refused.value.details["limit"] == MOST_CELLS


def test_hidden_sheets_rows_and_columns_of_a_spreadsheet_are_told() -> None:
    style = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    body = sheet_of(
        columns,
        HEADER,
        KENYA.replace("<table:table-row ", '<table:table-row table:visibility="filter" '),
    )
    hidden = sheet_of(HEADER, name="actions", attributes='table:style-name="ta2"')
    table = read(ods(body + hidden, style), "a.ods")[MAIN]
    assert told(table.problems) == [("actions", 0, "", "", "hidden_sheet")]
    assert [note.code for note in table.notes] == ["hidden_rows", "hidden_columns"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ods("", manifest="<encryption-data/>"), "encrypted_workbook"),
        (ods(""), "not_a_table"),
        (ods(sheet_of(HEADER) + "<"), "broken_xlsx"),
        (ods(sheet_of()), "empty_file"),
    ],
)
def test_a_spreadsheet_that_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read(content, "a.ods")
    assert refused.value.details["reason"] == reason


@pytest.mark.parametrize("encoding", ["UTF-8", "yes", "big5", "latin-1"])
def test_a_workbook_is_read_as_utf_8_whatever_it_declares(encoding: str) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(lambda _book, sheet: sheet.write(1, 2, "é")))) as source,
        zipfile.ZipFile(content, "w") as archive,
    ):
        for name in source.namelist():
            told_so = source.read(name).replace(b'"UTF-8"', f'"{encoding}"'.encode())
            archive.writestr(name, told_so if name == "xl/styles.xml" else source.read(name))
    assert list(read(content.getvalue(), "a.xlsx")[MAIN].rows) == [(2, ("KEN", "2015", "é"))]


# Letters


def test_letters_are_those_of_a_spreadsheet() -> None:
    assert [letter_of(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_problem_gets_the_letter_of_its_column() -> None:
    table = Table("a.csv", ("party", "tools.map", "tools.model"), [])
    problems = [FileProblem("a.csv", 2, name, "x") for name in ("party", "tools", "none", "")]
    assert [p.letter for p in with_letters(problems, [table])] == ["A", "B", "", ""]
