from pathlib import Path
from typing import Any

from app.forms.catalogue import Catalogue
from app.forms.differences import differences, reordered

FORM = Catalogue(Path(__file__).parents[1] / "web" / "forms").load("tiny", 1)


def herd(row: str, name: str) -> dict[str, Any]:
    return {"row": row, "answers": {"name": {"en": {"text": name}}}}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, bool, bool]]:
    """Return place, question, and whether there was an answer before and is one after."""
    return [
        (str(d.place), d.question.id, d.before is not None, d.after is not None)
        for d in differences(FORM, before, after)
    ]


def test_the_same_answers_have_no_difference() -> None:
    document = {"trees": "12", "herds": [herd("r1", "Zebras")]}
    assert changed(document, document) == []
    assert reordered(FORM, document, document) == []


def test_each_answer_that_was_changed_added_or_taken_back_in_form_order() -> None:
    before = {"has_forest": "yes", "trees": "12", "uses": ["fire"]}
    after = {"has_forest": "yes", "trees": "13", "counted_on": "2018-01-01"}
    assert changed(before, after) == [
        ("forest", "trees", True, True),
        ("forest", "counted_on", False, True),
        ("forest", "uses", True, False),
    ]


def test_rows_that_were_added_and_those_that_went() -> None:
    before = {"herds": [herd("r1", "Zebras"), herd("r2", "Gnus")]}
    after = {"herds": [herd("r2", "Gnus"), herd("r3", "Elands")]}
    assert changed(before, after) == [
        ("animals/herds/r3", "name", False, True),
        ("animals/herds/r1", "name", True, False),
    ]


def test_another_order_of_the_same_rows_is_told_once() -> None:
    before = {"herds": [herd("r1", "Zebras"), herd("r2", "Gnus")]}
    after = {"herds": [herd("r2", "Gnus"), herd("r1", "Zebras")]}
    assert changed(before, after) == []
    assert [str(row) for row in reordered(FORM, before, after)] == ["animals/herds/r2"]


def test_a_removed_row_is_no_other_order() -> None:
    before = {"herds": [herd("r1", "Zebras"), herd("r2", "Gnus")]}
    assert reordered(FORM, before, {"herds": [herd("r2", "Gnus")]}) == []
