"""What of a form goes beside the survey: choice lists, translations, and our own sheet."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from app.forms.choice_lists import REFERENCE
from app.forms.definition import Choice, Form, Loop, Question
from app.forms.load import Reading
from app.forms.wording import ENGLISH

Row = dict[str, str]

NAMES: Final = {
    "en": "English (en)",
    "ar": "Arabic (ar)",
    "es": "Spanish (es)",
    "fr": "French (fr)",
    "ru": "Russian (ru)",
    "zh": "Chinese (zh)",
}
CANOPY: Final = "canopy"  # our sheet
INTRO: Final = "intro_of"
WHOLE: Final = "element"  # an element that XLSForm has no type for, as JSON


class Kept:
    """The texts and lists of a form in all its languages, and the rows of our sheet."""

    def __init__(self, data: Mapping[str, Any], readings: Mapping[str, Reading]) -> None:
        self.data = data
        self.untranslated = {c: {*r.wording.missing()} for c, r in readings.items()}
        self.blocks = data.get("blocks") or {}
        self.locales = tuple(sorted(readings, key=lambda locale: locale != ENGLISH))
        self.texts = {c: {**r.wording.texts} for c, r in readings.items()}
        self.lists = {locale: _lists(reading.form) for locale, reading in readings.items()}
        used = readings[ENGLISH].lists.used
        self.reference = {name for name in self.lists[ENGLISH] if f"{REFERENCE} {name}" in used}
        self.reading = readings[ENGLISH]
        self.canopy: list[Row] = []

    def choices(self, languages: list[str]) -> list[list[str]]:
        """Return the sheet `choices`."""
        rows: list[Row] = []
        for name, choices in self.lists[ENGLISH].items():
            if name in self.reference:
                self.keep(name, "list", "reference")
            elif name in self.reading.lists.shared_wordings:
                self.keep(name, "list", "shared")
            for at, choice in enumerate(choices):
                row = {"list_name": name, "name": choice.code}
                for locale in self.locales:
                    row[f"label::{NAMES[locale]}"] = self.label(locale, name, at, choice)
                rows.append(row)
                if name not in self.reference and name not in self.reading.lists.shared_wordings:
                    self.keep_choice(name, choice)
        return table(("list_name", "name", *(f"label::{name}" for name in languages)), rows)

    def label(self, locale: str, name: str, at: int, choice: Choice) -> str:
        """Return the label of a choice; "" where it is not translated."""
        key = f"{name}.{choice.code}"
        is_own = key in self.texts[ENGLISH]
        if is_own and locale != ENGLISH:
            return self.translation(key, locale)
        return self.lists[locale][name][at].label

    def keep_choice(self, name: str, choice: Choice) -> None:
        """Keep what XLSForm does not know of a choice."""
        about = f"{name}.{choice.code}"
        for key, value in (
            ("source", choice.source),
            ("provisional", choice.is_provisional),
            ("outside_scale", choice.outside_scale),
        ):
            if value:
                self.keep(about, key, value)
        if choice.hint:
            self.keep(about, "hint", choice.hint, f"{about}.hint")

    def keep(self, name: str, key: str, value: Any, text: str = "") -> None:  # noqa: ANN401
        """Write a property into our sheet, with its translations where it has words."""
        written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        row = {"name": name, "property": key, "value": written}
        for locale in self.locales[1:]:
            if translated := self.translation(text, locale):
                row[NAMES[locale]] = translated
        self.canopy.append(row)

    def keep_text(self, name: str, prop: str, key: str, locale: str) -> None:
        """Keep a translation alone."""
        if translated := self.translation(key, locale):
            row = {"name": name, "property": prop, "value": "", NAMES[locale]: translated}
            self.canopy.append(row)

    def translation(self, key: str, locale: str) -> str:
        """Return a text of the form; "" where it is not translated."""
        text = self.texts[locale].get(key, "")
        return "" if key in self.untranslated[locale] else text


def _lists(form: Form) -> dict[str, tuple[Choice, ...]]:
    """Return the choices of every list that a form uses, by name of the list."""
    found: dict[str, tuple[Choice, ...]] = {}
    for element in form.elements():
        if isinstance(element, Loop):
            found[element.item_list] = element.items
        elif isinstance(element, Question):
            if element.matrix:
                found[element.matrix.item_list] = element.matrix.items
            if element.choice_list:
                found[element.choice_list] = element.choices
    return found


def marked(text: str) -> str:
    """Return a text in which other programs see no name of a question: `${` is theirs."""
    return text.replace("${", _MARK)


def unmarked(text: str) -> str:
    """Return a text as it was before it was marked."""
    return text.replace(_MARK, "${")


_MARK: Final = "$\u200b{"  # with a space of no width


def list_name(element: Mapping[str, Any], key: str) -> str:
    """Return the name of the list under *key*: in place, that of the element."""
    value = element[key]
    if isinstance(value, Mapping):
        return str(value["from"])
    return str(element["id"]) if isinstance(value, list) else str(value)


def plain(value: Any) -> Any:  # noqa: ANN401 - YAML holds anything
    """Return a value of YAML as JSON; decimals as they are written."""
    if isinstance(value, Mapping):
        return {key: plain(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [plain(inside) for inside in value]
    return str(value) if isinstance(value, Decimal) else value


def table(heads: Any, rows: list[Row]) -> list[list[str]]:  # noqa: ANN401 - a list or tuple
    """Return rows as lists of cells, with their heads first."""
    cells = ([_cell(row, head) for head in heads] for row in rows)
    return [list(heads), *cells]


def _cell(row: Row, head: str) -> str:
    return marked(row.get(head, "")) if "::" in head else row.get(head, "")
