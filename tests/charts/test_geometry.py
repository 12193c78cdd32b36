"""Every drawing keeps its figures: parts in proportion, all inside, no words upon words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.shares import whole_shares
from app.charts.chart import Chart, ChartKind, LineChart, Row
from app.charts.draw import NARROW, WIDE, draw
from tests.charts.drawings import (
    Box,
    boxes,
    chart,
    elements,
    marks,
    small,
    small_lines,
    view_box,
)

TABLE_KINDS = [kind for kind in ChartKind if kind is not ChartKind.LINES]
WIDTHS = (WIDE, NARROW)
TAGS = ("rect", "text", "line", "circle")
WORDS = st.text(st.sampled_from("abc deW 生物 أهدا Жш,"), min_size=1, max_size=60)


@st.composite
def charts(draw_: st.DrawFn) -> Chart:
    """Return any chart: of shares that sum to 100, or of counts, with rows that hold nothing."""
    kind = draw_(st.sampled_from(TABLE_KINDS))
    single = kind is ChartKind.BARS
    scale = draw_(st.lists(WORDS, min_size=1, max_size=1 if single else 6))
    apart = draw_(st.lists(WORDS, max_size=0 if single else 5))
    of = marks(scale, apart)
    counts = st.lists(st.integers(0, 99), min_size=len(of), max_size=len(of))
    rows = draw_(st.lists(st.tuples(WORDS, counts), min_size=1, max_size=6))
    is_by_mark = kind is ChartKind.SMALL_MULTIPLES and draw_(st.booleans())
    language = draw_(st.sampled_from(["en", "ar"]))
    if draw_(st.booleans()):
        shares = [(name, whole_shares(values)) for name, values in rows]
        return chart(kind, shares, of, language=language, is_by_mark=is_by_mark)
    end = max(1, *(sum(values) for _, values in rows))
    plain = [(name, list[int | None](values)) for name, values in rows]
    return chart(kind, plain, of, end=end, language=language, is_by_mark=is_by_mark)


def check(svg: str) -> None:
    """Nothing stands outside, and no words stand upon others."""
    view = view_box(svg)
    for tag in TAGS:
        for box in boxes(svg, tag):
            assert view.left <= box.left + 0.1, box
            assert box.right <= view.right + 0.1, box
            assert view.top <= box.top + 0.1, box
            assert box.bottom <= view.bottom + 0.1, box
    assert_apart(boxes(svg, "text"))


def assert_apart(words: list[Box]) -> None:
    """No two of *words* overlap; sorted from the top, so that only neighbours are compared."""
    ordered = sorted(words, key=lambda box: box.top)
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.top >= one.bottom:
                break
            assert not one.overlaps(other), f"{one} and {other}"


@settings(max_examples=150, deadline=None)
@given(charts(), st.sampled_from(WIDTHS), st.booleans())
def test_all_is_inside_and_apart(any_chart: Chart, width: int, is_alone: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    check(draw(any_chart, width=width, is_alone=is_alone))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", TABLE_KINDS)
@pytest.mark.parametrize("rows", [20, 196])
def test_many_rows_and_classes(kind: ChartKind, rows: int, width: int) -> None:
    of = marks([f"Category {at} of progress" for at in range(6)], ["Unknown", "Not reported"])
    of = of[:1] if kind is ChartKind.BARS else of
    values = [whole_shares([row + at for at, _ in enumerate(of, 1)]) for row in range(rows)]
    check(
        draw(
            chart(kind, [(f"Target {row}: a long name", v) for row, v in enumerate(values)], of),
            width=width,
        )
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_lines_are_inside_and_apart(language: str, width: int) -> None:
    check(draw(small_lines(language), width=width))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_whole_is_as_long_in_every_row(width: int) -> None:
    rows = [("One", (100, 0, 0)), ("Two", (33, 34, 33)), ("Three", (1, 1, 98))]
    of = marks(["Good", "Bad"], ["Not reported"])
    svg = draw(chart(ChartKind.STACKED_BARS, rows, of), width=width)
    lengths: dict[float, float] = {}
    for part in parts(svg):
        lengths[part.top] = lengths.get(part.top, 0) + part.right - part.left
    assert len(lengths) == 3
    assert max(lengths.values()) == pytest.approx(min(lengths.values()), abs=0.1)


def test_a_part_is_as_long_as_its_figure() -> None:
    rows = [("One", (10, 20, 70))]
    svg = draw(chart(ChartKind.STACKED_BARS, rows, marks(["Good", "Bad"], ["Not reported"])))
    first, second, third = (part.right - part.left for part in parts(svg))
    assert second == pytest.approx(2 * first, abs=0.05)
    assert third == pytest.approx(7 * first, abs=0.1)


def test_no_figure_has_no_part_and_says_so() -> None:
    for kind in (ChartKind.BARS, ChartKind.STACKED_BARS):
        svg = draw(small(kind))
        assert len({part.top for part in parts(svg)}) == 1
        assert "none" in [box.words for box in boxes(svg, "text")]


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_right_to_left_is_the_mirror_image(kind: ChartKind) -> None:
    one = small(kind)
    other = replace(one, is_mirrored=True)
    straight, mirrored = draw(one), draw(other)
    assert [(b.left, b.right) for b in parts(straight)] == [
        pytest.approx((WIDE - b.right, WIDE - b.left), abs=0.02) for b in parts(mirrored)
    ]


@pytest.mark.parametrize("drawn", [*map(small, TABLE_KINDS), small_lines()])
def test_a_drawing_is_named_described_and_safe_in_a_page(drawn: Chart | LineChart) -> None:
    root = elements(draw(drawn, prefix="wide"))
    assert root.get("role") == "img"
    ids = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    named = [ids[name] for name in root.get("aria-labelledby", "").split()]
    assert named == [drawn.title, drawn.description]
    assert all(name.startswith("wide-") for name in ids if name)
    for element in root.iter():
        assert element.tag.partition("}")[2] not in {"style", "script", "image", "foreignObject"}
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
        assert "http" not in "".join(element.attrib.values())


def parts(svg: str) -> list[Box]:
    return [box for box in boxes(svg, "rect") if box.kind in {"part", "cell"}]


def test_a_row_label_is_whole_however_long() -> None:
    label = "Parties " * 30
    svg = draw(chart(ChartKind.STACKED_BARS, [(label, (60, 40))], marks(["Good"], ["Silent"])))
    assert " ".join(box.words for box in boxes(svg, "text")).count("Parties") == 30


def test_a_row_needs_a_figure_for_each_mark() -> None:
    one = small(ChartKind.STACKED_BARS)
    short = replace(one, rows=(Row(label="One", figures=()),))
    with pytest.raises(ValueError, match="zip"):
        draw(short)
