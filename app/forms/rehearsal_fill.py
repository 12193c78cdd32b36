"""Filling in a document for a rehearsal, in the order in which a form asks.

A rule looks only at what was asked before it, so whatever decides about an answer is there already
when the answer is drawn. What can only be seen at the end is left to `rehearsal_mend`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.forms.definition import (
    Check,
    Element,
    Form,
    Loop,
    Question,
    Repeat,
    Section,
    Severity,
)
from app.forms.draws import Draws
from app.forms.limits import broken_limits
from app.forms.places import ROW_ID, Answers, Document, Place
from app.forms.rehearsal_answers import ANY, Around, Drawer
from app.forms.relevance import Calculated, Level, by_id, calculated_in, check_scope
from app.forms.rules import Rule, Scope

PLAUSIBLE: Final = 6  # answers tried, before those that the rules speak of
_MOST_TRIES: Final = 60
_WARNED: Final = 15  # per cent of the answers that bring a warning, which stay and are explained
_LEAST_EAGER: Final = 45  # per cent of the optional questions that the least eager answer
_NONE: Final = ("", "0")  # outcomes that are no answer
_ROWS: Final = ((0, 12), (1, 33), (2, 27), (3, 18), (4, 10))


@dataclass(slots=True)
class Spot:
    """A place while it is filled: its answers, and what stands around them."""

    place: Place
    elements: dict[str, Element]
    calculated: Calculated
    answers: Answers
    outer: "Spot | None" = None
    rows: list[Level] = field(default_factory=list)  # of its container, this one at `index`
    index: int = 0
    title: str = ""  # id of the question whose answer names the row
    what: str = ""  # and what one row is
    of: int = 1  # how many rows there will be
    sections: dict[str, Section] = field(default_factory=dict)

    def level(self) -> Level:
        """Return how rules see the answers as they are now."""
        level = Level(
            self.elements,
            self.answers,
            self.outer.level().scope if self.outer else None,
            self.rows,
            sections=self.sections,
            calculated=self.calculated,
        )
        if self.rows:
            self.rows[self.index] = level
        return level

    def around(self, question: Question) -> Around:
        """Return what an answer at this spot may depend on."""
        return Around(self.index + 1, self.of, self.what if question.id == self.title else "")


class Filling:
    """Fills in one document of *form*, alike for a *seed*."""

    def __init__(
        self, form: Form, drawer: Drawer, seed: str, *, only_required: bool = False
    ) -> None:
        """Take what decides.

        only_required   leave out what need not be answered; keep what there is
        """
        self.form = form
        self.drawer = drawer
        self.seed = seed
        self.only_required = only_required
        self.eager = _LEAST_EAGER + self.draws("eager").below(101 - _LEAST_EAGER)

    def draws(self, what: str) -> Draws:
        """Return the draws about one thing; they depend on no other."""
        return Draws(f"{self.seed}:{what}")

    def fill(self, document: Document) -> None:
        """Answer what is asked and not answered yet."""
        elements = {e.id: e for section in self.form.sections for e in section.elements}
        sections = {e.id: section for section in self.form.sections for e in section.elements}
        computed = calculated_in(elements)
        for section in self.form.sections:
            place = Place(section.id)
            spot = Spot(place, elements, computed, document, sections=sections)
            self._elements(spot, section.elements)

    def _elements(self, spot: Spot, elements: tuple[Element, ...]) -> None:
        for element in elements:
            if isinstance(element, Question):
                if element.is_typed:
                    self._question(spot, element)
            elif spot.level().is_relevant(element.id):
                if isinstance(element, Loop):
                    self._items(spot, element)
                else:
                    self._rows(spot, element)

    # Containers

    def _items(self, spot: Spot, loop: Loop) -> None:
        held: Answers = spot.answers.setdefault(loop.id, {})
        rows = [Level(by_id(loop.elements), held.get(item.code, {})) for item in loop.items]
        for index, item in enumerate(loop.items):
            answers = held.setdefault(item.code, {})
            self._elements(_inside(spot, loop, item.code, answers, rows, index), loop.elements)
            if not answers:
                del held[item.code]
        if not held:
            del spot.answers[loop.id]

    def _rows(self, spot: Spot, repeat: Repeat) -> None:
        held: list[Answers] = spot.answers.setdefault(repeat.id, [])
        wanted = max(len(held), self._how_many(spot, repeat))
        elements = by_id(repeat.elements)
        rows = [Level(elements, row["answers"]) for row in held]
        for index in range(wanted):
            if index == len(held):
                held.append({"row": row_id(spot.place, repeat, index), "answers": {}})
                rows.append(Level(elements, {}))
            row = held[index]
            inside = _inside(spot, repeat, row["row"], row["answers"], rows, index)
            inside.of = wanted
            self._elements(inside, repeat.elements)
        if not held:
            del spot.answers[repeat.id]
        self._explain(spot, repeat)

    def _how_many(self, spot: Spot, repeat: Repeat) -> int:
        if self.only_required:
            return repeat.least
        leaning = self.drawer.leanings.get(repeat.id)
        usual = [(int(n), weight) for n, weight in leaning] if leaning else _ROWS
        count = self.draws(f"{spot.place}/{repeat.id}").weighted(usual)
        return min(max(count, repeat.least), repeat.most)

    # Questions

    def _question(self, spot: Spot, question: Question) -> None:
        level = spot.level()
        if question.id in spot.answers or not level.is_relevant(question.id):
            return
        is_required = question.required.holds(level.scope)
        draws = self.draws(f"{spot.place}:{question.id}")
        left_out = not is_required and (self.only_required or not self._is_likely(question, draws))
        if left_out and not failing(spot.level(), question):
            return
        self._try_all(spot, question, draws, is_required=is_required)

    def _is_likely(self, question: Question, draws: Draws) -> bool:
        leaning = self.drawer.leanings.get(question.id, ())
        if any(outcome in _NONE for outcome, _ in leaning):
            return draws.weighted(list(leaning)) not in _NONE
        return draws.chance(100 if any(o != ANY for o, _ in leaning) else self.eager)

    def _try_all(self, spot: Spot, question: Question, draws: Draws, *, is_required: bool) -> None:
        """Give the first answer that breaks no rule; else one whose warning is explained."""
        warned: Any = None
        first: Any = None
        keeps_warning = draws.chance(_WARNED)
        for number, answer in enumerate(self._answers(spot, question, draws)):
            if number == _MOST_TRIES:
                break
            spot.answers[question.id] = answer
            first = answer if first is None else first
            if not any(True for _ in broken_limits(question, answer)):
                severities = {check.severity for check in failing(spot.level(), question)}
                if not severities & {Severity.PROBLEM, Severity.WARNING}:
                    return
                if Severity.PROBLEM not in severities:
                    warned = answer if warned is None else warned
                    if keeps_warning:
                        break
        del spot.answers[question.id]
        given = warned if warned is not None else first
        if given is not None and (is_required or warned is not None):
            spot.answers[question.id] = given
        self._explain(spot, question)

    def _answers(self, spot: Spot, question: Question, draws: Draws) -> Iterator[Any]:
        around = spot.around(question)
        for _ in range(PLAUSIBLE):
            answer = self.drawer.plausible(question, draws, around)
            if answer is not None:
                yield answer
        level = spot.level()
        rules: list[tuple[Rule, Scope]] = [
            (check.rule, level.scope) for check in failing(level, question)
        ]
        yield from self.drawer.others(question, spot.answers.get(question.id), rules)

    def _explain(self, spot: Spot, element: Question | Repeat) -> None:
        """Explain the warnings of *element* that stay."""
        for check in failing(spot.level(), element):
            if check.severity is Severity.WARNING and check.explanation not in spot.answers:
                draws = self.draws(f"{spot.place}:{check.explanation}")
                spot.answers[check.explanation] = self.drawer.words.explanation(draws)


def failing(level: Level, element: Question | Repeat) -> list[Check]:
    """Return the checks of *element*, which stands on *level*, that do not hold."""
    if not element.checks or not level.is_relevant(element.id):
        return []
    scope = check_scope(level, element)
    return [check for check in element.checks if check.rule.fails(scope)]


def _inside(
    spot: Spot, container: Loop | Repeat, key: str, answers: Answers, rows: list[Level], index: int
) -> Spot:
    elements = by_id(container.elements)
    inside = Spot(
        spot.place.child(container.id, key),
        elements,
        calculated_in(elements),
        answers,
        outer=spot,
        rows=rows,
        index=index,
    )
    if isinstance(container, Repeat):
        inside.title, inside.what = container.row_title, container.row_label
    return inside


def row_id(place: Place, repeat: Repeat, index: int) -> str:
    """Return the id of a row, unlike that of any other row of the repeat in the document."""
    around = [key for _, key in place.steps]
    wished = "-".join([*around, str(index + 1)])
    if around and ROW_ID.fullmatch(wished):
        return wished
    digest = hashlib.sha256(f"{place}/{repeat.id}".encode()).hexdigest()[:12]
    return f"{digest}-{index + 1}" if around else f"r{index + 1}"
