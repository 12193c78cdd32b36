"""The languages of the interface, and which of them are complete enough to be offered.

A language is offered when the catalogue of the interface, every form and every report are all
there in it. English is the source and always is.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.pofile import read_po
from flask import current_app

from app.config import ROOT
from app.forms.catalogue import Catalogue

SOURCE: Final = "en"
TRANSLATIONS: Final = ROOT / "app" / "translations"


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


def complete_languages(forms: Catalogue, translations: Path = TRANSLATIONS) -> tuple[str, ...]:
    """Return the codes of the languages in which nothing is missing, in the order of `LANGUAGES`.

    forms          the catalogue whose latest wording of every version counts
    translations   the folder of the interface's catalogues, `<code>/LC_MESSAGES/messages.po`
    """
    of_forms = [set(forms.languages(name.form, name.version)) for name in forms.names()]
    return tuple(
        code
        for code in LANGUAGES
        if code == SOURCE
        or (is_translated(translations / code) and all(code in each for each in of_forms))
    )


def is_translated(folder: Path) -> bool:
    """Tell whether the interface's catalogue in *folder* has a translation of every text."""
    path = folder / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return False
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return bool(messages) and all(_is_complete(message.string) for message in messages)


def _is_complete(text: str | Sequence[str] | None) -> bool:
    return bool(text) if isinstance(text, str | None) else all(text)
