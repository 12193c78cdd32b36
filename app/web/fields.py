"""A question as a page shows it: ready values, so that templates only loop and choose.

Names of inputs are those that `read_answers` reads: `<question>`, `<question>.language` and
`<question>.nothing`. Ids in the page begin with `q-`, so that no question meets an id of the
layout; `anchor` is where a link to the question lands: its first input.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from app.forms.answers import explanations_of
from app.forms.checks import Problem
from app.forms.definition import (
    LANGUAGES,
    Choice,
    Element,
    Loop,
    Question,
    QuestionType,
    Severity,
)
from app.forms.limits import limits
from app.forms.relevance import Level
from app.forms.typed import shown_decimal
from app.web.locale import language as locale
from app.wording.problems import shown
from app.wording.values import number


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
        if self.question.type is QuestionType.DECIMAL:
            return shown_decimal(self.answer or "", locale())
        return self.answer if isinstance(self.answer, str) else ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes that are chosen."""
        if isinstance(self.answer, list):
            return tuple(self.answer)
        return (self.answer,) if isinstance(self.answer, str) else ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the choices offered: none that is retired, unless it is chosen."""
        return offered(self.question, self.codes)

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
        hint = [f"{self.anchor}-hint"] if self.question.hint or self.own_hint else []
        told = [f"{self.anchor}-problem-{i}" for i, _ in enumerate(self.problems, 1)]
        unit = [f"{self.anchor}-unit"] if self.unit else []
        return " ".join(filter(None, [self.told_by, *hint, *told, *unit]))

    @property
    def unit(self) -> str:
        """Return the unit to show beside a number; "1" is none."""
        return "" if self.question.unit == "1" else self.question.unit

    @property
    def own_hint(self) -> str:
        """Return what the type itself says of an answer: how a date is typed, and the limits."""
        is_date = self.question.type is QuestionType.DATE
        date = [_("Year, month, day: for example 2018-12-31.")] if is_date else []
        return " ".join([*date, *_limits(self.question)])

    @property
    def how_many(self) -> str:
        """Return how many choices are to be chosen, where there are several."""
        least, most = self.question.least, self.question.most
        if least == most > 0:
            return str(_("Choose %(number)s.", number=number(least)))
        if least and most:
            return str(_("Choose %(least)s to %(most)s.", least=number(least), most=number(most)))
        if least:
            return str(_("Choose %(least)s or more.", least=number(least)))
        if most:
            return str(_("Choose up to %(most)s.", most=number(most)))
        return str(_("Choose all that apply."))

    @property
    def is_other(self) -> bool:
        """Whether it asks what the choice "other" of the question before it is."""
        return self.question.id.endswith(".other") and self.question.matrix is None


def _limits(question: Question) -> Iterator[str]:
    """Yield the limits of a number or date, as they are told before anything is typed."""
    found = {key: shown(limit) for key, limit in limits(question).items()}
    if len(found) > 1:
        yield _("From %(least)s to %(most)s.", **found)
    elif "least" in found:
        is_date = question.type is QuestionType.DATE
        yield _("%(least)s or later.", **found) if is_date else _("%(least)s or more.", **found)
    elif "most" in found:
        is_date = question.type is QuestionType.DATE
        yield _("%(most)s or earlier.", **found) if is_date else _("%(most)s or less.", **found)


def offered(question: Question, chosen: Collection[str]) -> tuple[Choice, ...]:
    """Return the choices of *question* that are offered to somebody who has *chosen* some."""
    return tuple(c for c in question.choices if not c.is_retired or c.code in chosen)


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
