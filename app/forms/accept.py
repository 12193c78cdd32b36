"""Typed JSON from programs to a document, refusing whatever has no place in the form.

The shapes are those of `app.forms.places`. Nothing is guessed: a number as a JSON number, a code
that is no choice, an unknown id or a row id that stands twice is a problem that names its place.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from uuid6 import uuid7

from app.forms.checks import Problem
from app.forms.definition import (
    LANGUAGES,
    Container,
    Element,
    Form,
    Loop,
    Question,
    QuestionType,
    Repeat,
    Severity,
)
from app.forms.places import ROW_ID, Answers, Document, Place, warnings_of
from app.forms.typed import clean, file_date, file_decimal, file_number

# What is wrong with an answer that its type does not understand.
PROBLEMS: Final[Mapping[QuestionType, str]] = {
    QuestionType.TEXT: "not_a_text",
    QuestionType.INTEGER: "not_a_whole_number",
    QuestionType.DECIMAL: "not_a_number",
    QuestionType.DATE: "not_a_date",
    QuestionType.SELECT_ONE: "not_a_choice",
    QuestionType.SELECT_MULTIPLE: "not_a_choice",
    QuestionType.REFERENCE: "not_a_choice",
    QuestionType.CALCULATED: "not_a_text",
}


def accept_document(form: Form, value: object) -> tuple[Document, list[Problem]]:
    """Return the document that *value* is, and all that was refused in it.

    A null, an empty text and an empty list are "not answered". A row without an id gets a new
    one. Problems, beside those of the types: "not_an_object", "not_a_list", "unknown_question",
    "unknown_item", "bad_row", "doubled_row", "not_offered" (a kind of nothing). Their details hold
    `value`; that of an unknown key names it as `question`. What is said of a calculated question
    stays in the document, where nothing heeds it.
    """
    return _Reader(form).document(value)


class _Reader:
    """Reads one document; keeps the problems and the row ids met on the way."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.problems: list[Problem] = []
        self.rows: set[tuple[str, str]] = set()  # of each repeat

    def document(self, value: object) -> tuple[Document, list[Problem]]:
        nowhere = Place(self.form.sections[0].id if self.form.sections else "")
        if not isinstance(value, Mapping):
            self._refuse("not_an_object", nowhere, "", value)
            return {}, self.problems
        document: Document = {}
        known: set[str] = set()
        for section in self.form.sections:
            document |= self._place(section.elements, value, Place(section.id), known)
        self._unknown(value, known, nowhere)
        return document, self.problems

    def _place(
        self,
        elements: tuple[Element, ...],
        value: Mapping[str, object],
        place: Place,
        known: set[str],
    ) -> Answers:
        """Return what *value* says at one place; add to *known* the keys that belong there."""
        answers: Answers = {}
        for element in elements:
            known.add(element.id)
            if element.id in value:
                found = self._element(element, value[element.id], place)
                if found is not None:
                    answers[element.id] = found
            for key in (check.explanation for check in warnings_of(element)):
                known.add(key)
                if key in value and (text := self._answer(_explanation(key), value[key], place)):
                    answers[key] = text
        return answers

    def _element(self, element: Element, value: object, place: Place) -> object | None:
        if value is None:
            return None
        if isinstance(element, Question):
            return self._answer(element, value, place)
        if isinstance(element, Loop):
            return self._items(element, value, place)
        return self._rows(element, value, place)

    def _items(self, loop: Loop, value: object, place: Place) -> Answers | None:
        if not isinstance(value, Mapping):
            self._refuse("not_an_object", place, loop.id, value)
            return None
        codes = {item.code for item in loop.items}
        for key in value.keys() - codes:
            self._refuse("unknown_item", place, loop.id, key)
        items = {
            item.code: self._inside(loop, value[item.code], place.child(loop.id, item.code))
            for item in loop.items
            if value.get(item.code) is not None
        }
        return {code: answers for code, answers in items.items() if answers} or None

    def _rows(self, repeat: Repeat, value: object, place: Place) -> list[Answers] | None:
        if not isinstance(value, list):
            self._refuse("not_a_list", place, repeat.id, value)
            return None
        rows: list[Answers] = []
        for row in value:
            if not isinstance(row, Mapping) or not row.keys() <= {"row", "answers"}:
                self._refuse("bad_row", place, repeat.id, row)
                continue
            key = row.get("row") or str(uuid7())
            if not isinstance(key, str) or not ROW_ID.fullmatch(key):
                self._refuse("bad_row", place, repeat.id, row.get("row"))
            elif (repeat.id, key) in self.rows:
                self._refuse("doubled_row", place, repeat.id, key)
            else:
                self.rows.add((repeat.id, key))
                here = place.child(repeat.id, key)
                answers = self._inside(repeat, row.get("answers") or {}, here)
                rows.append({"row": key, "answers": answers})
        return rows or None

    def _inside(self, container: Container, value: object, place: Place) -> Answers:
        if not isinstance(value, Mapping):
            self._refuse("not_an_object", place, "", value)
            return {}
        known: set[str] = set()
        answers = self._place(container.elements, value, place, known)
        self._unknown(value, known, place)
        return answers

    def _answer(self, question: Question, value: object, place: Place) -> object | None:
        if value in (None, "", [], {}) or question.type is QuestionType.NOTE:
            return None
        if isinstance(value, Mapping) and value.keys() == {"nothing"}:
            if value["nothing"] in question.allow:
                return dict(value)
            self._refuse("not_offered", place, question.id, value["nothing"])
            return None
        if _is_not_understood(question, value):
            return value
        answer = _TYPES[question.type](question, value)
        if answer is None:
            self._refuse(PROBLEMS[question.type], place, question.id, value)
            return None
        return answer or None

    def _unknown(self, value: Mapping[str, object], known: set[str], place: Place) -> None:
        for key in value:
            if key not in known:
                self._refuse("unknown_question", place, str(key), value[key])

    def _refuse(self, code: str, place: Place, question: str, value: object) -> None:
        details = {"value": value}
        self.problems.append(Problem(code, Severity.PROBLEM, place, question, details))


def _explanation(key: str) -> Question:
    return Question(id=key, type=QuestionType.TEXT, label="")


def _is_not_understood(question: Question, value: object) -> bool:
    """Tell whether *value* is text that a page kept because it was not understood."""
    return (
        isinstance(value, Mapping)
        and value.keys() == {"typed", "locale", "problem"}
        and isinstance(value["typed"], str)
        and value["locale"] in LANGUAGES
        and question.type not in (QuestionType.TEXT, QuestionType.CALCULATED)
        and value["problem"] == PROBLEMS[question.type]
    )


# Each returns the answer, an empty one when nothing is said, None when it is not understood.


def _text(question: Question, value: object) -> str | Answers | None:
    if not question.has_language:
        return clean(value) if isinstance(value, str) else None
    if not isinstance(value, Mapping) or not value.keys() <= set(LANGUAGES):
        return None
    texts: Answers = {}
    for language, said in value.items():
        if not isinstance(said, Mapping) or said.keys() != {"text"}:
            return None
        if not isinstance(said["text"], str):
            return None
        if clean(said["text"]).strip():
            texts[language] = {"text": clean(said["text"])}
    return texts


def _integer(_question: Question, value: object) -> str | None:
    return file_number(value) if isinstance(value, str) else None


def _decimal(_question: Question, value: object) -> str | None:
    return file_decimal(value) if isinstance(value, str) else None


def _calculated(_question: Question, value: object) -> str | None:
    return value if isinstance(value, str) else None


def _date(_question: Question, value: object) -> str | None:
    return file_date(value) if isinstance(value, str) else None


def _select_one(question: Question, value: object) -> str | None:
    codes = {choice.code for choice in question.choices}
    return value if isinstance(value, str) and value in codes else None


def _select_multiple(question: Question, value: object) -> list[str] | None:
    codes = [choice.code for choice in question.choices]
    if not isinstance(value, list) or not all(code in codes for code in value):
        return None
    return [code for code in codes if code in value]  # in the form's order


_TYPES: Final[Mapping[QuestionType, Callable[[Question, Any], Any]]] = {
    QuestionType.TEXT: _text,
    QuestionType.INTEGER: _integer,
    QuestionType.DECIMAL: _decimal,
    QuestionType.DATE: _date,
    QuestionType.SELECT_ONE: _select_one,
    QuestionType.SELECT_MULTIPLE: _select_multiple,
    QuestionType.REFERENCE: _select_one,
    QuestionType.CALCULATED: _calculated,
}
