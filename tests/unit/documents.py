"""Any document of the form in `forms_for_tests`, relevant or not, for property tests."""

from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.forms.definition import LANGUAGES, Element, Loop, Question, QuestionType
from app.forms.places import Answers, Document, warnings_of
from app.forms.typed import clean
from tests.unit.forms_for_tests import FORM

ROW_IDS = st.text("abcXYZ019_-", min_size=1, max_size=8)
PLAIN = st.text(max_size=12).map(clean).filter(str.strip)


def documents() -> SearchStrategy[Document]:
    parts = [_answers(section.elements) for section in FORM.sections]
    return st.tuples(*parts).map(_merge)


def _merge(parts: tuple[Answers, ...]) -> Document:
    document = {key: value for part in parts for key, value in part.items()}
    return _with_rows_apart(document, iter(range(10_000)))


def _with_rows_apart(answers: Answers, numbers: Iterator[int]) -> Answers:
    """Make row ids unique in the document, as they are in a submission."""
    for value in answers.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                row["row"] = f"{row['row'][:50]}{next(numbers)}"
                _with_rows_apart(row["answers"], numbers)
        elif isinstance(value, dict):
            _with_rows_apart(value, numbers)
    return answers


def _answers(elements: tuple[Element, ...]) -> SearchStrategy[Answers]:
    keys: dict[str, SearchStrategy[object]] = {}
    for element in elements:
        if isinstance(element, Question):
            if element.type is not QuestionType.NOTE:
                keys[element.id] = _answer(element)
        elif isinstance(element, Loop):
            items = {item.code: _answers(element.elements).filter(bool) for item in element.items}
            keys[element.id] = st.fixed_dictionaries({}, optional=items).filter(bool)
        else:
            row = st.fixed_dictionaries({"row": ROW_IDS, "answers": _answers(element.elements)})
            keys[element.id] = st.lists(row, min_size=1, max_size=3)
        keys |= {check.explanation: _text() for check in warnings_of(element)}
    return st.fixed_dictionaries({}, optional=keys)


def _text() -> SearchStrategy[object]:
    said = PLAIN.map(lambda text: {"text": text})
    return st.dictionaries(st.sampled_from(LANGUAGES), said, min_size=1, max_size=2)


def _answer(question: Question) -> SearchStrategy[object]:
    codes = [choice.code for choice in question.choices]
    kinds: dict[QuestionType, SearchStrategy[object]] = {
        QuestionType.TEXT: _text() if question.has_language else PLAIN,
        QuestionType.INTEGER: st.integers(-9999, 9999).map(str),
        QuestionType.DATE: st.dates().map(str),
    }
    answer = kinds.get(question.type)
    if question.type is QuestionType.SELECT_ONE:
        answer = st.sampled_from(codes)
    elif question.type is QuestionType.SELECT_MULTIPLE:
        chosen = st.sets(st.sampled_from(codes), min_size=1)
        answer = chosen.map(lambda found: [code for code in codes if code in found])
    assert answer is not None
    nothing = [st.just({"nothing": kind}) for kind in question.allow]
    return st.one_of(answer, *nothing)
