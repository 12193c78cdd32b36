"""What each look means: swatches with labels, as many beside each other as fit."""

from collections.abc import Sequence
from typing import Final

from app.charts.canvas import SIZE, SMALL, Canvas
from app.charts.chart import Mark
from app.charts.text import LINE, width, wrap
from app.charts.tones import INK

SWATCH: Final = 20
GAP: Final = 8
BETWEEN: Final = 20  # two entries


def draw_legend(canvas: Canvas, marks: Sequence[Mark], top: float) -> float:
    """Draw the key of *marks*; return the place below it."""
    start, down = 0.0, 0.0
    for mark in marks:
        room = canvas.width - SWATCH - GAP
        lines = wrap(mark.label, SMALL, room)
        across = SWATCH + GAP + max(width(line, SMALL) for line in lines)
        if start and start + across > canvas.width:
            start, top = 0, top + down
            down = 0
        canvas.box(start, top + 2, SWATCH, SIZE, fill=canvas.fill_of(mark), edge=INK, kind="key")
        canvas.paragraph(lines, start + SWATCH + GAP, top, room, size=SMALL)
        down = max(down, len(lines) * SMALL * LINE + 4, SIZE + 6)
        start += across + BETWEEN
    return top + down + 8
