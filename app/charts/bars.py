"""Bars and stacked bars: one for each row, against one scale."""

from typing import Final

from app.charts.canvas import SIZE, SMALL, Canvas
from app.charts.chart import Chart, Figure, Mark, Row
from app.charts.legend import draw_legend
from app.charts.text import LINE, width, wrap
from app.charts.tones import GRID, INK, PAPER, SOFT_INK, tone_of

BAR: Final = 24  # height
GAP: Final = 10
LABELS: Final = 0.3  # of the width, where labels stand beside the bars
BESIDE_FROM: Final = 600  # width from which they do
AFTER: Final = 56  # room at the end for the figure of a single bar and half of the last tick


def draw_bars(canvas: Canvas, chart: Chart, top: float) -> float:
    """Draw the rows of *chart*, each as one bar of its marks; return the place below."""
    if len(chart.marks) > 1:
        top = draw_legend(canvas, chart.marks, top)
    is_beside = canvas.width >= BESIDE_FROM
    start = canvas.width * LABELS if is_beside else 0.0
    across = canvas.width - start - AFTER
    first = top
    places = []
    for row in chart.rows:
        room = start - 2 * GAP if is_beside else canvas.width
        lines = wrap(row.label, SIZE, room)
        words = len(lines) * SIZE * LINE
        down = max(words, BAR) if is_beside else words + BAR
        bar = top + (down - BAR) / 2 if is_beside else top + words
        places.append((row, lines, top + (down - words) / 2 if is_beside else top, bar))
        top += down + GAP
    _grid(canvas, chart, start, across, first, top)
    for row, lines, label, bar in places:
        canvas.paragraph(lines, 0, label, canvas.width, is_bold=row.is_total)
        _bar(canvas, chart, row, start, across, bar)
    return _ticks(canvas, chart, start, across, top)


def _bar(  # one parameter for each side
    canvas: Canvas, chart: Chart, row: Row, start: float, across: float, top: float
) -> None:
    at = start
    labels = []
    is_single = len(chart.marks) == 1
    divider = None
    for mark, figure in zip(chart.marks, row.figures, strict=True):
        part = across * (figure.value or 0) / chart.end
        if mark.is_apart and divider is None and at > start:
            divider = at
        if part:
            paint = canvas.fill_of(mark)
            canvas.box(at, top, part, BAR, fill=paint, edge=INK, kind="part")
            labels.append((at, part, mark, figure))
        at += part
    if divider is not None and at > divider:
        canvas.line(divider, top - 3, divider, top + BAR + 3, colour=INK, thick=3)
    if is_single or not labels:
        text = row.figures[0].text if is_single else ""
        text = text or chart.no_figure
        canvas.box(at + 4, top + 3, width(text, SIZE) + 4, BAR - 6, fill=PAPER, kind="plate")
        canvas.words(text, at + 6, top + 4)
        return
    for begin, part, mark, figure in labels:
        _label(canvas, mark, figure, begin, part, top)


def _label(  # one parameter for each side
    canvas: Canvas, mark: Mark, figure: Figure, start: float, across: float, top: float
) -> None:
    """Write a figure on its part of a bar, where it fits; else the table says it."""
    room = width(figure.text, SMALL)
    tone = tone_of(mark)
    if room + (10 if tone.plate else 6) > across:  # some of the pattern is to be seen beside it
        return
    middle = start + across / 2
    if tone.plate:
        canvas.box(middle - room / 2 - 2, top + 3, room + 4, BAR - 6, fill=tone.plate, kind="plate")
    canvas.words(figure.text, middle, top + 5, size=SMALL, anchor="middle", colour=tone.words)


def _grid(  # one parameter for each side
    canvas: Canvas, chart: Chart, start: float, across: float, top: float, bottom: float
) -> None:
    for tick in chart.ticks:
        at = start + across * (tick.value or 0) / chart.end
        canvas.line(at, top - 4, at, bottom, colour=GRID)


def _ticks(canvas: Canvas, chart: Chart, start: float, across: float, top: float) -> float:
    """Write the figures of the scale; those that would touch the one before are left out."""
    end = -1.0
    for tick in chart.ticks:
        at = start + across * (tick.value or 0) / chart.end
        half = width(tick.text, SMALL) / 2
        anchor = "start" if at - half < 0 else "middle"
        first, last = (at, at + 2 * half) if anchor == "start" else (at - half, at + half)
        if first <= end or last > canvas.width:
            continue
        end = last + 4
        canvas.words(tick.text, at, top, size=SMALL, anchor=anchor, colour=SOFT_INK)
    return top + SMALL * LINE
