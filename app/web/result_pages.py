"""Tables as pages show them: ready cells with their links, so that templates only loop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.charts.chart import Chart, LineChart
from app.charts.draw import NARROW, WIDE, draw
from app.reports.behind import Entry
from app.reports.charts import chart_of
from app.reports.columns import ANSWERED
from app.reports.definition import Cell, Column, Report, Table, TableDefinition
from app.reports.params import WORLD
from app.reports.records import ALL
from app.web.fields import written
from app.wording.values import day, number, percent

# What a page shows of a table; files hold all of it.
SHOWS: Final = {
    "counts": _("Counts"),
    "answered": _("Shares of those who answered"),
    "asked": _("Shares of all who were asked"),
}
COUNTS: Final = "counts"
# What is told of each Party behind a figure.
DETAILS: Final = {
    "title": _("National target"),
    "item": _("Target"),
    "category": _("Category"),
    "best": _("Best"),
    "worst": _("Worst"),
    "on": _("Assessed on"),
    "confidence": _("Confidence"),
}


class ShownCell(NamedTuple):
    """A figure, and the address of the Parties behind it; empty where there is nobody."""

    text: str
    address: str


class ShownChart(NamedTuple):
    """A chart, drawn for a wide screen and for a narrow one; the page shows one of them."""

    title: str
    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a page's table."""

    name: str
    is_total: bool
    cells: tuple[ShownCell, ...]


class Detail(NamedTuple):
    """One detail of a Party behind a figure; *language* where it is not that of the page."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One Party behind a figure."""

    entry: Entry
    details: Mapping[str, Detail]
    address: str  # of what it signed; empty: nothing to read


def columns_shown(table: Table, show: str) -> list[Column]:
    """Return the columns that a page shows: counts, or shares of one whole with that whole."""
    figures = [column for column in table.columns if column.kind in {"count", "share"}]
    if show == COUNTS:
        return [column for column in figures if column.kind == "count"]
    wholes = {column.of for column in figures if column.of}
    whole = ANSWERED if show == ANSWERED else next(iter(wholes - {ANSWERED}))
    return [column for column in figures if whole in {column.id, column.of}]


def rows_shown(
    table: Table, columns: Sequence[Column], address: Mapping[str, Any]
) -> list[ShownRow]:
    """Return the rows of a page.

    address  what the address of the Parties behind a figure needs besides row and column
    """
    key = table.columns[0].id
    return [
        ShownRow(
            name=str(row["name"]),
            is_total=row[key] in {WORLD, ALL},
            cells=tuple(_cell(row, column, str(row[key]), address) for column in columns),
        )
        for row in table.rows
    ]


def chart_shown(
    report: Report, definition: TableDefinition, table: Table, show: str
) -> ShownChart | None:
    """Return the chart of a table as a page shows it; None where the report names none.

    show  the figures that the reader chose; empty: those that the report names
    """
    if definition.chart is None:
        return None
    return shown_twice(chart_of(report, definition.chart, table, show))


def shown_twice(chart: Chart | LineChart) -> ShownChart:
    """Return a chart drawn for a wide screen and for a narrow one."""
    return ShownChart(
        title=chart.title,
        wide=_drawn(draw(chart, width=WIDE, prefix="wide")),
        narrow=_drawn(draw(chart, width=NARROW, prefix="narrow")),
    )


def _drawn(svg: str) -> Markup:
    """Mark a drawing of ours as safe: every text in it was escaped when it was written."""
    return Markup(svg)  # noqa: S704 - made by ElementTree


def entries_shown(entries: Sequence[Entry], reader: str) -> list[ShownEntry]:
    """Return the Parties behind a figure; a national target's title in *reader* where it can be."""
    return [ShownEntry(entry, _details(entry, reader), _address(entry)) for entry in entries]


def details_shown(entries: Sequence[ShownEntry]) -> list[tuple[str, LazyString]]:
    """Return (key, label) of the details that tell something of any of *entries*."""
    several = {each.details["item"] for each in entries}
    return [
        (key, label)
        for key, label in DETAILS.items()
        if any(each.details[key].text for each in entries) and (key != "item" or len(several) > 1)
    ]


def _cell(
    row: Mapping[str, Cell], column: Column, key: str, address: Mapping[str, Any]
) -> ShownCell:
    value = row[column.id]
    if not isinstance(value, int):
        return ShownCell("", "")
    text = number(value) if column.kind == "count" else percent(value / 100)
    if not row[column.opens]:
        return ShownCell(text, "")
    return ShownCell(text, url_for("results.parties", row=key, column=column.opens, **address))


def _details(entry: Entry, reader: str) -> dict[str, Detail]:
    return {
        "title": _title(entry, reader),
        "item": Detail(entry.item),
        "category": Detail(entry.category),
        "best": Detail(entry.best),
        "worst": Detail(entry.worst),
        "on": Detail(day(entry.on)),
        "confidence": Detail(entry.confidence),
    }


def _title(entry: Entry, reader: str) -> Detail:
    """Return what a national target is called: its title, or the target that it adopts."""
    texts = written(entry.title)
    if not texts:
        return Detail(entry.item if entry.row else "")
    text = next((t for t in texts if t.language == reader), texts[0])
    return Detail(text.text, "" if text.language == reader else text.language)


def _address(entry: Entry) -> str:
    """Return where to read what the Party signed; empty where there is nothing to read."""
    if not entry.revision or not entry.is_readable:
        return ""
    return url_for("submissions.revision", submission_id=entry.submission, number=entry.revision)
