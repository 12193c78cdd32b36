import pytest
from hypothesis import given

from app.errors import NotFoundError
from app.forms.definition import Form
from app.forms.places import (
    Answers,
    Document,
    Part,
    Place,
    answers_at,
    assemble,
    elements_at,
    parse_place,
    split,
    walk_places,
)
from tests.unit.documents import documents
from tests.unit.forms_for_tests import ACTION_REPEAT, FORM

DOCUMENT: Document = {
    "has_plan": "yes",
    "targets": {"t-02": {"adopted": "yes", "assessments": [{"row": "a1", "answers": {}}]}},
    "actions": [
        {"row": "b", "answers": {"share": "60"}},
        {"row": "a", "answers": {"steps": [{"row": "s", "answers": {"by_whom": "X"}}]}},
    ],
}


@given(documents())
def test_a_document_that_is_split_and_put_together_is_the_same(document: Document) -> None:
    parts = split(FORM, document)
    assert assemble(FORM, parts) == document
    assert assemble(FORM, sorted(parts, key=lambda p: str(p.place), reverse=True)) == document


def test_parts_are_small_and_know_their_place() -> None:
    assert [(str(p.place), p.position, p.answers) for p in split(FORM, DOCUMENT)] == [
        ("plan", 0, {"has_plan": "yes"}),
        ("aims/targets/t-02", 0, {"adopted": "yes"}),
        ("aims/targets/t-02/assessments/a1", 0, {}),
        ("work/actions/b", 0, {"share": "60"}),
        ("work/actions/a", 1, {}),
        ("work/actions/a/steps/s", 0, {"by_whom": "X"}),
    ]


def test_every_section_item_and_row_is_a_place() -> None:
    assert [str(place) for place in walk_places(FORM, DOCUMENT)] == [
        "plan",
        "aims",
        "aims/targets/t-01",
        "aims/targets/t-02",
        "aims/targets/t-02/assessments/a1",
        "work",
        "work/actions/b",
        "work/actions/b/years/t-01",
        "work/actions/b/years/t-02",
        "work/actions/a",
        "work/actions/a/years/t-01",
        "work/actions/a/years/t-02",
        "work/actions/a/steps/s",
    ]


@given(documents())
def test_a_place_is_read_from_its_text(document: Document) -> None:
    for place in walk_places(FORM, document):
        assert parse_place(str(place)) == place
        assert elements_at(FORM, place)


@pytest.mark.parametrize(
    ("place", "answers"),
    [
        ("work/actions/b", {"share": "60"}),
        ("work/actions/a/steps/s", {"by_whom": "X"}),
        ("work/actions/c", {}),
        ("aims/targets/t-01", {}),
        ("aims/targets/t-01/assessments/x", {}),
    ],
)
def test_answers_are_found_at_their_place(place: str, answers: Answers) -> None:
    assert answers_at(DOCUMENT, parse_place(place)) == answers


def test_the_elements_of_a_row_that_is_not_there_yet() -> None:
    assert elements_at(FORM, parse_place("work/actions/new-1")) == ACTION_REPEAT.elements


@pytest.mark.parametrize(
    "place", ["", "plans", "aims/targets", "aims/targets/t-99", "work/actions/a b", "plan//", "/"]
)
def test_a_place_that_the_form_does_not_have_is_not_found(place: str) -> None:
    with pytest.raises(NotFoundError):
        elements_at(FORM, parse_place(place))


def test_a_part_without_a_place_is_refused() -> None:
    with pytest.raises(NotFoundError):
        assemble(FORM, [Part(Place("aims", (("targets", "t-99"),)), 0, {"adopted": "yes"})])


def test_parents_and_children() -> None:
    place = Place("work").child("actions", "a")
    assert place.parent == Place("work")
    assert Place("work").parent is None


def test_an_empty_form_has_no_places() -> None:
    form = Form(agreement="cbd", id="empty", version=1, wording=0, title="Empty")
    assert list(walk_places(form, {})) == []
