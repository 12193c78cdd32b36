import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.answers import accept_document, explanations_of, read_answers
from app.forms.definition import LANGUAGES, Question
from app.forms.places import Answers, Document
from tests.unit.documents import documents
from tests.unit.forms_for_tests import FORM, PLAN

QUESTIONS = {question.id: question for question in FORM.questions()}


def read(raw: dict[str, list[str]], locale: str = "en", language: str = "fr") -> Answers:
    return read_answers(QUESTIONS.values(), raw, locale=locale, language=language)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ({"has_plan": ["yes"]}, "yes"),
        ({"has_plan": [""]}, None),
        ({"year": [" 1,990 "]}, "1990"),
        ({"year": [""]}, None),
        ({"year": [""], "year.nothing": ["unknown"]}, {"nothing": "unknown"}),
        ({"year.nothing": ["unknown"]}, {"nothing": "unknown"}),
        ({"year.nothing": ["not_offered"]}, None),
        ({"year": ["5"], "year.nothing": ["unknown"]}, "5"),
        ({"tools": ["", "model", "survey"]}, ["survey", "model"]),
        ({"tools": [""]}, None),
        ({"reference": [" A/1 \r\n"]}, " A/1"),
        ({"done_on": ["31 December 2018"]}, "2018-12-31"),
        ({"title": ["Bonjour "]}, {"fr": {"text": "Bonjour"}}),
        (
            {"title": ["a", "b"], "title.language": ["es"]},
            {"es": {"text": "a"}, "fr": {"text": "b"}},
        ),
        ({"title": ["a", "b"], "title.language": ["es", "es"]}, {"es": {"text": "a\nb"}}),
        ({"title": ["a"], "title.language": ["xx"]}, {"fr": {"text": "a"}}),
        ({"title": [" "]}, None),
    ],
)
def test_what_is_posted_becomes_an_answer(raw: dict[str, list[str]], answer: object) -> None:
    assert list(read(raw).values()) == [answer]


@pytest.mark.parametrize(
    ("question", "typed", "problem"),
    [
        ("year", "soon", "not_a_whole_number"),
        ("done_on", "soon", "not_a_date"),
        ("has_plan", "maybe", "not_a_choice"),
        ("tools", "hammer", "not_a_choice"),
    ],
)
def test_what_is_not_understood_is_kept_as_typed(question: str, typed: str, problem: str) -> None:
    assert read({question: [typed]}, locale="es") == {
        question: {"typed": typed, "locale": "es", "problem": problem}
    }


def test_what_is_not_posted_is_not_answered_and_not_cleared() -> None:
    assert read({}) == {}
    assert read({"intro": ["a note has no answer"]}) == {}


def test_a_text_without_a_language_takes_that_of_the_page() -> None:
    assert read({"title": ["Hallo"]}, locale="en", language="") == {
        "title": {"en": {"text": "Hallo"}}
    }


def test_a_warning_brings_a_question_for_its_explanation() -> None:
    assert [(q.id, q.label) for q in explanations_of(PLAN.elements)] == [
        ("year_late.explanation", "Late.")
    ]


@given(
    st.dictionaries(
        st.sampled_from([*QUESTIONS, *(f"{q}.nothing" for q in QUESTIONS), "title.language"]),
        st.lists(st.text(), max_size=3),
    ),
    st.sampled_from(LANGUAGES),
)
def test_reading_never_raises_and_gives_what_is_accepted(
    raw: dict[str, list[str]], locale: str
) -> None:
    answers = read(raw, locale)
    at_plan = {q.id for q in PLAN.elements if isinstance(q, Question)}
    document = {key: answer for key, answer in answers.items() if key in at_plan and answer}
    assert accept_document(FORM, document) == (document, [])


@given(documents())
def test_a_document_is_accepted_as_it_is(document: Document) -> None:
    assert accept_document(FORM, document) == (document, [])


@pytest.mark.parametrize(
    ("value", "place", "question", "code"),
    [
        ([], "plan", "", "not_an_object"),
        ({"plan": "yes"}, "plan", "plan", "unknown_question"),
        ({"has_plan": "maybe"}, "plan", "has_plan", "not_a_choice"),
        ({"has_plan": True}, "plan", "has_plan", "not_a_choice"),
        ({"year": 2015}, "plan", "year", "not_a_whole_number"),
        ({"year": "1,250"}, "plan", "year", "not_a_whole_number"),
        ({"year": {"nothing": "not_applicable"}}, "plan", "year", "not_offered"),
        ({"year": {"nothing": []}}, "plan", "year", "not_offered"),
        (
            {"year": {"typed": "x", "locale": "en", "problem": "?"}},
            "plan",
            "year",
            "not_a_whole_number",
        ),
        ({"tools": ["hammer"]}, "plan", "tools", "not_a_choice"),
        ({"tools": [{}]}, "plan", "tools", "not_a_choice"),
        ({"tools": "map"}, "plan", "tools", "not_a_choice"),
        ({"reference": {"en": {"text": "A"}}}, "plan", "reference", "not_a_text"),
        ({"targets": []}, "aims", "targets", "not_an_object"),
        ({"targets": {"t-99": {}}}, "aims", "targets", "unknown_item"),
        ({"targets": {"t-01": "yes"}}, "aims/targets/t-01", "", "not_an_object"),
        ({"targets": {"t-01": {"how": "so"}}}, "aims/targets/t-01", "how", "not_a_text"),
        (
            {"targets": {"t-01": {"how": {"de": {"text": "so"}}}}},
            "aims/targets/t-01",
            "how",
            "not_a_text",
        ),
        ({"targets": {"t-01": {"where": "so"}}}, "aims/targets/t-01", "where", "unknown_question"),
        ({"actions": {}}, "work", "actions", "not_a_list"),
        ({"actions": ["a"]}, "work", "actions", "bad_row"),
        ({"actions": [{"row": "a b"}]}, "work", "actions", "bad_row"),
        ({"actions": [{"row": 1}]}, "work", "actions", "bad_row"),
        ({"actions": [{"row": "a"}, {"row": "a"}]}, "work", "actions", "doubled_row"),
        ({"actions": [{"row": "a", "answers": []}]}, "work", "actions", None),
        ({"actions": [{"row": "a", "answers": "x"}]}, "work/actions/a", "", "not_an_object"),
    ],
)
def test_what_has_no_place_in_the_form_is_refused(
    value: object, place: str, question: str, code: str | None
) -> None:
    _, problems = accept_document(FORM, value)
    expected = [(place, question, code)] if code else []
    assert [(str(p.place), p.question, p.code) for p in problems] == expected


def test_empty_is_not_answered_and_a_row_without_an_id_gets_one() -> None:
    document, problems = accept_document(
        FORM, {"has_plan": None, "year": "", "tools": [], "actions": [{"answers": {"title": {}}}]}
    )
    assert problems == []
    assert list(document) == ["actions"]
    assert len(document["actions"][0]["row"]) == 36
