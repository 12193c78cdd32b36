"""The words of a workbook by language, what our own sheet keeps of it, and names for our forms."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.forms.definition import LANGUAGES
from app.forms.wording import ENGLISH
from app.forms.xlsform.kept import CANOPY, INTRO, NAMES, WHOLE
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
    ) -> None:
        self.survey = survey
        self.originals = originals
        self.kept = kept
        self.told: list[str] = []
        self.words: Words = {}
        self.base = self.base_language()
        self.props: dict[str, list[dict[str, str]]] = {}
        for row in kept:
            self.props.setdefault(row["name"], []).append(row)

    # Texts

    def tell(self, where: str, what: str) -> None:
        """Note something that is not carried over, once."""
        line = f"{where}: {what}"
        if line not in self.told:
            self.told.append(line)

    def base_language(self) -> str:
        """Return the language of the words in form.yaml: English, or else that of the workbook."""
        tags = {*_languages(self.survey)}
        default = str(self.survey.get("default_language") or "default")
        if not tags or any(_locale(tag, default) == ENGLISH for tag in tags):
            return ENGLISH
        return _locale(default, "") or ENGLISH

    def texts(self, value: Any) -> dict[str, str]:  # noqa: ANN401 - a text or a map of languages
        """Return a text by language; the base language as English."""
        if not value:
            return {}
        if not isinstance(value, Mapping):
            return {ENGLISH: self.written(str(value))}
        found = {}
        for tag, text in value.items():
            locale = _locale(tag, str(self.survey.get("default_language") or ""))
            if not locale:
                self.tell("languages", f"the texts in {tag!r} are left out: it is none of the six")
            elif text and text != "-":
                found[ENGLISH if locale == self.base else locale] = self.written(str(text))
        return found

    def written(self, text: str) -> str:
        """Return a text as it was typed."""
        return self.originals.get(text, text)

    def worded(self, value: Any, key: str, default: str = "") -> str:  # noqa: ANN401
        """Return the English of a text, and put its translations under *key*."""
        found = self.texts(value)
        english = found.pop(ENGLISH, "")
        if not english and default:
            english = next(iter(found.values()), default)
            self.tell(key, f"it has no text; {english!r} stands for it")
        for locale, text in found.items():
            if english:
                self.words.setdefault(locale, {})[key] = text
        return english

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


def _locale(tag: str, default: str) -> str:
    """Return which of the six languages a column names; "" for none."""
    if tag == "default":
        return _locale(default, "") if default not in ("", "default") else ENGLISH
    code = re.search(r"\(([a-z]{2})[^)]*\)\s*$", tag.lower())
    if code:
        return code[1] if code[1] in LANGUAGES else ""
    names = {name.split(" ")[0].lower(): locale for locale, name in NAMES.items()}
    names |= {"français": "fr", "español": "es"}
    found = names.get(tag.strip().lower(), tag.strip().lower())
    return found if found in LANGUAGES else ""


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
