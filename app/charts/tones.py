"""The looks of classes: colours with falling lightness, each with a pattern of its own.

An ordered scale runs from dark to light, so that its order survives every kind of colour
blindness and a print in grey; what has no place on the scale is grey. A pattern tells apart what
colour does not.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.charts.chart import Mark

INK: Final = "#17241e"
SOFT_INK: Final = "#4a5a52"
PAPER: Final = "#ffffff"
GRID: Final = "#d3dcd6"

SCALE: Final = ("#08402c", "#1f6f63", "#4f9f9c", "#93c6a4", "#d3dc92", "#fbf0b4")
APART: Final = ("#7d8782", "#c3cbc6", "#e4e9e6", "#ffffff")
HEAT: Final = ("#f3f7f1", "#d6e8cf", "#a8d0ae", "#4f9f8c", "#1f6f63", "#08402c")
HEAT_APART: Final = ("#f6f7f6", "#e1e5e3", "#c3cbc6", "#8f9994", "#626d67", "#3c4640")
READABLE: Final = 4.5  # contrast of words, WCAG 2.2 AA
SEEN: Final = 3  # contrast of parts

# Drawn in a square of 8 by 8. The first of each is plain.
PATTERNS: Final = (
    "",
    "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6",
    "M2,1.2 V2.8 M6,5.2 V6.8",
    "M0,4 H8",
    "M0,0 L8,8 M8,0 L0,8",
    "M4,0 V8",
)
PATTERNS_APART: Final = (
    "",
    "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2",
    "M0,4 H8 M4,0 V8",
    "M1.2,2 H2.8 M5.2,6 H6.8",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """The look of a class."""

    fill: str  # `#rrggbb`
    pattern: str  # a path in a square of 8 by 8; empty: plain
    line: str  # colour of the pattern
    words: str  # colour of words that stand on it
    plate: str  # ground to put under those words; empty: they can be read as they are


def tone_of(mark: Mark) -> Tone:
    """Return what a class looks like."""
    anchors, patterns = (APART, PATTERNS_APART) if mark.is_apart else (SCALE, PATTERNS)
    fill = _between(anchors, mark.step / (mark.of - 1) if mark.of > 1 else float(mark.is_apart))
    pattern = patterns[mark.step % len(patterns)]
    if mark.is_apart and mark.of == 1:
        pattern = patterns[-1]
    words = front_on(fill)
    if pattern or contrast(words, fill) < READABLE:
        line = SOFT_INK if contrast(SOFT_INK, fill) >= SEEN else words
        return Tone(fill=fill, pattern=pattern, line=line, words=INK, plate=PAPER)
    return Tone(fill=fill, pattern=pattern, line=words, words=words, plate="")


def heat_of(value: int, end: int, *, is_apart: bool) -> str:
    """Return the colour of a figure from 0 to *end*: the more, the darker; zero is the lightest."""
    shades = HEAT_APART if is_apart else HEAT
    if value <= 0:
        return shades[0]
    return shades[min(len(shades) - 1, 1 + value * (len(shades) - 1) // (end + 1))]


def front_on(ground: str) -> str:
    """Return the colour, ink or paper, that stands out more on *ground*."""
    return max(INK, PAPER, key=lambda front: contrast(front, ground))


@lru_cache(4096)
def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 (none) to 21, as WCAG defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in _parts(colour)]  # noqa: PLR2004 - WCAG's own
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _between(anchors: tuple[str, ...], share: float) -> str:
    """Return the colour at *share*, 0 to 1, of the way along *anchors*."""
    place = share * (len(anchors) - 1)
    at = min(int(place), len(anchors) - 2)
    pairs = zip(_parts(anchors[at]), _parts(anchors[at + 1]), strict=True)
    mixed = [round(255 * (one + (other - one) * (place - at))) for one, other in pairs]
    return "#" + "".join(f"{part:02x}" for part in mixed)
