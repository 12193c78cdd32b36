"""Where answers stand: the document of a submission, cut into places and put together again.

A *document* is all answers of a submission:

    {question: answer, loop: {item: {question: answer}}, repeat: [{"row": id, "answers": {…}}]}

A *place* is one section, one item of a loop or one row of a repeat: the unit of a page and of a
save. Containers nest; sections are not in the document. `assemble(split(d))` gives `d` back, but
for items and lists with nothing in them, and what is calculated, which are left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import NotFoundError
from app.forms.definition import Check, Container, Element, Form, Loop, Question, Repeat, Severity

Answers = dict[str, Any]  # of one place, by question id
Document = dict[str, Any]  # of a whole submission

ROW_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Place:
    """A section, then the containers inside it with the item or row: (container, key) steps.

    As text: `section/container/key/container/key`.
    """

    section: str
    steps: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "/".join([self.section, *(name for step in self.steps for name in step)])

    @property
    def parent(self) -> "Place | None":
        """The place that this one stands in; None for a section."""
        return Place(self.section, self.steps[:-1]) if self.steps else None

    def child(self, container: str, key: str) -> "Place":
        """Return the place of an item or row of a container that stands here."""
        return Place(self.section, (*self.steps, (container, key)))


@dataclass(frozen=True, slots=True)
class Part:
    """The plain answers of one place. *position* orders the rows of a repeat, from 0."""

    place: Place
    position: int
    answers: Answers


def parse_place(text: str) -> Place:
    """Read a place from its text form; raise NotFoundError when it is none."""
    section, *names = text.split("/")
    if not section or len(names) % 2 or not all(names):
        raise NotFoundError(what="place", code=text)
    return Place(section, tuple(zip(names[::2], names[1::2], strict=True)))


def elements_at(form: Form, place: Place) -> tuple[Element, ...]:
    """Return what is asked at *place*, relevant or not.

    Raises NotFoundError for a section, container or item that the form does not have, and for a
    key that cannot be a row's id.
    """
    section = form.section(place.section)
    if section is None:
        raise NotFoundError(what="place", code=str(place))
    elements = section.elements
    for container_id, key in place.steps:
        container = container_in(elements, container_id)
        if container is None or not _may_be_key(container, key):
            raise NotFoundError(what="place", code=str(place))
        elements = container.elements
    return elements


def container_in(elements: tuple[Element, ...], container_id: str) -> Container | None:
    """Return the loop or repeat of that id among *elements*, not deeper."""
    for element in elements:
        if element.id == container_id and not isinstance(element, Question):
            return element
    return None


def answer_keys(elements: Iterable[Element]) -> Iterator[str]:
    """Yield the keys under which plain answers stand at a place, in form order.

    These are the questions that people answer, and the explanations of the warnings there.
    """
    for element in elements:
        if isinstance(element, Question) and element.is_typed:
            yield element.id
        yield from (check.explanation for check in warnings_of(element))


def warnings_of(element: Element) -> tuple[Check, ...]:
    """Return the checks of *element* that ask for an explanation when they do not hold."""
    if isinstance(element, Loop):
        return ()
    return tuple(check for check in element.checks if check.severity is Severity.WARNING)


def split(form: Form, document: Mapping[str, Any]) -> list[Part]:
    """Cut *document* into its places, in form order. Keys that the form does not have are left out.

    A section or item without plain answers gives no part; a row always gives one.
    """
    parts: list[Part] = []
    for section in form.sections:
        place = Place(section.id)
        if answers := _plain(section.elements, document):
            parts.append(Part(place, 0, answers))
        parts.extend(_split_containers(section.elements, document, place))
    return parts


def assemble(form: Form, parts: Iterable[Part]) -> Document:
    """Put parts together, in any order; raise NotFoundError for a part with no place in *form*.

    Rows stand in the order of their positions, those of equal position in the order given.
    """
    document: Document = {}
    reached = {Place(section.id): (section.elements, document) for section in form.sections}
    for part in sorted(parts, key=lambda part: (len(part.place.steps), part.position)):
        _reach(part.place, reached).update(part.answers)
    return document


def answers_at(document: Mapping[str, Any], place: Place) -> Answers:
    """Return what *document* holds at *place*, containers included; {} if nothing is there."""
    found: Any = document
    for container, key in place.steps:
        held = found.get(container)
        if isinstance(held, list):
            found = next((row["answers"] for row in held if row["row"] == key), None)
        else:
            found = (held or {}).get(key)
        if found is None:
            return {}
    return dict(found)


def walk_places(form: Form, document: Mapping[str, Any]) -> Iterator[Place]:
    """Yield every section, every item of every loop and every row there is, in form order."""
    for section in form.sections:
        place = Place(section.id)
        yield place
        yield from places_under(section.elements, document, place)


def still_there(form: Form, document: Mapping[str, Any], place: Place) -> Place:
    """Return *place*, or what it stood in where its row is not there any more."""
    there = set(walk_places(form, document))
    while place not in there and place.parent is not None:
        place = place.parent
    return place


def places_under(
    elements: tuple[Element, ...], answers: Mapping[str, Any], place: Place
) -> Iterator[Place]:
    """Yield the places inside *place*, where *elements* are asked and *answers* stand."""
    for element in elements:
        if isinstance(element, Question):
            continue
        for key, inside in entries(element, answers):
            here = place.child(element.id, key)
            yield here
            yield from places_under(element.elements, inside, here)


def entries(
    container: Container, answers: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield key and answers of every item of a loop, answered or not, or of every row there is."""
    held = answers.get(container.id)
    if isinstance(container, Loop):
        for item in container.items:
            yield item.code, (held or {}).get(item.code, {})
    else:
        for row in held or []:
            yield row["row"], row["answers"]


def _may_be_key(container: Container, key: str) -> bool:
    if isinstance(container, Loop):
        return any(item.code == key for item in container.items)
    return ROW_ID.fullmatch(key) is not None


def _plain(elements: tuple[Element, ...], answers: Mapping[str, Any]) -> Answers:
    return {key: answers[key] for key in answer_keys(elements) if key in answers}


def _split_containers(
    elements: tuple[Element, ...], answers: Mapping[str, Any], place: Place
) -> Iterator[Part]:
    for element in elements:
        if isinstance(element, Question) or element.id not in answers:
            continue
        for position, (key, inside) in enumerate(entries(element, answers)):
            here = place.child(element.id, key)
            plain = _plain(element.elements, inside)
            if isinstance(element, Repeat):
                yield Part(here, position, plain)
            elif plain:
                yield Part(here, 0, plain)
            yield from _split_containers(element.elements, inside, here)


def _reach(place: Place, reached: dict[Place, tuple[tuple[Element, ...], Answers]]) -> Answers:
    """Return the answers at *place* of a document, made where they are not there yet.

    reached   elements and answers of the places known so far, all sections among them
    """
    if place in reached:
        return reached[place][1]
    if place.parent is None:
        raise NotFoundError(what="place", code=str(place))
    around = _reach(place.parent, reached)
    container_id, key = place.steps[-1]
    container = container_in(reached[place.parent][0], container_id)
    if container is None or not _may_be_key(container, key):
        raise NotFoundError(what="place", code=str(place))
    answers: Answers = {}
    if isinstance(container, Loop):
        around.setdefault(container_id, {})[key] = answers
    else:
        around.setdefault(container_id, []).append({"row": key, "answers": answers})
    reached[place] = (container.elements, answers)
    return answers
