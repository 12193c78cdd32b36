"""XLSForms of others: what cannot be carried over is told, and where it stands; what is refused."""

from pathlib import Path

import pytest

from app.forms.xlsform.convert import NothingAskedError, from_xlsform
from app.forms.xlsform.places import letters
from app.forms.xlsform.workbook import NoXlsFormError
from tests.xlsforms import YES_NO, Imported, Rows, fill


def test_every_line_names_sheet_row_and_column(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "default", "my notes", ""),
            ("", "", "", "", "", ""),
            ("text", "where", "Where?", "here", "", ""),
            ("geopoint", "spot", "The spot", "", "", "loose"),
            ("select_one yn", "sure", "Sure?", "", "ask twice", ""),
        ],
        choices=[(*YES_NO[0], "colour"), *((*row, "red") for row in YES_NO[1:])],
        settings=[("form_title", "version", "style"), ("Places", "2024", "pages")],
        codes=[("anything",)],
    )
    assert found.told == [
        "survey, row 3, column D (default): where: default is left out: here",
        "survey, row 4, column A (type): spot: a question of type 'geopoint' is left out",
        "survey, row 4: column F is left out: it has no heading",
        "survey, row 5, column E (my notes): sure: my notes is left out: ask twice",
        "choices, row 2, column D (colour): yn.y: colour is left out, of 2 choices of 'yn'",
        "settings, row 2, column B (version): version is left out: 2024",
        "settings, row 2, column C (style): style is left out: pages",
        "codes: the sheet is left out",
    ]
    assert found.checks() == []
    fill(found)


def test_a_column_that_has_a_name_of_ours_is_told_as_any_other(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "range", "other", "parameters"),
            ("integer", "a", "A", "1 to 5", "", "start=1"),
            ("text", "b", "B", "", "yes", ""),
        ],
    )
    assert found.told == [
        "survey, row 2, column D (range): a: range is left out: 1 to 5",
        "survey, row 2, column F (parameters): a: parameters is left out: start=1",
        "survey, row 3, column E (other): b: other is left out: yes",
    ]


def test_marks_in_texts_are_told(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "hint"),
            ("note", "a", "A **bold** word", ""),
            ("note", "b", "<b>Bold</b>", ""),
            ("note", "c", "C", "# Heading"),
            ("integer", "d", "2 * 3 # 4 < 5", ""),
        ],
    )
    rows = [(line.row, line.column[0]) for line in found.lines if "as they are" in line.what]
    assert rows == [(2, "C"), (3, "C"), (4, "D")]
    assert found.elements["a"].label == "A **bold** word"


def test_columns_are_lettered_as_in_spreadsheets() -> None:
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_rows_that_become_nothing_are_told(tmp_path: Path) -> None:
    found = Imported(
        tmp_path,
        [
            ("type", "name", "label", "disabled", "hint"),
            ("text", "kept", "Kept", "", ""),
            ("text", "gone", "Gone", "yes", ""),
            ("", "", "", "", "a remark"),
            ("audit", "", "", "", ""),
        ],
    )
    assert list(found.elements) == ["kept"]
    assert found.says("survey, row 3", "a row of type 'text' is left out")
    assert found.says("survey, row 4", "a row without a type is left out")
    assert found.says("survey, row 5", "a row of type 'audit' is left out")


@pytest.mark.parametrize(
    ("survey", "told"),
    [
        ([("type", "name", "hint", "hint"), ("text", "a", "A", "B")], "survey, row 1: two col"),
        ([("type", "name", "label"), ("text", "a", "A"), ("text", "a", "B")], "[row : 3]"),
        ([("type", "name", "label"), ("begin group", "a", "A"), ("text", "b", "B")], "[row : 2]"),
        ([("type", "name", "label"), ("text", "a", "A"), ("text", "", "B")], "[row : 3]"),
        (
            [
                ("type", "name", "label", "parameters"),
                ("text", "a", "A", ""),
                ("audio", "b", "B", ""),
                ("audio", "c", "C", "quality=best"),
                ("text", "d", "D", ""),
            ],
            "[row : 4] On the 'survey' sheet: Invalid value for quality",
        ),
        ([("name", "label"), ("a", "A")], "'type'"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_row(tmp_path: Path, survey: Rows, told: str) -> None:
    with pytest.raises(NoXlsFormError) as found:
        Imported(tmp_path, survey)
    assert told in str(found.value)


def test_a_workbook_of_which_nothing_can_be_asked_is_refused_with_the_list(tmp_path: Path) -> None:
    survey = [
        ("type", "name", "label"),
        ("begin repeat", "r", "R"),
        ("audio", "a", "A"),
        ("end repeat",),
    ]
    with pytest.raises(NothingAskedError) as found:
        Imported(tmp_path, survey)
    assert [line.row for line in found.value.told] == [2, 3]
    assert not (tmp_path / "forms").exists()


@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.xlsx", "a.xls", "a"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("| survey |\n| | type | name |\n| | text | a |\n")
    with pytest.raises(NoXlsFormError):
        from_xlsform(tmp_path / name, tmp_path / "demo" / "a" / "1", tmp_path)
