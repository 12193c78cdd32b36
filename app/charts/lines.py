"""Lines over time, a panel for each: moments across, steps of an ordered scale down.

A line joins no point that has no place on the scale.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.charts.canvas import SIZE, SMALL, Canvas
from app.charts.chart import Line, LineChart, Point
from app.charts.legend import SWATCH
from app.charts.text import LINE, width, wrap
from app.charts.tones import INK, SOFT_INK, tone_of

STEP: Final = 22  # height of one step of the scale
PANEL: Final = 290  # least width
BETWEEN: Final = 28  # two panels
EDGE: Final = 26  # room for the number of a step at the start, and for half a year's at the end
DOT: Final = 5


def draw_lines(canvas: Canvas, chart: LineChart, top: float) -> float:
    """Draw the key of the steps, then a panel for each line; return the place below."""
    for at, step in enumerate(chart.steps, 1):
        canvas.box(0, top + 2, SWATCH, SIZE, fill=tone_of(step).fill, edge=INK, kind="key")
        text = f"{at}. {step.label}"
        top = canvas.paragraph(text, SWATCH + 8, top, canvas.width - SWATCH - 8, size=SMALL) + 4
    top += 10
    beside = max(1, int((canvas.width + BETWEEN) / (PANEL + BETWEEN)))
    across = (canvas.width - (beside - 1) * BETWEEN) / beside
    for first in range(0, len(chart.lines), beside):
        together = chart.lines[first : first + beside]
        titles = max(len(wrap(line.label, SIZE, across)) for line in together) * SIZE * LINE
        for place, line in enumerate(together):
            start = place * (across + BETWEEN)
            words = wrap(line.label, SIZE, across)
            above = top + titles - len(words) * SIZE * LINE
            canvas.paragraph(words, start, above, across, is_bold=True)
            _panel(canvas, chart, line, start, across, top + titles + 8)
        top += titles + 8 + len(chart.steps) * STEP + SMALL * LINE + 22
    return top


def _panel(  # one parameter for each side
    canvas: Canvas, chart: LineChart, line: Line, start: float, across: float, top: float
) -> None:
    begin, room = start + EDGE, across - 2 * EDGE
    for at in range(len(chart.steps)):
        middle = top + at * STEP + STEP / 2
        canvas.line(begin, middle, begin + room, middle)
        canvas.words(str(at + 1), start + 12, middle - 9, size=SMALL, anchor="end")
    below = top + len(chart.steps) * STEP
    _years(canvas, chart.years, begin, room, below)
    places = [(_across(chart, p, begin, room), top + p.step * STEP + STEP / 2) for p in line.points]
    for (first, here), (second, there) in pairwise(zip(line.points, places, strict=True)):
        if not (chart.steps[first.step].is_apart or chart.steps[second.step].is_apart):
            canvas.line(*here, *there, colour=SOFT_INK, thick=2)
    for point, (at_start, at_top) in zip(line.points, places, strict=True):
        canvas.dot(at_start, at_top, DOT, fill=tone_of(chart.steps[point.step]).fill)


def _across(chart: LineChart, point: Point, begin: float, room: float) -> float:
    first, last = chart.years[0], chart.years[-1]
    return begin + room * (point.at - first) / max(1, last - first)


def _years(canvas: Canvas, years: Sequence[int], begin: float, room: float, top: float) -> None:
    """Write the years below a panel; those that would touch the one before are left out."""
    end = float("-inf")
    for year in years:
        at = begin + room * (year - years[0]) / max(1, years[-1] - years[0])
        half = width(str(year), SMALL) / 2
        canvas.line(at, top, at, top + 4, colour=SOFT_INK)
        if at - half > end:
            canvas.words(str(year), at, top + 5, size=SMALL, anchor="middle", colour=SOFT_INK)
            end = at + half + 4
