"""Where in a form each of its texts shows, as the page of the form for its authors has it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from app.forms.definition import Element, Form, Question, Section
from app.texts.definition import Place

_LONGEST: Final = 80  # characters of a label in a trail


def places_in(form: Form) -> Mapping[str, tuple[Place, ...]]:
    """Return the places by owner of a text: section, question, matrix, container, check, list.

    The owner is what stands before the first dot of a text key.
    """
    found: dict[str, dict[Place, None]] = defaultdict(dict)
    for section in form.sections:
        place = Place(form.id, form.version, (section.title,), anchor_of_section(section.id))
        found[section.id][place] = None
        for path, trail, element in _walk(section):
            place = Place(form.id, form.version, trail, anchor_of_part((*path, name_of(element))))
            for owner in _owners(element):
                found[owner][place] = None
    return {owner: tuple(places) for owner, places in found.items()}


def anchor_of_section(section_id: str) -> str:
    """Return the id, in the page of a form, of a section."""
    return f"section-{section_id}"


def anchor_of_part(path: tuple[str, ...]) -> str:
    """Return the id, in the page of a form, of an element, by the containers around it."""
    return f"part-{'.'.join(path)}"


def name_of(element: Element) -> str:
    """Return the id that a page shows an element under: that of its matrix, if it is in one."""
    in_matrix = isinstance(element, Question) and element.matrix is not None
    return element.id.partition(".")[0] if in_matrix else element.id


def _walk(
    section: Section,
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Element]]:
    waiting: list[tuple[tuple[str, ...], tuple[str, ...], Element]] = [
        ((), (section.title,), element) for element in reversed(section.elements)
    ]
    while waiting:
        path, trail, element = waiting.pop()
        inside = (*trail, _cut(_label(element)))
        yield path, inside, element
        if not isinstance(element, Question):
            waiting += [
                ((*path, element.id), inside, inner) for inner in reversed(element.elements)
            ]


def _label(element: Element) -> str:
    in_matrix = isinstance(element, Question) and element.matrix
    return in_matrix.label if in_matrix else element.label


def _owners(element: Element) -> set[str]:
    owners = {element.id.partition(".")[0]}
    if isinstance(element, Question):
        owners |= {check.id for check in element.checks} | {element.choice_list}
        owners |= {element.matrix.id, element.matrix.item_list} if element.matrix else set()
    elif hasattr(element, "item_list"):
        owners.add(element.item_list)
    else:
        owners |= {check.id for check in element.checks}
    return owners - {""}


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[:_LONGEST].rstrip()}…"
