"""What a chart shows, ready to draw: figures with their words. Frozen; in one language.

Nothing here is computed from answers: a chart repeats figures of a table, and a drawing adds
nothing to them but scales.
"""

from dataclasses import dataclass
from enum import StrEnum


class ChartKind(StrEnum):
    """How figures are drawn."""

    BARS = "bars"  # one bar for each row
    STACKED_BARS = "stacked-bars"  # one bar for each row, of one part for each class
    HEAT_MAP = "heat-map"  # one cell for each row and class
    SMALL_MULTIPLES = "small-multiples"  # one small chart of bars for each row or class
    LINES = "lines"  # one small chart for each row, of points over time


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One class: its label, and what it looks like wherever it stands."""

    label: str
    step: int  # its place among those of its kind, from 0
    of: int  # how many there are of its kind
    is_apart: bool = False  # it says why there is no answer: neutral, apart from the scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a table and how it is written; None and empty where there is none."""

    value: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table: a figure for each mark."""

    label: str
    figures: tuple[Figure, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of one table: *marks* across, *rows* down."""

    kind: ChartKind
    title: str
    description: str  # for who cannot see it
    language: str  # BCP 47
    is_mirrored: bool  # written from right to left
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Figure, ...]  # of the scale, from zero; the last is the end of the scale
    no_figure: str  # what stands in a cell without a figure
    footer: str = ""  # under a chart that stands alone
    is_by_mark: bool = False  # small multiples: one for each mark, instead of each row

    @property
    def end(self) -> int:
        """Return the figure at the end of the scale, at least 1."""
        return max(1, self.ticks[-1].value or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a line: a moment and a step of an ordered scale."""

    at: float  # years, such as 2016.5
    step: int  # place on the scale, 0 is best; that of `unknown` too
    text: str  # the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line over time."""

    label: str
    points: tuple[Point, ...]  # in the order of time


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """Lines over time, a panel for each, with one scale of steps and one of years for all."""

    title: str
    description: str
    language: str
    is_mirrored: bool
    steps: tuple[Mark, ...]  # from the top down
    years: tuple[int, ...]  # from the first year to the one after the last
    lines: tuple[Line, ...]
    footer: str = ""
