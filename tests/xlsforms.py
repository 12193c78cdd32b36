"""A small XLSForm of others, imported, for tests of what becomes of it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pyxform.xls2xform import convert

from app.forms.catalogue import Catalogue
from app.forms.check import all_problems
from app.forms.checks import blocking, check_form
from app.forms.definition import Form, Question
from app.forms.load import read_form
from app.forms.rehearsal import Rehearsal
from app.forms.xlsform.convert import from_xlsform, to_xlsform
from app.forms.xlsform.workbook import write_workbook

Rows = Sequence[Sequence[str]]

YES_NO: Final = (("list_name", "name", "label"), ("yn", "y", "Yes"), ("yn", "n", "No"))


class Imported:
    """A workbook as it was written, imported, and looked at in every way."""

    def __init__(self, folder: Path, survey: Rows, **others: Rows) -> None:
        path = folder / "theirs.xlsx"
        write_workbook(path, {"survey": survey, **others})
        self.root = folder / "forms"
        self.folder = self.root / "demo" / "theirs" / "1"
        self.lines = from_xlsform(path, self.folder, self.root)
        self.told = [str(line) for line in self.lines]
        reading = read_form(self.folder, self.root)
        assert reading.problems == ()
        self.form: Form = reading.form
        self.elements: dict[str, Any] = {element.id: element for element in self.form.elements()}

    def in_language(self, locale: str) -> Form:
        return read_form(self.folder, self.root, locale).form

    def checks(self) -> list[str]:
        return [str(problem) for problem in all_problems(Catalogue(self.root))]

    def says(self, *parts: str) -> bool:
        return any(all(part in line for part in parts) for line in self.told)


def fill(imported: Imported) -> None:
    """Fill the form plausibly, so that it could be signed; send it out, and in again the same."""
    document = Rehearsal(imported.form, language="en", until=date(2026, 11, 1)).document("a")
    assert list(blocking(check_form(imported.form, document))) == []
    catalogue = Catalogue(imported.root)
    path = imported.root.parent / "ours.xlsx"
    to_xlsform(catalogue, catalogue.find("theirs", 1), path)
    assert convert(str(path), warnings=[]).xform
    again = imported.root.parent / "again" / "demo" / "theirs" / "1"
    from_xlsform(path, again, again.parents[2])
    for name in sorted(found.name for found in imported.folder.iterdir()):
        new = read_form(again, again.parents[2]).form
        assert new.texts == imported.form.texts, name


def question(imported: Imported, name: str) -> Question:
    found = imported.elements[name]
    assert isinstance(found, Question)
    return found
