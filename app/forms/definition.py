"""A form as data: what we ask, in what order, under which conditions.

Everything is frozen: a version of a form never changes once it is published. A Form speaks one
language; `load_form(..., locale)` gives the same form in another. A form is a tree: sections hold
elements; an element is a question, a loop (the same elements for each item of a list) or a repeat
(rows that the Party adds), and loops and repeats hold elements again. A matrix is the same question
about each item of a list, on one page: it becomes a question `matrix.item` for each item. What
"other" is, is a text question `question.other`, asked when that is chosen.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from app.forms.rules import ALWAYS, NEVER, Rule

Found = TypeVar("Found")

LANGUAGES: Final = ("ar", "en", "es", "fr", "ru", "zh")  # the six of the United Nations


class QuestionType(StrEnum):
    """The kinds of question; names are those of XLSForm where it has one."""

    NOTE = "note"  # text to read; has no answer
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    REFERENCE = "reference"  # one entry of a reference list, such as a target
    CALCULATED = "calculated"  # computed from other answers by a rule; nobody types it


class Severity(StrEnum):
    """What a check that does not hold means."""

    PROBLEM = "problem"  # blocks signing
    WARNING = "warning"  # asks for a word of explanation, which is kept
    NOTE = "note"  # informs


class Audience(StrEnum):
    """Who may see an answer once it is signed."""

    PUBLIC = "public"
    SECRETARIAT = "secretariat"
    PARTY = "party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a choice list, or one item of a loop: *code* is stored, *label* is shown."""

    code: str
    label: str
    hint: str = ""
    source: str = ""  # identifier of the same option in the clearing-house
    is_provisional: bool = False  # worded by us, to be checked against the decision
    outside_scale: bool = False  # in an ordered list: has no place in the order ("unknown")
    is_retired: bool = False  # of a managed list: offered no more, worded where it was chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The limits of a number (decimal strings) or a date (ISO 8601), both within; "": no limit."""

    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What the questions of a matrix have in common: its wording, and its items in order."""

    id: str
    label: str
    hint: str = ""
    item_list: str = ""
    items: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule across answers; when *rule* does not hold (is false), *message* is shown.

    A rule that is null, because something it looks at is not answered, holds. A warning brings a
    text variable of its own, `<id>.explanation`, in which the Party says why.
    """

    id: str
    rule: Rule
    severity: Severity
    message: str

    @property
    def explanation(self) -> str:
        """The key under which the explanation of a warning is kept, beside the answers."""
        return f"{self.id}.explanation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing we ask, with the rules its answer must meet."""

    id: str
    type: QuestionType
    label: str
    hint: str = ""
    unit: str = ""  # UCUM code such as "km2"; empty for answers without a unit
    choice_list: str = ""  # name of the list, for select_one, select_multiple and reference
    choices: tuple[Choice, ...] = ()
    is_managed: bool = False  # the Secretariat adds to the list, also while the form is open
    is_ordered: bool = False  # the choices form a scale, in their order
    is_long: bool = False  # a text of several lines
    has_language: bool = True  # a text has a language of its own; names and numbers have none
    allow: tuple[str, ...] = ()  # kinds of nothing offered: "not_applicable", "unknown"
    relevant: Rule = ALWAYS  # asked only when this holds
    required: Rule = NEVER  # must be answered, for signing, when relevant and this holds
    checks: tuple[Check, ...] = ()
    audience: Audience = Audience.PUBLIC
    source: str = ""  # key of the same field in the clearing-house
    is_provisional: bool = False  # worded by us, to be checked against the decision
    range: Range = Range()  # of a number or a date
    least: int = 0  # choices that must be chosen, when answered
    most: int = 0  # choices that may be chosen; 0: all
    exclusive: tuple[str, ...] = ()  # choices that go with no other: "none of these"
    other: str = ""  # the choice whose meaning is asked in the text question `<id>.other`
    rule: Rule = NEVER  # what a calculated question comes to
    gives: str = ""  # and what that is: "number", "date" or "text"
    matrix: Matrix | None = None  # to which it belongs
    item: Choice | None = None  # of the matrix, that it is about

    @property
    def freezes_codes(self) -> bool:
        """Whether a published version keeps its codes; those of other lists may still grow."""
        is_own = self.type is not QuestionType.REFERENCE and not self.is_managed
        return bool(self.choice_list) and is_own

    @property
    def is_typed(self) -> bool:
        """Whether people answer it: neither a note nor calculated."""
        return self.type not in (QuestionType.NOTE, QuestionType.CALCULATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The same elements, asked once for each item of a fixed list."""

    id: str
    label: str
    hint: str = ""
    item_list: str = ""
    items: tuple[Choice, ...] = ()
    elements: tuple["Element", ...] = ()
    relevant: Rule = ALWAYS
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The same elements, asked once for each row that the Party adds."""

    id: str
    label: str
    row_label: str  # what one row is: "National target"
    hint: str = ""
    row_title: str = ""  # id of the question whose answer names a row in lists
    least: int = 0  # rows needed for signing, when relevant
    most: int = 1000  # rows possible
    elements: tuple["Element", ...] = ()
    relevant: Rule = ALWAYS
    checks: tuple[Check, ...] = ()
    source: str = ""


Container = Loop | Repeat
Element = Question | Loop | Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Elements shown together on a page."""

    id: str
    title: str
    intro: str = ""
    elements: tuple[Element, ...] = ()
    relevant: Rule = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version of a form, in one language."""

    agreement: str  # "cbd"
    id: str  # "aichi-progress", unique over all agreements
    version: int
    wording: int  # number of the wording; 0 while the version is not published
    title: str
    intro: str = ""
    locale: str = "en"
    workflow: str = "national"
    signed_by: tuple[str, ...] = ()  # categories of focal points that sign it beside the primary
    sections: tuple[Section, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)  # wording by text key, for translators
    managed: tuple[str, ...] = ()  # names of the lists it uses that the Secretariat manages
    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The form and its version, as commands and addresses name it."""
        return f"{self.id}/{self.version}"

    def section(self, section_id: str) -> Section | None:
        """Return the section of that id, if the form has one."""
        return self.once("sections", _sections).get(section_id)

    def elements(self) -> Iterator[Element]:
        """Yield every element in the order asked; containers before what they hold."""
        for section in self.sections:
            yield from walk(section.elements)

    def questions(self) -> Iterator[Question]:
        """Yield every question, in the order asked; one of a block twice if it is used twice."""
        return (e for e in self.elements() if isinstance(e, Question))

    def container(self, container_id: str) -> Container | None:
        """Return the loop or repeat of that id, if the form has one."""
        return self.once("containers", _containers).get(container_id)

    def once(self, key: Hashable, find: Callable[["Form"], Found]) -> Found:
        """Return what *find* finds in this form, looked for once: a form never changes.

        key   names what is looked for; no two things may have the same
        """
        if key not in self._found:
            self._found[key] = find(self)
        found: Found = self._found[key]
        return found


def _sections(form: Form) -> Mapping[str, Section]:
    return {section.id: section for section in reversed(form.sections)}


def _containers(form: Form) -> Mapping[str, Container]:
    found = [element for element in form.elements() if not isinstance(element, Question)]
    return {container.id: container for container in reversed(found)}


def matrix_of(element: Element) -> Matrix | None:
    """Return the matrix that an element is a question of, if any."""
    return element.matrix if isinstance(element, Question) else None


def walk(elements: tuple[Element, ...]) -> Iterator[Element]:
    """Yield *elements* and all that they hold, depth first, in the order asked."""
    for element in elements:
        yield element
        if not isinstance(element, Question):
            yield from walk(element.elements)
