"""The two ways: a form of ours to an XLSX file, and an XLSX file to a folder of ours."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from app.forms.catalogue import Catalogue, FormName
from app.forms.choice_lists import FOLDER, shared_names
from app.forms.form_problem import FormProblem
from app.forms.load import FORM_FILE, read_form
from app.forms.managed_lists import ENTRIES, LISTS, managed_names
from app.forms.strict_yaml import load_yaml
from app.forms.xlsform.incoming import Incoming, Reader
from app.forms.xlsform.kept import CANOPY, INTRO
from app.forms.xlsform.outgoing import sheets_of
from app.forms.xlsform.words import kept_rows
from app.forms.xlsform.workbook import (
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


def from_xlsform(path: Path, folder: Path, root: Path) -> list[str]:
    """Write the XLSForm at *path* as a form into *folder*; return what is not carried over.

    folder  `AGREEMENT/FORM/VERSION`, whose names the form takes
    root    the forms folder, which holds the shared choice lists
    Raises NoXlsFormError when the file is no XLSForm, FileExistsError when there is a form.
    """
    if (folder / FORM_FILE).exists():
        raise FileExistsError(str(folder / FORM_FILE))
    survey = read_survey(path)
    sheets = read_cells(path)
    originals = texts_as_written(row for rows in sheets.values() for row in rows)
    reader = Reader(survey, originals, kept_rows(sheets), _shared(root))
    agreement, form, version = folder.resolve().parts[-3:]
    found = reader.read(agreement, form, version)
    _leave_out_refused(found, root, (agreement, form, version))
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in _files(found).items():
        (folder / file).write_text(text, encoding="utf-8")
    return found.told


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
    for _ in range(10):  # a rule that is left out may be the last look at something left out
        problems = _problems(found, root, names)
        refused = {p.where: p for p in problems if p.message.partition(":")[0] in _RULES}
        if not refused:
            break
        for where, problem in refused.items():
            key = problem.message.partition(":")[0]
            found.told.append(f"{where}: left out, {problem.message}")
            _remove(found.form, where, key)
    found.told.extend(f"to be put right: {p.where}: {p.message}" for p in problems)


def _problems(found: Incoming, root: Path, names: tuple[str, str, str]) -> list[FormProblem]:
    """Return what the loader says of the files, written aside, with the shared lists beside."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside).joinpath(*names)
        folder.mkdir(parents=True)
        for shared in (FOLDER, LISTS):
            if (root / shared).is_dir():
                (Path(aside) / shared).symlink_to((root / shared).resolve())
        for file, text in _files(found).items():
            (folder / file).write_text(text, encoding="utf-8")
        return list(read_form(folder, Path(aside)).problems)


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
