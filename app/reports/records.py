"""What falls where: each observation with the row and the class that it is counted in.

The same records make a table and open a figure to what is behind it, so the two never differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.analysis.indicators import NOT_ASSESSED, Unit
from app.analysis.observations import NOT_REPORTED, NOT_REVIEWED, Observation
from app.forms.definition import Form
from app.models.collection import Collection
from app.models.membership import group_names, members
from app.reports.columns import (
    ASSESSED,
    COUNTED,
    REVIEWED,
    Classes,
    classes_of,
    coverage_classes,
    items_with_labels,
)
from app.reports.definition import ITEMS, Measure, Param, Report, TableDefinition
from app.reports.observed import Counted, observe
from app.reports.params import WORLD, Chosen
from app.reports.signed import Asked

NO_GROUP: Final = "no_group"
ALL: Final = "all"


class Record(NamedTuple):
    """One observation in one row and class of a table."""

    row: str
    code: str
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All that a table counts."""

    key: str  # id of the column that tells rows apart
    rows: Mapping[str, str]  # labels by code, in the order shown
    classes: Classes
    records: list[Record]
    has_overlap: bool = False  # a Party stands in several rows, so there is no sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where records come from: what one table of one collection needs."""

    session: Session
    report: Report
    form: Form
    table: TableDefinition
    collection: Collection
    offered: tuple[Param, ...]
    chosen: Chosen
    asked: list[Asked]

    def observe(self, variable_id: str) -> Iterable[Counted]:
        """Return the observations of a variable, of the Parties in the chosen group."""
        variable = self.report.variables[variable_id]
        found = observe(
            self.session,
            self.form,
            variable,
            self.asked,
            is_reviewed_only=self.chosen.is_reviewed_only,
            freshness=self.chosen.freshness,
        )
        if not self.chosen.scheme:
            return found
        groups = members(self.session, self.chosen.scheme, self.chosen.members_on)
        return (one for one in found if self.chosen.group in groups.get(one.asked.party, ()))

    def of_item(self, variable_id: str) -> Iterable[Counted]:
        """Return the observations about the chosen item; all where nothing is to choose."""
        item = self.chosen.item
        return (one for one in self.observe(variable_id) if item in ("", one.observation.item))


def records_of(source: Source) -> Records:
    """Return everything that the table counts, by its measure and its rows."""
    if source.table.measure is Measure.CROSS:
        return _crossed(source)
    if source.table.measure is Measure.COVERAGE:
        classes = coverage_classes(source.report, source.chosen)
        return _by_group(source, classes, _coverage(source))
    variable = source.report.variables[source.table.variables[source.chosen.unit]]
    classes = classes_of(source.report, source.form, variable, source.chosen)
    if source.table.by != ITEMS:
        found = [(one.observation.code, one) for one in source.of_item(variable.id)]
        return _by_group(source, classes, found)
    return Records(
        key=variable.param,
        rows=items_with_labels(source.form, variable.items),
        classes=classes,
        records=[
            Record(one.observation.item, one.observation.code, one)
            for one in source.observe(variable.id)
        ],
    )


def _coverage(source: Source) -> list[tuple[str, Counted]]:
    """Return who has reported; or, where assessments are counted, which targets have one."""
    if source.chosen.unit is Unit.ASSESSMENTS:
        found = source.observe(source.table.variables[Unit.ASSESSMENTS])
        return [
            (NOT_ASSESSED if one.observation.code == NOT_ASSESSED else ASSESSED, one)
            for one in found
        ]
    return [(code, _bare(one, code)) for one in source.asked for code in [_reported(one)]]


def _reported(asked: Asked) -> str:
    if not asked.hash:
        return NOT_REPORTED
    return REVIEWED if asked.is_reviewed else NOT_REVIEWED


def _bare(asked: Asked, code: str) -> Counted:
    return Counted(asked=asked, observation=Observation(code=code))


def _by_group(source: Source, classes: Classes, found: list[tuple[str, Counted]]) -> Records:
    """Put each Party into its groups, one without a group into a row of its own, all into one."""
    report, chosen = source.report, source.chosen
    groups = members(source.session, chosen.by, chosen.members_on)
    has_overlap = any(len(codes) > 1 for codes in groups.values())
    records = [
        Record(row, code, one)
        for code, one in found
        for row in groups.get(one.asked.party, (NO_GROUP,))
    ]
    rows = group_names(source.session, chosen.by, report.locale)
    if any(record.row == NO_GROUP for record in records):
        rows[NO_GROUP] = report.text("group.none")
    if not has_overlap:
        rows[WORLD] = report.text("group.world")
        records += [Record(WORLD, code, one) for code, one in found]
    return Records(
        key="group", rows=rows, classes=classes, records=records, has_overlap=has_overlap
    )


def _crossed(source: Source) -> Records:
    """Count the classes of one variable in each class of another, for the same things."""
    report, form, unit = source.report, source.form, source.chosen.unit
    down = report.variables[source.table.rows[unit]]
    across = report.variables[source.table.variables[unit]]
    rows = classes_of(report, form, down, source.chosen)
    every = classes_of(report, form, across, source.chosen)
    # Who is in a row has reported; and what two methods derive of the same is missing in both.
    impossible = {NOT_REPORTED, NOT_REVIEWED}
    if down.ids == across.ids:
        impossible |= set(down.method.missing)
    labels = {code: label for code, label in every.labels.items() if code not in impossible}
    place = {one.thing: one.observation.code for one in source.of_item(down.id)}
    found = [
        (row, one)
        for one in source.of_item(across.id)
        if (row := place[one.thing]) in rows.answered
    ]
    return Records(
        key="class",
        rows={**{code: rows.labels[code] for code in rows.answered}, ALL: report.text("group.all")},
        classes=replace(every, labels=labels, total=COUNTED),
        records=[
            Record(row, one.observation.code, one) for given, one in found for row in (given, ALL)
        ],
    )
