"""Changing a rehearsed document until nothing in it stands in the way of signing.

A search that is bounded by a number of tries, never by time, so that it ends alike everywhere:
what a broken rule looks at is changed, one answer after the other, while fewer problems are left.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.forms.checks import Problem, blocking, check_form
from app.forms.definition import Container, Element, Form, Loop, Question, QuestionType, Repeat
from app.forms.draws import Draws
from app.forms.places import (
    Answers,
    Document,
    Place,
    container_in,
    elements_at,
    entries,
    walk_places,
)
from app.forms.rehearsal_answers import Around, Drawer, named
from app.forms.rehearsal_fill import PLAUSIBLE, Filling, row_id
from app.forms.relevance import check_scope, level_at, top
from app.forms.rules import Rule, Scope

_ROUNDS: Final = 40
_TRIES: Final = (40, 250)  # in all rounds together, for large documents and for small ones
_WORK: Final = 10_000  # places looked at in all tries
_TARGETS: Final = 24  # answers that are changed for one problem
_ANSWERS: Final = 24  # tried for each of them
_SPANS: Final = (slice(5), slice(5, None))  # of them: first a few for each target, then the rest
_DEPTH: Final = 4  # of calculated answers and conditions that a rule looks at


@dataclass(frozen=True, slots=True)
class _Target:
    """A question, or the rows of a repeat, at a place: what may be changed."""

    place: Place
    element: Question | Repeat


def mend(form: Form, drawer: Drawer, document: Document, seed: str) -> Document:
    """Return a document with fewer problems, with none if that is found."""
    return _Mending(form, drawer, document, seed).mended()


class _Mending:
    def __init__(self, form: Form, drawer: Drawer, document: Document, seed: str) -> None:
        self.form = form
        self.drawer = drawer
        self.seed = seed
        self.draws = Draws(f"{seed}:mend")
        self.tries = 0
        places = 1 + sum(1 for _ in walk_places(form, document))
        self.most_tries = min(max(_WORK // places, _TRIES[0]), _TRIES[1])
        self.document, self.problems = self._settled(document)

    def mended(self) -> Document:
        for number in range(_ROUNDS):
            if not self.problems or self.tries >= self.most_tries:
                break
            if not any(self._better(problem) for problem in self.problems[:4]):
                self._shake(self.problems[number % len(self.problems)])
        return self.document

    def _better(self, problem: Problem) -> bool:
        """Change an answer so that fewer problems are left; tell whether that was found."""
        targets = list(self._targets(problem))
        return any(self._try(target, problem, span) for span in _SPANS for target in targets)

    def _try(self, target: _Target, problem: Problem, span: slice) -> bool:
        for answer in list(self._answers(target, problem))[span]:
            if self.tries >= self.most_tries:
                return False
            self.tries += 1
            changed, problems = self._settled(self._with(target, answer))
            if len(problems) < len(self.problems):
                self.document, self.problems = changed, problems
                return True
        return False

    def _shake(self, problem: Problem) -> None:
        """Change something that the problem is about, whatever comes of it: a new beginning."""
        targets = list(self._targets(problem))
        if targets:
            target = self.draws.one(targets)
            answers = list(self._answers(target, problem))
            changed = self._with(target, self.draws.one(answers))
            self.document, self.problems = self._settled(changed)

    def _settled(self, document: Document) -> tuple[Document, list[Problem]]:
        """Answer what a change has made required, explain warnings; return what is still wrong."""
        Filling(self.form, self.drawer, self.seed, only_required=True).fill(document)
        problems = blocking(check_form(self.form, document))
        for problem in problems:
            if problem.code == "explain":
                explained = self.drawer.words.explanation(Draws(f"{self.seed}:{problem.place}"))
                held_at(document, problem.place)[f"{problem.check}.explanation"] = explained
        return document, [problem for problem in problems if problem.code != "explain"]

    def _with(self, target: _Target, answer: object) -> Document:
        document = deepcopy(self.document)
        held = held_at(document, target.place)
        held.pop(target.element.id, None)
        if answer is not None:
            held[target.element.id] = answer
        return document

    def _answers(self, target: _Target, problem: Problem) -> Iterator[Any]:
        """Yield what the target may be changed to; none first."""
        element = target.element
        current = held_at(self.document, target.place).get(element.id)
        if isinstance(element, Repeat):
            yield from self._other_rows(target.place, element, current or [], problem)
            return
        draws = Draws(f"{self.seed}:{target.place}:{element.id}:{self.tries}")
        if current is not None:
            yield None
        named = self.drawer.others(element, current, self._rules(problem))
        for number, answer in enumerate(named):
            if number == _ANSWERS:
                break
            yield answer
        for _ in range(PLAUSIBLE):
            yield self.drawer.plausible(element, draws, Around())

    def _other_rows(
        self, place: Place, repeat: Repeat, rows: list[Answers], problem: Problem
    ) -> Iterator[list[Answers] | None]:
        """Yield the rows of a repeat as many as a rule says, with one more or less, or fewest."""
        said = (
            int(value)
            for rule, scope in self._rules(problem)
            for value in named(rule, scope, str(len(rows)))
            if isinstance(value, Decimal)
        )
        counts = dict.fromkeys((*said, len(rows) - 1, len(rows) + 1, repeat.least))
        for count in counts:
            if max(repeat.least, 0) <= count <= repeat.most and count != len(rows):
                more = range(len(rows), count)
                added = [{"row": row_id(place, repeat, n), "answers": {}} for n in more]
                yield [*deepcopy(rows[:count]), *added] or None

    # What a problem is about

    def _rules(self, problem: Problem) -> list[tuple[Rule, Scope]]:
        level = level_at(top(self.form, self.document), self.form, problem.place)
        element = self._element(problem)
        if level is None or element is None:
            return []
        checks = () if isinstance(element, Loop) else element.checks
        return [
            (check.rule, check_scope(level, element))
            for check in checks
            if check.id == problem.check
        ]

    def _element(self, problem: Problem) -> Element | None:
        found = elements_at(self.form, problem.place)
        return next((e for e in found if e.id == problem.question), None)

    def _targets(self, problem: Problem) -> Iterator[_Target]:
        """Yield what may be changed: what the broken rule looks at, the nearest first."""
        element = self._element(problem)
        if element is None:
            return
        found: dict[_Target, None] = {}
        if not isinstance(element, Loop):
            self._reach(element.id, problem.place, element, found, 0)
        rules = [rule for rule, _ in self._rules(problem)]
        for rule in [*rules, element.relevant, *self._conditions(problem.place)]:
            for name in sorted(rule.names):
                self._reach(name, problem.place, element, found, 0)
        for place, container in self._around(problem.place):
            if isinstance(container, Repeat):
                found.setdefault(_Target(place, container))
        for number, target in enumerate(found):
            if number == _TARGETS:
                return
            yield target

    def _conditions(self, place: Place) -> Iterator[Rule]:
        """Yield the rules by which a place is asked at all."""
        section = self.form.section(place.section)
        if section is not None:
            yield section.relevant
        for _, container in self._around(place):
            yield container.relevant

    def _around(self, place: Place) -> Iterator[tuple[Place, Container]]:
        """Yield the loops and repeats that *place* stands in, with where they stand."""
        while place.parent is not None:
            container = container_in(elements_at(self.form, place.parent), place.steps[-1][0])
            if container is not None:
                yield place.parent, container
            place = place.parent

    def _reach(
        self, name: str, place: Place, element: Element, found: dict[_Target, None], depth: int
    ) -> None:
        """Add to *found* the answers that *name* means in a rule of *element* at *place*."""
        if depth > _DEPTH:
            return
        first, *rest = name.split(".")
        if first == "rows":
            of = place if isinstance(element, Repeat) else place.parent
            container = element.id if isinstance(element, Repeat) else place.steps[-1][0]
            starts = [(of, [container, *rest])] if of is not None else []
        else:
            starts = [(at, [first, *rest]) for at in self._homes(place, first, name)]
        for start, steps in starts:
            self._follow(start, steps, name, found, depth)

    def _homes(self, place: Place, first: str, whole: str) -> Iterator[Place]:
        """Yield the place, from *place* outwards, where an element of that id stands."""
        around: Place | None = place
        while around is not None and around.steps:
            if any(e.id in (first, whole) for e in elements_at(self.form, around)):
                yield around
                return
            around = around.parent
        for section in self.form.sections:
            if any(e.id in (first, whole) for e in section.elements):
                yield Place(section.id)
                return

    def _follow(
        self, place: Place, steps: list[str], name: str, found: dict[_Target, None], depth: int
    ) -> None:
        for element in elements_at(self.form, place):
            if isinstance(element, Question):
                if element.id in (name, steps[0]):
                    self._add(place, element, found, depth)
            elif element.id == steps[0]:
                if isinstance(element, Repeat):
                    found.setdefault(_Target(place, element))
                held = held_at(self.document, place)
                inside = [key for key, _ in entries(element, held)][::-1][:_TARGETS]
                for key in inside:
                    here = place.child(element.id, key)
                    for question in elements_at(self.form, here):
                        if len(steps) > 1:
                            self._follow(here, steps[1:], name, found, depth)
                            break
                        if isinstance(question, Question):
                            self._add(here, question, found, depth)

    def _add(
        self, place: Place, question: Question, found: dict[_Target, None], depth: int
    ) -> None:
        if question.is_typed:
            found.setdefault(_Target(place, question))
        inner = question.rule if question.type is QuestionType.CALCULATED else question.relevant
        for name in sorted(inner.names):
            if name != question.id:
                self._reach(name, place, question, found, depth + 1)


def held_at(document: Document, place: Place) -> Answers:
    """Return the answers at *place* in *document* itself; those of an item are made if need be."""
    held: Answers = document
    for container, key in place.steps:
        inside: Any = held.setdefault(container, {})
        if isinstance(inside, Mapping):
            held = inside.setdefault(key, {})  # type: ignore[attr-defined] # a dict of ours
        else:
            held = next(row["answers"] for row in inside if row["row"] == key)
    return held
