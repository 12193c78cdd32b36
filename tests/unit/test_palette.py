"""Colours of static/css/canopy.css can be told apart: contrast as WCAG 2.2 AA asks for it."""

import re
from typing import Final

import pytest

from app.config import ROOT

TEXT: Final = 4.5  # success criterion 1.4.3
LARGE_OR_PART: Final = 3.0  # 1.4.3 for large text; 1.4.11 for borders and focus

CSS: Final = (ROOT / "static" / "css" / "canopy.css").read_text()
PALETTE: Final = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS))

GROUNDS: Final = ("paper", "wash", "accent-wash")
ON_ANY_GROUND: Final = ("ink", "ink-soft", "accent", "accent-strong")
WORDS: Final = [
    *((front, ground) for front in ON_ANY_GROUND for ground in GROUNDS),
    *((tone, f"{tone}-wash") for tone in ("good", "info", "warning", "bad")),
    *((tone, "paper") for tone in ("good", "info", "warning", "bad")),
    *(("ink", f"{tone}-wash") for tone in ("good", "info", "warning", "bad")),
    *(("accent", f"{tone}-wash") for tone in ("good", "info", "warning", "bad")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("focus-ink", "focus"),
]
PARTS: Final = [
    ("line-strong", "paper"),  # borders of inputs
    ("focus-ink", "paper"),
    ("focus-ink", "focus"),  # the two rings of the focus: one of them stands out on any ground
    ("focus", "accent"),
    ("focus", "accent-strong"),
    ("accent-soft", "accent-strong"),  # the line under the present entry of the navigation
    ("accent", "line"),  # the bar of progress on its ground
]


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 (black) to 1 (white), as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 (none) to 21."""
    lighter, darker = sorted((luminance(PALETTE[one]), luminance(PALETTE[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_all_the_contrast_there_is() -> None:
    assert (luminance("#ffffff") + 0.05) / (luminance("#000000") + 0.05) == pytest.approx(21)


@pytest.mark.parametrize(("front", "ground"), WORDS)
def test_words_can_be_read(front: str, ground: str) -> None:
    assert contrast(front, ground) >= TEXT


@pytest.mark.parametrize(("front", "ground"), PARTS)
def test_parts_can_be_told_apart(front: str, ground: str) -> None:
    assert contrast(front, ground) >= LARGE_OR_PART


def test_every_colour_is_a_token() -> None:
    rules = CSS[CSS.index("}") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == [], "name it in :root"


def test_there_is_no_left_and_no_right() -> None:
    sides = r"(?:left|right|top|bottom)"
    physical = re.findall(
        rf"(?:margin|padding|border|inset)-{sides}"
        rf"|(?<![\w-])(?:{sides}|(?:min-|max-)?(?:width|height)): "
        rf"|text-align: (?:left|right)",
        re.sub(r"@media[^{]*", "", CSS),
    )
    assert physical == [], "use the logical property, which Arabic mirrors"
