"""Which names a rule may look at, where it stands, and what kind of answer each gives.

A rule looks at what was asked before it: a bare name is a question of the same row or item, or of
what is around it; `rows.x` a column of the innermost container; `container.x` a column of a
container. `matrix.item` is one answer of a matrix, and `matrix` the list of all of them. So no two
rules can wait for each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.forms.definition import Audience, Question, QuestionType
from app.forms.yaml_node import suggestion

KINDS: Final[Mapping[QuestionType, str]] = {  # a note has no answer
    QuestionType.TEXT: "text",
    QuestionType.INTEGER: "number",
    QuestionType.DECIMAL: "number",
    QuestionType.DATE: "date",
    QuestionType.SELECT_ONE: "code",
    QuestionType.REFERENCE: "code",
    QuestionType.SELECT_MULTIPLE: "codes",
}
NO_ANSWER: Final = "note"
CONTAINER: Final = "container"
MATRIX: Final = "matrix"


@dataclass(frozen=True, slots=True)
class Named:
    """What a name in a rule stands for. *kind* as in `app.forms.rules.parse_rule`."""

    kind: str
    codes: tuple[str, ...] = ()
    is_column: bool = False
    inside: "Frame | None" = None  # of a container
    members: tuple[str, ...] = ()  # names of the questions of a matrix
    audience: Audience = Audience.PUBLIC  # who may see the answer


@dataclass(slots=True)
class Frame:
    """What has been asked so far in a container, or outside all of them (id "")."""

    id: str = ""
    outer: "Frame | None" = None
    names: dict[str, Named] = field(default_factory=dict)
    rows: "Frame | None" = None  # what `rows` means, where it is not this container

    @property
    def path(self) -> tuple[str, ...]:
        """The ids of the containers around, outermost first."""
        return (*self.outer.path, self.id) if self.outer else ()

    def ask(self, question: Question) -> None:
        """From now on rules may look at *question*."""
        codes = tuple(choice.code for choice in question.choices)
        kind = question.gives or KINDS.get(question.type, NO_ANSWER)
        self.names[question.id] = Named(kind, codes, audience=question.audience)

    def ask_matrix(self, matrix_id: str, questions: Sequence[Question]) -> None:
        """From now on rules may look at a matrix and at each of its *questions*."""
        for question in questions:
            self.ask(question)
        widest = questions[0].audience if questions else Audience.PUBLIC
        members = tuple(question.id for question in questions)
        self.names[matrix_id] = Named(MATRIX, members=members, audience=widest)

    def open(self, container_id: str) -> "Frame":
        """From now on rules may look at a container; return the frame inside it."""
        inside = Frame(container_id, self)
        self.names[container_id] = Named(CONTAINER, inside=inside)
        return inside

    def of_rows(self, inside: "Frame") -> "Frame":
        """Return this frame as the checks of a repeat see it: with its own rows as `rows`."""
        return Frame(self.id, self.outer, self.names, inside)

    @property
    def columns(self) -> "Frame | None":
        """The container whose columns are `rows.x` for a rule that stands here, if any."""
        return self.rows or (self if self.outer else None)

    def find(self, name: str) -> Named | None:
        """Return what *name* stands for in a rule that stands here; None if nothing."""
        first, *rest = name.split(".")
        if not rest or self.visible(name):
            return self.visible(name)
        inside = self.columns if first == "rows" else None
        if first != "rows" and (container := self.visible(first)):
            inside = container.inside
        for step in rest[:-1]:
            nested = inside.names.get(step) if inside else None
            inside = nested.inside if nested else None
        found = inside.names.get(rest[-1]) if inside else None
        if found is None or found.kind in (CONTAINER, MATRIX):
            return None
        return Named(found.kind, found.codes, is_column=True, audience=found.audience)

    def names_at(self, name: str) -> Named:
        """Return what *name*, which is known, stands for in a rule that stands here."""
        return self.find(name) or Named(NO_ANSWER)

    def matrices(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the questions of each matrix that *names* are, or stand in."""
        found = {first: self.visible(first) for first in (n.split(".")[0] for n in names)}
        return {name: named.members for name, named in found.items() if named and named.members}

    def visible(self, name: str) -> Named | None:
        """Return what a bare name stands for, here or around; None if nothing."""
        return self.names.get(name) or (self.outer.visible(name) if self.outer else None)

    def known(self) -> list[str]:
        """Return the names that a rule standing here may use as they are."""
        return [*self.names, *(self.outer.known() if self.outer else ())]


def unknown_name(name: str, frame: Frame, all_ids: Collection[str]) -> str:
    """Say why a rule standing in *frame* cannot look at *name*, and what to do.

    all_ids  every id in the form, also of what is asked later
    """
    first, _, last = name.rpartition(".")
    if first == "rows" and frame.columns is None:
        return f"{name}: 'rows' is only for rules inside a loop or repeat; write {last}"
    if last not in all_ids:
        return f"there is no question {name!r}" + suggestion(last, all_ids)
    if last in frame.known():
        return f"{name}: there is no such column here; write {last}"
    return (
        f"{name!r} cannot be looked at from here: it is asked later, or in a container; "
        "ask it before, or write container.question for a column"
    )
