import json
from typing import Any

import pytest

from app.forms.audience import audience_of, sees, visible
from app.forms.definition import (
    Audience,
    Check,
    Choice,
    Element,
    Form,
    Loop,
    Question,
    QuestionType,
    Repeat,
    Section,
    Severity,
)
from app.forms.rules import parse_rule

READERS = list(Audience)


def questions() -> tuple[Question, ...]:
    """One question for each audience, named after it."""
    return tuple(
        Question(id=a.value, type=QuestionType.TEXT, label=a.value, audience=a) for a in Audience
    )


def warning(check_id: str, rule: str) -> Check:
    return Check(id=check_id, rule=parse_rule(rule), severity=Severity.WARNING, message="?")


def form_of(*elements: Element) -> Form:
    section = Section(id="only", title="Only", elements=elements)
    return Form(agreement="cbd", id="tiny", version=1, wording=0, title="Tiny", sections=(section,))


def secret_answers(place: str) -> dict[str, Any]:
    return {a.value: {"en": {"text": f"{place} {a.value}"}} for a in Audience}


def everywhere() -> tuple[Form, dict[str, Any]]:
    """Return a form and answers with each audience at every depth: 6 places, 18 answers."""
    rows_in_row = Repeat(id="deep_rows", label="", row_label="", elements=questions())
    items_in_row = Loop(
        id="deep_items", label="", items=(Choice(code="a", label=""),), elements=questions()
    )
    rows_in_item = Repeat(id="item_rows", label="", row_label="", elements=questions())
    rows = Repeat(
        id="rows", label="", row_label="", elements=(*questions(), rows_in_row, items_in_row)
    )
    items = Loop(
        id="items",
        label="",
        items=(Choice(code="a", label=""), Choice(code="b", label="")),
        elements=(*questions(), rows_in_item),
    )
    document = {
        **secret_answers("top"),
        "rows": [
            {
                "row": "r1",
                "answers": {
                    **secret_answers("row"),
                    "deep_rows": [{"row": "d1", "answers": secret_answers("deep row")}],
                    "deep_items": {"a": secret_answers("deep item")},
                },
            }
        ],
        "items": {
            "a": {
                **secret_answers("item"),
                "item_rows": [{"row": "i1", "answers": secret_answers("row in item")}],
            }
        },
    }
    return form_of(*questions(), rows, items), document


@pytest.mark.parametrize(
    ("reader", "audiences"),
    [
        (Audience.PUBLIC, {"public"}),
        (Audience.SECRETARIAT, {"public", "secretariat"}),
        (Audience.PARTY, {"public", "secretariat", "party"}),
    ],
)
def test_each_reader_sees_its_answers_at_every_depth(reader: Audience, audiences: set[str]) -> None:
    form, document = everywhere()
    text = json.dumps(visible(form, document, reader))
    places = ("top", "row", "deep row", "deep item", "item", "row in item")
    for place in places:
        for audience in Audience:
            assert (f'"{place} {audience}"' in text) == (audience.value in audiences)


def test_the_party_sees_the_whole_document() -> None:
    form, document = everywhere()
    assert visible(form, document, Audience.PARTY) == document


def test_the_document_is_not_changed() -> None:
    form, document = everywhere()
    before = json.dumps(document)
    visible(form, document, Audience.PUBLIC)
    assert json.dumps(document) == before


@pytest.mark.parametrize("reader", READERS)
def test_a_key_that_the_form_does_not_have_is_never_shown(reader: Audience) -> None:
    form = form_of(*questions())
    assert visible(form, {"stray": "x", "rows": [], "x.explanation": "x"}, reader) == {}


def test_rows_stay_to_be_counted_but_not_those_of_a_hidden_repeat() -> None:
    hidden = questions()[2]
    form = form_of(
        Repeat(id="half", label="", row_label="", elements=questions()),
        Repeat(id="hidden", label="", row_label="", elements=(hidden,)),
        Loop(id="hidden_loop", label="", items=(Choice(code="a", label=""),), elements=(hidden,)),
    )
    rows = [{"row": "r1", "answers": {"party": {"en": {"text": "secret"}}}}]
    document = {"half": rows, "hidden": rows, "hidden_loop": {"a": {"party": "secret"}}}
    assert visible(form, document, Audience.PUBLIC) == {"half": [{"row": "r1", "answers": {}}]}


def test_an_item_with_nothing_to_see_is_left_out() -> None:
    choices = (Choice(code="a", label=""), Choice(code="b", label=""))
    form = form_of(Loop(id="items", label="", items=choices, elements=questions()))
    document = {"items": {"a": {"party": "secret"}, "b": {"public": "told"}}}
    assert visible(form, document, Audience.PUBLIC) == {"items": {"b": {"public": "told"}}}


def test_an_explanation_is_for_the_fewest_of_those_its_rule_looks_at() -> None:
    own = Question(
        id="own",
        type=QuestionType.INTEGER,
        label="",
        checks=(warning("plain", "own > 1"), warning("crossed", "own > party")),
    )
    rows = Repeat(
        id="rows",
        label="",
        row_label="",
        elements=questions(),
        checks=(warning("column", "count(rows.secretariat) > 1"),),
    )
    form = form_of(own, *questions(), rows)
    document = {"plain.explanation": "1", "crossed.explanation": "2", "column.explanation": "3"}
    assert set(visible(form, document, Audience.PUBLIC)) == {"plain.explanation"}
    assert set(visible(form, document, Audience.SECRETARIAT)) == {
        "plain.explanation",
        "column.explanation",
    }
    assert visible(form, document, Audience.PARTY) == document
    assert audience_of(form, own.checks[1], own) is Audience.PARTY


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("audience", READERS)
def test_readers_are_nested(reader: Audience, audience: Audience) -> None:
    assert sees(reader, audience) == (READERS.index(reader) >= READERS.index(audience))
