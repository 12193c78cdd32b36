"""Typed strings and JSON from outside to answers: the only two ways in.

`read_answers` takes what a page posts and never refuses: what is not understood is kept as it was
typed. `accept_document` takes typed JSON, as programs send it, and refuses what has no place in
the form. Whether the answers are complete and hold together is for `app.forms.checks`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from app.forms.accept import PROBLEMS, accept_document
from app.forms.definition import (
    LANGUAGES,
    Element,
    Question,
    QuestionType,
)
from app.forms.places import Answers, warnings_of
from app.forms.typed import clean, decimal_number, typed_date, whole_number

__all__ = ["accept_document", "explanations_of", "read_answers"]


def read_answers(
    questions: Iterable[Question],
    raw: Mapping[str, list[str]],
    *,
    locale: str,
    language: str,
) -> Answers:
    """Return the answers to those *questions* that *raw* speaks of; None where one was cleared.

    raw       strings by question id, as posted; `<id>.language` the languages of its texts,
              `<id>.nothing` a kind of nothing. What is both answered and nothing is answered.
    locale    language of the page, in which numbers and dates were typed
    language  in which texts are written where `<id>.language` does not say

    Never raises: what is not understood becomes `{"typed": …, "locale": …, "problem": …}`.
    """
    answers: Answers = {}
    for question in questions:
        if not question.is_typed:
            continue
        if question.id in raw or f"{question.id}.nothing" in raw:
            answer = _read(question, raw, locale, language)
            answers[question.id] = _nothing(question, raw) if answer is None else answer
    return answers


def explanations_of(elements: Iterable[Element]) -> Iterator[Question]:
    """Yield a text question for the explanation of each warning that belongs to *elements*.

    Its label is the warning's message.
    """
    for element in elements:
        for check in warnings_of(element):
            yield Question(
                id=check.explanation, type=QuestionType.TEXT, label=check.message, is_long=True
            )


def _read(
    question: Question, raw: Mapping[str, list[str]], locale: str, language: str
) -> object | None:
    values = [clean(value) for value in raw.get(question.id, [])]
    if question.type is QuestionType.TEXT:
        if not question.has_language:
            return next((value for value in values if value), None)
        return _texts(values, raw.get(f"{question.id}.language", []), language or locale)
    given = [value.strip() for value in values if value.strip()]
    if not given:
        return None
    answer: object | None = _READERS[question.type](question, given, locale)
    if answer is not None:
        return answer
    problem = PROBLEMS[question.type]
    return {"typed": "\n".join(given), "locale": locale, "problem": problem}


def _nothing(question: Question, raw: Mapping[str, list[str]]) -> Answers | None:
    kinds = [kind for kind in raw.get(f"{question.id}.nothing", []) if kind in question.allow]
    return {"nothing": kinds[0]} if kinds else None


def _texts(values: list[str], languages: list[str], default: str) -> Answers | None:
    """Return texts by language; two in the same language stand one after the other."""
    texts: dict[str, list[str]] = {}
    for position, value in enumerate(values):
        language = languages[position] if position < len(languages) else default
        if value.strip():
            texts.setdefault(language if language in LANGUAGES else default, []).append(value)
    return {language: {"text": "\n".join(found)} for language, found in texts.items()} or None


def _integer(_question: Question, given: list[str], locale: str) -> str | None:
    return whole_number(given[0], locale)


def _decimal(_question: Question, given: list[str], locale: str) -> str | None:
    return decimal_number(given[0], locale)


def _date(_question: Question, given: list[str], locale: str) -> str | None:
    return typed_date(given[0], locale)


def _select_one(question: Question, given: list[str], _locale: str) -> str | None:
    return given[0] if given[0] in {choice.code for choice in question.choices} else None


def _select_multiple(question: Question, given: list[str], _locale: str) -> list[str] | None:
    codes = [choice.code for choice in question.choices]
    if not set(given).issubset(codes):
        return None
    return [code for code in codes if code in given]  # in the form's order


_READERS: Final[Mapping[QuestionType, Callable[[Question, list[str], str], Any]]] = {
    QuestionType.INTEGER: _integer,
    QuestionType.DECIMAL: _decimal,
    QuestionType.DATE: _date,
    QuestionType.SELECT_ONE: _select_one,
    QuestionType.SELECT_MULTIPLE: _select_multiple,
    QuestionType.REFERENCE: _select_one,
}
