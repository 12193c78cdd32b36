"""The words of a form in one language: English from `form.yaml`, others from a flat map beside it.

A text is known by its key, such as `plan_year.label`. Where a translation lacks a key, the English
text is used and the key is noted as missing: a language is offered only when nothing is.
"""

from pathlib import Path
from typing import Final

from app.forms.form_problem import FormProblem
from app.forms.strict_yaml import YamlMap, read_yaml

ENGLISH: Final = "en"


class Wording:
    """The texts of one file, worded in one language."""

    def __init__(self, path: Path, file: str, locale: str, problems: list[FormProblem]) -> None:
        """Read the translation at *path*; for English, and where there is no file, there is none.

        file  how problems name the translation
        """
        self.file = file
        self.problems = problems
        self.is_english = locale == ENGLISH
        self.exists = not self.is_english and path.is_file()
        self.translations = self._read(path) if self.exists else YamlMap()
        self.english: dict[str, str] = {}  # by text key, in the order asked
        self.texts: dict[str, str] = {}  # the same in this language
        self._owners: dict[str, object] = {}

    def text(self, key: str, english: str, owner: object) -> str:
        """Return the text of *key* in this language; "" when there is none in English.

        owner  what the text belongs to; a key that belongs to two things is a problem
        """
        if not english:
            return ""
        if self._owners.setdefault(key, owner) != owner:
            message = f"the text key {key!r} belongs to two things; give one another id"
            self.problems.append(FormProblem(self.file, 1, key, message))
        self.english[key] = english
        self.texts[key] = self.translations.get(key, english)
        return self.texts[key]

    def missing(self) -> list[str]:
        """Return the keys that are not translated, in the order asked."""
        return [] if self.is_english else [k for k in self.english if k not in self.translations]

    def superfluous(self) -> list[str]:
        """Return the keys of the translation that nothing in the form uses."""
        return [key for key in self.translations if key not in self.english]

    def _read(self, path: Path) -> YamlMap:
        data, errors = read_yaml(path, self.file)
        self.problems.extend(FormProblem(e.file, e.line, "", e.message) for e in errors)
        if not isinstance(data, YamlMap):
            if not errors and data is not None:
                message = "write a flat map of text key to text"
                self.problems.append(FormProblem(self.file, 1, "", message))
            return YamlMap()
        found = YamlMap()
        for key, value in data.items():
            if isinstance(value, str) and value.strip():
                found[key] = value.strip()
                found.lines[key] = data.lines[key]
            else:
                message = "write the translation as a text, in quotation marks if it is a number"
                self.problems.append(FormProblem(self.file, data.lines[key], key, message))
        return found
