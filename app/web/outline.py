"""A whole document to read: sections, lists and answers, for whoever reads it.

Used by check-your-answers, sign-off, signed revisions, print and review. What a reader may see is
decided by `app.forms.audience`; here only what is left is laid out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from app.forms.audience import audience_of, sees, visible
from app.forms.checks import Problem
from app.forms.definition import (
    Audience,
    Check,
    Container,
    Element,
    Form,
    Loop,
    Matrix,
    Question,
    QuestionType,
    Repeat,
    Severity,
    matrix_of,
)
from app.forms.places import Document, Place, entries
from app.forms.relevance import Level, asked_at, level_at, top
from app.web.draft_pages import list_anchor
from app.web.fields import anchor_of
from app.web.titles import Title, title_of

DEEPEST: Final = 6  # HTML has headings h1 to h6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A question with its answer and what the form's checks say of it."""

    place: Place
    question: Question
    answer: Any  # None: not answered
    problems: tuple[Problem, ...]
    explanations: tuple[tuple[Check, Any], ...]  # warnings that were explained, and how
    carried: Mapping[str, Any] | None = None  # of which earlier signature, if it is taken over

    @property
    def anchor(self) -> str:
        """Return its id in the page."""
        return f"{list_anchor(self.place)}-{self.field}"

    @property
    def label(self) -> str:
        """Return what is asked; in a matrix, whose wording stands above, of which item."""
        return self.question.item.label if self.question.item else self.question.label

    @property
    def field(self) -> str:
        """Return the id of its first input on the page where it is changed."""
        return anchor_of(self.question.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A section, a loop or repeat, an item or a row, with what stands in it."""

    place: Place
    title: Title
    level: int  # of its heading, from 2
    parts: tuple["Line | Group", ...]
    problems: tuple[Problem, ...] = ()  # of a repeat as a whole
    explanations: tuple[tuple[Check, Any], ...] = ()
    is_list: bool = False  # a loop or repeat: its entries have pages, it has none
    anchor: str = ""
    field: str = ""  # of a matrix: id of its first input on the page where it is changed

    @property
    def runs(self) -> list[tuple[bool, list["Line | Group"]]]:
        """Return the parts in order, cut into runs of lines (True) and of groups (False)."""
        return [
            (is_line, list(run))
            for is_line, run in groupby(self.parts, lambda part: isinstance(part, Line))
        ]

    @property
    def has_answers(self) -> bool:
        """Whether anything in it is answered."""
        return any(
            part.has_answers if isinstance(part, Group) else part.answer is not None
            for part in self.parts
        )


def outline(
    form: Form,
    document: Document,
    reader: Audience,
    problems: Sequence[Problem] = (),
    carried: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
) -> tuple[Group, ...]:
    """Return the sections of *form* that are asked, with the answers that *reader* may see.

    problems   to show beside the answers; those at hidden questions are left out
    carried    answers taken over from an earlier collection, as a revision keeps them
    """
    painter = _Painter(form, reader, problems, carried or {})
    shown, whole = visible(form, document, reader), top(form, document)
    return tuple(
        Group(
            place=(place := Place(section.id)),
            title=Title(section.title),
            level=2,
            parts=painter.parts(level, shown, place, 3),
            anchor=list_anchor(place),
        )
        for section in form.sections
        if (level := level_at(whole, form, Place(section.id))) is not None
    )


class _Painter:
    """Lays out one document for one reader."""

    def __init__(
        self,
        form: Form,
        reader: Audience,
        problems: Sequence[Problem],
        carried: Mapping[tuple[str, str], Mapping[str, Any]],
    ) -> None:
        self.form = form
        self.carried = carried
        self.reader = reader
        self.problems: dict[tuple[Place, str], list[Problem]] = {}
        for problem in problems:
            self.problems.setdefault((problem.place, problem.question), []).append(problem)

    def told(self, element: Question | Repeat, place: Place) -> tuple[Problem, ...]:
        """Return the problems at *element*, without those that speak of what is hidden."""
        checks = {check.id: check for check in element.checks}
        return tuple(
            problem
            for problem in self.problems.get((place, element.id), ())
            if problem.check not in checks
            or sees(self.reader, audience_of(self.form, checks[problem.check], element))
        )

    def parts(
        self, level: Level, shown: Mapping[str, Any], place: Place, depth: int
    ) -> tuple[Line | Group, ...]:
        """Lay out what is asked at *place*, whose visible answers are *shown*."""
        found: list[Line | Group] = []
        for matrix, run in groupby(asked_at(level, self.form, place), matrix_of):
            elements = tuple(run)
            if matrix:
                found += self.matrix(matrix, elements, shown, place, depth)
                continue
            for element in elements:
                if not isinstance(element, Question):
                    found.append(self.list(level, element, shown, place, depth))
                elif element.type is not QuestionType.NOTE and sees(self.reader, element.audience):
                    found.append(self.line(element, shown, place))
        return tuple(found)

    def matrix(
        self,
        matrix: Matrix,
        elements: Sequence[Element],
        shown: Mapping[str, Any],
        place: Place,
        depth: int,
    ) -> Iterator[Group]:
        """Yield a group for a matrix with the *elements* that are its questions, if visible."""
        questions = [e for e in elements if isinstance(e, Question)]
        lines = tuple(
            self.line(question, shown, place)
            for question in questions
            if sees(self.reader, question.audience)
        )
        if lines:
            yield Group(
                place=place,
                title=Title(matrix.label),
                level=min(depth, DEEPEST),
                parts=lines,
                anchor=list_anchor(place, matrix.id),
                field=lines[0].field,
            )

    def line(self, question: Question, shown: Mapping[str, Any], place: Place) -> Line:
        return Line(
            place=place,
            question=question,
            answer=shown.get(question.id),
            problems=self.told(question, place),
            explanations=tuple(_explained(question, shown)),
            carried=self.carried.get((str(place), question.id)),
        )

    def list(
        self,
        level: Level,
        container: Container,
        shown: Mapping[str, Any],
        place: Place,
        depth: int,
    ) -> Group:
        inside = dict(entries(container, shown))
        rows = level.rows_of(container)
        return Group(
            place=place,
            title=Title(container.label),
            level=min(depth, DEEPEST),
            parts=tuple(
                self.entry(rows[position], container, (position, key), inside[key], place, depth)
                for position, key in enumerate(rows.keys)
                if key in inside
            ),
            problems=self.told(container, place) if isinstance(container, Repeat) else (),
            explanations=tuple(_explained(container, shown)),
            is_list=True,
            anchor=list_anchor(place, container.id),
        )

    def entry(
        self,
        level: Level,
        container: Container,
        at: tuple[int, str],
        shown: Mapping[str, Any],
        place: Place,
        depth: int,
    ) -> Group:
        position, key = at
        here = place.child(container.id, key)
        return Group(
            place=here,
            title=title_of(container, position, key, shown),
            level=min(depth + 1, DEEPEST),
            parts=self.parts(level, shown, here, depth + 2),
            anchor=list_anchor(here),
        )


def _explained(element: Element, shown: Mapping[str, Any]) -> Iterator[tuple[Check, Any]]:
    if not isinstance(element, Loop):
        for check in element.checks:
            if check.severity is Severity.WARNING and check.explanation in shown:
                yield check, shown[check.explanation]
