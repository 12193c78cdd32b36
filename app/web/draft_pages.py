"""One page of a draft: the questions of one place, and the lists of what stands inside it.

Built afresh for each request from the form and the document; templates get ready values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.errors import NotFoundError
from app.forms.checks import Problem, problems_at
from app.forms.definition import Choice, Container, Form, Matrix, Question, Repeat, matrix_of
from app.forms.page_rules import may_change
from app.forms.places import Place, answers_at, container_in, elements_at
from app.forms.progress import MISSING
from app.forms.relevance import (
    Level,
    asked_at,
    calculated_in,
    is_true,
    level_at,
    places_from,
    top,
)
from app.web.draft_lists import Span
from app.web.fields import Field, anchor_of, blocks, explanations, fields_at, offered
from app.web.titles import Title, title_at, title_of, untitled


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item of a loop, or a row of a repeat, in a list."""

    place: Place
    title: Title
    state: str  # "not_started", "in_progress", "complete"
    problems: int  # that stand in the way of signing, beside what is missing
    has_questions: bool  # of its own, and so a page worth opening
    is_first: bool
    is_last: bool
    lists: tuple["Listing", ...]  # what stands inside it

    @property
    def anchor(self) -> str:
        """Return its id in the page."""
        return list_anchor(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A loop or repeat, as a list."""

    container: Container
    place: Place  # in which it stands
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    explanations: tuple[Field, ...]
    can_add: bool
    span: Span | None = None  # which part of a long list this is; None: all of it
    is_asked: bool = True  # if not: the page can come to ask it, by what is typed there

    @property
    def anchor(self) -> str:
        """Return its id in the page."""
        return list_anchor(self.place, self.container.id)

    @property
    def is_repeat(self) -> bool:
        """Whether rows can be added, moved and removed."""
        return isinstance(self.container, Repeat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A matrix: a row for each of its items, as far as they are asked."""

    matrix: Matrix
    rows: tuple[Field, ...]

    @property
    def question(self) -> Question:
        """Return a question of it, for what they all have in common."""
        return self.rows[0].question

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the choices offered: none that is retired, unless a row has chosen it."""
        return offered(self.question, {code for field in self.rows for code in field.codes})

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of its questions."""
        return frozenset(field.question.id for field in self.rows)

    @property
    def is_asked(self) -> bool:
        """Whether it is asked; if not, the page can come to ask it."""
        return self.rows[0].is_asked  # its questions have one rule between them

    @property
    def anchor(self) -> str:
        """Return its id in the page."""
        return anchor_of(f"{self.matrix.id}.matrix")

    @property
    def unit(self) -> str:
        """Return the unit of all its numbers."""
        return self.rows[0].unit

    @property
    def is_required(self) -> bool:
        """Whether each of its rows must be answered."""
        return all(field.is_required for field in self.rows)

    @property
    def has_errors(self) -> bool:
        """Whether something in it is to be put right."""
        return any(field.has_errors for field in self.rows)

    @property
    def can_take_back(self) -> bool:
        """Whether a choice can be taken back: there is one that need not be."""
        return any(field.codes and not field.is_required for field in self.rows)


def _fields_in(block: "Field | Grid | Listing") -> tuple[Field, ...]:
    """Return the fields of a block of a page: its questions, and the explanations of warnings."""
    if isinstance(block, Grid):
        return (*block.rows, *(f for row in block.rows for f in row.explanations))
    return (block, *block.explanations) if isinstance(block, Field) else block.explanations


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """What the page of one place shows."""

    place: Place
    title: Title
    intro: str
    trail: tuple[tuple[Title, Place], ...]  # the places around it, from the section inwards
    blocks: tuple[Field | Grid | Listing, ...]
    is_asked: bool
    problems: tuple[Problem, ...]  # of this place, those that are shown
    tells_missing: bool  # whether what is missing is among them

    @property
    def wrong(self) -> tuple[Problem, ...]:
        """Return the shown problems that stand in the way of signing."""
        return tuple(problem for problem in self.problems if blocks(problem))

    @property
    def has_fields(self) -> bool:
        """Whether there is anything to type, which a link away would lose."""
        return any(
            not isinstance(b, Listing) or any(e.is_asked for e in b.explanations)
            for b in self.blocks
            if b.is_asked
        )

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of the questions that are asked here, and of the explanations."""
        asked = [block for block in self.blocks if block.is_asked]
        found = {f.question.id for b in asked for f in _fields_in(b) if f.is_asked}
        return frozenset(found)

    def anchor(self, problem: Problem) -> str:
        """Return where in the page *problem* is put right."""
        if problem.code == "explain":
            return anchor_of(f"{problem.check}.explanation")
        lists = {b.container.id: b.anchor for b in self.blocks if isinstance(b, Listing)}
        return lists.get(problem.question, anchor_of(problem.question))


def draft_page(
    form: Form,
    document: Mapping[str, Any],
    place: Place,
    *,
    language: str,
    tell_missing: bool,
    spare: frozenset[str] = frozenset(),
    spans: Mapping[str, Span] | None = None,
) -> DraftPage:
    """Return the page of *place*; an empty one for a row that is not there yet.

    language      of writing, that new texts take
    tell_missing  whether to show what is still missing as a problem
    spare         questions of which nothing missing is told: they have only just appeared
    spans         which part of each list is shown, by container; all of those not named
    """
    level = level_at(top(form, document), form, place)
    told = [
        problem
        for problem in (() if level is None else problems_at(level, form, place))
        if problem.code not in MISSING or (tell_missing and problem.question not in spare)
    ]
    section = form.section(place.section)
    return DraftPage(
        place=place,
        title=page_title(form, document, place),
        intro=section.intro if section and not place.steps else "",
        trail=trail(form, document, place),
        blocks=() if level is None else _blocks(level, form, place, told, language, spans or {}),
        is_asked=level is not None,
        problems=tuple(told),
        tells_missing=tell_missing,
    )


def asked_ids(form: Form, document: Mapping[str, Any], place: Place) -> frozenset[str]:
    """Return the ids of what is asked at *place*, but for what is calculated."""
    level = level_at(top(form, document), form, place)
    if level is None:
        return frozenset()
    computed = calculated_in(level.elements)
    return frozenset(e.id for e in asked_at(level, form, place) if e.id not in computed)


def is_there(form: Form, document: Mapping[str, Any], place: Place) -> bool:
    """Tell whether each row that *place* names is there; raise NotFoundError if it can't be."""
    elements_at(form, place)
    for inner in _around(place):
        container_id, key = inner.steps[-1]
        held = answers_at(document, Place(inner.section, inner.steps[:-1])).get(container_id)
        is_row = isinstance(form.container(container_id), Repeat)
        if is_row and all(row["row"] != key for row in held or []):
            return False
    return True


def page_title(form: Form, document: Mapping[str, Any], place: Place) -> Title:
    """Return the heading of the page of *place*; a new row is called after what it is."""
    if is_there(form, document, place):
        return title_at(form, document, place)
    container = form.container(place.steps[-1][0])
    rows = answers_at(document, Place(place.section, place.steps[:-1])).get(place.steps[-1][0])
    return untitled(container.row_label if isinstance(container, Repeat) else "", len(rows or []))


def repeat_at(form: Form, place: Place, container_id: str) -> Repeat:
    """Return the repeat of that id which stands at *place*; raise NotFoundError."""
    found = container_in(elements_at(form, place), container_id)
    if not isinstance(found, Repeat):
        raise NotFoundError(what="place", code=f"{place}/{container_id}")
    return found


def next_section(form: Form, document: Mapping[str, Any], place: Place) -> Place | None:
    """Return the next section that is asked after that of *place*; None after the last."""
    scope = top(form, document).scope
    names = [section.id for section in form.sections]
    later = form.sections[names.index(place.section) + 1 :]
    return next((Place(section.id) for section in later if is_true(section, scope)), None)


def list_anchor(place: Place, container: str = "") -> str:
    """Return the id, in a page, of a row, an item or (with *container*) a list."""
    return "at-" + "/".join(filter(None, [str(place), container])).replace("/", "-")


def _around(place: Place) -> list[Place]:
    """Return the items and rows on the way to *place*, itself included."""
    return [Place(place.section, place.steps[:n]) for n in range(1, len(place.steps) + 1)]


def trail(form: Form, document: Mapping[str, Any], place: Place) -> tuple[tuple[Title, Place], ...]:
    """Return the places around *place* with their titles, from the section inwards."""
    ways = [Place(place.section), *_around(place)][:-1] if place.steps else []
    return tuple((title_at(form, document, way), way) for way in ways)


def _blocks(
    level: Level,
    form: Form,
    place: Place,
    told: Sequence[Problem],
    language: str,
    spans: Mapping[str, Span],
) -> tuple[Field | Grid | Listing, ...]:
    """Return what the page asks, and what it can come to ask by what is typed on it."""
    at_place = elements_at(form, place)
    others = may_change(at_place)
    shown = [e for e in at_place if e.id in others or level.is_relevant(e.id)]
    fields = {f.question.id: f for f in fields_at(level, shown, told, language)}
    found: list[Field | Grid | Listing] = []
    for matrix, elements in groupby(shown, matrix_of):
        if matrix:
            found.append(Grid(matrix=matrix, rows=tuple(fields[e.id] for e in elements)))
            continue
        found += [
            fields[element.id]
            if isinstance(element, Question)
            else _listing(
                level,
                form,
                place,
                element,
                told=told,
                language=language,
                span=spans.get(element.id),
            )
            for element in elements
        ]
    return tuple(found)


def _listing(
    level: Level,
    form: Form,
    place: Place,
    container: Container,
    *,
    told: Sequence[Problem] = (),
    language: str = "",
    span: Span | None = None,
    is_inner: bool = False,
) -> Listing:
    """Return *container*, which stands at *place*, as a list.

    told     what is shown as wrong at *place* itself
    span     which of its items or rows are shown
    is_inner whether it is a list in a list
    """
    rows = level.rows_of(container)
    shown = frozenset(rows.keys if span is None else span.keys)
    own = tuple(p for p in told if p.question == container.id)
    return Listing(
        container=container,
        place=place,
        entries=tuple(
            _entry(rows[i], form, place, container, (i, len(rows), key), is_inner=is_inner)
            for i, key in enumerate(rows.keys)
            if key in shown
        ),
        problems=own,
        explanations=explanations(
            container, level, own, language, list_anchor(place, container.id)
        ),
        can_add=isinstance(container, Repeat) and len(rows) < container.most,
        span=span,
        is_asked=level.is_relevant(container.id),
    )


def _entry(
    level: Level,
    form: Form,
    place: Place,
    container: Container,
    at: tuple[int, int, str],
    *,
    is_inner: bool,
) -> Entry:
    """Return one entry; *at* is its position, how many there are, and its key.

    An entry of an inner list shows no lists of its own: they are on its page.
    """
    position, count, key = at
    here = place.child(container.id, key)
    asked = asked_at(level, form, here)
    inside = places_from(level, form, here)
    wrong = [p for at_place, inner in inside for p in problems_at(inner, form, at_place)]
    return Entry(
        place=here,
        title=title_of(container, position, key, level),
        state=_state(level.given, wrong),
        problems=sum(1 for p in wrong if blocks(p) and p.code not in MISSING),
        has_questions=any(isinstance(element, Question) for element in asked),
        is_first=position == 0,
        is_last=position == count - 1,
        lists=tuple(
            _listing(level, form, here, inner, is_inner=True)
            for inner in asked
            if not isinstance(inner, Question) and not is_inner
        ),
    )


def _state(answers: Mapping[str, Any], problems: Sequence[Problem]) -> str:
    """Return how far an entry is: nothing typed, something missing, or done."""
    if not any(answers.values()):
        return "not_started"
    return "in_progress" if any(blocks(problem) for problem in problems) else "complete"
