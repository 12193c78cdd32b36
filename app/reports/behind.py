"""The Parties behind a figure: the records that one cell of a table counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.analysis.assessments import AssessmentIds
from app.errors import InvalidInputError
from app.forms.catalogue import Catalogue
from app.models.membership import party_names
from app.reports.build import source_of, title_of
from app.reports.columns import ANSWERED, Classes, items_with_labels, question_of
from app.reports.definition import Report
from app.reports.notes import methods_of
from app.reports.params import variables_of
from app.reports.records import Record, Source, records_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One Party behind a figure, or one of its targets. Empty text: there is no such detail."""

    party: str
    name: str  # of the Party, on the day of membership
    submission: str  # id
    revision: int  # number of the revision that counts; 0: nothing signed
    is_readable: bool  # the revision may still be read: it was not withdrawn since
    category: str
    best: str
    worst: str
    on: str  # ISO date
    confidence: str
    row: str  # id of a national target; empty: the Party itself is counted
    title: Any  # of that national target, a text answer; None where it has none of its own
    item: str  # the item that it was counted for


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What one figure counts: the Parties in alphabetical order."""

    title: str  # of the table
    row: str  # label
    column: str  # label
    unit: str  # what the figure counts
    collection: str
    synthetic: bool
    methods: tuple[str, ...]  # how the category was derived
    entries: tuple[Entry, ...]


def parties_behind(
    session: Session,
    forms: Catalogue,
    report: Report,
    table_id: str,
    collection: str,
    params: Mapping[str, str],
    *,
    row: str,
    column: str,
) -> Behind:
    """Return the Parties behind the figure in *row* and *column* (a count) of a table.

    Raises the errors of `build_table`, and InvalidInputError for a row or column that is not there.
    """
    source = source_of(session, forms, report, table_id, collection, params)
    records = records_of(source)
    codes, label = _codes(report, records.classes, column)
    if row not in records.rows:
        raise InvalidInputError(parameter="row", value=row, allowed=list(records.rows))
    found = [one for one in records.records if one.row == row and one.code in codes]
    return Behind(
        title=title_of(source),
        row=records.rows[row],
        column=label,
        unit=source.chosen.unit,
        collection=collection,
        synthetic=source.collection.is_synthetic,
        methods=tuple(methods_of(source)),
        entries=tuple(_entries(source, records.classes, found)),
    )


def _codes(report: Report, classes: Classes, column: str) -> tuple[tuple[str, ...], str]:
    """Return the classes that a count is made of, and its label."""
    totals = {ANSWERED: classes.answered, classes.total: tuple(classes.labels)}
    if column in classes.labels:
        return (column,), classes.labels[column]
    if column in totals:
        return totals[column], report.text(f"column.{column}")
    raise InvalidInputError(parameter="column", value=column, allowed=[*classes.labels, *totals])


def _entries(source: Source, classes: Classes, found: list[Record]) -> Iterator[Entry]:
    names = _names(source)
    labels, items = _labels(source, classes)
    place = {party: at for at, party in enumerate(names)}
    for record in sorted(found, key=lambda one: place.get(one.counted.asked.party, len(place))):
        asked, one = record.counted.asked, record.counted.observation
        category = one.category or record.code
        yield Entry(
            party=asked.party,
            name=names.get(asked.party, asked.party),
            submission=asked.submission,
            revision=asked.revision,
            is_readable=asked.is_readable,
            category=labels.get(category, category),
            best=labels.get(one.best, ""),
            worst=labels.get(one.worst, ""),
            on=one.on,
            confidence=labels.get(one.confidence, ""),
            row=one.row,
            title=one.title,
            item=items.get(one.item, ""),
        )


def _names(source: Source) -> dict[str, str]:
    """Return names in alphabetical order: those of the day, where one is known for it."""
    locale = source.report.locale
    latest = party_names(source.session, locale)
    on_day = party_names(source.session, locale, source.chosen.members_on)
    missing = {code: name for code, name in latest.items() if code not in on_day}
    return {**on_day, **missing}


def _labels(source: Source, classes: Classes) -> tuple[dict[str, str], dict[str, str]]:
    """Return the labels of classes, categories and levels of confidence; and those of items."""
    labels, items = dict(classes.labels), {}
    for variable in variables_of(source.report, source.table):
        items.update(items_with_labels(source.form, variable.items) if variable.items else {})
        if isinstance(variable.ids, AssessmentIds):
            for name in (variable.ids.progress, variable.ids.confidence):
                question = question_of(source.form, name)
                labels |= {choice.code: choice.label for choice in question.choices}
    return labels, items
