"""A heat map: one cell for each row and class, the more the darker, each with its figure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.charts.canvas import SIZE, SMALL, Canvas
from app.charts.chart import Chart, Figure, Mark
from app.charts.text import LINE, width, wrap
from app.charts.tones import GRID, PAPER, SOFT_INK, front_on, heat_of

CELL: Final = 30  # height
LABELS: Final = 0.28  # of the width, where labels stand beside the cells
BESIDE_FROM: Final = 600  # width from which they do
APART: Final = 10  # between the scale and what is apart from it
SIZES: Final = (SMALL, 10)  # of the figure in a cell: the first that fits
GAP: Final = 10


class _Column(NamedTuple):
    mark: Mark
    start: float
    across: float


def draw_heat_map(canvas: Canvas, chart: Chart, top: float) -> float:
    """Draw all cells; return the place below."""
    is_beside = canvas.width >= BESIDE_FROM
    columns = _columns(chart.marks, canvas.width * LABELS if is_beside else 0, canvas.width)
    heads = [mark.label for mark in chart.marks]
    if not _fit(heads, columns[0].across):  # numbers above the columns; what they mean is here
        for at, head in enumerate(heads, 1):
            top = canvas.paragraph(f"{at}. {head}", 0, top, canvas.width, size=SMALL) + 2
        heads = [str(at) for at in range(1, len(heads) + 1)]
        top += GAP
    top = _heads(canvas, heads, columns, top)
    for row in chart.rows:
        room = columns[0].start - GAP if is_beside else canvas.width
        lines = wrap(row.label, SIZE, room)
        words = len(lines) * SIZE * LINE
        down = max(CELL, words + 6) if is_beside else CELL
        label = top + (down - words) / 2 if is_beside else top
        canvas.paragraph(lines, 0, label, room, is_bold=row.is_total)
        top = top if is_beside else top + words
        for column, figure in zip(columns, row.figures, strict=True):
            _cell(canvas, chart, column, figure, top, down)
        top += down if is_beside else down + GAP
    return top


def _columns(marks: Sequence[Mark], start: float, end: float) -> list[_Column]:
    gap = APART if len({mark.is_apart for mark in marks}) > 1 else 0
    across = (end - start - gap - 2) / len(marks)
    return [
        _Column(mark, 1 + start + at * across + (gap if mark.is_apart else 0), across)
        for at, mark in enumerate(marks)
    ]


def _fit(labels: Sequence[str], across: float) -> bool:
    """Tell whether labels fit above columns without breaking a word."""
    return all(width(word, SMALL) <= across - 4 for label in labels for word in label.split())


def _heads(canvas: Canvas, heads: Sequence[str], columns: Sequence[_Column], top: float) -> float:
    """Write the labels of the columns, the last lines on one level; return the place below."""
    wrapped = [wrap(h, SMALL, c.across - 4) for h, c in zip(heads, columns, strict=True)]
    height = max(len(lines) for lines in wrapped) * SMALL * LINE
    for lines, column in zip(wrapped, columns, strict=True):
        middle = column.start + column.across / 2
        first = top + height - len(lines) * SMALL * LINE
        canvas.paragraph(lines, middle, first, column.across, size=SMALL, anchor="middle")
    return top + height + GAP


def _cell(  # one parameter for each side
    canvas: Canvas, chart: Chart, column: _Column, figure: Figure, top: float, down: float
) -> None:
    """Draw one cell; where there is no figure it is empty and says so."""
    fill, words, text = PAPER, SOFT_INK, chart.no_figure
    if figure.value is not None:
        fill = heat_of(figure.value, chart.end, is_apart=column.mark.is_apart)
        words, text = front_on(fill), figure.text
    canvas.box(column.start, top, column.across, down, fill=fill, edge=GRID, kind="cell")
    size = next((s for s in SIZES if width(text, s) <= column.across - 2), 0)
    if size:
        middle = column.start + column.across / 2
        down_to = top + (down - size * LINE) / 2
        canvas.words(text, middle, down_to, size=size, anchor="middle", colour=words)
