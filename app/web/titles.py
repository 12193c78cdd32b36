"""What rows and items are called in lists, headings and links."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from app.forms.definition import Container, Form, Loop, Question, QuestionType
from app.forms.places import Place, answers_at, container_in, entries
from app.forms.relevance import level_at, top
from app.web.fields import written
from app.web.locale import language
from app.wording.values import day, in_one_line, number

SHORT: Final = 50  # characters of a title in the way up
LONGEST: Final = 120  # characters of a title; the whole text is on the row's own page


class Title(NamedTuple):
    """A title, the language it is in if not that of the page, and what a titled row is."""

    text: str
    language: str = ""
    kind: str = ""  # "National target"; empty where the title says it itself

    @property
    def heading(self) -> str:
        """Return the title as it heads a page: with what it is in front."""
        if not self.kind:
            return self.text
        heading: str = _("%(label)s: %(text)s", label=self.kind, text=self.text)
        return heading


def title_of(container: Container, position: int, key: str, answers: Mapping[str, Any]) -> Title:
    """Return what to call an item, or the row at *position* (from 0), of *container*.

    A row is called after its naming question; without an answer there, after the entry of a
    reference list that it names; else it is numbered.
    """
    if isinstance(container, Loop):
        return Title(next((item.label for item in container.items if item.code == key), key))
    for question in _naming(container):
        given = _in_words(question, answers.get(question.id))
        if given.text:
            return given._replace(kind=container.row_label)
    return untitled(container.row_label, position)


def question_label(question: Question) -> str:
    """Return what is asked; in a matrix, with the item that it is about."""
    if question.matrix is None or question.item is None:
        return question.label
    return str(_("%(label)s: %(text)s", label=question.matrix.label, text=question.item.label))


def untitled(row_label: str, position: int) -> Title:
    """Return what to call a row that has no title of its own yet."""
    return Title(_("%(label)s %(number)s", label=row_label, number=position + 1))


def title_at(form: Form, document: Mapping[str, Any], place: Place) -> Title:
    """Return what to call *place*: the section's title, the item's label, the row's title."""
    section = form.section(place.section)
    if section is None:
        return Title(str(place))
    if place.parent is None:
        return Title(section.title)
    container_id, key = place.steps[-1]
    container = _container_at(form, place)
    if container is None:
        return Title(container_id)
    rows = list(entries(container, answers_at(document, place.parent)))
    position = next((i for i, (found, _a) in enumerate(rows) if found == key), len(rows))
    level = level_at(top(form, document), form, place)
    asked = answers_at(document, place) if level is None else level
    return title_of(container, position, key, asked)


def _naming(container: Container) -> list[Question]:
    questions = [e for e in container.elements if isinstance(e, Question)]
    naming = [
        q for q in questions if not isinstance(container, Loop) and q.id == container.row_title
    ]
    return naming + [q for q in questions if q.type is QuestionType.REFERENCE]


def _container_at(form: Form, place: Place) -> Container | None:
    section = form.section(place.section)
    elements = section.elements if section else ()
    container: Container | None = None
    for container_id, _key in place.steps:
        container = container_in(elements, container_id)
        if container is None:
            return None
        elements = container.elements
    return container


def _in_words(question: Question, answer: Any) -> Title:  # noqa: ANN401 - any answer
    """Return an answer as one line; empty where there is none that could be a title."""
    if texts := written(answer):
        own = language()
        text = next((t for t in texts if t.language == own), texts[0])
        return Title(_one_line(text.text), "" if text.language == own else text.language)
    if isinstance(answer, list):
        return Title(_one_line(in_one_line(_label(question, code) for code in answer)))
    if not isinstance(answer, str):
        return Title("")
    if question.type is QuestionType.DATE or question.gives == "date":
        return Title(day(answer))
    numbers = (QuestionType.INTEGER, QuestionType.DECIMAL)
    if question.type in numbers or question.gives == "number":
        return Title(number(answer))
    return Title(_one_line(_label(question, answer)))


def _label(question: Question, code: str) -> str:
    return next((choice.label for choice in question.choices if choice.code == code), code)


def _one_line(text: str) -> str:
    return shortened(" ".join(text.split()), LONGEST)


def shortened(text: str, longest: int = SHORT) -> str:
    """Return *text*, cut with an ellipsis where it has more than *longest* characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
