import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from app.errors import TooLargeError, UnreadableFileError
from app.files import sheets, zips
from app.files.layout import MAIN
from app.files.problems import problems_of
from app.files.readers import read_path, read_upload, repeat_name, tables_of_set
from app.files.record import Table

REPEATS = ("actions", "steps")


def read(content: bytes, name: str = "a.csv") -> dict[str, Table]:
    return read_upload(name, content, REPEATS)


def told(table: Table) -> list[tuple[str, int, str, str]]:
    """Return the problems of a table whose rows were all read."""
    list(table.rows)
    return [(p.file, p.row, p.letter, p.code) for p in table.problems]


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def xlsx(**sheets: list[list[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"party,year\nKEN,2015\n",
        b"\xef\xbb\xbfparty,year\r\nKEN,2015\r\n",
        b"party;year\nKEN;2015",
        b"party\tyear\nKEN\t2015\n\n",
        b'"party","year"\n"KEN","2015"\n',
        b"party,year,,\nKEN,2015,,\n",
        b"party|year\nKEN|2015\n",
        b"party,year\rKEN,2015\r",
        b"sep=;\r\nparty;year\r\nKEN;2015\r\n",
        b"sep=,\nparty,year\nKEN,2015",
        "party,year\nKEN,2015".encode("utf-16"),
        "party\tyear\r\nKEN\t2015\r\n".encode("utf-16-le"),
        "party\tyear\r\nKEN\t2015\r\n".encode("utf-16-be"),
        "party,year\nKEN,2015".encode("utf-32"),
    ],
)
def test_csv_is_read(content: bytes) -> None:
    table = read(content)[MAIN]
    assert table.header == ("party", "year")
    assert [(n, row[:2]) for n, row in table.rows] == [(2, ("KEN", "2015"))]


def test_rows_have_the_numbers_of_a_spreadsheet() -> None:
    table = read(b'party,how\n\nKEN,"one\ntwo"\n,\nFRA,\n')[MAIN]
    assert list(table.rows) == [(3, ("KEN", "one\ntwo")), (5, ("FRA", ""))]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\n \n".strip(), "empty_file"),
        (b"\n\n", "empty_file"),
        (b"\n , \n\t\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"party,how\nKEN,l\x92eau", "unclear_encoding"),
        (b"party,how\nKEN," + bytes(range(128, 256)), "unclear_encoding"),
        (b"\xff\xfep\x00a\x00\x00\xd8", "wrong_encoding"),
        (b"party,year\nKEN,\x00\x01\x00\x00\x07\x00", "not_a_table"),
        (b"%PDF-1.4", "not_a_table"),
        (b'{"party": "KEN"}', "not_a_table"),
        (b"<html>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0old", "not_a_table"),
        (b"party,year;month\nKEN,1;2\n", "unclear_delimiter"),
        (b"sep=#\nparty#year\n", "unclear_delimiter"),
        (b"party;a|b\n", "unclear_delimiter"),
        (b"party:year\nKEN:2015\n", "unclear_delimiter"),
    ],
)
def test_what_is_not_certain_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read(content)
    assert refused.value.details["reason"] == reason
    assert refused.value.details["file"] == "a.csv"
    assert [(p.file, p.code) for p in problems_of(refused.value)] == [("a.csv", reason)]


@pytest.mark.parametrize(
    ("content", "row", "letter", "code"),
    [
        (b'party,how\nKEN,"one\nFRA,two\n', 2, "", "broken_csv"),
        (b'party,how\nKEN,"one"two\n', 2, "", "broken_csv"),
        (b"party,how\nKEN,a\nFRA,\x00" + b"x" * 50, 3, "B", "zero_byte"),
        ("party,how\nKEN,a\n\ufeffFRA,b\n".encode(), 3, "A", "mark_inside"),
        (b"National report\n\nparty,how\nKEN,a\n", 1, "", "header_not_first"),
    ],
)
def test_what_cannot_be_read_in_a_row_is_told_there(
    content: bytes, row: int, letter: str, code: str
) -> None:
    assert told(read(content)[MAIN]) == [("a.csv", row, letter, code)]


def test_a_cell_without_an_end_is_told_in_little_memory() -> None:
    content = b'party,how\nKEN,a\nFRA,"' + b"x" * (21 * 1024 * 1024)
    assert told(read(content)[MAIN]) == [("a.csv", 3, "", "cell_too_long")]


def test_rows_are_numbered_from_where_excel_shows_the_first() -> None:
    table = read(b"sep=;\nNotes\n\nparty;how\nKEN;a\n")[MAIN]
    assert (table.header_row, list(table.rows)) == (3, [(4, ("KEN", "a"))])


def test_all_files_of_a_set_are_told_at_once() -> None:
    files = {"a.csv": b"party\nKEN\n", "a.steps.csv": b"%PDF", "a.actions.csv": b""}
    with pytest.raises(UnreadableFileError) as refused:
        tables_of_set({**files, "a.other.csv": b"party\n"}, REPEATS)
    assert [(p.file, p.code) for p in problems_of(refused.value)] == [
        ("a.steps.csv", "not_a_table"),
        ("a.actions.csv", "empty_file"),
        ("a.other.csv", "unknown_file"),
    ]


def test_a_file_over_the_callers_limit_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read_upload("a.csv", b"party\nKEN\n", REPEATS, limit=9)


def test_a_workbook_has_a_sheet_for_each_file() -> None:
    content = xlsx(
        answers=[["party", "year", "ok", "share"], ["KEN", 2015, True, 1.5], [], ["FRA"]],
        actions=[["party", "title"], ["KEN", "x"]],
        codebook=[["anything"]],
    )
    tables = read(content, "a.xlsx")
    assert list(tables) == [MAIN, "actions"]
    assert tables[MAIN].header == ("party", "year", "ok", "share")
    assert list(tables[MAIN].rows) == [
        (2, ("KEN", "2015", "1", "1.5")),
        (4, ("FRA", "", "", "")),
    ]


def test_a_sheet_that_is_no_repeat_is_refused() -> None:
    tables = read(xlsx(answers=[["party"], ["KEN"]], action=[["party"]]), "a.xlsx")
    assert told(tables[MAIN]) == [("action", 0, "", "unknown_file")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"not a zip", "broken_xlsx"),
        ("a.zip", b"not a zip", "broken_zip"),
        ("a.xlsx", b"PK\x03\x04 cut off", "broken_xlsx"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"<no>"}), "broken_xlsx"),
        ("a.xlsx", xlsx(answers=[]), "empty_file"),
        ("a.zip", zipped({"a.csv": b"party\n"}).replace(b"a.csv", b"\0.csv"), "broken_zip"),
        ("a.zip", zipped({"readme.txt": b"x"}), "no_main_file"),
        ("a.zip", zipped({"a.csv": b"party\n", "b.csv": b"party\n"}), "unclear_main_file"),
        ("a.zip", zipped({"a.csv": b"party\n", "a.action.csv": b"party\n"}), "unknown_file"),
        ("a.zip", zipped({"x/a.csv": b"party\n", "y/a.csv": b"party\n"}), "doubled_file"),
        ("a.zip", zipped({"a.csv": b"0" * 5_000_000}), "unpacked_too_large"),
        ("a.zip", zipped({"a.csv": b"party\n", "b.zip": zipped({"c": b""})}), "nested_file"),
        ("a.zip", zipped({f"{n}.txt": b"" for n in range(2001)}), "too_many_members"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "entities"),
        ("a.xlsx", zipped({"xl/workbook.bin": b"x"}), "binary_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "old_workbook"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted_workbook",
        ),
    ],
)
def test_a_zip_or_workbook_that_cannot_be_read_is_refused(
    name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read(content, name)
    assert refused.value.details["reason"] == reason


def test_a_zip_that_lies_about_its_size_is_not_unpacked() -> None:
    content = bytearray(zipped({"a.csv": b"party\n" + b"KEN\n" * 1000}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError):
        read(bytes(content), "a.zip")


@pytest.mark.parametrize(("value", "is_read"), [("2", True), ("", False), ("#N/A", False)])
def test_a_formula_counts_by_its_value_and_is_never_read_as_empty(
    value: str,
    is_read: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["party", "year"])
        sheet.write(1, 0, "KEN")
        sheet.write_formula(1, 1, "=1+1", None, "no value" if value == "" else value)
    if value == "":  # as openpyxl writes it: nothing was calculated
        members = zips.read_zip("a.xlsx", content.getvalue())
        sheet_path = "xl/worksheets/sheet1.xml"
        members[sheet_path] = members[sheet_path].replace(
            b' t="str"><f>1+1</f><v>no value</v>', b"><f>1+1</f><v />"
        )
        content = io.BytesIO(zips.pack(members))
    if is_read:
        table = read(content.getvalue(), "a.xlsx")[MAIN]
        assert list(table.rows) == [(2, ("KEN", "2"))]
        assert [(note.code, note.details["cell"]) for note in table.notes] == [("formulas", "B2")]
        return
    (problem,) = read(content.getvalue(), "a.xlsx")[MAIN].problems
    code = "no_value" if value == "" else "error_value"
    assert (problem.row, problem.letter, problem.column, problem.code) == (2, "B", "year", code)


def test_a_sheet_with_cells_far_apart_is_refused() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "party")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(UnreadableFileError) as refused:
        read(content.getvalue(), "a.xlsx")
    assert refused.value.details["limit"] == sheets.MOST_CELLS


def test_a_packed_copy_holds_the_same() -> None:
    members = {"a": b"1", "b/c": b"2"}
    assert zips.read_zip("x.zip", zips.pack(members)) == members


def test_a_main_file_brings_its_repeats(tmp_path: Path) -> None:
    for name in ("a.csv", "a.actions.csv", "a.old.csv", "b.csv"):
        (tmp_path / name).write_text("party\nKEN\n")
    assert {f: t.name for f, t in read_path(tmp_path / "a.csv", REPEATS).items()} == {
        MAIN: "a.csv",
        "actions": "a.actions.csv",
    }


@pytest.mark.parametrize("is_zip", [True, False])
def test_a_folder_or_zip_is_a_set(tmp_path: Path, is_zip: bool) -> None:  # noqa: FBT001 - a parameter of the test
    names = [
        "x.synthetic.csv",
        "x.steps.synthetic.csv",
        "x.codebook.synthetic.csv",
        "x.problems.csv",
    ]
    files = dict.fromkeys(names, b"party\nKEN\n")
    path = tmp_path / "set"
    if is_zip:
        path.write_bytes(zipped({f"inside/{name}": data for name, data in files.items()}))
    else:
        path.mkdir()
        for name, data in files.items():
            (path / name).write_bytes(data)
    assert list(read_path(path, REPEATS)) == [MAIN, "steps"]


def test_a_workbook_is_read_from_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx(any_name=[["party"], ["KEN"]]))
    assert list(read_path(tmp_path / "a.xlsx", REPEATS)) == [MAIN]


def test_names_of_repeats() -> None:
    assert repeat_name("a.csv", "steps") == "a.steps.csv"
    assert repeat_name("a.synthetic.csv", "steps") == "a.steps.synthetic.csv"
    assert list(tables_of_set({"a.steps.csv": b"party\n", "a.csv": b"party\n"}, REPEATS)) == [
        MAIN,
        "steps",
    ]
