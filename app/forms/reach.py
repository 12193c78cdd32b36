"""Which answers the page of a place can depend on: what is to be read of a large draft for it.

A page shows its own answers and what stands inside it; its rules look at answers elsewhere, whose
being asked rules decide again. All this follows from the form, so it is worked out once for a page
of each kind: of each section, of the items of each loop and of the rows of each repeat.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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
from app.forms.places import Place
from app.forms.rules import ALWAYS, NEVER, Rule

Path = tuple[str, ...]  # ids of containers, outermost first


@dataclass(frozen=True, slots=True)
class Reach:
    """What the page of a place looks at, beside itself and what it stands in.

    sections     whose answers outside all containers are looked at
    containers   of which all items or rows are: the section, then the ids of containers
    """

    sections: frozenset[str]
    containers: frozenset[Path]

    def prefixes(self, place: Place) -> list[Place]:
        """Return the places of which all that stands inside *containers* is to be read.

        Each with the container as its last step, whose key is empty: `section/loop/`.
        """
        return sorted({_prefix(path, place) for path in self.containers}, key=str)

    def covers(self, place: Place, container: str) -> bool:
        """Tell whether all items or rows of a container that stands at *place* are looked at."""
        path = (place.section, *(step for step, _key in place.steps), container)
        return any(path[: len(wide)] == wide for wide in self.containers)


def reach(form: Form, place: Place) -> Reach:
    """Return what the page of *place* looks at; *place* must exist in *form*."""
    shape = tuple(container for container, _key in place.steps)
    return form.once(("reach", place.section, shape), lambda _: _Search(form).page(place, shape))


def reach_of_sections(form: Form) -> Reach:
    """Return what decides which sections are asked."""
    return form.once("reach of sections", lambda _: _Search(form).all_sections())


def _prefix(path: Path, place: Place) -> Place:
    """Return what is to be read of a container: in the row of the page, if that is in it."""
    section, *containers = path
    steps: list[tuple[str, str]] = []
    for number, container in enumerate(containers):
        own = place.steps[number] if number < len(place.steps) else ("", "")
        on_the_way = section == place.section and steps == list(place.steps[:number])
        last = number == len(containers) - 1
        if last or not on_the_way or own[0] != container:
            steps.append((container, ""))
            break
        steps.append(own)
    return Place(section, tuple(steps))


@dataclass
class _Search:
    """Follows the rules of a page, and the rules of what they look at."""

    form: Form
    sections: set[str] = field(default_factory=set)
    containers: set[Path] = field(default_factory=set)
    seen: set[tuple[Path, str]] = field(default_factory=set)

    def page(self, place: Place, shape: Path) -> Reach:
        section = self.form.section(place.section)
        if section is not None:
            self.rule(section.relevant, section, ())
            elements = section.elements
            for depth, container_id in enumerate(shape):
                container = _container_in(elements, container_id)
                self.rule(container.relevant, section, shape[:depth])
                self.title(container, section, shape[: depth + 1])
                elements = container.elements
            self.inside(elements, section, shape)
        return Reach(frozenset(self.sections), frozenset(self.containers))

    def all_sections(self) -> Reach:
        for section in self.form.sections:
            self.rule(section.relevant, section, ())
        return Reach(frozenset(self.sections), frozenset(self.containers))

    def title(self, container: Container, section: Section, path: Path) -> None:
        """Follow what decides how an item or row around the page is called."""
        for element in container.elements:
            if isinstance(element, Question):
                is_reference = element.type is QuestionType.REFERENCE
                is_title = isinstance(container, Repeat) and element.id == container.row_title
                if is_reference or is_title:
                    self.element(element, section, path, [])

    def inside(self, elements: Iterable[Element], section: Section, path: Path) -> None:
        """Follow all the rules of *elements*, and of what stands inside them."""
        for element in elements:
            for rule in _rules_of(element):
                self.rule(rule, section, path, element)
            if not isinstance(element, Question):
                self.inside(element.elements, section, (*path, element.id))

    def rule(
        self, rule: Rule, section: Section, path: Path, element: Element | None = None
    ) -> None:
        """Follow the names in a rule that stands at *path* of *section*."""
        if rule is ALWAYS or rule is NEVER:
            return
        for name in rule.names:
            self.name(name, section, path, element)

    def name(self, name: str, section: Section, path: Path, by: Element | None) -> None:
        first, *rest = name.split(".")
        if first == "rows":
            of = (*path, by.id) if isinstance(by, Repeat) else path
            for container, at in self.found(of[-1], section, of[:-1]):
                self.element(container, section, at, rest)
            return
        for whole, steps in ((name, []), (first, rest)):
            for at in (path[:depth] for depth in range(len(path), 0, -1)):
                for element, _ in self.found(whole, section, at):
                    self.element(element, section, at, steps)
                    return
            top = self.form.once("top with sections", _top).get(whole)
            if top is not None:
                self.element(top[0], top[1], (), steps)
                return

    def found(
        self, element_id: str, section: Section, path: Path
    ) -> Iterator[tuple[Element, Path]]:
        """Yield the element of that id that stands at *path*, not deeper."""
        elements = section.elements
        for container_id in path:
            elements = _container_in(elements, container_id).elements
        yield from ((element, path) for element in elements if element.id == element_id)

    def element(self, element: Element, section: Section, path: Path, steps: list[str]) -> None:
        """Follow what decides whether *element* is asked and what it comes to; then *steps*."""
        if not path:
            self.sections.add(section.id)
        if (path, element.id) not in self.seen:
            self.seen.add((path, element.id))
            self.rule(element.relevant, section, path)
            if not path:
                self.rule(section.relevant, section, ())
            if isinstance(element, Question):
                self.rule(element.rule, section, path)
        if isinstance(element, Question):
            return
        inner = (*path, element.id)
        self.containers.add((section.id, *inner))
        if not steps and (inner, "") not in self.seen:
            self.seen.add((inner, ""))
            for each in element.elements:
                self.element(each, section, inner, [])
        for each in element.elements if steps else ():
            if each.id in (steps[0], ".".join(steps)):
                self.element(each, section, inner, [] if each.id != steps[0] else steps[1:])


def _rules_of(element: Element) -> list[Rule]:
    rules = [element.relevant]
    if isinstance(element, Question):
        rules += [element.required, element.rule]
    if not isinstance(element, Loop):
        rules += [check.rule for check in element.checks]
    return rules


def _container_in(elements: tuple[Element, ...], container_id: str) -> Container:
    return next(e for e in elements if not isinstance(e, Question) and e.id == container_id)


def _top(form: Form) -> dict[str, tuple[Element, Section]]:
    return {e.id: (e, section) for section in form.sections for e in section.elements}
