"""Publishing: a version's structure is frozen for ever, its wording gets a number.

`published.lock` records both; `lock_problems` notices every later change.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from app.forms.catalogue import Catalogue, FormName
from app.forms.changelog import with_line
from app.forms.check import form_problems
from app.forms.choice_lists import FOLDER
from app.forms.compare import compare
from app.forms.definition import LANGUAGES
from app.forms.form_problem import FormError, FormProblem
from app.forms.load import FORM_FILE, Reading, read_form
from app.forms.lock import LOCK_FILE, Published, read_lock, write_lock
from app.forms.structure import choices_used, structure_hash, text_hash
from app.forms.wording import ENGLISH

Texts = Mapping[str, Mapping[str, str]]  # by text key and language


def publish(catalogue: Catalogue, name: FormName, dropped: Collection[str] = ()) -> Published:
    """Freeze the structure of a version and record its wording as number 1.

    dropped  keys of the version before that are given up, see `compare`
    Raises FormError when the form has problems, is published already, or breaks with the version
    before it.
    """
    lock = read_lock(catalogue.root)
    _refuse(form_problems(catalogue, name))
    if str(name) in lock:
        told = "is published; make the next version, or publish new words with --wording"
        raise FormError([_problem(name, f"{name} {told}")])
    _refuse(_breaks(catalogue, name, dropped, lock))
    reading = _read(catalogue, name)
    published = Published(
        structure=structure_hash(reading.form),
        wording=1,
        choices=choices_used(reading.form),
        texts=text_hashes(catalogue, name),
    )
    write_lock(catalogue.root, {**lock, str(name): published})
    return published


def publish_wording(catalogue: Catalogue, name: FormName, changelog: Path) -> Published:
    """Record the present words of a published version under the next number.

    changelog  gets a line, under its heading "Forms"
    Raises FormError when the form has problems, is not published, or has the recorded words.
    """
    lock = read_lock(catalogue.root)
    _refuse(form_problems(catalogue, name))
    if str(name) not in lock:
        raise FormError([_problem(name, f"{name} is not published; publish it without --wording")])
    _refuse(structure_problems(catalogue, name, lock[str(name)]))
    texts = text_hashes(catalogue, name)
    changed = changed_texts(lock[str(name)].texts, texts)
    if not changed:
        raise FormError([_problem(name, "no text has changed; there is nothing to record")])
    published = replace(lock[str(name)], wording=lock[str(name)].wording + 1, texts=texts)
    line = f"`{name.agreement}/{name}`, wording {published.wording}: {_told(changed)}."
    before = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    changelog.write_text(with_line(before, "Forms", line), encoding="utf-8")
    write_lock(catalogue.root, {**lock, str(name): published})
    return published


def lock_problems(catalogue: Catalogue) -> list[FormProblem]:
    """Return where the forms differ from what is recorded as published."""
    names = {str(name): name for name in catalogue.names()}
    found: list[FormProblem] = []
    for published_name, published in read_lock(catalogue.root).items():
        name = names.get(published_name)
        if name is None:
            message = "this version is published, and its files are gone; put them back"
            found.append(FormProblem(LOCK_FILE, 1, published_name, message))
            continue
        found.extend(structure_problems(catalogue, name, published))
        found.extend(_wording_problems(catalogue, name, published))
    return found


def structure_problems(
    catalogue: Catalogue, name: FormName, published: Published
) -> Iterator[FormProblem]:
    """Yield what of a published version has changed although it is frozen."""
    form = _read(catalogue, name).form
    if structure_hash(form) == published.structure:
        return
    now = choices_used(form)
    changed = [key for key, codes in published.choices.items() if now.get(key) != tuple(codes)]
    for key in changed:
        was = ", ".join(published.choices[key])
        message = f"the choice list had the codes {was}; put them back, or make a list of a new id"
        is_shared = (catalogue.root / FOLDER / f"{key}.yaml").is_file()
        file = f"{FOLDER}/{key}.yaml" if is_shared else _file(name)
        yield FormProblem(file, 1, key, message)
    if not changed:
        yield _problem(
            name,
            "the structure of a published version has changed (ids, types, rules, codes, order); "
            "put it back, or copy the folder to the next version and change that",
        )


def text_hashes(catalogue: Catalogue, name: FormName) -> dict[str, dict[str, str]]:
    """Return a short hash of every text of a form and its shared lists, by key and language."""
    found: dict[str, dict[str, str]] = {}
    for locale in (ENGLISH, *(code for code in LANGUAGES if code != ENGLISH)):
        reading = _read(catalogue, name, locale)
        if locale != ENGLISH and not reading.wording.exists:
            continue
        for key, text in _texts(reading):
            found.setdefault(key, {})[locale] = text_hash(text)
    return found


def changed_texts(before: Texts, now: Texts) -> dict[str, list[str]]:
    """Return the languages in which each text differs, by key; texts that came or went too."""
    changed = {}
    for key in sorted({*before, *now}):
        was, is_now = before.get(key, {}), now.get(key, {})
        locales = sorted(c for c in {*was, *is_now} if was.get(c) != is_now.get(c))
        if locales:
            changed[key] = locales
    return changed


def _wording_problems(
    catalogue: Catalogue, name: FormName, published: Published
) -> Iterator[FormProblem]:
    """Yield that words have changed, and each translation that still says what was said before."""
    texts = text_hashes(catalogue, name)
    changed = changed_texts(published.texts, texts)
    if changed:
        told = f"words have changed since wording {published.wording} ({_told(changed)})"
        yield _problem(name, f"{told}; record them: flask forms publish {name} --wording")
    for key, locales in changed.items():
        if ENGLISH not in locales or ENGLISH not in published.texts.get(key, {}):
            continue
        for locale in texts.get(key, {}):
            if locale not in locales:
                message = "the English text has changed since this was translated; translate again"
                yield FormProblem(_file(name, f"{locale}.yaml"), 1, key, message)


def _breaks(
    catalogue: Catalogue, name: FormName, dropped: Collection[str], lock: Mapping[str, Published]
) -> list[FormProblem]:
    """Return what forbids *name* as the version after the one before it."""
    if name.version == 1:
        return [_problem(name, "version 1 drops nothing; leave out --drop")] if dropped else []
    before = FormName(name.agreement, name.form, name.version - 1)
    if str(before) not in lock:
        return [_problem(name, f"publish {before} first: versions follow each other")]
    old, new = _read(catalogue, before).form, _read(catalogue, name).form
    return compare(old, new, dropped, _file(name))


def _read(catalogue: Catalogue, name: FormName, locale: str = ENGLISH) -> Reading:
    return read_form(catalogue.folder(name), catalogue.root, locale)


def _texts(reading: Reading) -> Iterator[tuple[str, str]]:
    yield from reading.wording.texts.items()
    for name, wording in reading.lists.shared_wordings.items():
        yield from ((f"{FOLDER}/{name}.{key}", text) for key, text in wording.texts.items())


def _told(changed: Mapping[str, list[str]]) -> str:
    locales = ", ".join(sorted({locale for found in changed.values() for locale in found}))
    shown = ", ".join(f"`{key}`" for key in list(changed)[:5])
    more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""  # noqa: PLR2004 - as above
    return f"{shown}{more} in {locales}"


def _refuse(problems: Collection[FormProblem] | Iterator[FormProblem]) -> None:
    if found := list(problems):
        raise FormError(found)


def _file(name: FormName, file: str = FORM_FILE) -> str:
    return f"{name.agreement}/{name}/{file}"


def _problem(name: FormName, message: str) -> FormProblem:
    return FormProblem(_file(name), 1, "", message)
