"""Puts names in alphabetical order, as readers of each language expect it.

en, es, fr   accents do not count: Côte d'Ivoire stands between Costa Rica and Croatia
ar           the article and the forms of alif do not count, as in lists of the United Nations
ru           the letter yo is as ye
zh           by sound; GB 18030 holds the common characters in the order of their sound
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

SortKey = tuple[str | bytes, str]  # the name as compared, then as written


def sort_key(name: str, locale: str) -> SortKey:
    """Return what to sort *name* by in a list in *locale*; as Latin for an unknown language."""
    return _KEYS.get(locale, _latin)(name), name


def _latin(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold())
    return re.sub(r"[^\w ]", "", "".join(c for c in letters if not unicodedata.combining(c)))


def _arabic(name: str) -> str:
    letters = unicodedata.normalize("NFC", name).removeprefix("ال")
    return letters.translate(_ARABIC_LETTERS)


def _russian(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().translate(_RUSSIAN_LETTERS)


def _chinese(name: str) -> bytes:
    return name.translate(_SAME_SOUND).encode("gb18030")


_ALIF: Final = "\N{ARABIC LETTER ALEF}"
_ARABIC_LETTERS: Final = str.maketrans(
    {"أ": _ALIF, "إ": _ALIF, "آ": _ALIF, "ى": "ي", "ة": "\N{ARABIC LETTER HEH}"}
)
_RUSSIAN_LETTERS: Final = str.maketrans({"ё": "\N{CYRILLIC SMALL LETTER IE}"})
_SAME_SOUND: Final = str.maketrans({"瑙": "脑", "斐": "菲"})  # rare characters, to common ones
_KEYS: Final[dict[str, Callable[[str], str | bytes]]] = {
    "ar": _arabic,
    "ru": _russian,
    "zh": _chinese,
}
