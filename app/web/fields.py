"""A question as a page shows it: ready values, so that templates only loop and choose.

Names of inputs are those that `read_answers` reads: `<question>`, `<question>.language` and
`<question>.nothing`. Ids in the page begin with `q-`, so that no question meets an id of the
layout; `anchor` is where a link to the question lands: its first input.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from app.forms.answers import explanations_of
from app.forms.checks import Problem
from app.forms.definition import LANGUAGES, Element, Loop, Question, QuestionType, Severity
from app.forms.relevance import Level


@dataclass(frozen=True, slots=True)
class TextInput:
    """One text of an answer, in one language; an empty one to add a text."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question, its answer and what is wrong with it."""

    question: Question
    answer: Any = None  # None: not answered
    language: str = "en"  # that a new text takes
    is_required: bool = False
    problems: tuple[Problem, ...] = ()  # of every severity, in the order of the checks
    explanations: tuple["Field", ...] = ()  # asked for by warnings
    told_by: str = ""  # id of the text elsewhere in the page that asks for this
    is_asked: bool = True  # if not: the page can come to ask it, by what is typed there

    @property
    def name(self) -> str:
        """Return the name of the inputs."""
        return self.question.id

    @property
    def anchor(self) -> str:
        """Return the id of the first input, to jump to."""
        return anchor_of(self.question.id)

    @property
    def typed(self) -> str:
        """Return what one plain input holds: the answer, or what was typed instead."""
        if isinstance(self.answer, Mapping):
            return str(self.answer.get("typed", ""))
        return self.answer if isinstance(self.answer, str) else ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes that are chosen."""
        if isinstance(self.answer, list):
            return tuple(self.answer)
        return (self.answer,) if isinstance(self.answer, str) else ()

    @property
    def nothing(self) -> str:
        """Return the kind of nothing that was given, or an empty string."""
        if isinstance(self.answer, Mapping) and isinstance(self.answer.get("nothing"), str):
            return str(self.answer["nothing"])
        return ""

    @property
    def texts(self) -> tuple[TextInput, ...]:
        """Return the texts there are, or an empty one in the language of writing."""
        return written(self.answer) or (TextInput(self.language, self.typed),)

    @property
    def next_language(self) -> str:
        """Return the language to propose for one more text; empty when all are used."""
        used = {text.language for text in self.texts}
        return next((code for code in (self.language, *LANGUAGES) if code not in used), "")

    @property
    def has_errors(self) -> bool:
        """Whether the field is to be marked: something is to be put right or explained."""
        return any(blocks(problem) for problem in self.problems)

    @property
    def described_by(self) -> str:
        """Return the ids of the texts that describe the inputs, for aria-describedby."""
        hint = [f"{self.anchor}-hint"] if self.question.hint or self._has_own_hint else []
        told = [f"{self.anchor}-problem-{i}" for i, _ in enumerate(self.problems, 1)]
        return " ".join(filter(None, [self.told_by, *hint, *told]))

    @property
    def _has_own_hint(self) -> bool:
        return self.question.type is QuestionType.DATE


def anchor_of(question_id: str) -> str:
    """Return the id, in the page, of the first input of a question."""
    return "q-" + question_id.replace(".", "-")


def blocks(problem: Problem) -> bool:
    """Tell whether a problem stands in the way of signing."""
    return problem.severity is Severity.PROBLEM or problem.code == "explain"


def written(answer: Any) -> tuple[TextInput, ...]:  # noqa: ANN401 - any answer
    """Return the texts of a text answer, in the order of the languages; none if it is another."""
    if not isinstance(answer, Mapping) or "nothing" in answer or "typed" in answer:
        return ()
    order = {code: i for i, code in enumerate(LANGUAGES)}
    found = sorted(answer.items(), key=lambda item: order.get(item[0], len(order)))
    return tuple(TextInput(language, given["text"]) for language, given in found)


def fields_at(
    level: Level, elements: Sequence[Element], problems: Sequence[Problem], language: str
) -> Iterator[Field]:
    """Yield a field for each question among *elements*, which stand on *level*.

    problems   of this place alone
    language   of writing, that new texts take
    """
    for element in elements:
        if isinstance(element, Question):
            own = tuple(p for p in problems if p.question == element.id)
            yield Field(
                question=element,
                answer=level.raw.get(element.id),
                language=language,
                is_required=element.required.holds(level.scope),
                problems=own,
                explanations=explanations(element, level, own, language, anchor_of(element.id)),
                is_asked=level.is_relevant(element.id),
            )


def explanations(
    element: Element, level: Level, problems: Sequence[Problem], language: str, anchor: str
) -> tuple[Field, ...]:
    """Return a field for each warning of *element*; asked are those that *problems* tell.

    problems   of the element, as they are shown
    anchor     with which the ids of their texts in the page begin
    """
    if isinstance(element, Loop):
        return ()
    wanted = {
        problem.check: position
        for position, problem in enumerate(problems, 1)
        if problem.check and problem.severity is Severity.WARNING
    }
    found: list[Field] = []
    for question in explanations_of([element]):
        position = wanted.get(question.id.removesuffix(".explanation"))
        found.append(
            Field(
                question=replace(question, label=_("If the answers are right, explain")),
                answer=level.raw.get(question.id),
                language=language,
                is_required=True,
                told_by=f"{anchor}-problem-{position}" if position else "",
                is_asked=position is not None,
            )
        )
    return tuple(found)
