"""Charts to draw, and what a drawing consists of: boxes and words with their places."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

from app.charts.chart import Chart, ChartKind, Figure, Line, LineChart, Mark, Point, Row
from app.charts.text import LINE, width

LABELS = {
    "en": ("On track to achieve the target", "Progress, but at an insufficient rate", "Worse"),
    "ar": ("على المسار الصحيح لتحقيق الهدف", "تقدم ولكن بمعدل غير كاف", "أسوأ"),
}
APART = {"en": "Not reported", "ar": "لم يقدّم تقريرا"}
ROWS = {"en": ("Africa", "Asia and the Pacific"), "ar": ("أفريقيا", "آسيا والمحيط الهادئ")}
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    """What an element covers, from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float
    kind: str
    words: str = ""

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right - 0.1
            and other.left < self.right - 0.1
            and self.top < other.bottom - 0.1
            and other.top < self.bottom - 0.1
        )


def figure(value: int | None, unit: str = "%") -> Figure:
    return Figure(value=value, text="" if value is None else f"{value}{unit}")


def marks(scale: Sequence[str], apart: Sequence[str] = ()) -> tuple[Mark, ...]:
    return (
        *(Mark(label=label, step=at, of=len(scale)) for at, label in enumerate(scale)),
        *(
            Mark(label=label, step=at, of=len(apart), is_apart=True)
            for at, label in enumerate(apart)
        ),
    )


def chart(
    kind: ChartKind,
    rows: Sequence[tuple[str, Sequence[int | None]]],
    of: Sequence[Mark],
    *,
    end: int = 100,
    language: str = "en",
    is_by_mark: bool = False,
) -> Chart:
    return Chart(
        kind=kind,
        title="<Progress> & coverage",
        description="All figures are in the table.",
        language=language,
        is_mirrored=language == "ar",
        marks=tuple(of),
        rows=tuple(
            Row(label=label, figures=tuple(figure(v) for v in values), is_total=at == len(rows) - 1)
            for at, (label, values) in enumerate(rows)
        ),
        ticks=tuple(figure(end * part // 4) for part in range(5)),
        no_figure="none",
        footer="Source: a test.",
        is_by_mark=is_by_mark,
    )


def small(kind: ChartKind, language: str = "en") -> Chart:
    """Return a chart of two rows that a reader can check by eye."""
    first, second = ROWS[language]
    of = marks(LABELS[language], [APART[language]])
    rows: list[tuple[str, Sequence[int | None]]] = [
        (first, (50, 20, 0, 30)),
        (second, (None, None, None, None)),
    ]
    if kind is ChartKind.BARS:
        return chart(kind, [(name, values[:1]) for name, values in rows], of[:1], language=language)
    return chart(kind, rows, of, language=language)


def small_lines(language: str = "en") -> LineChart:
    first, second = ROWS[language]
    points = (
        Point(at=2016.5, step=1, text="1 July 2016"),
        Point(at=2018.0, step=0, text="1 January 2018"),
    )
    return LineChart(
        title="Progress over time",
        description="All assessments are in the table.",
        language=language,
        is_mirrored=language == "ar",
        steps=marks(LABELS[language], [APART[language]]),
        years=(2016, 2017, 2018, 2019),
        lines=(Line(label=first, points=points), Line(label=second, points=points[:1])),
    )


def elements(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - a drawing of our own


def view_box(svg: str) -> Box:
    left, top, across, down = map(float, elements(svg).get("viewBox", "").split())
    return Box(left, top, left + across, top + down, "view")


def boxes(svg: str, tag: str) -> list[Box]:
    """Return what the elements of a tag cover; those of patterns and the ground are left out."""
    found = elements(svg).find(f"{SVG}g")
    assert found is not None
    return [_box(element) for element in found.iter(f"{SVG}{tag}")]


def _box(element: Element) -> Box:
    def number(name: str) -> float:
        return float(element.get(name, "0"))

    kind = element.get("class", "")
    if element.tag == f"{SVG}text":
        text, size = element.text or "", number("font-size")
        across = width(text, size)
        before = {"start": 0.0, "middle": across / 2, "end": across}[element.get("text-anchor", "")]
        left = number("x") - before
        top = number("y") - size
        return Box(left, top, left + across, top + size * LINE, kind, text)
    if element.tag == f"{SVG}line":
        xs, ys = (number("x1"), number("x2")), (number("y1"), number("y2"))
        return Box(min(xs), min(ys), max(xs), max(ys), kind)
    if element.tag == f"{SVG}circle":
        x, y, r = number("cx"), number("cy"), number("r")
        return Box(x - r, y - r, x + r, y + r, kind)
    left, top = number("x"), number("y")
    return Box(left, top, left + number("width"), top + number("height"), kind)
