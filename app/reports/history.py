"""How one Party assessed its targets over time: every assessment of its last signed answers.

Only the latest of a target counts in tables; the earlier ones are shown here and are in no count.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel import Locale
from sqlalchemy.orm import Session

from app.analysis.assessments import Aim, Assessment, AssessmentIds, aims
from app.analysis.scales import items_of
from app.charts.chart import Line, LineChart, Mark, Point
from app.errors import NotFoundError
from app.forms.audience import visible
from app.forms.catalogue import Catalogue
from app.forms.definition import Audience, Choice, Form
from app.models.base import now
from app.models.membership import party_names
from app.reports.build import collection_for
from app.reports.charts import footer_of, language_tag
from app.reports.columns import items_with_labels, question_of
from app.reports.definition import Report, Variable
from app.reports.notes import sentences
from app.reports.signed import Asked, asked_at, contents

DAYS: Final = 366  # of the longest year


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One target of a Party and its assessments, by date."""

    label: str
    language: str  # of the label, where it is not that of the report
    assessments: tuple[Assessment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a Party says of its targets over time."""

    party: str
    name: str
    title: str
    submission: str  # id
    revision: int  # number of the revision that says so
    collection: str
    synthetic: bool
    labels: Mapping[str, str]  # of categories and levels of confidence, by code
    targets: tuple[Assessed, ...]  # those with an assessment, in the order of the form
    chart: LineChart | None  # None: no assessment has a date


def has_history(report: Report) -> bool:
    """Tell whether *report* reads assessments."""
    return _variable(report) is not None


def history_of(
    session: Session, forms: Catalogue, report: Report, collection_code: str, party: str
) -> History:
    """Return the assessments of a Party, as last signed and not withdrawn.

    Raises NotFoundError where the report reads no assessments, or the Party has signed nothing
    that may be read; and the errors of `collection_for`.
    """
    variable = _variable(report)
    collection = collection_for(session, report, collection_code)
    asked = next((one for one in asked_at(session, collection, now()) if one.party == party), None)
    if variable is None or asked is None or not asked.hash or not asked.is_readable:
        raise NotFoundError(what="submission", code=party)
    form = forms.load(collection.form, collection.form_version, report.locale)
    targets = tuple(_targets(session, report, form, variable, asked))
    ids: AssessmentIds = variable.ids
    questions = [question_of(form, name) for name in (ids.progress, ids.confidence)]
    name = party_names(session, report.locale).get(party, party)
    footer = footer_of(report, collection.code, now(), is_synthetic=collection.is_synthetic)
    return History(
        party=party,
        name=name,
        title=report.text("history.title", party=name),
        submission=asked.submission,
        revision=asked.revision,
        collection=collection.code,
        synthetic=collection.is_synthetic,
        labels={choice.code: choice.label for each in questions for choice in each.choices},
        targets=targets,
        chart=_chart(report, name, targets, questions[0].choices, footer),
    )


def _variable(report: Report) -> Variable | None:
    """Return the first variable of a report that is derived from assessments."""
    found = (v for v in report.variables.values() if isinstance(v.ids, AssessmentIds))
    return next(found, None)


def _targets(
    session: Session, report: Report, form: Form, variable: Variable, asked: Asked
) -> Iterator[Assessed]:
    content = contents(session, [asked.hash])[asked.hash]
    document = visible(form, json.loads(content), Audience.PUBLIC)
    items = items_with_labels(form, variable.items)
    for at, aim in enumerate(aims(document, items_of(form, variable.items), variable.ids), 1):
        if aim.assessments:
            label, language = _label(aim, items, report.locale)
            label = label or report.text("history.untitled", number=at)
            yield Assessed(label=label, language=language, assessments=aim.assessments)


def _label(aim: Aim, items: Mapping[str, str], locale: str) -> tuple[str, str]:
    """Return what a target is called, and the language of that if it is another."""
    texts: Any = aim.title if isinstance(aim.title, Mapping) else {}
    written = {key: text["text"] for key, text in texts.items() if isinstance(text, Mapping)}
    if locale in written:
        return written[locale], ""
    if written:
        return next((text, key) for key, text in written.items())
    return next((items[item] for item in aim.items if item in items), ""), ""


def _chart(
    report: Report,
    name: str,
    targets: tuple[Assessed, ...],
    choices: tuple[Choice, ...],
    footer: str,
) -> LineChart | None:
    """Return a line for each target, over years that hold all of them."""
    steps = {choice.code: at for at, choice in enumerate(choices)}
    lines = [
        Line(label=target.label, points=points)
        for target in targets
        if (points := tuple(_points(target, steps)))
    ]
    if not lines:
        return None
    years = [int(point.at) for line in lines for point in line.points]
    return LineChart(
        title=sentences([report.text("history.title", party=name)], report.locale),
        description=report.text("chart.lines"),
        language=language_tag(report.locale),
        is_mirrored=Locale.parse(report.locale).text_direction == "rtl",
        steps=tuple(_marks(choices)),
        years=tuple(range(min(years), max(years) + 2)),
        lines=tuple(lines),
        footer=footer,
    )


def _points(target: Assessed, steps: Mapping[str, int]) -> Iterator[Point]:
    for one in target.assessments:
        if one.on and one.progress in steps:
            on = date.fromisoformat(one.on)
            at = on.year + (on.timetuple().tm_yday - 1) / DAYS
            yield Point(at=at, step=steps[one.progress], text=one.on)


def _marks(choices: tuple[Choice, ...]) -> Iterator[Mark]:
    """Yield the look of each category: its place on the scale, or among those with none."""
    for choice in choices:
        same = [one for one in choices if one.outside_scale is choice.outside_scale]
        yield Mark(
            label=choice.label,
            step=same.index(choice),
            of=len(same),
            is_apart=choice.outside_scale,
        )
