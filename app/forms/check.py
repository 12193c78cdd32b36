"""Every problem of the forms at once: what the loader refuses, and what is left unused or unsaid.

Whether published versions are unchanged is looked at in `app.forms.publish`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from app.forms.catalogue import Catalogue, FormName
from app.forms.choice_lists import FOLDER, shared_names
from app.forms.definition import LANGUAGES
from app.forms.form_problem import FormProblem
from app.forms.load import FORM_FILE, Reading, read_form
from app.forms.managed_lists import LISTS, managed_names
from app.forms.wording import ENGLISH, Wording

FOLDER_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_TRANSLATIONS: Final = tuple(locale for locale in LANGUAGES if locale != ENGLISH)


def all_problems(catalogue: Catalogue) -> list[FormProblem]:
    """Return the problems of every form and of what they share, by file and line."""
    names = catalogue.names()
    found = {problem for name in names for problem in form_problems(catalogue, name)}
    found.update(_shared_problems(catalogue, names))
    found.update(_name_problems(names))
    return sorted(found)


def form_problems(catalogue: Catalogue, name: FormName) -> list[FormProblem]:
    """Return the problems of one version of a form, its translations and shared lists included."""
    folder = catalogue.folder(name)
    reading = read_form(folder, catalogue.root)
    found = {*reading.problems, *_unused(reading, name), *_stray_files(catalogue, name)}
    if not FOLDER_NAME.fullmatch(name.form):
        message = "name the form's folder in lower-kebab-case"
        found.add(FormProblem(f"{name.agreement}/{name}/{FORM_FILE}", 1, "", message))
    for locale in _TRANSLATIONS:
        if (folder / f"{locale}.yaml").is_file():
            translated = read_form(folder, catalogue.root, locale)
            found.update(translated.problems)
            found.update(_untranslated(translated.wording))
            for shared in translated.lists.shared_wordings.values():
                found.update(_untranslated(shared))
    return sorted(found)


def _unused(reading: Reading, name: FormName) -> Iterator[FormProblem]:
    """Yield the form's own lists and blocks that nothing uses."""
    file = f"{name.agreement}/{name}/{FORM_FILE}"
    for choice_list, line in reading.lines.items():
        if choice_list not in reading.lists.used:
            message = "no question uses this choice list; remove it"
            yield FormProblem(file, line, choice_list, message)
    for block, line in reading.blocks_unused.items():
        yield FormProblem(file, line, block, "no section uses this block; remove it")


def _untranslated(wording: Wording) -> Iterator[FormProblem]:
    for key in wording.missing():
        message = f"this text is not translated; add '{key}: …'"
        yield FormProblem(wording.file, 1, key, message)
    for key in wording.superfluous():
        message = "nothing in the form has this text; correct or remove it"
        yield FormProblem(wording.file, wording.translations.line_of(key), key, message)


def _stray_files(catalogue: Catalogue, name: FormName) -> Iterator[FormProblem]:
    known = {FORM_FILE, *(f"{locale}.yaml" for locale in _TRANSLATIONS)}
    for path in sorted(catalogue.folder(name).iterdir()):
        if path.name not in known:
            message = f"this file is not read; name it as one of {', '.join(sorted(known))}"
            yield FormProblem(f"{name.agreement}/{name}/{path.name}", 1, "", message)


def _shared_problems(catalogue: Catalogue, names: list[FormName]) -> Iterator[FormProblem]:
    """Yield the shared lists that no form uses, and translations of none."""
    used = {
        choice_list
        for name in names
        for choice_list in read_form(catalogue.folder(name), catalogue.root).lists.used
    }
    for folder, known in (
        (FOLDER, shared_names(catalogue.root)),
        (LISTS, managed_names(catalogue.root)),
    ):
        for choice_list in known:
            if choice_list not in used:
                message = "no form uses this choice list; remove it"
                yield FormProblem(f"{folder}/{choice_list}.yaml", 1, choice_list, message)
        for path in sorted((catalogue.root / folder).glob("*.*.yaml")):
            choice_list, locale = path.name.split(".")[:2]
            if choice_list not in known or locale not in _TRANSLATIONS:
                message = "this file is not read; name it after a list and a language"
                yield FormProblem(f"{folder}/{path.name}", 1, "", message)


def _name_problems(names: list[FormName]) -> Iterator[FormProblem]:
    """Yield the forms whose id another agreement has taken too."""
    agreements = defaultdict(set)
    for name in names:
        agreements[name.form].add(name.agreement)
    for name in names:
        if len(agreements[name.form]) > 1:
            others = ", ".join(sorted(agreements[name.form] - {name.agreement}))
            message = f"{others} has a form {name.form!r} too; ids are unique over all agreements"
            yield FormProblem(f"{name.agreement}/{name}/{FORM_FILE}", 1, "", message)
