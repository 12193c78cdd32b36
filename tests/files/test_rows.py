import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.cells import escape, unescape
from app.files.layout import MAIN, Layout
from app.files.new_rows import name_new_rows
from app.files.parse import read_records
from app.files.record import Record, Table
from app.files.rows import tables_of
from app.forms.checks import asked
from app.forms.definition import LANGUAGES, Audience
from app.forms.places import Document, parse_place
from app.forms.typed import clean
from app.forms.variables import codebook
from tests.unit.documents import documents
from tests.unit.forms_for_tests import FORM

LAYOUT = Layout(FORM)
WHOLE: Document = {
    "has_plan": "yes",
    "year": "2015",
    "tools": ["survey", "model"],
    "targets": {
        "t-02": {
            "adopted": "yes",
            "how": {"fr": {"text": "Ainsi"}, "en": {"text": "=so"}},
            "assessments": [
                {"row": "a1", "answers": {"done_on": "2018-12-31"}},
                {"row": "a2", "answers": {}},
            ],
        }
    },
    "actions": [
        {
            "row": "x",
            "answers": {"share": "-60", "years": {"t-01": {"what": {"fr": {"text": "-"}}}}},
        },
        {
            "row": "y",
            "answers": {"steps": [{"row": "s1", "answers": {"by_whom": "__na"}}]},
        },
    ],
}


def record(document: Document, language: str = "fr") -> Record:
    return Record(party="KEN", submission="s-1", language=language, document=document)


def rows(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, cells, strict=True)) for _, cells in table.rows]


def table(name: str, *lines: dict[str, str]) -> Table:
    header = tuple(dict.fromkeys(column for line in lines for column in line))
    cells = [tuple(line.get(column, "") for column in header) for line in lines]
    return Table(name, header, list(enumerate(cells, start=2)))


def test_a_submission_is_one_row_and_each_row_of_a_repeat_one() -> None:
    tables = {file: rows(found) for file, found in tables_of(LAYOUT, [record(WHOLE)]).items()}
    assert tables[MAIN] == [
        {
            "submission": "s-1",
            "collection": "",
            "form": "",
            "version": "",
            "party": "KEN",
            "respondent_group": "",
            "language": "fr",
            "status": "",
            "submitted_at": "",
            "has_plan": "yes",
            "year": "2015",
            "year_late.explanation": "",
            "reference": "",
            "tools.survey": "1",
            "tools.map": "0",
            "tools.model": "1",
            "targets.t-01.adopted": "",
            "targets.t-01.how": "__not_asked",
            "targets.t-02.adopted": "yes",
            "targets.t-02.how": "Ainsi",
            "targets.t-02.how.en": "'=so",
        }
    ]
    key = {"submission": "s-1", "party": "KEN"}
    assert tables["assessments"] == [
        key
        | {"parent": "t-02", "row": "a1", "position": "1", "done_on": "2018-12-31", "private": ""},
        key | {"parent": "t-02", "row": "a2", "position": "2", "done_on": "", "private": ""},
    ]
    assert tables["actions"] == [
        key
        | {"parent": "", "row": "x", "position": "1", "title": "", "share": "-60"}
        | {"years.t-01.what": "'-", "years.t-02.what": ""},
        key
        | {"parent": "", "row": "y", "position": "2", "title": "", "share": ""}
        | {"years.t-01.what": "", "years.t-02.what": ""},
    ]
    assert tables["steps"] == [
        key | {"parent": "y", "row": "s1", "position": "1", "step": "", "by_whom": "'__na"}
    ]


def test_who_may_not_see_a_question_gets_no_column_for_it() -> None:
    tables = tables_of(LAYOUT, [record(WHOLE)], Audience.SECRETARIAT)
    assert "private" not in tables["assessments"].header
    assert "done_on" in tables["assessments"].header


@given(documents(), st.sampled_from(["", *LANGUAGES]))
def test_a_document_that_is_written_and_read_is_the_same(document: Document, language: str) -> None:
    tables = tables_of(LAYOUT, [record(document, language)])
    found, problems = read_records(LAYOUT, tables)
    assert problems == found[0].problems == []
    assert found[0].unread == {}
    assert found[0].document == asked(FORM, document)


@given(documents())
def test_every_column_written_is_in_the_codebook(document: Document) -> None:
    told = {(v.file, v.column) for v in codebook(FORM)}
    for file, found in tables_of(LAYOUT, [record(document, "")]).items():
        plain = {re.sub(rf"\.({'|'.join(LANGUAGES)})$", "", column) for column in found.header}
        assert {(file, column) for column in plain} <= told


@given(st.one_of(st.text(), st.text("'=+-@\t_a")).map(clean))
def test_a_text_in_a_cell_is_read_back_and_is_no_formula(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r", "__"))


def test_a_quote_before_anything_else_is_the_writers_own() -> None:
    assert [unescape(cell) for cell in ("'tis", "''", "'=", "'")] == ["'tis", "'", "=", "'"]


def test_rows_without_an_id_take_those_that_are_there_and_then_new_ones() -> None:
    tables = {
        MAIN: table("a.csv", {"party": "KEN"}),
        "actions": table(
            "a.actions.csv",
            {"party": "KEN", "row": "y", "share": "1"},
            {"party": "KEN", "share": "2"},
            {"party": "KEN", "share": "3"},
        ),
    }
    found, problems = read_records(LAYOUT, tables)
    assert problems == []
    existing: Document = {"actions": [{"row": r, "answers": {}} for r in ("x", "y")]}
    name_new_rows(found[0], existing)
    ids = [row["row"] for row in found[0].document["actions"]]
    assert ids[:2] == ["y", "x"]
    assert len(ids[2]) == 36
    assert {key for key in found[0].lines if key[0]} == {("actions", i) for i in ids}


def test_rows_stand_in_the_order_of_their_positions() -> None:
    lines = [
        {"party": "KEN", "row": row, "position": position}
        for row, position in [("d", ""), ("c", "10"), ("b", "9"), ("e", "")]
    ]
    tables = {MAIN: table("a", {"party": "KEN"}), "actions": table("b", *lines)}
    found, _ = read_records(LAYOUT, tables)
    assert [row["row"] for row in found[0].document["actions"]] == ["b", "c", "d", "e"]


def test_texts_of_a_row_without_a_language_are_in_that_of_the_submission() -> None:
    tables = {
        MAIN: table("a", {"party": "KEN", "targets.t-01.how": "so", "targets.t-01.how.es": "asi"})
    }
    found, _ = read_records(LAYOUT, tables, lambda _submission, _party: "ru")
    assert found[0].document == {
        "targets": {"t-01": {"how": {"ru": {"text": "so"}, "es": {"text": "asi"}}}}
    }


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ({"tools.survey": "1"}, {"tools": ["survey"]}),
        (
            {"tools.model": "1", "tools.survey": "1", "tools.map": "0"},
            {"tools": ["survey", "model"]},
        ),
        ({"tools.survey": "0", "tools.map": "0"}, {}),
        ({"tools.survey": "__na"}, {"tools": {"nothing": "not_applicable"}}),
        ({"year": "__unknown"}, {"year": {"nothing": "unknown"}}),
        ({"year": "__not_asked"}, {}),
        ({"year": "2015.0"}, {"year": "2015"}),
        ({"reference": "__own"}, {"reference": "__own"}),
        ({"reference": " a\r\nb "}, {"reference": " a\nb"}),
    ],
)
def test_a_cell_is_an_answer(cells: dict[str, str], answer: Document) -> None:
    found, problems = read_records(LAYOUT, {MAIN: table("a", {"party": "KEN"} | cells)})
    assert (found[0].document, problems, found[0].unread) == (answer, [], {})


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"has_plan": "maybe"}, "has_plan", "not_a_choice"),
        ({"year": "1,250"}, "year", "not_a_whole_number"),
        ({"year": "__na"}, "year", "not_offered"),
        ({"tools.map": "2"}, "tools.map", "not_a_choice"),
        ({"tools.map": "1", "tools.survey": "__na"}, "tools.survey", "not_a_choice"),
        ({"reference": "dam\ufffd"}, "reference", "damaged_text"),
        ({"targets.t-01.how": "a", "targets.t-01.how.en": "b"}, "targets.t-01.how", "doubled_text"),
    ],
)
def test_a_cell_that_is_no_answer_is_told(cells: dict[str, str], column: str, code: str) -> None:
    found, _ = read_records(LAYOUT, {MAIN: table("a.csv", {"party": "KEN"} | cells)})
    told = [unread.problem for unread in found[0].unread.values()]
    assert [(p.file, p.row, p.column, p.code) for p in told] == [("a.csv", 2, column, code)]
    assert told[0].details


def test_every_problem_of_the_header_is_told() -> None:
    tables = {
        MAIN: Table("a.csv", ("party", "Year", "year", "year"), []),
        "assessments": Table("b.csv", ("submission", "done"), []),
    }
    _, problems = read_records(LAYOUT, tables)
    assert [(p.file, p.row, p.column, p.code) for p in problems] == [
        ("a.csv", 1, "year", "doubled_column"),
        ("a.csv", 1, "Year", "unknown_column"),
        ("b.csv", 1, "done", "unknown_column"),
        ("b.csv", 1, "parent", "missing_column"),
    ]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ({"parent": "t-99"}, "parent", "parent_missing"),
        ({"parent": ""}, "parent", "parent_missing"),
        ({"parent": "t-01.t-02"}, "parent", "parent_missing"),
        ({"row": "a b"}, "row", "bad_row"),
        ({"row": "one"}, "row", "doubled_row"),
        ({"position": "first"}, "position", "not_a_whole_number"),
        ({"submission": "s-1", "party": "FRA"}, "party", "other_party"),
    ],
)
def test_a_wrong_repeat_row_is_told_in_its_record(
    line: dict[str, str], column: str, code: str
) -> None:
    good = {"party": "KEN", "parent": "t-01", "row": "one", "position": "1"}
    tables = {
        MAIN: table("a", {"party": "KEN", "submission": "s-1"}),
        "assessments": table("b", good, {**good, "row": "two", **line}),
    }
    found, problems = read_records(LAYOUT, tables)
    assert problems == []
    assert [(p.row, p.column, p.code) for p in found[0].problems] == [(3, column, code)]


def test_a_row_of_a_row_that_is_not_there_is_told() -> None:
    tables = {
        MAIN: table("a", {"party": "KEN"}, {"party": "FRA"}),
        "actions": table("b", {"party": "FRA", "row": "x"}),
        "steps": table("c", {"party": "KEN", "parent": "x", "step": "1"}),
    }
    found, _ = read_records(LAYOUT, tables)
    assert [(p.file, p.row, p.code) for p in found[0].problems] == [("c", 2, "parent_missing")]


def test_rows_that_belong_to_nobody_are_told_apart() -> None:
    tables = {
        MAIN: table("a", {"party": "KEN", "year": ""}, {"party": "", "year": "1"}),
        "actions": table("b", {"party": "FRA"}, {"party": "", "title": "x"}),
    }
    _, problems = read_records(LAYOUT, tables)
    assert [(p.file, p.row, p.column, p.code) for p in problems] == [
        ("a", 3, "party", "missing_party"),
        ("b", 2, "party", "no_such_submission"),
        ("b", 3, "party", "missing_party"),
    ]


def test_a_party_with_two_rows_is_told_at_both() -> None:
    tables = {MAIN: table("a", {"party": "KEN"}, {"party": "FRA"}, {"party": "KEN"})}
    found, _ = read_records(LAYOUT, tables)
    assert [[(p.row, p.code) for p in r.problems] for r in found] == [
        [(2, "doubled_party")],
        [],
        [(4, "doubled_party")],
    ]


def test_a_row_with_too_many_cells_is_told() -> None:
    cells = [(2, ("KEN", "", "")), (3, ("FRA", "x")), (4, ())]
    found, problems = read_records(LAYOUT, {MAIN: Table("a", ("party",), cells)})
    assert [r.party for r in found] == ["KEN"]
    assert [(p.row, p.code) for p in problems] == [(3, "wrong_width"), (4, "wrong_width")]


def test_a_table_without_rows_is_told() -> None:
    _, problems = read_records(LAYOUT, {MAIN: Table("a", ("party",), [])})
    assert [p.code for p in problems] == ["no_rows"]
    assert [p.code for p in read_records(LAYOUT, {})[1]] == ["no_main_file"]


@pytest.mark.parametrize(
    ("place", "key", "row", "column"),
    [
        ("plan", "year", ("", ""), "year"),
        ("aims/targets/t-01", "how", ("", ""), "targets.t-01.how"),
        ("aims/targets/t-01", "assessments", ("", ""), "assessments"),
        ("work/actions/x/years/t-01", "what", ("actions", "x"), "years.t-01.what"),
        ("work/actions/x/steps/s", "step", ("steps", "s"), "step"),
    ],
)
def test_a_place_has_a_row_and_a_column(
    place: str, key: str, row: tuple[str, str], column: str
) -> None:
    assert LAYOUT.row_at(parse_place(place)) == row
    assert LAYOUT.column_at(parse_place(place), key) == column
