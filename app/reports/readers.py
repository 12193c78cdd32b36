"""Which reports look at which questions: what a change of a form does to what is published."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.analysis.ids import fields_of
from app.forms.form_problem import FormError
from app.reports.catalogue import Reports
from app.reports.definition import Report, Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A variable of a report that looks at some of the questions asked about."""

    report: str  # agreement/report
    variable: str
    questions: tuple[str, ...]
    tables: tuple[str, ...]  # that show the variable
    versions: tuple[int, ...]  # of the form, that the report reads


def looks_at(reports: Reports, form: str, questions: Collection[str]) -> Iterator[Look]:
    """Yield every variable of a report on *form* that looks at any of *questions*.

    A report that is broken is left out: `flask reports check` tells of it.
    """
    for name in reports.names():
        try:
            report = reports.load(name.agreement, name.report)
        except FormError:
            continue
        if report.form != form:
            continue
        for variable in report.variables.values():
            seen = sorted(_ids(variable) & {*questions})
            if seen:
                yield Look(
                    report=str(name),
                    variable=variable.id,
                    questions=tuple(seen),
                    tables=_tables(report, variable),
                    versions=report.versions,
                )


def _ids(variable: Variable) -> set[str]:
    """Return every id of the form that a variable names."""
    named = {str(getattr(variable.ids, field.name)) for field in fields_of(variable.method.ids)}
    return named | {variable.classes, variable.items}


def _tables(report: Report, variable: Variable) -> tuple[str, ...]:
    return tuple(
        table.id
        for table in report.tables
        if variable.id in {*table.variables.values(), *table.rows.values()}
    )
