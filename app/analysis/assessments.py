"""Read from a signed document which targets a Party has and how it assessed them.

Knows the shape of targets and assessments, never their ids: a report file names those.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.analysis.ids import choice_of, container, question
from app.analysis.observations import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentIds:
    """The ids that a form gives to targets and to their assessments."""

    basis: str = question()  # what the Party reports on
    own_basis: str = choice_of("basis")  # it reports on national targets
    own_targets: str = container()  # repeat: one row for each national target
    own_assessments: str = container()  # repeat in it: one row for each assessment
    title: str = question()  # names a national target
    adopted: str = question()  # is it a shared target, adopted as it stands?
    adopted_choice: str = choice_of("adopted")  # it is
    adopted_target: str = question()  # which one
    main_targets: str = question()  # the shared targets that it mainly serves
    level: str = question()  # of application
    first_level: str = choice_of("level")  # the one that goes before the others
    shared_targets: str = container()  # loop: one item for each shared target
    shared_assessments: str = container()  # repeat in it: one row for each assessment
    assessed_on: str = question()  # of an assessment, as are the next two
    progress: str = question()
    confidence: str = question()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One dated assessment. An empty text stands for what was not answered."""

    progress: str
    on: str  # ISO date
    confidence: str
    at: str = ""  # where it stands: `container/key/…/`


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target that a Party assesses: one of its own, or a shared one taken directly."""

    items: tuple[str, ...]  # the shared targets it counts for
    is_first_level: bool
    latest: Assessment | None  # the one that counts; None: not assessed
    row: str = ""  # id of the row; empty for a shared target
    title: Any = None  # a text answer
    assessments: tuple[Assessment, ...] = ()  # by date, those without one first; as they stand


def aims(document: Document, items: tuple[str, ...], ids: AssessmentIds) -> tuple[Aim, ...]:
    """Return what the Party assesses, in the order it stands.

    A Party that reports on national targets has those, and its answers on shared targets are not
    looked at; any other Party has each of the shared *items*, assessed or not.
    """
    if document.get(ids.basis) == ids.own_basis:
        return tuple(_own_aims(document, ids))
    shared = document.get(ids.shared_targets, {})
    return tuple(
        Aim(
            items=(item,),
            is_first_level=True,
            latest=found[-1] if found else None,
            assessments=found,
        )
        for item in items
        for at in [f"{ids.shared_targets}/{item}/{ids.shared_assessments}/"]
        for found in [_assessed(shared.get(item, {}).get(ids.shared_assessments, []), ids, at)]
    )


def _own_aims(document: Document, ids: AssessmentIds) -> Iterator[Aim]:
    for row in document.get(ids.own_targets, []):
        answers = row["answers"]
        is_adopted = _code(answers, ids.adopted) == ids.adopted_choice
        at = f"{ids.own_targets}/{row['row']}/{ids.own_assessments}/"
        found = _assessed(answers.get(ids.own_assessments, []), ids, at)
        yield Aim(
            items=_served(answers, ids, is_adopted=is_adopted),
            is_first_level=is_adopted or _code(answers, ids.level) in {"", ids.first_level},
            latest=found[-1] if found else None,
            row=row["row"],
            title=None if is_adopted else answers.get(ids.title),
            assessments=found,
        )


def _served(answers: Mapping[str, Any], ids: AssessmentIds, *, is_adopted: bool) -> tuple[str, ...]:
    """Return the shared targets that a national target counts for: as adopted, or as main."""
    if is_adopted:
        adopted = _code(answers, ids.adopted_target)
        return (adopted,) if adopted else ()
    main = answers.get(ids.main_targets, [])
    return tuple(main) if isinstance(main, list) else ()


def _assessed(rows: list[dict[str, Any]], ids: AssessmentIds, at: str) -> tuple[Assessment, ...]:
    """Return the assessments by date, then as they stand: the last one is the latest.

    A row without a category of progress is no assessment. One without a date goes before all.
    """
    found = [
        Assessment(
            progress=progress,
            on=_code(row["answers"], ids.assessed_on),
            confidence=_code(row["answers"], ids.confidence),
            at=f"{at}{row['row']}/",
        )
        for row in rows
        if (progress := _code(row["answers"], ids.progress))
    ]
    return tuple(sorted(found, key=lambda one: one.on))


def _code(answers: Mapping[str, Any], question: str) -> str:
    """Return an answer that is a code or a date; empty for any kind of nothing."""
    answer = answers.get(question)
    return answer if isinstance(answer, str) else ""
