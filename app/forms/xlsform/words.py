"""The words of a workbook by language, what our own sheet keeps of it, and names for our forms."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.forms.definition import LANGUAGES
from app.forms.wording import ENGLISH
from app.forms.xlsform.kept import CANOPY, INTRO, NAMES, WHOLE, unmarked
from app.forms.xlsform.places import Places, Told
from app.forms.yaml_node import ID, LONGEST_ID

Element = dict[str, Any]
Words = dict[str, dict[str, str]]  # by language and text key


class WordReader:
    """Reads texts in their languages, and our sheet; collects what is told."""

    def __init__(
        self,
        survey: Mapping[str, Any],
        originals: Mapping[str, str],
        kept: list[dict[str, str]],
        places: Places,
    ) -> None:
        self.survey = survey
        self.places = places
        self.is_ours = CANOPY in places.cells
        self.originals = originals
        self.kept = kept
        self.told: list[Told] = []
        self.words: Words = {}
        self.default = str(survey.get("default_language") or "default")
        self.base_tag = self.base_language()
        self.base = self.locale(self.base_tag) or self.base_tag
        self.props: dict[str, list[dict[str, str]]] = {}
        for row in kept:
            self.props.setdefault(row["name"], []).append(row)

    # Texts

    def tell(self, where: str, what: str, key: str = "") -> None:
        """Note something that is not carried over, once; *key* is the column it stands in."""
        self.note(self.places.told(where, what, key))

    def note(self, line: Told) -> None:
        """Note a line, once."""
        if line not in self.told:
            self.told.append(line)

    def base_language(self) -> str:
        """Return the language of the words in form.yaml, as the workbook names it.

        That is English; where there is none, that of the workbook, or else the most written one.
        """
        tags = Counter(_languages(self.survey))
        english = sorted((t for t in tags if self.locale(t) == ENGLISH), key="default".__eq__)
        if english or not tags:
            return english[0] if english else self.default
        return self.default if self.default in tags else tags.most_common(1)[0][0]

    def locale(self, tag: str) -> str:
        """Return which of the six languages a column names; "" for none."""
        if tag == "default":
            return ENGLISH if self.default == "default" else _locale(self.default)
        return _locale(tag)

    def texts(self, value: Any) -> dict[str, str]:  # noqa: ANN401 - a text or a map of languages
        """Return a text by language; the base language as English."""
        if not value:
            return {}
        if not isinstance(value, Mapping):
            return {ENGLISH: self.written(str(value))}
        found: dict[str, str] = {}
        for tag in sorted(value, key=lambda tag: tag == self.base_tag):
            text, locale = value[tag], self.locale(tag)
            if tag == self.base_tag or (tag == "default" and locale == self.base):
                locale = ENGLISH
            if not locale:
                told = f"the texts in {tag!r} are left out: it is none of the six"
                self.note(self.places.told_of_language(tag, "languages", told))
            elif text and text != "-":
                found[locale] = self.written(str(text))
        return found

    def written(self, text: str) -> str:
        """Return a text as it was typed."""
        found = self.originals.get(text, text)
        return unmarked(found) if self.is_ours else found

    def worded(
        self,
        value: Any,  # noqa: ANN401 - a text or a map of languages
        key: str,
        default: str = "",
        *,
        of: str = "",
        column: str = "label",
    ) -> str:
        """Return the English of a text, and put its translations under *key*.

        of, column   what it is the text of, and where it stands, as authors know them
        """
        found = self.texts(value)
        english = found.pop(ENGLISH, "")
        if not english and default:
            english = next(iter(found.values()), default)
            what = "its constraint has no message" if column == "constraint" else "it has no text"
            self.tell(of or key, f"{what}; {english!r} stands for it", column)
        for locale, text in [(ENGLISH, english), *found.items()]:
            if _MARKS.search(text) and not self.is_ours:
                told = (
                    f"marks of bold, headings or HTML stand as they are written: {shortened(text)}"
                )
                self.tell(of or key, told, column)
            if "${" in text and not self.is_ours:
                told = f"a text shows no answers; their names stand in [ ]: {shortened(text)}"
                self.tell(of or key, told, column)
            if english and locale != ENGLISH:
                self.words.setdefault(locale, {})[key] = self.without_answers(text)
        return self.without_answers(english)

    def without_answers(self, text: str) -> str:
        """Return a text with the names of questions in it as words, for a text shows no answers."""
        return text if self.is_ours else re.sub(r"\$\{\s*([^}]*?)\s*\}", r"[\1]", text)

    def translate(self, key: str, row: Mapping[str, str]) -> None:
        """Put the translations in a row of our sheet under *key*."""
        for locale, name in NAMES.items():
            if locale != ENGLISH and row.get(name):
                self.words.setdefault(locale, {})[key] = row[name].strip()

    # Our sheet

    def prop(self, name: str, prop: str) -> str | None:
        """Return a property that our sheet keeps; None if it does not."""
        rows = self.props.get(name, [])
        return next((row["value"] for row in rows if row["property"] == prop), None)

    def put_back(self, element: Element, name: str) -> None:
        """Put what our sheet keeps of an element back into it."""
        checks = list(element.pop("checks", []))
        placed: list[tuple[int, Any]] = []
        for row in self.props.get(name, []):
            prop, value = row["property"], from_json(row["value"])
            if prop == "constraint":
                if checks:
                    self.rename_check(checks[0], value["id"])
                    placed.append((value["at"], checks.pop(0)))
            elif prop == "check":
                placed.append((value.pop("at"), value))
                self.translate(f"{value['id']}.message", row)
            elif prop not in ("type", "items", "block", "list", INTRO, WHOLE):
                is_text = prop in ("hint", "row_label", "row_title", "unit", "source")
                element[prop] = row["value"] if is_text else value
                self.translate(f"{element['id']}.{prop}", row)
        checks = [check for _, check in sorted(placed, key=lambda found: found[0])] + checks
        if checks:
            element["checks"] = checks

    def rename_check(self, check: dict[str, Any], new: str) -> None:
        """Give a check the id it had, and its translations too."""
        for texts in self.words.values():
            if (text := texts.pop(f"{check['id']}.message", None)) is not None:
                texts[f"{new}.message"] = text
        check["id"] = new


def kept_rows(sheets: Mapping[str, list[list[str]]]) -> list[dict[str, str]]:
    """Return the rows of our sheet, if the workbook has it."""
    heads, *rows = sheets.get(CANOPY) or [[]]
    if heads[:3] != ["name", "property", "value"]:
        return []
    return [dict(zip(heads, row, strict=False)) for row in rows]


def _languages(value: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the languages of every label in a survey."""
    if isinstance(value, Mapping):
        if isinstance(value.get("label"), Mapping):
            yield from value["label"]
        for inside in value.values():
            yield from _languages(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _languages(inside)


def _locale(tag: str) -> str:
    """Return which of the six languages "French (fr)", "fr-CA", "Français" or "fra" is."""
    written = tag.strip().lower()
    code = re.search(r"\(([a-z]{2,3})(?:[-_][^)]*)?\)$", written)
    word = code[1] if code else re.split(r"[\s(_-]", written)[0]
    return word if word in LANGUAGES else _KNOWN_AS.get(word, "")


_MARKS: Final = re.compile(r"</?[a-z]+[^<>]*>|\*\*\S|__\S|^#{1,6} |\]\(http", re.MULTILINE)
_KNOWN_AS: Final = {
    **{name.split(" ")[0].lower(): locale for locale, name in NAMES.items()},
    **dict.fromkeys(("العربية", "ara"), "ar"),
    **dict.fromkeys(("eng",), "en"),
    **dict.fromkeys(("español", "espanol", "castellano", "spa"), "es"),
    **dict.fromkeys(("français", "francais", "fra", "fre"), "fr"),
    **dict.fromkeys(("русский", "rus"), "ru"),
    **dict.fromkeys(("中文", "简体中文", "汉语", "mandarin", "zho", "chi"), "zh"),
}


def snake_case(name: str, *, is_code: bool = False) -> str:
    """Return a name in lower_snake_case; "" when nothing of it is left."""
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    found = re.sub(r"[^a-z0-9]+", "_", split).strip("_")[:LONGEST_ID].strip("_")
    if not is_code and found and not ID.fullmatch(found):
        found = f"q_{found}"[:LONGEST_ID]
    return found


def next_free(name: str) -> str:
    """Return the same name with the next number."""
    stem, _, number = name.rpartition("_")
    if stem and number.isdecimal():
        return f"{stem}_{int(number) + 1}"
    return f"{name[: LONGEST_ID - 3]}_2"


def from_json(value: str) -> Any:  # noqa: ANN401
    """Return what a text of JSON holds; the text itself where it is none."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def shortened(value: object) -> str:
    """Return a value as a text that fits a line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - fits a line
