"""What only some questions have: limits, special choices, rules that compute, matrices."""

from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT
from app.files.layout import MAIN, Layout
from app.files.parse import read_records
from app.files.record import Record
from app.files.rows import tables_of
from app.forms.accept import accept_document
from app.forms.catalogue import Catalogue, FormName
from app.forms.checks import asked, check_form
from app.forms.compare import compare
from app.forms.form_problem import FormError
from app.forms.load import load_form
from app.forms.places import Document, assemble, split
from app.forms.progress import State, progress
from app.forms.publish import publish
from app.forms.relevance import completed
from app.forms.structure import structure_hash
from app.forms.variables import codebook
from tests.unit.form_files import NAME, problems_of, write_form

TINY = Catalogue(ROOT / "tests" / "forms")
CALCULATED = TINY.load("calculated", 1)
MATRIX = TINY.load("matrix", 1)
CHOOSING = TINY.load("choosing", 1)
DECIMAL = TINY.load("decimal", 1)

ANSWERED: dict[str, Document] = {
    "calculated": {
        "forest": "80.50",
        "wetland": "19.5",
        "why_large": "Its forests",
        "sites": [{"row": "a", "answers": {"span": "2", "width": "1.5"}}],
    },
    "matrix": {
        "services.water": "high",
        "services.pollination": {"nothing": "unknown"},
        "services.carbon": "low",
        "why_water": {"en": {"text": "We drink it"}},
        "spent.water": "1250.50",
        "threats.water": ["pollution", "land_use"],
        "threats.carbon": ["nothing_known"],
        "institutions.water": "'The ministry",
    },
    "choosing": {
        "means_used": ["law", "other_means"],
        "means_used.other": {"en": {"text": "=songs"}, "fr": {"text": "chants"}},
        "source_of_this": "other",
        "source_of_this.other": {"en": {"text": "A book"}},
    },
    "decimal": {"area": "1000000.5", "change": "-0.50", "sites": "1", "adopted": "2030-12-31"},
}


def codes(form_name: str, document: Document) -> list[tuple[str, str]]:
    form = TINY.load(form_name, 1)
    return [(p.question or p.check, p.code) for p in check_form(form, document)]


# Loading


@pytest.mark.parametrize(
    ("element", "told"),
    [
        ("type: decimal, range: [0, 1]", "write 'range' as {least: …, most: …}"),
        ("type: decimal, range: {least: a}", "range: write 'least' as a number with a point"),
        ("type: integer, range: {most: 1.5}", "range: write 'most' as a whole number"),
        ("type: date, range: {most: 2030}", "range: write 'most' as a date such as 2018-12-31"),
        ("type: integer, range: {least: 2, most: 1}", "'most' is less than 'least'"),
        ("type: text, range: {least: 2}", "'range' is not a key here"),
        ("type: select_multiple, choices: n, least: 3, most: 2", "'most' is less than 'least'"),
        ("type: select_multiple, choices: n, most: 4", "'most' is more than there are choices (3)"),
        ("type: select_multiple, choices: n, exclusive: [non]", "did you mean 'none'?"),
        ("type: select_multiple, choices: n, exclusive: none", "write 'exclusive' as a list"),
        ("type: select_one, choices: n, other: other", "write 'other' as {code: …, label: …}"),
        ("type: select_one, choices: n, other: {code: x, label: X}", "'x' is no choice"),
        (
            "type: select_multiple, choices: n, other: {code: other, label: Which?}",
            "the column a.other is that of the text; give the choice 'other' another code",
        ),
        ("type: calculated", "write what it comes to as 'rule'"),
        ("type: calculated, rule: before_it > 1", "it comes to a number, a date or a text"),
        ("type: calculated, rule: a + 1", "'a' cannot be looked at from here"),
        ("type: calculated, rule: 'if(before_it > 1, 1, \"x\")'", "it comes to a number"),
        ("type: calculated, rule: secret", "write 'audience: party'"),
        ("type: calculated, rule: before_it, required: true", "'required' is not a key here"),
        ("type: matrix, choices: n", "name a choice list under 'items'"),
        ("type: matrix, items: n, answers: calculated", "write one of select_one"),
        ("type: matrix, items: n, answers: text", "write 'language: none'"),
        ("type: matrix, items: n, choices: n, checks: []", "'checks' is not a key here"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(tmp_path: Path, element: str, told: str) -> None:
    head = "choices: {n: {one: One, none: None, other: Other}}"
    elements = f"""
    - {{id: before_it, type: integer, label: B}}
    - {{id: secret, type: integer, label: S, audience: party}}
    - {{id: a, label: A, {element}}}
    """
    found = problems_of(tmp_path, elements, head=head)
    assert any(told in problem for problem in found), found


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('m.one == "hih"', "'hih' is no choice of m.one; did you mean 'high'?"),
        ("sum(m) > 1", "sum() computes with numbers only"),
        ("answered(m)", "write matrix.item, or count(matrix) > 0"),
        ('m.three == "high"', "there is no question 'm.three'"),
    ],
)
def test_a_rule_about_a_matrix_is_checked(tmp_path: Path, rule: str, told: str) -> None:
    head = "choices: {n: {one: One, two: Two}, s: {high: High, low: Low}}"
    elements = f"""
    - {{id: m, type: matrix, label: M, items: n, choices: s}}
    - {{id: a, type: text, label: A, relevant: '{rule}'}}
    """
    found = problems_of(tmp_path, elements, head=head)
    assert any(told in problem for problem in found), found


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ('m.one == "high"', True),
        ('m.two == "high"', False),
        ('"high" in m', True),
        ("count(m) == 1", True),
        ("count(m, m) == 2", True),
        ("answered(m.one)", True),
        ("nothing(m.two)", True),
    ],
)
def test_a_rule_looks_into_a_matrix(tmp_path: Path, rule: str, *, holds: bool) -> None:
    head = "choices: {n: {one: One, two: Two}, s: {high: High, low: Low}}"
    elements = f"""
    - {{id: m, type: matrix, label: M, items: n, choices: s, allow: [unknown]}}
    - {{id: a, type: text, label: A, required: '{rule}'}}
    """
    form = load_form(write_form(tmp_path, elements, head=head), tmp_path)
    document = {"m.one": "high", "m.two": {"nothing": "unknown"}}
    assert ([p.question for p in check_form(form, document)] == ["a"]) is holds


# Limits


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("area", "-0.1", "not_in_range"),
        ("area", "1000000.51", "not_in_range"),
        ("area", "0.0", ""),
        ("area", {"nothing": "unknown"}, ""),
        ("sites", "0", "below_range"),
        ("adopted", "2031-01-01", "too_late"),
        ("adopted", "2030-12-31", ""),
    ],
)
def test_a_number_or_day_has_limits(name: str, answer: object, code: str) -> None:
    found = dict(codes("decimal", {"area": "1", name: answer}))
    assert found == ({name: code} if code else {})


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (["law", "money"], []),
        (["none_of_these"], []),
        (["law"], ["too_few_choices"]),
        (["law", "none_of_these"], ["exclusive_choice"]),
        (["law", "money", "training", "other_means"], ["too_many_choices", "required"]),
        (["law", "other_means"], ["required"]),
    ],
)
def test_several_choices_have_limits(chosen: list[str], found: list[str]) -> None:
    assert [code for _, code in codes("choosing", {"means_used": chosen})] == found


def test_what_other_was_is_kept_only_while_it_is_chosen() -> None:
    document = {**ANSWERED["choosing"], "source_of_this": "survey"}
    assert "source_of_this.other" not in asked(CHOOSING, document)
    assert codes("choosing", document) == []


# What is calculated


def test_it_is_computed_whatever_a_document_says() -> None:
    said = {"forest": "80.50", "wetland": "20", "total": "7", "size": "small"}
    assert asked(CALCULATED, said)["total"] == "100.5"
    assert asked(CALCULATED, said)["size"] == "large"
    assert asked(CALCULATED, asked(CALCULATED, said)) == asked(CALCULATED, said)


def test_of_nothing_it_is_nothing() -> None:
    assert asked(CALCULATED, {"total": "7"}) == {}
    assert progress(CALCULATED, {}, CALCULATED.sections[0]).state is State.NOT_STARTED


def test_it_stands_in_rows_and_adds_up_over_them() -> None:
    rows = [
        {"row": "a", "answers": {"span": "2", "width": "1.5"}},
        {"row": "b", "answers": {"span": "4"}},
        {"row": "c", "answers": {"span": "0.5", "width": "0.5", "surface": "9"}},
    ]
    kept = asked(CALCULATED, {"sites": rows})
    assert [row["answers"].get("surface") for row in kept["sites"]] == ["3", None, "0.25"]
    assert kept["surface_of_all"] == "3.25"  # 2 * 1.5 + 0.5 * 0.5
    assert completed(CALCULATED, {"sites": rows})["sites"] == kept["sites"]


def test_later_rules_and_its_own_checks_look_at_it() -> None:
    document = {"forest": "900", "wetland": "100.1", "why_large": "so"}
    assert codes("calculated", document) == [("total", "check")]
    assert "why_large" in asked(CALCULATED, document)
    assert "why_large" not in asked(CALCULATED, {**document, "forest": "1", "wetland": "1"})


def test_it_is_no_part_of_a_draft() -> None:
    document = {"forest": "1", "total": "7"}
    assert assemble(CALCULATED, split(CALCULATED, document)) == {"forest": "1"}


# Files and programs


@pytest.mark.parametrize("name", ANSWERED)
def test_its_answers_go_out_in_columns_and_come_back(name: str) -> None:
    form, document = TINY.load(name, 1), ANSWERED[name]
    layout = Layout(form)
    record = Record(party="KEN", submission="s", language="en", document=document)
    tables = tables_of(layout, [record])
    (read,), problems = read_records(layout, tables)
    assert (problems, read.problems, read.unread) == ([], [], {})
    assert asked(form, read.document) == asked(form, document)


@pytest.mark.parametrize("name", ANSWERED)
def test_a_program_may_send_what_it_was_given(name: str) -> None:
    form = TINY.load(name, 1)
    given = asked(form, ANSWERED[name])
    assert accept_document(form, given) == (given, [])


def test_the_columns_of_a_matrix_say_of_which_item_they_are() -> None:
    columns = {v.column: v for v in codebook(MATRIX)}
    spent = columns["spent.carbon"]
    assert (spent.container, spent.item, spent.type) == ("spent", "carbon", "decimal")
    assert (spent.unit, [code for code, _ in spent.codes]) == ("USD", ["__na", "__unknown"])
    assert columns["threats.water.land_use"].codes[0][0] == "0"
    assert "Computed: sum(spent). Ignored when read." in columns["spent_in_all"].note
    assert "Not less than 0." in spent.note


@pytest.mark.parametrize("value", ["1,5", "1e5", "+1", " ", "NaN", "1.", "9" * 31])
def test_a_program_writes_numbers_in_one_way(value: str) -> None:
    _, problems = accept_document(DECIMAL, {"area": value})
    assert [p.code for p in problems] == ["not_a_number"]


def test_a_cell_of_a_calculated_column_stands_for_nothing() -> None:
    layout = Layout(CALCULATED)
    record = Record(party="KEN", submission="s", document={"forest": "1"})
    table = tables_of(layout, [record])[MAIN]
    cells = dict(zip(table.header, next(iter(table.rows))[1], strict=True)) | {"total": "__na"}
    changed = type(table)(table.name, table.header, [(2, tuple(cells.values()))])
    (read,), _ = read_records(layout, {MAIN: changed})
    assert read.unread == {}
    assert asked(CALCULATED, read.document)["total"] == "1"


# Publishing

SCALE = "choices: {n: {one: One, two: Two}, s: {high: High, low: Low}}"
KEPT = """
- {id: m, type: matrix, label: M, items: n, choices: s}
- {id: x, type: decimal, label: X, range: {least: 0}}
- {id: t, type: calculated, label: T, rule: x + 1}
"""


def form_of(root: Path, elements: str, head: str = SCALE, version: int = 1) -> Any:  # noqa: ANN401
    return load_form(write_form(root, elements, head=head, version=version), root)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("least: 0", "least: 1"),
        ("x + 1", "x + 2"),
        ("choices: s}", "choices: s, allow: [unknown]}"),
        ("type: decimal", "type: integer"),
    ],
)
def test_a_property_is_part_of_the_structure(tmp_path: Path, was: str, now: str) -> None:
    before = structure_hash(form_of(tmp_path, KEPT))
    assert structure_hash(form_of(tmp_path, KEPT.replace(was, now))) != before


@pytest.mark.parametrize(
    ("now", "head", "told"),
    [
        (KEPT, SCALE, ""),
        (KEPT.replace("x + 1", "x + 2"), SCALE, "its rule was x + 1, and is x + 2"),
        (KEPT, SCALE.replace("One", "Uno"), "its item was One, and is Uno"),
        (KEPT, SCALE.replace("one: One, ", ""), "this question is left out"),
        (KEPT.replace("decimal", "integer"), SCALE, "its type was decimal, and is integer"),
    ],
)
def test_the_next_version_keeps_what_was_meant(
    tmp_path: Path, now: str, head: str, told: str
) -> None:
    old, new = form_of(tmp_path, KEPT), form_of(tmp_path, now, head, 2)
    found = [problem.message for problem in compare(old, new, (), "f")]
    assert any(told in message for message in found) if told else found == []


def test_the_items_of_a_matrix_are_frozen_with_it(tmp_path: Path) -> None:
    write_form(tmp_path, KEPT, head=SCALE)
    assert publish(Catalogue(tmp_path), NAME).choices["n"] == ("one", "two")
    with pytest.raises(FormError):
        publish(Catalogue(tmp_path), FormName("demo", "tiny", 1))
