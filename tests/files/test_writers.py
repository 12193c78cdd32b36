import json

import pytest
from hypothesis import given

from app.errors import InvalidInputError
from app.files.layout import MAIN, Layout
from app.files.parse import read_records
from app.files.readers import read_upload
from app.files.record import Record, Table
from app.files.rows import tables_of
from app.files.writers import csv_parts, csv_text, json_lines, xlsx_bytes
from app.files.zips import pack
from app.forms.checks import asked
from app.forms.places import Document
from tests.unit.documents import documents
from tests.unit.forms_for_tests import FORM

LAYOUT = Layout(FORM)
REPEATS = list(LAYOUT.chains)


def table(*cells: str) -> Table:
    return Table("", ("party", "how"), [(n, ("KEN", cell)) for n, cell in enumerate(cells, 2)])


def reread(content: bytes, name: str) -> Document:
    found, problems = read_records(LAYOUT, read_upload(name, content, REPEATS))
    assert problems == found[0].problems == []
    return found[0].document


@given(documents())
def test_what_is_written_to_files_is_read_back(document: Document) -> None:
    tables = tables_of(LAYOUT, [Record(party="KEN", language="fr", document=document)])
    names = {file: f"x.{file}.csv" if file else "x.csv" for file in tables}
    packed = pack({names[file]: csv_text(found).encode() for file, found in tables.items()})
    assert reread(packed, "x.zip") == asked(FORM, document)
    assert reread(xlsx_bytes(tables), "x.xlsx") == asked(FORM, document)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "http://example.org",
        "mailto:a@example.org",
        "007",
        "_x0041_",
        "1e5",
        " a ",
        "a\nb",
        "TRUE",
        "{=1}",
    ],
)
def test_a_text_in_a_workbook_stays_a_text(text: str) -> None:
    content = xlsx_bytes({MAIN: table(text)})
    (_, cells), *_ = read_upload("a.xlsx", content, REPEATS)[MAIN].rows
    assert cells[1] == text


def test_a_text_that_does_not_fit_into_a_workbook_is_refused() -> None:
    assert xlsx_bytes({MAIN: table("x" * 32_767)})
    with pytest.raises(InvalidInputError):
        xlsx_bytes({MAIN: table("x" * 32_768)})


def test_the_sheets_have_names_of_their_own() -> None:
    tables = {MAIN: table("a"), "submissions": table("b"), "a" * 40: table("c")}
    read = read_upload("a.xlsx", xlsx_bytes(tables), list(tables))
    assert list(read) == [MAIN, "submissions", "a" * 40]


def test_csv_comes_in_parts() -> None:
    parts = list(csv_parts(table(*(["x" * 1000] * 200))))
    assert len(parts) > 1
    assert "".join(parts).count("KEN") == 200


def test_json_lines_hold_documents() -> None:
    line = next(json_lines([Record(party="KEN", document={"how": {"ar": {"text": "نعم"}}})]))
    assert json.loads(line)["answers"] == {"how": {"ar": {"text": "نعم"}}}
    assert "نعم" in line
