"""Classes can be told apart without colour, and words on them read; one snapshot of each kind."""

from itertools import pairwise

import pytest
from syrupy.assertion import SnapshotAssertion

from app.charts.chart import ChartKind, Mark
from app.charts.draw import draw
from app.charts.png import to_png
from app.charts.text import width, wrap
from app.charts.tones import (
    HEAT,
    HEAT_APART,
    INK,
    PAPER,
    READABLE,
    SEEN,
    SOFT_INK,
    contrast,
    front_on,
    heat_of,
    tone_of,
)
from tests.charts.drawings import small, small_lines

KINDS = [kind for kind in ChartKind if kind is not ChartKind.LINES]
ANY_MARK = [
    Mark(label="", step=step, of=of, is_apart=apart)
    for apart in (False, True)
    for of in range(1, 9)
    for step in range(of)
]


@pytest.mark.parametrize("mark", ANY_MARK)
def test_words_and_patterns_stand_out(mark: Mark) -> None:
    tone = tone_of(mark)
    assert contrast(tone.words, tone.plate or tone.fill) >= READABLE
    if tone.pattern:
        assert contrast(tone.line, tone.fill) >= SEEN
    assert max(contrast(INK, tone.fill), contrast(PAPER, tone.fill)) >= SEEN  # its edge


@pytest.mark.parametrize("ground", [*HEAT, *HEAT_APART])
def test_words_stand_out_on_every_cell(ground: str) -> None:
    assert contrast(front_on(ground), ground) >= READABLE


def test_soft_words_stand_out() -> None:
    assert contrast(SOFT_INK, PAPER) >= READABLE


@pytest.mark.parametrize("of", range(2, 8))
def test_a_scale_falls_in_one_direction_of_lightness(of: int) -> None:
    fills = [tone_of(Mark(label="", step=step, of=of)).fill for step in range(of)]
    lightness = [contrast(fill, "#000000") for fill in fills]
    assert lightness == sorted(lightness)
    assert all(other / one > 1.1 for one, other in pairwise(lightness))


@pytest.mark.parametrize("of", range(2, 7))
def test_no_two_classes_look_the_same(of: int) -> None:
    tones = [
        tone_of(Mark(label="", step=step, of=of, is_apart=apart))
        for apart in (False, True)
        for step in range(of)
    ]
    assert len({(tone.fill, tone.pattern) for tone in tones}) == 2 * of


@pytest.mark.parametrize("shades", [HEAT, HEAT_APART])
def test_more_is_darker(shades: tuple[str, ...]) -> None:
    is_apart = shades is HEAT_APART
    found = [heat_of(value, 100, is_apart=is_apart) for value in range(101)]
    places = [shades.index(shade) for shade in found]
    assert places == sorted(places)
    assert set(places) == set(range(len(shades)))


def test_words_wrap_where_a_language_breaks() -> None:
    assert wrap("one two three", 10, width("one two", 10) + 1) == ["one two", "three"]
    assert wrap("生物多样性公约", 10, 31) == ["生物多", "样性公", "约"]
    assert wrap("antidisestablishment", 10, 60)[0].startswith("anti")
    assert wrap("", 10, 60) == [""]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_each_kind_looks_like(
    kind: ChartKind, language: str, snapshot: SnapshotAssertion
) -> None:
    assert by_line(draw(small(kind, language), is_alone=True)) == snapshot


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_lines_look_like(language: str, snapshot: SnapshotAssertion) -> None:
    assert by_line(draw(small_lines(language))) == snapshot


def by_line(svg: str) -> str:
    """Return a drawing with one element to a line, so that a change can be read."""
    return svg.replace("><", ">\n<")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_png_is_as_wide_as_its_drawing_twice(language: str) -> None:
    png = to_png(draw(small(ChartKind.STACKED_BARS, language)))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") == 2 * 960


def test_the_fonts_have_the_letters_of_all_six_languages() -> None:
    """A letter that no font has is drawn as nothing, or as the same box as any other."""
    blank = to_png(one_letter("\u2067\u2069"))
    seen = {to_png(one_letter(letter)) for letter in ("a", "é", "ñ", "ж", "ب", "生", "样")}
    assert len(seen | {blank}) == 8


def one_letter(letter: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" font-family="Noto Sans">'
        f'<text x="5" y="30" font-size="20">{letter}</text></svg>'
    )
