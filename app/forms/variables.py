"""A form as columns: the flat files' layout, and the codebook that describes it.

A form gives a main file with one row per submission, and a file for each repeat with one row per
row of it. Dots join names: `question`, `question.choice` (0 or 1), `question.other`, `matrix.item`,
`loop.item.question`. The codebook has one line per column, fixed columns included: a program needs
nothing else to write the files.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.forms.audience import audience_of
from app.forms.definition import (
    Audience,
    Container,
    Element,
    Form,
    Loop,
    Question,
    QuestionType,
    Repeat,
)
from app.forms.places import warnings_of
from app.forms.rules import ALWAYS, NEVER, Rule

# How the kinds of nothing stand in a cell; an empty cell is "not answered".
NOTHING: Final = {"not_applicable": "__na", "unknown": "__unknown"}
NOT_ASKED: Final = "__not_asked"  # written, and ignored when read

_LANGUAGE_CODES: Final = tuple(
    {
        "ar": "Arabic",
        "en": "English",
        "es": "Spanish",
        "fr": "French",
        "ru": "Russian",
        "zh": "Chinese",
    }.items()
)
_STATUS_CODES: Final = (
    ("draft", "being written; also when the cell is empty"),
    ("awaiting_sign_off", "complete, to be signed by the Party"),
    ("submitted", "signed by the Party"),
    ("in_revision", "signed, and being revised; imported as submitted"),
    ("withdrawn", "signed and withdrawn; written by an export, never imported"),
)
_CHOSEN: Final = (("0", "not chosen"), ("1", "chosen"))
_IN_LANGUAGES: Final = (
    "In the language that the row's column `language` names (English if that is empty); in another"
    " language in a column of its own: this name, a dot, and ar, en, es, fr, ru or zh."
)
_SUBMISSION: Final = (
    "Empty: found by collection and party. Which answers were taken over unchanged from an earlier"
    " collection stands in no column: the API tells it as `carried`, beside the answers."
)
_FORMATS: Final = {
    QuestionType.TEXT: "A text that begins with ' = + - @ TAB CR or __ gets one more ' in front.",
    QuestionType.INTEGER: "Digits, without grouping.",
    QuestionType.DECIMAL: "Digits with a point, without grouping.",
    QuestionType.DATE: "Such as 2018-12-31.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column of one file.

    file        "" for the main file, else the id of the repeat
    container   id of the matrix, loop or repeat that the question stands in; "" at the top
    item        code of the item of the matrix or loop
    type        "key" for a fixed column, else the type of the question
    codes       what may stand in a cell, with labels; empty: anything of the type
    steps       loops between the file's row and the question: (loop, item) each
    choice      of a question of several choices: the one that this column is about
    asks        the question itself; None for a fixed column
    """

    file: str
    column: str
    container: str = ""
    item: str = ""
    question: str = ""
    type: str = "key"
    unit: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    label: str
    hint: str = ""
    is_required: bool = False
    has_language: bool = False
    audience: Audience = Audience.PUBLIC
    source: str = ""
    provisional: bool = False
    note: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    choice: str = ""
    asks: Question | None = None


def codebook(form: Form) -> tuple[Variable, ...]:
    """Return every column of every file: the main file, then those of the repeats, in form order.

    Labels are in the language of *form*; fixed columns are described in English.
    """
    columns = _Columns(form, "")
    variables = list(_main_keys(form))
    for section in form.sections:
        variables += columns.of(section.elements, (section.relevant,))
    for repeat, chain, around in repeats(form):
        variables += _repeat_keys(repeat, chain)
        variables += _Columns(form, repeat.id).of(repeat.elements, around)
    return tuple(variables)


def repeats(form: Form) -> Iterator[tuple[Repeat, tuple[Container, ...], tuple[Rule, ...]]]:
    """Yield every repeat, with the containers around it and the rules that let it be asked.

    The containers begin with the nearest repeat around, which its rows name as their parent.
    """
    for section in form.sections:
        yield from _repeats_in(section.elements, (), (section.relevant,))


def _repeats_in(
    elements: tuple[Element, ...], chain: tuple[Container, ...], around: tuple[Rule, ...]
) -> Iterator[tuple[Repeat, tuple[Container, ...], tuple[Rule, ...]]]:
    for element in elements:
        if isinstance(element, Question):
            continue
        rules = (*around, element.relevant)
        if isinstance(element, Repeat):
            yield element, chain, rules
            yield from _repeats_in(element.elements, (element,), rules)
        else:
            yield from _repeats_in(element.elements, (*chain, element), rules)


class _Columns:
    """Makes the columns of one file."""

    def __init__(self, form: Form, file: str) -> None:
        self.form = form
        self.file = file

    def of(
        self,
        elements: tuple[Element, ...],
        around: tuple[Rule, ...],
        steps: tuple[tuple[str, str], ...] = (),
    ) -> Iterator[Variable]:
        """Yield the columns of *elements*; *around* are the rules of what they stand in."""
        for element in elements:
            rules = (*around, element.relevant)
            if isinstance(element, Loop):
                for item in element.items:
                    inside = (*steps, (element.id, item.code))
                    yield from self.of(element.elements, rules, inside)
                continue
            if isinstance(element, Question):
                yield from self._of_question(element, rules, steps)
            yield from self._explanations(element, steps)

    def _of_question(
        self, question: Question, rules: tuple[Rule, ...], steps: tuple[tuple[str, str], ...]
    ) -> Iterator[Variable]:
        if question.type is QuestionType.NOTE:
            return
        note = _note(question, rules)
        if question.type is not QuestionType.SELECT_MULTIPLE:
            codes = tuple((choice.code, choice.label) for choice in question.choices)
            yield self._variable(question, steps, codes, note)
            return
        for choice in question.choices:
            column = self._variable(question, steps, _CHOSEN, note)
            yield replace(
                column,
                column=f"{column.column}.{choice.code}",
                label=f"{question.label}: {choice.label}",
                choice=choice.code,
            )

    def _variable(
        self,
        question: Question,
        steps: tuple[tuple[str, str], ...],
        codes: tuple[tuple[str, str], ...],
        note: str,
    ) -> Variable:
        container, item = steps[-1] if steps else (self.file, "")
        if question.matrix and question.item:
            container, item = question.matrix.id, question.item.code
        nothing = tuple((NOTHING[kind], kind.replace("_", " ")) for kind in question.allow)
        return Variable(
            file=self.file,
            column=".".join([*(name for step in steps for name in step), question.id]),
            container=container,
            item=item,
            question=question.id,
            type=question.type.value,
            unit=question.unit,
            codes=(*codes, *nothing),
            label=question.label,
            hint=question.hint,
            is_required=question.required == ALWAYS,
            has_language=question.type is QuestionType.TEXT and question.has_language,
            audience=question.audience,
            source=question.source,
            provisional=question.is_provisional,
            note=note,
            steps=steps,
            asks=question,
        )

    def _explanations(
        self, element: Question | Repeat, steps: tuple[tuple[str, str], ...]
    ) -> Iterator[Variable]:
        for check in warnings_of(element):
            text = Question(
                id=check.explanation,
                type=QuestionType.TEXT,
                label=f"Explanation: {check.message}",
                audience=audience_of(self.form, check, element),
                is_long=True,
            )
            yield self._variable(text, steps, (), _note(text, ()))


def _note(question: Question, rules: tuple[Rule, ...]) -> str:
    """Return what a program must know beyond type and codes."""
    notes = [f"Asked when: {rule.source}." for rule in rules if rule != ALWAYS]
    if question.required not in (NEVER, ALWAYS):
        notes.append(f"Required when: {question.required.source}.")
    if question.type is QuestionType.TEXT and question.has_language:
        notes.append(_IN_LANGUAGES)
    if question.type in _FORMATS:
        notes.append(_FORMATS[question.type])
    return " ".join([*notes, *_limits(question)])


def _limits(question: Question) -> Iterator[str]:
    """Yield what is told of limits, special choices and rules."""
    if question.range.least:
        yield f"Not less than {question.range.least}."
    if question.range.most:
        yield f"Not more than {question.range.most}."
    if question.least:
        yield f"At least {question.least} are chosen."
    if question.most:
        yield f"At most {question.most} are chosen."
    if question.exclusive:
        yield f"Goes with no other: {', '.join(question.exclusive)}."
    if question.type is QuestionType.CALCULATED:
        yield f"Computed: {question.rule.source}. Ignored when read."


def _key(file: str, column: str, label: str, note: str = "", **more: object) -> Variable:
    return Variable(file=file, column=column, label=label, note=note, **more)  # type: ignore[arg-type]


def _main_keys(form: Form) -> Iterator[Variable]:
    yield _key("", "submission", "Id of the submission", _SUBMISSION)
    yield _key("", "collection", "Code of the collection", "Empty: the one imported to.")
    yield _key("", "form", "Id of the form", "May be empty.", codes=((form.id, form.title),))
    yield _key(
        "",
        "version",
        "Version of the form",
        "May be empty.",
        codes=((str(form.version), form.title),),
    )
    yield _key("", "party", "Party, by ISO 3166-1 alpha-3 code; EUR for the European Union",
               "One row per Party.", is_required=True)  # fmt: skip
    yield _key("", "respondent_group", "Group of the respondent", "Empty for Parties.")
    yield _key("", "language", "Language of the texts in this row",
               "Empty: that chosen by the Party, else English.", codes=_LANGUAGE_CODES)  # fmt: skip
    yield _key("", "status", "Where the submission stands", codes=_STATUS_CODES)
    yield _key("", "submitted_at", "When it was signed",
               "Such as 2018-12-31T12:00:00Z, or a date. Empty: now.")  # fmt: skip


def _repeat_keys(repeat: Repeat, chain: tuple[Container, ...]) -> Iterator[Variable]:
    file = repeat.id
    yield _key(file, "submission", "Id of the submission", "Empty: found by party.")
    yield _key(file, "party", "Party, as in the main file", "Empty: found by submission.",
               is_required=True)  # fmt: skip
    codes: tuple[tuple[str, str], ...] = ()
    if len(chain) == 1 and isinstance(chain[0], Loop):
        codes = tuple((item.code, item.label) for item in chain[0].items)
    yield _key(file, "parent", "Row or item that this row stands in", _parent_note(chain),
               codes=codes, is_required=bool(chain))  # fmt: skip
    yield _key(file, "row", "Id of this row in its submission",
               "Letters, digits, _ and -, at most 64. Empty: a new row; not where rows of"
               " another file name this one as their parent.")  # fmt: skip
    yield _key(file, "position", "Place of this row among its siblings, from 1",
               "Empty: in the order of the file.")  # fmt: skip


def _parent_note(chain: tuple[Container, ...]) -> str:
    if not chain:
        return "Empty: the rows stand in the submission itself."
    kinds = [
        f"the {'item' if isinstance(container, Loop) else 'row'} of `{container.id}`"
        for container in chain
    ]
    joined = ", joined by dots" if len(kinds) > 1 else ""
    return f"Code or id of {', then '.join(kinds)}{joined}."
