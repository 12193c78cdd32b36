"""Methods, by name: how the class of what is counted is derived from signed answers.

A report file names a method and gives it the ids of the form that it reads. Each method takes one
Party's signed, public answers and returns what to count. Its docstring is the note that stands
under a table; `reports/common.yaml` holds the same text, and each language beside it the same in
other words. To add a method: write the function, register it in METHODS, word its note.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from app.analysis.answers import (
    NOT_ANSWERED,
    NOT_ASKED,
    NOTHING,
    AnswerIds,
    answer_classes,
)
from app.analysis.assessments import Aim, Assessment, AssessmentIds, aims
from app.analysis.observations import Document, Observation
from app.analysis.scales import Scale, items_of, scale_of
from app.forms.definition import Form

NO_TARGET: Final = "no_national_target"
NOT_ASSESSED: Final = "not_assessed"
NOT_GIVEN: Final = "confidence_not_given"


class Unit(StrEnum):
    """What one observation stands for."""

    PARTIES = "parties"  # one for each Party asked and item
    ASSESSMENTS = "assessments"  # one for each target that a Party assesses and item


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method, with what a report must know to use it."""

    observe: Callable[[Document, Form, Any], list[Observation]]
    ids: type  # the dataclass of ids that a report file gives it
    unit: Unit
    missing: tuple[str, ...]  # classes it gives to what has no answer, first to be told first

    @property
    def name(self) -> str:
        """The name by which a report file calls it."""
        return self.observe.__name__

    @property
    def note(self) -> str:
        """The docstring, in one line."""
        return " ".join((inspect.getdoc(self.observe) or "").split())


def lower_middle_category(document: Document, form: Form, ids: AssessmentIds) -> list[Observation]:
    """Derive one category for each Party and target; it is ours, not the Party's own rating.

    Take the latest assessment of each national target that is mapped to the target as main, or
    that adopts it as it stands. Of the categories that are known, take the lower of the two in
    the middle. Targets of the national level go first; other levels count only where no national
    one is known. The category is "unknown" when every assessment says so. Where a Party reports
    on the shared targets themselves, take its latest assessment of the target.
    """
    reading, mapped = _mapped(document, form, ids)
    return [_category(item, found, reading) for item, found in mapped]


def confidence_of_category(document: Document, form: Form, ids: AssessmentIds) -> list[Observation]:
    """Give to the derived category of each Party and target the confidence that goes with it.

    Take the confidence of the assessment that gives the category. Where several give the same
    category, take the lower of the two middle levels of their confidence.
    """
    categories = lower_middle_category(document, form, ids)
    return [_by_confidence(one, (NO_TARGET, NOT_ASSESSED), ids) for one in categories]


def latest_assessments(document: Document, form: Form, ids: AssessmentIds) -> list[Observation]:
    """Count the latest assessment of each national target, once for each target it serves.

    A national target serves the targets that it is mapped to as main, or the one that it adopts;
    all levels count. "Asked" is the number of all of these, assessed or not. A Party that did not
    report, or has no national target for it, has nothing to count here. Where a Party reports on
    the shared targets themselves, each counts once.
    """
    reading, mapped = _mapped(document, form, ids)
    return [_latest(item, aim, reading) for item, found in mapped for aim in found]


def confidence_of_assessments(
    document: Document, form: Form, ids: AssessmentIds
) -> list[Observation]:
    """Count the confidence of the latest assessment of each national target.

    A national target counts once for each target that it is mapped to as main, or that it adopts.
    """
    assessed = latest_assessments(document, form, ids)
    return [_by_confidence(one, (NOT_ASSESSED,), ids) for one in assessed]


def answer(document: Document, form: Form, ids: AnswerIds) -> list[Observation]:
    """Count each Party by the answer that it signed."""
    return [
        Observation(item=item, code=code, sources=sources)
        for item, code, sources in answer_classes(document, form, ids)
    ]


METHODS: Final = {
    method.name: method
    for method in (
        Method(
            observe=lower_middle_category,
            ids=AssessmentIds,
            unit=Unit.PARTIES,
            missing=(NOT_ASSESSED, NO_TARGET),
        ),
        Method(
            observe=confidence_of_category,
            ids=AssessmentIds,
            unit=Unit.PARTIES,
            missing=(NOT_GIVEN, NOT_ASSESSED, NO_TARGET),
        ),
        Method(
            observe=latest_assessments,
            ids=AssessmentIds,
            unit=Unit.ASSESSMENTS,
            missing=(NOT_ASSESSED,),
        ),
        Method(
            observe=confidence_of_assessments,
            ids=AssessmentIds,
            unit=Unit.ASSESSMENTS,
            missing=(NOT_GIVEN, NOT_ASSESSED),
        ),
        Method(
            observe=answer,
            ids=AnswerIds,
            unit=Unit.PARTIES,
            missing=(*NOTHING.values(), NOT_ANSWERED, NOT_ASKED),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the methods need of a form: its items and its two scales."""

    items: tuple[str, ...]
    progress: Scale
    confidence: Scale
    question: str  # that asks for the progress


def _mapped(
    document: Document, form: Form, ids: AssessmentIds
) -> tuple[_Reading, list[tuple[str, list[Aim]]]]:
    """Return each item with what the Party assesses for it, in the order of the form."""
    reading = _Reading(
        items_of(form, ids.shared_targets),
        scale_of(form, ids.progress),
        scale_of(form, ids.confidence),
        ids.progress,
    )
    found = aims(document, reading.items, ids)
    return reading, [(item, [aim for aim in found if item in aim.items]) for item in reading.items]


def _category(item: str, mapped: Sequence[Aim], reading: _Reading) -> Observation:
    if not mapped:
        return Observation(item=item, code=NO_TARGET)
    assessed = [aim.latest for aim in mapped if aim.latest]
    if not assessed:
        return Observation(item=item, code=NOT_ASSESSED)
    known = [one for one in assessed if one.progress in reading.progress.codes]
    if not known:
        return _derived(item, assessed[-1].progress, assessed, reading)
    first = [aim.latest for aim in mapped if aim.is_first_level and aim.latest]
    counted = [one for one in first if one in known] or known
    category = reading.progress.lower_middle([one.progress for one in counted])
    return _derived(item, category, counted, reading)


def _derived(
    item: str, category: str, counted: Sequence[Assessment], reading: _Reading
) -> Observation:
    """Put the category together with what stands beside it."""
    giving = [one for one in counted if one.progress == category]
    codes = [one.progress for one in counted if one.progress in reading.progress.codes]
    levels = [one.confidence for one in giving if one.confidence in reading.confidence.codes]
    return Observation(
        item=item,
        code=category,
        best=reading.progress.best(codes) if codes else "",
        worst=reading.progress.worst(codes) if codes else "",
        on=max(one.on for one in giving),
        confidence=reading.confidence.lower_middle(levels) if levels else "",
        sources=tuple(f"{one.at}{reading.question}" for one in giving),
    )


def _latest(item: str, aim: Aim, reading: _Reading) -> Observation:
    latest = aim.latest
    return Observation(
        item=item,
        row=aim.row,
        title=aim.title,
        code=latest.progress if latest else NOT_ASSESSED,
        on=latest.on if latest else "",
        confidence=latest.confidence if latest else "",
        sources=(f"{latest.at}{reading.question}",) if latest else (),
    )


def _by_confidence(one: Observation, missing: tuple[str, ...], ids: AssessmentIds) -> Observation:
    """Put the confidence in the place of the class, where there is an assessment."""
    if one.code in missing:
        return one
    given = tuple(f"{at.rpartition('/')[0]}/{ids.confidence}" for at in one.sources)
    return replace(
        one,
        code=one.confidence or NOT_GIVEN,
        category=one.code,
        sources=given if one.confidence else (),
    )
