"""Small multiples: the same small chart of bars again and again, on one scale."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.charts.canvas import SIZE, SMALL, Canvas
from app.charts.chart import Chart, Figure, Mark
from app.charts.text import LINE, width, wrap
from app.charts.tones import GRID, INK

PANEL: Final = 290  # least width
BETWEEN: Final = 24  # two panels
BAR: Final = 14  # height
AFTER: Final = 44  # room for a figure after the end of the scale


class _Bar(NamedTuple):
    label: str
    mark: Mark
    figure: Figure


class _Panel(NamedTuple):
    title: str
    bars: Sequence[_Bar]


def draw_multiples(canvas: Canvas, chart: Chart, top: float) -> float:
    """Draw a panel for each row, or for each mark; return the place below."""
    panels = _panels(chart)
    beside = max(1, int((canvas.width + BETWEEN) / (PANEL + BETWEEN)))
    across = (canvas.width - (beside - 1) * BETWEEN) / beside
    for at in range(0, len(panels), beside):
        together = panels[at : at + beside]
        titles = max(len(wrap(panel.title, SIZE, across)) for panel in together) * SIZE * LINE
        ends = [
            _panel(canvas, chart, panel, place * (across + BETWEEN), across, (top, titles))
            for place, panel in enumerate(together)
        ]
        top = max(ends) + 16
    return top


def _panels(chart: Chart) -> list[_Panel]:
    if chart.is_by_mark:
        return [
            _Panel(mark.label, [_Bar(row.label, mark, row.figures[at]) for row in chart.rows])
            for at, mark in enumerate(chart.marks)
        ]
    return [
        _Panel(
            row.label,
            [
                _Bar(mark.label, mark, figure)
                for mark, figure in zip(chart.marks, row.figures, strict=True)
            ],
        )
        for row in chart.rows
    ]


def _panel(  # one parameter for each side
    canvas: Canvas,
    chart: Chart,
    panel: _Panel,
    start: float,
    across: float,
    head: tuple[float, float],
) -> float:
    """Draw one panel: its title, then label, bar and figure of each; return the place below."""
    top, titles = head
    lines = wrap(panel.title, SIZE, across)
    canvas.paragraph(lines, start, top + titles - len(lines) * SIZE * LINE, across, is_bold=True)
    top += titles + 4
    canvas.line(start, top, start + across, top, colour=GRID)
    top += 6
    for bar in panel.bars:
        top = canvas.paragraph(bar.label, start, top, across, size=SMALL) + 1
        part = (across - AFTER) * (bar.figure.value or 0) / chart.end
        if part:
            paint = canvas.fill_of(bar.mark)
            canvas.box(start, top, part, BAR, fill=paint, edge=INK, kind="part")
        else:
            canvas.line(start, top, start, top + BAR, colour=INK)
        text = bar.figure.text or chart.no_figure
        fits = width(text, SMALL) <= AFTER - 5
        if fits:
            canvas.words(text, start + part + 5, top - 1, size=SMALL)
        top += BAR + 6
    return top
