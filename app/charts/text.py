"""How wide a text is and where it breaks, without the font at hand: an estimate on the safe side.

The reader's browser chooses the font, so widths are upper bounds for the usual sans-serif faces.
"""

import unicodedata
from functools import lru_cache
from typing import Final

NARROW: Final = frozenset("iljtfrI.,:;'|!()[] -/·،؛")
WIDE: Final = frozenset("mwMW@%ЖШЩЮжшщюфмД—…")
FULL_WIDTH: Final = frozenset("WF")
LINE: Final = 1.3  # height of a line, in sizes of the font


def width(text: str, size: float) -> float:
    """Return about how wide *text* is in a font of *size*, rather too wide than too narrow."""
    return sum(map(_advance, text)) * size


def wrap(text: str, size: float, room: float) -> list[str]:
    """Break *text* into lines that fit into *room*; a word that is too long is broken itself."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text, size, room):
        candidate = f"{line}{word}"
        if line and width(candidate.rstrip(), size) > room:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line = candidate
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, size: float, room: float) -> list[str]:
    """Return what may stand on one line: words with the space after, parts of long words."""
    found = []
    for word in text.split():
        piece = ""
        for char in word:
            too_long = piece and width(piece + char, size) > room
            if too_long or (piece and _breaks_before(char)):
                found.append(piece)
                piece = ""
            piece += char
        found.append(f"{piece} ")
    return found


def _breaks_before(char: str) -> bool:
    """Tell whether a line may break before *char*: before Chinese characters, not punctuation."""
    return unicodedata.east_asian_width(char) == "W" and unicodedata.category(char) == "Lo"


@lru_cache(16_384)
def _advance(char: str) -> float:
    """Return the width of a character in sizes of the font."""
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    if unicodedata.east_asian_width(char) in FULL_WIDTH:
        return 1.03
    if char in WIDE:
        return 0.95
    if char in NARROW:
        return 0.38
    return 0.72 if char.isupper() else 0.6
