"""The codebook: one line per column, enough for a program that has nothing else."""

from app.forms.definition import LANGUAGES
from app.forms.variables import Variable, codebook
from tests.unit.forms_for_tests import FORM, TARGETS

VARIABLES = {(variable.file, variable.column): variable for variable in codebook(FORM)}


def columns(file: str) -> list[str]:
    return [column for name, column in VARIABLES if name == file]


def variable(column: str, file: str = "") -> Variable:
    return VARIABLES[file, column]


def test_the_main_file_has_fixed_columns_and_then_the_questions_in_form_order() -> None:
    assert columns("") == [
        *("submission", "collection", "form", "version", "party"),
        *("respondent_group", "language", "status", "submitted_at"),
        *("has_plan", "year", "year_late.explanation", "reference"),
        *("tools.survey", "tools.map", "tools.model"),
        *("targets.t-01.adopted", "targets.t-01.how"),
        *("targets.t-02.adopted", "targets.t-02.how"),
    ]


def test_every_repeat_is_a_file_also_one_inside_another() -> None:
    keys = ["submission", "party", "parent", "row", "position"]
    assert list(dict.fromkeys(file for file, _ in VARIABLES)) == [
        "",
        "assessments",
        "actions",
        "steps",
    ]
    assert columns("assessments") == [*keys, "done_on", "private"]
    assert columns("actions") == [
        *keys,
        *("title", "share", "years.t-01.what", "years.t-02.what"),
    ]
    assert columns("steps") == [*keys, "step", "by_whom"]


def test_a_column_says_where_its_question_stands() -> None:
    found = variable("years.t-02.what", "actions")
    assert (found.container, found.item, found.question) == ("years", "t-02", "what")
    found = variable("share", "actions")
    assert (found.container, found.item, found.question) == ("actions", "", "share")


def test_codes_are_all_that_may_stand_in_a_cell() -> None:
    assert dict(variable("has_plan").codes) == {"yes": "Yes", "no": "No"}
    assert dict(variable("tools.map").codes) == {
        "0": "not chosen",
        "1": "chosen",
        "__na": "not applicable",
    }
    assert dict(variable("year").codes) == {"__unknown": "unknown"}
    assert [code for code, _ in variable("language").codes] == list(LANGUAGES)


def test_a_repeat_row_says_what_its_parent_is() -> None:
    in_item, at_top, in_row = (
        variable("parent", file) for file in ("assessments", "actions", "steps")
    )
    assert [code for code, _ in in_item.codes] == [target.code for target in TARGETS]
    assert "item of `targets`" in in_item.note
    assert (at_top.codes, at_top.is_required) == ((), False)
    assert (in_row.codes, in_row.is_required) == ((), True)
    assert "row of `actions`" in in_row.note


def test_rules_are_told_also_those_around() -> None:
    assert variable("has_plan").is_required
    assert 'Asked when: has_plan == "yes".' in variable("year").note
    assert 'Asked when: has_plan == "yes".' in variable("step", "steps").note
    assert 'Asked when: adopted == "yes".' in variable("done_on", "assessments").note


def test_what_a_text_may_be_is_told() -> None:
    assert variable("targets.t-01.how").has_language
    assert "a column of its own" in variable("targets.t-01.how").note
    assert not variable("reference").has_language
    assert "one more '" in variable("reference").note
    assert variable("year_late.explanation").label == "Explanation: Late."


def test_the_audience_is_told() -> None:
    assert variable("private", "assessments").audience.value == "party"
    assert variable("title", "actions").audience.value == "public"
