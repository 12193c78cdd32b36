"""What the step from one version of a form to another does to answers and to translations.

Answers: an answer is *kept* where its question is the same; *changed* where the question may be
asked or checked otherwise, which no answer minds; *dropped* where it is left out; *refused* where
old and new answers could not stand in one series (`app.forms.compare`). *Added* is new.

Translations: *missing* has no text in a language; *stale* says what was said before: its English
has changed, and it has not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.forms.catalogue import Catalogue, FormName
from app.forms.compare import compare
from app.forms.definition import LANGUAGES, Element, Form, Question, QuestionType
from app.forms.load import Reading, read_form
from app.forms.structure import structure
from app.forms.wording import ENGLISH

_DROP: Final = re.compile(r"--drop (\S+)$")


class Fate(StrEnum):
    """What happens to the answers to a question."""

    REFUSED = "refused"
    DROPPED = "dropped"
    CHANGED = "changed"
    ADDED = "added"
    KEPT = "kept"


_TOUCHED: Final = (Fate.REFUSED, Fate.DROPPED, Fate.CHANGED)


@dataclass(frozen=True, slots=True, order=True)
class Effect:
    """What happens to one key: a question, in its containers, or one of its codes."""

    key: str
    fate: Fate
    about: str = ""  # what differs, or why it is refused; in English, for authors

    @property
    def question(self) -> str:
        """Return the id of the question alone."""
        return self.key.rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What of a language is to be done before the new version can be offered in it."""

    locale: str
    missing: tuple[str, ...]  # text keys
    stale: tuple[str, ...]


def effects_on_answers(old: Form, new: Form) -> tuple[Effect, ...]:
    """Return an effect for every key of either version, refused first, kept last."""
    found: dict[str, Effect] = {}
    for problem in compare(old, new, (), ""):
        drop = _DROP.search(problem.message)
        if drop:
            found[drop[1]] = Effect(drop[1], Fate.DROPPED)
        else:
            found[problem.where] = Effect(problem.where, Fate.REFUSED, problem.message)
    before, after = _questions(old), _questions(new)
    for key, question in before.items():
        if not {key, key.rpartition("/")[2], key.replace("/", ".")} & found.keys():
            about = _differences(question, after.get(key, {}))
            found[key] = Effect(key, Fate.CHANGED if about else Fate.KEPT, about)
    for key in after.keys() - before.keys() - found.keys():
        if key.rpartition("/")[2] not in found:
            found[key] = Effect(key, Fate.ADDED)
    return tuple(sorted(found.values(), key=lambda effect: [*Fate].index(effect.fate)))


def touched(effects: Iterable[Effect]) -> set[str]:
    """Return the ids of the questions that are refused, dropped or changed."""
    return {effect.question for effect in effects if effect.fate in _TOUCHED}


def effects_on_translations(
    catalogue: Catalogue, old: FormName, new: FormName
) -> tuple[Translation, ...]:
    """Return what is missing and stale, for each language that either version has."""
    found = []
    english = _reading(catalogue, old, ENGLISH), _reading(catalogue, new, ENGLISH)
    for locale in LANGUAGES:
        was, now = _reading(catalogue, old, locale), _reading(catalogue, new, locale)
        if locale == ENGLISH or not (was.wording.exists or now.wording.exists):
            continue
        before, after = was.wording.translations, now.wording.translations
        stale = (
            key
            for key, text in english[1].wording.texts.items()
            if key in after
            and before.get(key) == after[key]
            and english[0].wording.texts.get(key) != text
        )
        found.append(Translation(locale=locale, missing=missing_texts(now), stale=tuple(stale)))
    return tuple(found)


def missing_texts(reading: Reading) -> tuple[str, ...]:
    """Return the text keys that a form lacks in a language; those of shared lists with the list."""
    shared = (
        f"choices/{name}.{key}"
        for name, wording in reading.lists.shared_wordings.items()
        for key in wording.missing()
    )
    return (*reading.wording.missing(), *shared)


def _reading(catalogue: Catalogue, name: FormName, locale: str) -> Reading:
    return read_form(catalogue.folder(name), catalogue.root, locale)


def _questions(form: Form) -> dict[str, Mapping[str, Any]]:
    """Return the structure of every question with an answer, by containers and id."""
    asked = {e.id for e in form.elements() if _has_answer(e)}
    return {
        "/".join((*path, entry["id"])): entry
        for section in structure(form)["sections"]
        for path, entry in _entries(section["elements"], ())
        if entry["id"] in asked
    }


def _entries(
    elements: list[dict[str, Any]], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for element in elements:
        if "elements" in element:
            yield from _entries(element["elements"], (*path, element["id"]))
        else:
            yield path, element


def _has_answer(element: Element) -> bool:
    return isinstance(element, Question) and element.type is not QuestionType.NOTE


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return which properties of a question differ, joined by commas."""
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return ", ".join(keys)
