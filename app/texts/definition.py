"""What there is to translate: sources, their texts, and what each language says.

A source is one set of texts that is translated as a whole: the interface, a version of a form, a
shared choice list, a report, or what all reports share. A text is *missing* in a language that
says nothing, and *stale* where its English has changed since it was translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from babel.messages.plurals import get_plural

from app.forms.definition import LANGUAGES

ENGLISH: Final = "en"
TRANSLATED: Final = tuple(code for code in LANGUAGES if code != ENGLISH)


class Kind(StrEnum):
    """What a source holds."""

    INTERFACE = "interface"
    FORM = "form"
    CHOICES = "choices"
    REPORT = "report"


class State(StrEnum):
    """How a text stands in a language."""

    MISSING = "missing"
    STALE = "stale"
    TRANSLATED = "translated"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a form a text shows: the form, titles from the section inwards, and its anchor."""

    form: str
    version: int
    trail: tuple[str, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in English."""

    key: str  # unique in its source: its text key; of the interface, a hash of what follows
    english: str
    plural: str = ""  # English for other numbers than one; then there are several forms
    context: str = ""  # of the interface: tells apart what reads the same
    files: tuple[str, ...] = ()  # where it stands, from the project's root
    notes: tuple[str, ...] = ()  # for translators, from the code
    places: tuple[Place, ...] = ()
    part: str = ""  # of a report: the table


@dataclass(frozen=True, slots=True)
class Said:
    """What a language says for a text: once, or in each plural form."""

    forms: tuple[str, ...] = ()
    is_stale: bool = False
    previous: str = ""  # the English that was translated, where it is known and has changed


NOTHING: Final = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A set of texts, in the order in which people meet them, and what each language says."""

    id: str  # "interface", "forms/cbd/aichi-progress/1", "forms/choices/yes_no", "reports/common"
    kind: Kind
    title: str
    texts: tuple[Text, ...]
    said: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)  # by language and key

    def says(self, language: str, text: Text) -> Said:
        """Return what *language* says for *text*; NOTHING when it is missing."""
        return self.said.get(language, {}).get(text.key, NOTHING)

    def state(self, language: str, text: Text) -> State:
        """Return how *text* stands in *language*."""
        said = self.says(language, text)
        if not said.forms or not all(said.forms):
            return State.MISSING
        return State.STALE if said.is_stale else State.TRANSLATED

    def in_state(self, language: str, *states: State) -> list[Text]:
        """Return the texts that stand so in *language*."""
        return [text for text in self.texts if self.state(language, text) in states]


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders that hold texts."""

    forms: Path
    reports: Path
    translations: Path


def plural_forms(language: str, text: Text) -> int:
    """Return how many forms *text* has in *language*: 1, or all plural forms (6 in Arabic)."""
    return get_plural(language).num_plurals if text.plural else 1


def plural_rule(language: str) -> str:
    """Return the rule of plural forms, as the header of a PO file has it."""
    plural = get_plural(language)
    return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"


# For which numbers each plural form is, by language: examples that translators know them by.
EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "ar": ("0", "1", "2", "3 … 10", "11 … 99", "100, 101, 102"),
    "en": ("1", "0, 2, 3"),
    "es": ("1", "0, 2, 3"),
    "fr": ("0, 1", "2, 3, 4"),
    "ru": ("1, 21, 31", "2, 3, 4, 22, 23", "0, 5 … 20, 25"),
    "zh": ("0, 1, 2",),
}
