"""The two ways: a form of ours to an XLSX file, and an XLSX file to a folder of ours."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from app.forms.catalogue import Catalogue, FormName
from app.forms.choice_lists import FOLDER, shared_names
from app.forms.form_problem import FormProblem
from app.forms.load import FORM_FILE, Reading, read_form
from app.forms.managed_lists import ENTRIES, LISTS, managed_names
from app.forms.strict_yaml import load_yaml
from app.forms.wording import ENGLISH
from app.forms.xlsform.incoming import Incoming, Reader
from app.forms.xlsform.kept import CANOPY, INTRO
from app.forms.xlsform.outgoing import sheets_of
from app.forms.xlsform.places import Places, Told, in_order
from app.forms.xlsform.plain import told_and_plain
from app.forms.xlsform.words import kept_rows
from app.forms.xlsform.workbook import (
    NoXlsFormError,
    doubled_heading,
    read_cells,
    read_survey,
    texts_as_written,
    write_workbook,
)

_RULES: Final = ("relevant", "required", "rule")


def to_xlsform(catalogue: Catalogue, name: FormName, path: Path) -> list[str]:
    """Write a form as an XLSForm; return what other programs will not read, a line for each.

    The same stands in the sheet `canopy`. Raises FormError when the form is broken.
    """
    sheets = sheets_of(catalogue.folder(name), catalogue.root)
    write_workbook(path, sheets)
    about: dict[str, list[str]] = {}
    for row in sheets[CANOPY][1:]:
        if row[1] not in (INTRO, "block"):
            about.setdefault(row[1], []).append(row[0] or "the form")
    return [f"{prop}: {', '.join(dict.fromkeys(names))}" for prop, names in about.items()]


def from_xlsform(path: Path, folder: Path, root: Path) -> list[Told]:
    """Write the XLSForm at *path* as a form into *folder*; return what is not carried over.

    folder  `AGREEMENT/FORM/VERSION`, whose names the form takes
    root    the forms folder, which holds the shared choice lists
    Raises NoXlsFormError when the file is no XLSForm, NothingAskedError when nothing of it can be
    carried over, FileExistsError when there is a form.
    """
    if (folder / FORM_FILE).exists():
        raise FileExistsError(str(folder / FORM_FILE))
    sheets = read_cells(path)
    if doubled := doubled_heading(sheets):
        raise NoXlsFormError(doubled)
    survey = read_survey(path)
    originals = texts_as_written(row for rows in sheets.values() for row in rows)
    places = Places(sheets)
    lines = [*told_and_plain(survey, places)]
    reader = Reader(survey, originals, kept_rows(sheets), _shared(root), places)
    for line in lines:
        reader.tell(*line)
    agreement, form, version = folder.resolve().parts[-3:]
    found = reader.read(agreement, form, version)
    if not found.form["sections"]:
        raise NothingAskedError(found.told)
    _leave_out_refused(found, root, (agreement, form, version))
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in _files(found).items():
        (folder / file).write_text(text, encoding="utf-8")
    return in_order(found.told)


class NothingAskedError(NoXlsFormError):
    """Nothing in the workbook can be asked here; *told* says of each thing why."""

    def __init__(self, told: list[Told]) -> None:
        super().__init__("nothing in it can be asked here")
        self.told = in_order(told)


def _shared(root: Path) -> dict[str, tuple[str, ...]]:
    """Return the codes of every list that forms share, those managed as they are filed."""
    shared = {name: load_yaml(root / FOLDER / f"{name}.yaml") for name in shared_names(root)}
    managed = {name: load_yaml(root / LISTS / f"{name}.yaml") for name in managed_names(root)}
    entries = {name: data[ENTRIES] for name, data in managed.items()}
    return {name: _codes(data) for name, data in (shared | entries).items()}


def _codes(data: Any) -> tuple[str, ...]:  # noqa: ANN401 - what YAML is made of
    return tuple(data if isinstance(data, dict) else (str(entry["code"]) for entry in data))


def _leave_out_refused(found: Incoming, root: Path, names: tuple[str, str, str]) -> None:
    """Leave out the rules that the loader refuses; tell these, and what else is to be put right."""
    problems: Iterable[FormProblem] = ()
    earlier = -1
    while len(found.told) > earlier:  # what is left out may have been looked at by another rule
        earlier = len(found.told)
        problems = _problems(found, root, names)
        refused = {p.where: p for p in problems if p.message.partition(":")[0] in _RULES}
        for where, problem in refused.items():
            key = problem.message.partition(":")[0]
            found.told.append(found.told_of(where, f"left out, {problem.message}", key))
            _remove(found.form, where, key)
            if key == "rule":
                found.forget(where)
    if not found.form["sections"]:
        raise NothingAskedError(found.told)
    for problem in problems:
        found.told.append(found.told_of(problem.where, f"to be put right: {problem.message}"))
    found.told.extend(_untranslated(found, root, names))


def _untranslated(found: Incoming, root: Path, names: tuple[str, str, str]) -> Iterator[Told]:
    """Yield which texts each language has not, of those that the workbook is written in."""
    for locale in sorted(found.words):
        if missing := [*_aside(found, root, names, locale).wording.missing()]:
            told = f"to be put right: {len(missing)} texts are not translated: {', '.join(missing)}"
            yield Told(f"{locale}.yaml", told)


def _problems(found: Incoming, root: Path, names: tuple[str, str, str]) -> list[FormProblem]:
    """Return what the loader says of the form."""
    return list(_aside(found, root, names).problems)


def _aside(
    found: Incoming, root: Path, names: tuple[str, str, str], locale: str = ENGLISH
) -> Reading:
    """Return the form as the loader reads its files, written aside, with the shared lists."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside).joinpath(*names)
        folder.mkdir(parents=True)
        for shared in (FOLDER, LISTS):
            if (root / shared).is_dir():
                (Path(aside) / shared).symlink_to((root / shared).resolve())
        for file, text in _files(found).items():
            (folder / file).write_text(text, encoding="utf-8")
        return read_form(folder, Path(aside), locale)


def _remove(value: Any, where: str, key: str) -> None:  # noqa: ANN401 - what YAML is made of
    """Remove a rule from the element of that id; a check or calculated question as a whole."""
    if isinstance(value, dict):
        if value.get("id") == where:
            value.pop(key, None)
        for inside in value.values():
            _remove(inside, where, key)
    elif isinstance(value, list):
        value[:] = [
            entry
            for entry in value
            if not (key == "rule" and isinstance(entry, dict) and entry.get("id") == where)
        ]
        for inside in value:
            _remove(inside, where, key)
        value[:] = [entry for entry in value if not _is_empty(entry)]


def _is_empty(entry: Any) -> bool:  # noqa: ANN401
    """Tell whether an entry holds elements, but none is left."""
    return isinstance(entry, dict) and entry.get("elements") == []


def _files(found: Incoming) -> dict[str, str]:
    """Return the text of form.yaml and of each translation."""
    files = {FORM_FILE: found.form}
    for locale, words in sorted(found.words.items()):
        files[f"{locale}.yaml"] = dict(words)
    return {
        name: yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96)
        for name, data in files.items()
    }


class _Dumper(yaml.SafeDumper):
    """Writes without anchors, which our YAML has not."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - as in PyYAML
        return True
