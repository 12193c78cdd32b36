"""Which names a rule may look at, where it stands, and what kind of answer each gives.

A rule looks at what was asked before it: a bare name is a question of the same row or item, or of
what is around it; `rows.x` a column of the innermost container; `container.x` a column of a
container. So no two rules can wait for each other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.forms.definition import Question, QuestionType
from app.forms.yaml_node import suggestion

KINDS: Final[Mapping[QuestionType, str]] = {  # a note has no answer
    QuestionType.TEXT: "text",
    QuestionType.INTEGER: "number",
    QuestionType.DATE: "date",
    QuestionType.SELECT_ONE: "code",
    QuestionType.REFERENCE: "code",
    QuestionType.SELECT_MULTIPLE: "codes",
}
NO_ANSWER: Final = "note"
CONTAINER: Final = "container"


@dataclass(frozen=True, slots=True)
class Named:
    """What a name in a rule stands for. *kind* as in `app.forms.rules.parse_rule`."""

    kind: str
    codes: tuple[str, ...] = ()
    is_column: bool = False
    inside: "Frame | None" = None  # of a container


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
        self.names[question.id] = Named(KINDS.get(question.type, NO_ANSWER), codes)

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
        if not rest:
            return self.visible(first)
        inside = self.columns if first == "rows" else None
        if first != "rows" and (container := self.visible(first)):
            inside = container.inside
        for step in rest[:-1]:
            nested = inside.names.get(step) if inside else None
            inside = nested.inside if nested else None
        found = inside.names.get(rest[-1]) if inside else None
        if found is None or found.kind == CONTAINER:
            return None
        return Named(found.kind, found.codes, is_column=True)

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
