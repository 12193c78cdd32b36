"""A report as data: what we tell. Frozen; a Report speaks one language.

`reports/<agreement>/<report>.yaml` says which collections a report reads, what it counts
(variables, each by a named method) and in which tables; `reports/common.yaml` words what all
reports share. `app.reports.load` reads them, `app.reports.build` computes the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from app.analysis.indicators import Method
from app.charts.chart import ChartKind

Cell = str | int | None

ALL, FRESH, CARRIED = "all", "fresh", "carried"  # which answers are counted
FRESHNESS: Final = (ALL, FRESH, CARRIED)

ITEMS: Final = "items"  # `by` of a table with one row for each item of its variable


class Measure(StrEnum):
    """What a table shows."""

    DISTRIBUTION = "distribution"  # how many are in each class of the variable
    COVERAGE = "coverage"  # how many of those asked have reported
    CROSS = "cross"  # the classes of one variable in each class of another


class Figures(StrEnum):
    """Which figures of a table are looked at: on a page, in a chart."""

    COUNTS = "counts"
    ANSWERED = "answered"  # shares of those who answered
    ASKED = "asked"  # shares of all who were asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDefinition:
    """How a table is drawn."""

    kind: ChartKind
    figures: Figures
    columns: tuple[str, ...]  # counts to draw, by id; empty: all classes
    is_by_class: bool  # small multiples: a panel for each class, instead of each row


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """What is counted: classes that a method derives from the answers to a form."""

    id: str
    method: Method
    ids: Any  # the ids of the form, in the dataclass that the method takes
    classes: str  # question whose choices are the classes; by default the one that is counted
    items: str = ""  # loop of the form whose items are looked at one by one
    param: str = ""  # name of the parameter that chooses an item


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDefinition:
    """One table of a report."""

    id: str  # kebab-case
    title: str
    caption: str  # the title once chosen; `{target}` stands for the chosen target
    intro: str
    measure: Measure
    variables: Mapping[str, str]  # id of the variable for each unit that can be chosen
    rows: Mapping[str, str]  # measure `cross`: the variable of the rows, for each unit
    by: str  # a scheme, whose groups are the rows; or "items"
    params: Mapping[str, str]  # name and default of each parameter, in the order shown
    notes: tuple[str, ...]
    chart: ChartDefinition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report, in one language."""

    agreement: str
    id: str
    title: str
    intro: str
    kinds: tuple[str, ...]  # kinds of collection that it can read
    form: str
    versions: tuple[int, ...]
    variables: Mapping[str, Variable]
    tables: tuple[TableDefinition, ...]
    texts: Mapping[str, str]  # wording by text key: what all reports share, and its own
    locale: str

    @property
    def name(self) -> str:
        """The agreement and the report, as commands and addresses name it."""
        return f"{self.agreement}/{self.id}"

    def table(self, table_id: str) -> TableDefinition | None:
        """Return the table of that id, if the report has one."""
        return next((table for table in self.tables if table.id == table_id), None)

    def text(self, key: str, **values: object) -> str:
        """Return the wording under *key* with *values* put in; raise KeyError without one."""
        return self.texts[key].format(**values)

    def text_or_code(self, prefix: str, code: str) -> str:
        """Return the wording of `<prefix>.<code>`, or the code where there is none."""
        return self.texts.get(f"{prefix}.{code}", code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    id: str
    label: str
    kind: str  # "code", "label", "count" or "share"
    unit: str = ""  # of counts: what is counted; of shares: "percent"
    of: str = ""  # of a share: the count that it is a share of
    opens: str = ""  # the count whose Parties it opens to
    is_class: bool = False  # a class, or a share of one; else it counts several classes
    is_apart: bool = False  # a class with no place on the scale: it says why there is no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as every edge shows it: page, CSV, JSON, API.

    A cell is None where there is no figure, such as a share of nobody. Every row has every
    column. `params` are the parameters as used, with the defaults filled in.
    """

    report: str
    table: str
    title: str
    collection: str
    params: Mapping[str, str]
    as_of: datetime
    members_on: date
    synthetic: bool
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter of a table, for pages and the API to offer.

    *choices* are (code, label); empty where any date or moment is taken.
    """

    name: str
    label: str
    default: str
    choices: tuple[tuple[str, str], ...] = ()
