"""A table to the specification of its chart: which of its figures are drawn, and their words.

No data logic: every figure is one of the table, and is written as the table's page writes it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from babel import Locale
from babel.numbers import format_decimal, format_percent

from app.charts.chart import Chart, ChartKind, Figure, Mark, Row
from app.reports.columns import ANSWERED
from app.reports.definition import (
    Cell,
    ChartDefinition,
    Column,
    Figures,
    Report,
    Table,
)
from app.reports.notes import moment_in_words, sentences
from app.reports.params import WORLD
from app.reports.records import ALL

PERCENT: Final = (0, 25, 50, 75, 100)
STEPS: Final = (1, 2, 5)  # of a scale of counts, times a power of ten
MOST_TICKS: Final = 6


def chart_of(report: Report, drawn: ChartDefinition, table: Table, figures: str = "") -> Chart:
    """Return the chart of *table*, in the language of the report.

    figures  which figures a reader chose; empty, or unknown: those that the report names

    Counts are drawn without the row for all, beside which the others could not be seen.
    """
    chosen = Figures(figures) if figures in list(Figures) else drawn.figures
    columns = _columns(table, drawn, chosen)
    if not columns:  # a share of those who answered in classes that hold no answer
        chosen, columns = drawn.figures, _columns(table, drawn, drawn.figures)
    rows = [_row(report, table, row, columns) for row in table.rows]
    if chosen is Figures.COUNTS:
        rows = [row for row in rows if not row.is_total] or rows
    return Chart(
        kind=drawn.kind,
        title=_title(report, table, chosen),
        description=_description(report, table, drawn, columns),
        language=language_tag(report.locale),
        is_mirrored=Locale.parse(report.locale).text_direction == "rtl",
        marks=tuple(_marks(table, columns)),
        rows=tuple(rows),
        ticks=tuple(_ticks(report, drawn, rows, chosen)),
        no_figure=report.text("chart.no_figure"),
        footer=footer_of(report, table.collection, table.as_of, is_synthetic=table.synthetic),
        is_by_mark=drawn.is_by_class,
    )


def _columns(table: Table, drawn: ChartDefinition, figures: Figures) -> list[Column]:
    """Return the columns that are drawn: those named, else all classes."""
    if figures is Figures.COUNTS:
        found = [column for column in table.columns if column.kind == "count"]
    else:
        wholes = {column.of for column in table.columns if column.of}
        whole = ANSWERED if figures is Figures.ANSWERED else next(iter(wholes - {ANSWERED}))
        found = [column for column in table.columns if column.of == whole]
    if drawn.columns:
        return [column for column in found if column.opens in drawn.columns]
    return [column for column in found if column.is_class]


def _marks(table: Table, columns: Sequence[Column]) -> list[Mark]:
    """Return the look of each column: its place on the scale, or among those apart from it."""
    labels = {column.id: column.label for column in table.columns if column.kind == "count"}
    classes = [column for column in table.columns if column.kind == "count" and column.is_class]
    kinds = {
        apart: [column.id for column in classes if column.is_apart is apart]
        for apart in (False, True)
    }
    marks = []
    for column in columns:
        kind = kinds[column.is_apart] if column.is_class else [column.opens]
        marks.append(
            Mark(
                label=labels[column.opens],
                step=kind.index(column.opens),
                of=len(kind),
                is_apart=column.is_apart,
            )
        )
    return marks


def _row(report: Report, table: Table, row: Mapping[str, Cell], columns: Sequence[Column]) -> Row:
    return Row(
        label=str(row["name"]),
        figures=tuple(_figure(report, row[column.id], column.kind) for column in columns),
        is_total=row[table.columns[0].id] in {WORLD, ALL},
    )


def _figure(report: Report, value: Cell, kind: str) -> Figure:
    if not isinstance(value, int):
        return Figure(value=None, text="")
    if kind == "count":
        return Figure(value=value, text=format_decimal(value, locale=report.locale))
    return Figure(value=value, text=format_percent(value / 100, "#,##0%", locale=report.locale))


def _ticks(
    report: Report, drawn: ChartDefinition, rows: Sequence[Row], figures: Figures
) -> list[Figure]:
    """Return the scale: per cent to the whole, or counts to a round number above the longest."""
    if figures is not Figures.COUNTS:
        return [_figure(report, value, "share") for value in PERCENT]
    values = [[figure.value or 0 for figure in row.figures] for row in rows]
    is_stacked = drawn.kind is ChartKind.STACKED_BARS
    longest = max((sum(row) if is_stacked else max(row) for row in values), default=0)
    step = _step(longest)
    ends = range(0, longest + step, step)
    return [_figure(report, value, "count") for value in ends]


def _step(longest: int) -> int:
    """Return the step of a scale with few ticks: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * (MOST_TICKS - 1) >= longest:
                return step * power
        power *= 10


def _title(report: Report, table: Table, figures: Figures) -> str:
    return sentences((table.title, report.text(f"figures.{figures}")), report.locale)


def _description(
    report: Report, table: Table, drawn: ChartDefinition, columns: Sequence[Column]
) -> str:
    """Say in words what is drawn; the figures themselves stand in the table beside it."""
    labels = {column.id: column.label for column in table.columns}
    classes = report.text("list.between").join(labels[column.opens] for column in columns)
    return report.text(f"chart.{drawn.kind.value.replace('-', '_')}", classes=classes)


def footer_of(report: Report, collection: str, as_of: datetime, *, is_synthetic: bool) -> str:
    """Return what a chart says that stands alone: from what it comes, and what to beware of."""
    footer = report.text(
        "chart.source",
        collection=collection,
        as_of=moment_in_words(as_of, report.locale),
        report=report.name,
    )
    return f"{footer} {report.text('note.synthetic')}" if is_synthetic else footer


def language_tag(locale: str) -> str:
    """Return a language as BCP 47 has it."""
    return "zh-Hans" if locale == "zh" else locale
