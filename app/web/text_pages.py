"""Texts as the pages for translators show them: ready values, so that templates only loop."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for

from app.texts.check import Checked, TextProblem, placeholders
from app.texts.definition import EXAMPLES, TRANSLATED, Kind, Place, Said, Source, State, Text
from app.texts.glossary import occurring, terms
from app.texts.sources import Sources
from app.web.appearances import appearances
from app.wording.languages import GLOSSARY, LANGUAGES, Language
from app.wording.texts import KINDS, place_of, problem_text

PAGE_SIZE: Final = 50
MOST_DIFFERENCES: Final = 200  # shown; the files hold all


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a translation: for which numbers, if there are several, and its words."""

    numbers: str
    text: str


@dataclass(frozen=True, slots=True)
class InLanguage:
    """What a language says."""

    language: Language
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a text shows; an empty address where there is no page to lead to."""

    label: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class TermShown:
    """A term of the glossary, in English and in the language looked at."""

    english: str
    said: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShown:
    """One text with all that a translator needs to know."""

    text: Text
    state: State
    previous: str
    said: InLanguage
    beside: tuple[InLanguage, ...]
    links: tuple[Link, ...]
    terms: tuple[TermShown, ...]
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a language lacks of a source."""

    language: Language
    missing: int
    stale: int


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source in the list of all."""

    kind: str
    title: str
    number: int  # of texts
    cells: tuple[Cell, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file changes in one text."""

    source: str
    key: str
    english: str
    language: Language
    before: tuple[Form, ...]
    after: tuple[Form, ...]
    is_confirmed: bool


def title_of(source: Source) -> str:
    """Return the title of a source; the interface's in the reader's language."""
    return str(KINDS[Kind.INTERFACE]) if source.kind is Kind.INTERFACE else source.title


def sources_shown(sources: Sources) -> Iterator[SourceShown]:
    """Yield every source with what each language lacks."""
    for source in sources.all():
        cells = tuple(
            Cell(
                LANGUAGES[code],
                len(source.in_state(code, State.MISSING)),
                len(source.in_state(code, State.STALE)),
            )
            for code in TRANSLATED
        )
        kind, title = str(KINDS[source.kind]), title_of(source)
        yield SourceShown(kind, title, len(source.texts), cells, source.id)


def holds(source: Source, language: str, text: Text, words: str) -> bool:
    """Tell whether a text, its key or its translation has *words* in it."""
    said = source.says(language, text).forms
    return words.casefold() in "\n".join((text.key, text.english, *said)).casefold()


def texts_shown(
    source: Source, language: str, texts: Iterable[Text], beside: Sequence[str]
) -> list[TextShown]:
    """Return *texts* as they stand in *language*, with the languages *beside* it."""
    known = terms(GLOSSARY)
    return [
        TextShown(
            text=text,
            state=source.state(language, text),
            previous=source.says(language, text).previous,
            said=_in(language, text, source.says(language, text)),
            beside=tuple(_in(code, text, source.says(code, text)) for code in beside),
            links=tuple(_links(source, text, language)),
            terms=tuple(
                TermShown(term.english, term.said.get(language, ""), term.note)
                for term in occurring(known, text.english)
            ),
            keep=tuple(placeholders(text)),
        )
        for text in texts
    ]


def problems_shown(problems: Iterable[TextProblem]) -> list[tuple[str, str, str]]:
    """Return the problems of a file: where, the key, and what is wrong."""
    return [(place_of(problem), problem.key, problem_text(problem)) for problem in problems]


def differences_shown(checked: Iterable[Checked]) -> tuple[list[Difference], int]:
    """Return the first differences that a file makes, and how many there are in all."""
    found = [
        Difference(
            title_of(each.source),
            change.text.key,
            change.text.english,
            LANGUAGES[each.language],
            _in(each.language, change.text, change.before).forms,
            _in(each.language, change.text, Said(change.forms)).forms,
            change.is_confirmed,
        )
        for each in checked
        for change in each.changes
    ]
    return found[:MOST_DIFFERENCES], len(found)


def _in(language: str, text: Text, said: Said) -> InLanguage:
    numbers = EXAMPLES[language] if text.plural else ("",)
    forms = tuple(
        Form(numbers[number] if number < len(numbers) else "", form)
        for number, form in enumerate(said.forms)
    )
    return InLanguage(LANGUAGES[language], forms)


def _links(source: Source, text: Text, language: str) -> Iterator[Link]:
    if source.kind is Kind.INTERFACE:
        for file in text.files:
            yield from (Link(address) for address in appearances(file))
            yield Link(file)
        return
    for place in text.places:
        yield Link(_trail(place), _preview(place, language))
    if source.kind is Kind.REPORT and source.id.count("/") > 1:
        _, agreement, report = source.id.split("/")
        endpoint = "results.table" if text.part else "results.report"
        inside = {"table_id": text.part} if text.part else {}
        address = {"agreement": agreement, "report_id": report, "lang": language, **inside}
        yield Link(text.part or source.title, _address(endpoint, address))


def _trail(place: Place) -> str:
    return " / ".join((f"{place.form}/{place.version}", *place.trail))


def _preview(place: Place, language: str) -> str:
    address = {"form": place.form, "version": str(place.version), "in": language}
    anchor = f"#{place.anchor}" if place.anchor else ""
    return _address("forms_admin.show", address) + anchor


def _address(endpoint: str, values: Mapping[str, str]) -> str:
    """Return an address; the names of its parts may be words of Python."""
    return url_for(endpoint, **values)  # type: ignore[arg-type] # of no other argument
