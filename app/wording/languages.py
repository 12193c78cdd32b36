"""The languages of the interface, and which of them are complete enough to be offered.

A language is offered when the catalogue of the interface, every published form and every report
on one are all there in it. A form that is still being written takes no language away. English is
the source and always is.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.pofile import read_po
from flask import current_app

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.reports.catalogue import Reports

SOURCE: Final = "en"
TRANSLATIONS: Final = ROOT / "app" / "translations"
GLOSSARY: Final = TRANSLATIONS / "glossary.csv"


class Language(NamedTuple):
    """One of the six languages: our code, its own name, its tag for browsers, its direction."""

    code: str
    name: str
    tag: str
    direction: str


LANGUAGES: Final = {
    language.code: language
    for language in (
        Language("ar", "العربية", "ar", "rtl"),
        Language("en", "English", "en", "ltr"),
        Language("es", "Español", "es", "ltr"),
        Language("fr", "Français", "fr", "ltr"),
        Language("ru", "Русский", "ru", "ltr"),
        Language("zh", "中文", "zh-Hans", "ltr"),
    )
}


def offered() -> tuple[str, ...]:
    """Return the codes of the languages that the running application offers."""
    found: tuple[str, ...] = current_app.extensions["canopy_languages"]
    return found


def accepted(wishes: Iterable[tuple[str, float]], among: Sequence[str]) -> str:
    """Return the first language of a browser's list that is *among* ours, whatever its region.

    wishes   tags such as "ar-EG" with their quality, 0 to 1, the best first
    returns  English when none of them is
    """
    for tag, quality in wishes:
        code = tag.partition("-")[0].lower()
        if quality > 0 and code in among:
            return code
    return SOURCE


def complete_languages(
    forms: Catalogue, reports: Reports | None = None, translations: Path = TRANSLATIONS
) -> tuple[str, ...]:
    """Return the codes of the languages in which nothing is missing, in the order of `LANGUAGES`.

    forms          of which every published version counts
    reports        of which those on a published form count; the project's by default
    translations   the folder of the interface's catalogues, `<code>/LC_MESSAGES/messages.po`
    """
    reports = reports or Reports(ROOT / "reports")
    in_all = set(LANGUAGES)
    published = [name for name in forms.names() if forms.is_published(name)]
    for form in published:
        in_all &= set(forms.languages(form.form, form.version))
    told_of = {form.form for form in published}
    for report in reports.names():
        if reports.read(report).report.form in told_of:
            in_all &= set(reports.languages(report.agreement, report.report))
    translated = {code for code in in_all if is_translated(translations / code)}
    return tuple(code for code in LANGUAGES if code == SOURCE or code in translated)


def is_translated(folder: Path) -> bool:
    """Tell whether the interface's catalogue in *folder* has a translation of every text."""
    path = folder / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return False
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return bool(messages) and all(not m.fuzzy and _is_complete(m.string) for m in messages)


def _is_complete(text: str | Sequence[str] | None) -> bool:
    return bool(text) if isinstance(text, str | None) else all(text)
