"""A language is offered only when complete: every text, every plural form, every placeholder."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from app.config import ROOT
from app.texts.check import standing_problems
from app.texts.definition import TRANSLATED, Roots
from app.texts.ready import fresh_records
from app.texts.sources import Sources

TRANSLATIONS: Final = ROOT / "app" / "translations"
LANGUAGES: Final = sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
PLURALS: Final = {language: get_plural(language).num_plurals for language in LANGUAGES}
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
COUNT: Final = {"%(num)s", "%(num)d"}  # a form for exactly one or two says the number in words


@dataclass
class Text:
    """One text of the interface, and how one language says it: once, or in each plural form."""

    id: str
    context: str
    has_plural: bool
    said: list[str]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def texts(language: str) -> list[Text]:
    return list(read_texts(language))


def read_texts(language: str) -> Iterator[Text]:
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    catalog = read_po(io.BytesIO(path.read_bytes()), locale=language)
    assert catalog.num_plurals == PLURALS[language]
    for message in catalog:
        if message.id:
            said = message.string if isinstance(message.string, (list, tuple)) else [message.string]
            yield Text(
                id=message.id if isinstance(message.id, str) else message.id[-1],
                context=message.context or "",
                has_plural=bool(message.pluralizable),
                said=[] if message.fuzzy else [str(form or "") for form in said],
            )


def test_every_text_of_the_interface_is_in_the_catalogue(texts: list[Text]) -> None:
    mapping = (TRANSLATIONS / "babel.cfg").read_text()
    methods, options = parse_mapping_cfg(io.StringIO(mapping))  # type: ignore[no-untyped-call]
    found = {
        (message if isinstance(message, str) else message[1], context or "")
        for _, _, message, _, context in extract_from_dir(ROOT, methods, options)
    }
    known = {(text.id, text.context) for text in texts}
    assert sorted(found - known) == [], "run `make texts` and translate what it lists"


def test_every_text_is_translated(texts: list[Text]) -> None:
    assert [text.id for text in texts if not text.said or not all(text.said)] == []


def test_every_plural_form_is_there(texts: list[Text], language: str) -> None:
    plurals = [text for text in texts if text.has_plural]
    assert [text.id for text in plurals if len(text.said) != PLURALS[language]] == []


def test_every_placeholder_is_kept(texts: list[Text]) -> None:
    wrong = []
    for text in texts:
        wanted = set(PLACEHOLDER.findall(text.id))
        for form in text.said:
            has = set(PLACEHOLDER.findall(form))
            is_last = form is text.said[-1]
            if has - wanted or wanted - has - (set() if is_last else COUNT):
                wrong.append((text.id, form))
    assert wrong == []


def test_no_translation_is_missing_stale_or_damaged() -> None:
    """Of the interface, the forms, their lists and the reports."""
    sources = Sources(Roots(ROOT / "forms", ROOT / "reports", TRANSLATIONS))
    problems = [
        f"{source.id} {language} {problem.key}: {problem.code} {problem.details}"
        for source in sources.all()
        for language in TRANSLATED
        for problem in standing_problems(source, language)
    ]
    assert problems == [], "translate again: CONTRIBUTING.md, Have texts translated"
    changed = [sources.shown(path) for path in fresh_records(sources)]
    assert changed == [], "translations have changed; run `make texts`"
