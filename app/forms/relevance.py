"""What is asked, decided when it is looked at.

A `Level` holds the answers of one place as rules may see them: an answer that is not asked is not
there, and a container or section that is not relevant hides all in it. Whether an element is
relevant is worked out the first time somebody looks, so that a page costs what its own rules
look at, however long the form is. So it is with calculated answers: they are worked out when
somebody looks, whatever a document says of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, overload

from app.forms.definition import (
    Container,
    Element,
    Form,
    Loop,
    Question,
    QuestionType,
    Repeat,
    Section,
)
from app.forms.places import Answers, Document, Place, container_in, entries, warnings_of
from app.forms.rules import ALWAYS, Scope

Calculated = Mapping[str, Question]  # by id


class Level(Mapping[str, Any]):
    """The asked answers of one place, by question id; containers stand in it as in a document."""

    __slots__ = ("_containers", "_decided", "elements", "given", "raw", "scope", "sections")

    def __init__(
        self,
        elements: Mapping[str, Element],
        raw: Mapping[str, Any],
        outer: Scope | None = None,
        rows: Sequence[Mapping[str, Any]] = (),
        sections: Mapping[str, Section] | None = None,
        calculated: Calculated | None = None,
    ) -> None:
        """Take the *elements* by id, the *raw* answers, and what stands around and beside.

        calculated  those of the elements that are calculated, where the caller knows them
        """
        self.elements = elements
        self.sections = sections or {}  # of each element, at the top of the form
        self.scope = Scope(self, outer, rows)
        computed = calculated_in(elements) if calculated is None else calculated
        self.given = raw  # what people gave; in `raw` also what is calculated
        self.raw = _Computed(raw, computed, self.scope) if computed else raw
        self._decided: dict[str, bool] = {}
        self._containers: dict[str, Rows] = {}

    def is_relevant(self, element_id: str) -> bool:
        """Tell whether the element of that id, which stands here, is asked."""
        if element_id not in self._decided:
            self._decided[element_id] = False  # a rule that looks at itself finds nothing
            self._decided[element_id] = self._decide(element_id)
        return self._decided[element_id]

    def rows_of(self, container: Container) -> "Rows":
        """Return the items or rows of a container that stands here, as if it were relevant."""
        if container.id not in self._containers:
            self._containers[container.id] = Rows(container, self)
        return self._containers[container.id]

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any answer
        """Return the answer, or the items or rows, if asked and there; else raise KeyError."""
        value = self.raw[key]
        element = self.elements[key]
        if not self.is_relevant(key):
            raise KeyError(key)
        if isinstance(element, Question):
            return value
        rows = self.rows_of(element)
        if isinstance(element, Loop):
            return dict(zip(rows.keys, rows, strict=True))
        return [{"row": key, "answers": row} for key, row in zip(rows.keys, rows, strict=True)]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self.elements if key in self.raw and self.is_relevant(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _decide(self, element_id: str) -> bool:
        section = self.sections.get(element_id)
        if section is not None and not is_true(section, self.scope):
            return False
        return is_true(self.elements[element_id], self.scope)


class _Computed(Mapping[str, Any]):
    """The answers of one place, with those that are calculated worked out when looked at."""

    __slots__ = ("_calculated", "_found", "_given", "_scope")

    def __init__(self, given: Mapping[str, Any], calculated: Calculated, scope: Scope) -> None:
        self._given = given
        self._calculated = calculated
        self._scope = scope
        self._found: dict[str, str | None] = {}

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any answer
        question = self._calculated.get(key)
        if question is None:
            return self._given[key]
        if key not in self._found:
            self._found[key] = None  # a rule that looks at itself finds nothing
            self._found[key] = _worked_out(question, self._scope)
        found = self._found[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self._given if key not in self._calculated)
        yield from (key for key in self._calculated if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _worked_out(question: Question, scope: Scope) -> str | None:
    """Return what a calculated question comes to, as an answer; None for nothing."""
    value = question.rule.value(scope)
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    return value or None if isinstance(value, str) else None


class Rows(Sequence[Level]):
    """The items of a loop, or the rows of a repeat, each made when looked at."""

    __slots__ = ("_calculated", "_elements", "_found", "_made", "_outer", "keys")

    def __init__(self, container: Container, level: Level) -> None:
        self._elements = by_id(container.elements)
        self._calculated = calculated_in(self._elements)
        self._outer = level.scope
        found = list(entries(container, level.raw))
        self.keys = [key for key, _ in found]
        self._found = [answers for _, answers in found]
        self._made: dict[int, Level] = {}

    def at(self, key: str) -> Level:
        """Return the item or row of that key; an empty one if there is none yet."""
        if key in self.keys:
            return self[self.keys.index(key)]
        return self._level({})

    @overload
    def __getitem__(self, index: int) -> Level: ...
    @overload
    def __getitem__(self, index: slice) -> list[Level]: ...
    def __getitem__(self, index: int | slice) -> Level | list[Level]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index not in self._made:
            self._made[index] = self._level(self._found[index])
        return self._made[index]

    def __len__(self) -> int:
        return len(self.keys)

    def _level(self, found: Mapping[str, Any]) -> Level:
        return Level(self._elements, found, self._outer, self, calculated=self._calculated)


def by_id(elements: tuple[Element, ...]) -> dict[str, Element]:
    """Return *elements* by id, in form order."""
    return {element.id: element for element in elements}


def calculated_in(elements: Mapping[str, Element]) -> dict[str, Question]:
    """Return those of *elements* that are calculated, by id."""
    return {
        key: element
        for key, element in elements.items()
        if isinstance(element, Question) and element.type is QuestionType.CALCULATED
    }


def is_true(element: Element | Section, scope: Scope) -> bool:
    """Tell whether the element's own rule `relevant` holds."""
    return element.relevant is ALWAYS or element.relevant.holds(scope)


def top(form: Form, document: Mapping[str, Any]) -> Level:
    """Return the level of a whole *document*, all its sections together."""
    elements, sections, calculated = form.once("top", _at_the_top)
    return Level(elements, document, sections=sections, calculated=calculated)


def _at_the_top(form: Form) -> tuple[dict[str, Element], dict[str, Section], dict[str, Question]]:
    """Return all that stands in no container, with the section of each, and what is calculated."""
    elements = {e.id: e for section in form.sections for e in section.elements}
    sections = {e.id: section for section in form.sections for e in section.elements}
    return elements, sections, calculated_in(elements)


def level_at(whole: Level, form: Form, place: Place) -> Level | None:
    """Return the level of *place*; None when it, or something around it, is not relevant.

    A row that is not there yet is an empty one. *place* must exist in the form.
    """
    section = form.section(place.section)
    if section is None or not is_true(section, whole.scope):
        return None
    level, elements = whole, section.elements
    for container_id, key in place.steps:
        container = container_in(elements, container_id)
        if container is None or not level.is_relevant(container_id):
            return None
        level, elements = level.rows_of(container).at(key), container.elements
    return level


def relevant_elements(form: Form, document: Mapping[str, Any], place: Place) -> tuple[Element, ...]:
    """Return what is asked at *place*, in form order; nothing if the place is not relevant."""
    level = level_at(top(form, document), form, place)
    return () if level is None else asked_at(level, form, place)


def asked_at(level: Level, form: Form, place: Place) -> tuple[Element, ...]:
    """Return the elements asked on *level*, which is that of *place*."""
    section = None if place.steps else form.section(place.section)
    elements = level.elements.values() if section is None else section.elements
    return tuple(element for element in elements if level.is_relevant(element.id))


def asked_places(whole: Level, form: Form, section: Section) -> Iterator[tuple[Place, Level]]:
    """Yield the places of *section* that are asked, with their levels, in form order."""
    place = Place(section.id)
    level = level_at(whole, form, place)
    if level is not None:
        yield from places_from(level, form, place)


def places_from(level: Level, form: Form, place: Place) -> Iterator[tuple[Place, Level]]:
    """Yield *place*, whose *level* it is, and what is asked inside it, in form order."""
    yield place, level
    for element in asked_at(level, form, place):
        if not isinstance(element, Question):
            rows = level.rows_of(element)
            for key, row in zip(rows.keys, rows, strict=True):
                yield from places_from(row, form, place.child(element.id, key))


def asked(form: Form, document: Mapping[str, Any]) -> Answers:
    """Return what of *document* is asked: what a signature freezes, in form order.

    Left out are irrelevant answers, explanations of warnings that hold, and containers with
    nothing in them. Rows stay, also those without answers. `asked` of its own result is the same.
    """
    return _asked(top(form, document))


def _asked(level: Level) -> Answers:
    kept: Answers = {}
    for element in level.elements.values():
        if not level.is_relevant(element.id):
            continue
        if isinstance(element, Question):
            if element.id in level.raw:
                kept[element.id] = level.raw[element.id]
        elif element.id in level.raw:
            kept |= _asked_container(element, level.rows_of(element))
        for check in warnings_of(element):
            if check.explanation in level.raw and check.rule.fails(check_scope(level, element)):
                kept[check.explanation] = level.raw[check.explanation]
    return kept


def _asked_container(container: Container, rows: Rows) -> Answers:
    inside = [(key, _asked(row)) for key, row in zip(rows.keys, rows, strict=True)]
    if isinstance(container, Loop):
        items = {key: answers for key, answers in inside if answers}
        return {container.id: items} if items else {}
    listed = [{"row": key, "answers": answers} for key, answers in inside]
    return {container.id: listed} if listed else {}


def completed(form: Form, document: Mapping[str, Any]) -> Document:
    """Return *document* with what is calculated in it, asked or not, and else as it is."""
    if not form.once("calculates", _calculates):
        return dict(document)
    return _completed(top(form, document))


def _calculates(form: Form) -> bool:
    return any(question.type is QuestionType.CALCULATED for question in form.questions())


def _completed(level: Level) -> Answers:
    answers = dict(level.raw)
    for element in level.elements.values():
        if isinstance(element, Question) or element.id not in answers:
            continue
        rows = level.rows_of(element)
        inside = [(key, _completed(row)) for key, row in zip(rows.keys, rows, strict=True)]
        if isinstance(element, Loop):
            answers[element.id] = {key: found for key, found in inside if found}
        else:
            answers[element.id] = [{"row": key, "answers": found} for key, found in inside]
    return answers


def check_scope(level: Level, element: Element) -> Scope:
    """Return what the checks of an element on *level* look at.

    Those of a repeat see its rows as `rows.x`.
    """
    if not isinstance(element, Repeat):
        return level.scope
    return Scope(level, level.scope.outer, level.rows_of(element))
