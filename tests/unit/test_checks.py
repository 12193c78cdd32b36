import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.checks import (
    Problem,
    asked,
    blocking,
    check_form,
    check_place,
    relevant_elements,
)
from app.forms.definition import Severity
from app.forms.places import Document, parse_place, walk_places
from tests.unit.documents import documents
from tests.unit.forms_for_tests import FORM


def codes(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(str(p.place), p.question, p.code) for p in problems]


WHOLE: Document = {
    "has_plan": "yes",
    "year": "2015",
    "actions": [{"row": "a", "answers": {"share": "60"}}],
}


def test_a_whole_document_has_no_problem() -> None:
    assert check_form(FORM, WHOLE) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"has_plan": None}, ("plan", "has_plan", "required")),
        ({"year": None}, ("plan", "year", "required")),
        ({"year": "1066"}, ("plan", "year", "check")),
        ({"year": "2050"}, ("plan", "year", "explain")),
        ({"actions": None}, ("work", "actions", "too_few_rows")),
        (
            {"actions": [{"row": str(n), "answers": {}} for n in range(4)]},
            ("work", "actions", "too_many_rows"),
        ),
        (
            {"actions": [{"row": n, "answers": {"share": "60"}} for n in "ab"]},
            ("work", "actions", "check"),
        ),
        (
            {"year": {"typed": "soon", "locale": "en", "problem": "not_a_whole_number"}},
            ("plan", "year", "not_a_whole_number"),
        ),
    ],
)
def test_each_problem_is_told_at_its_question(
    change: Document, problem: tuple[str, str, str]
) -> None:
    document = {key: value for key, value in {**WHOLE, **change}.items() if value is not None}
    found = check_form(FORM, document)
    assert codes(found) == [problem]
    assert blocking(found) == found


def test_a_kind_of_nothing_is_an_answer() -> None:
    assert check_form(FORM, {**WHOLE, "year": {"nothing": "unknown"}}) == []


def test_a_warning_that_is_explained_does_not_block() -> None:
    explained = {"en": {"text": "A long plan."}}
    found = check_form(FORM, {**WHOLE, "year": "2050", "year_late.explanation": explained})
    assert [(p.code, p.severity, p.check, p.message) for p in found] == [
        ("check", Severity.WARNING, "year_late", "Late.")
    ]
    assert blocking(found) == []


def test_a_section_that_is_not_relevant_is_not_checked() -> None:
    assert check_form(FORM, {"has_plan": "no"}) == []
    assert relevant_elements(FORM, {"has_plan": "no"}, parse_place("work/actions/a")) == ()


def test_relevant_elements_of_an_item_follow_its_own_answers() -> None:
    document = {"targets": {"t-01": {"adopted": "yes"}}}
    ids = {
        item: [e.id for e in relevant_elements(FORM, document, parse_place(f"aims/targets/{item}"))]
        for item in ("t-01", "t-02")
    }
    assert ids == {"t-01": ["adopted", "how", "assessments"], "t-02": ["adopted"]}


def test_an_irrelevant_answer_is_kept_out_and_its_consequences_too() -> None:
    document = {"has_plan": "no", "year": "2015", "reference": "A/1", "actions": WHOLE["actions"]}
    assert asked(FORM, document) == {"has_plan": "no"}


def test_the_explanation_of_a_warning_that_holds_is_left_out() -> None:
    explained = {"en": {"text": "?"}}
    assert asked(FORM, {**WHOLE, "year_late.explanation": explained}) == WHOLE


@given(documents())
def test_asked_of_what_is_asked_is_the_same(document: Document) -> None:
    once = asked(FORM, document)
    assert asked(FORM, once) == once


@given(documents())
def test_irrelevant_answers_never_change_a_result(document: Document) -> None:
    assert codes(check_form(FORM, document)) == codes(check_form(FORM, asked(FORM, document)))


@given(documents())
def test_the_form_is_checked_as_its_places_are(document: Document) -> None:
    each = [p for place in walk_places(FORM, document) for p in check_place(FORM, document, place)]
    assert sorted(codes(each)) == sorted(codes(check_form(FORM, document)))


@given(documents(), st.integers(-5, 5).map(str))
def test_what_is_typed_and_not_understood_blocks_but_never_breaks(
    document: Document, typed: str
) -> None:
    strange = {"typed": typed, "locale": "fr", "problem": "not_a_choice"}
    found = check_form(FORM, {**document, "has_plan": strange})
    assert ("plan", "has_plan", "not_a_choice") in codes(found)
