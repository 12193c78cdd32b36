"""What the Party said last time, beside the questions of a draft and on a page of its own.

It is the Party's alone: nobody else sees a draft, nor what stands beside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import can, may
from app.extensions import db, forms_in_use
from app.forms.carrying import (
    ANSWERED,
    OPEN,
    Carry,
    GivenUp,
    Kept,
    Looked,
    Said,
    given_up,
    look_through,
    rows_left,
    said_at,
    said_under,
)
from app.forms.definition import Container, Form, Question
from app.forms.places import Document, Place, answers_at, elements_at
from app.models.submission import Submission
from app.rights import Right
from app.services.carrying import Chosen, Key, LastTime, chosen_in, last_time
from app.services.draft_reading import DraftReader
from app.services.submissions import draft_document, standing
from app.web.carrying import anchor_beside, anchor_of_asked
from app.web.draft_pages import DraftPage, Grid, Listing, list_anchor
from app.web.fields import Field
from app.web.forms import form_of
from app.web.locale import language
from app.web.problems import place_title
from app.web.titles import Title, question_label, title_of
from app.workflow import DraftStatus

bp = Blueprint("last_time", __name__, url_prefix="/submissions/<submission_id>")

STATES: Final = (OPEN, *(carry.value for carry in Carry), ANSWERED)


class Line(NamedTuple):
    """An answer of last time: to which question, and of which item or place."""

    label: str
    question: Question
    answer: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside one question of a page, or one matrix, or one row to bring over."""

    name: str  # that the buttons send
    label: str  # of what it is
    anchor: str
    lines: tuple[Line, ...]
    kept: Kept
    carries: tuple[str, ...] = ()  # what is said of it now; several: of some of its rows
    chosen: Chosen | None = None  # who said that, and when
    is_outdated: bool = False  # it was said of an earlier revision

    @property
    def buttons(self) -> tuple[Carry, ...]:
        """Return what can be said of it."""
        if self.kept is not Kept.SAME:
            return ()
        return tuple(c for c in Carry if self.is_outdated or self.carries != (c.value,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """All that stands beside a page."""

    last: LastTime
    beside: Mapping[str, Beside]  # by question, or matrix
    rows: Mapping[str, Sequence[Beside]]  # that can be brought over, by repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer, or row, of last time, and what has become of it."""

    title: Title  # of its place, or of the row
    label: str  # of the question; empty for a row
    looked: Looked
    address: str  # where it is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section, with what was said in it last time."""

    title: str
    entries: list[Entry]

    @property
    def open(self) -> int:
        """Return how many are still to be looked at."""
        return sum(e.looked.state == OPEN for e in self.entries if _counts(e.looked))


def last_of(submission: Submission) -> LastTime | None:
    """Return what the Party signed last time, in the language of the page."""
    return last_time(db.session(), submission, forms_in_use(), language())


@bp.app_template_global()
def last_time_at(submission: Submission, form: Form, page: DraftPage) -> Aside | None:
    """Return what stands beside the page of a draft; None where there is no last time."""
    last = last_of(submission) if can(Right.READ_DRAFT, submission) else None
    if last is None or not page.is_asked:
        return None
    said = said_at(last.form, form, last.document, page.place)
    words = chosen_in(db.session(), submission, page.place)
    beside: dict[str, Beside] = {}
    rows: dict[str, Sequence[Beside]] = {}
    for block in page.blocks:
        if isinstance(block, Listing):
            rows[block.container.id] = _rows(last, submission, form, block, words)
        beside |= _of_block(block, last, page.place, said, words)
    return Aside(last=last, beside=beside, rows=rows)


@bp.get("/last-time")
@may(Right.READ_DRAFT)
def show(submission: Submission) -> ResponseReturnValue:
    """Show all that was said last time, and what has become of it in the draft."""
    form, last = form_of(submission.collection), last_of(submission)
    has_draft = standing(submission).draft is not DraftStatus.NONE
    looked: list[Looked] = []
    gone: list[tuple[Title, GivenUp]] = []
    if last is not None and has_draft:
        looked = _looked(submission, form, last)
        gone = [
            (place_title(last.form, last.document, each.place), each)
            for each in given_up(last.form, form, last.document)
        ]
    return render_template(
        "submissions/last_time.html",
        submission=submission,
        form=form,
        last=last,
        has_draft=has_draft,
        parts=_parts(submission, form, last, looked) if last else [],
        counts=_by_state(looked),
        gone=gone,
    )


def still_open(submission: Submission, form: Form) -> tuple[LastTime, int] | None:
    """Return last time, and how many of its answers are still to be looked at."""
    last = last_of(submission)
    if last is None:
        return None
    looked = _looked(submission, form, last)
    return last, sum(each.state == OPEN for each in looked if _counts(each))


def _looked(submission: Submission, form: Form, last: LastTime) -> list[Looked]:
    found = chosen_in(db.session(), submission)
    words = {key: chosen.carry for key, chosen in found.items()}
    now: Document = draft_document(form, submission)
    return list(look_through(last.form, form, last.document, now, words))


def _counts(looked: Looked) -> bool:
    """Tell whether something can be said of it."""
    return looked.said is None or looked.said.kept is Kept.SAME


def _by_state(looked: Sequence[Looked]) -> dict[str, int]:
    counted = Counter(each.state for each in looked if _counts(each))
    return {state: counted[state] for state in STATES}


def _of_block(
    block: Field | Grid | Listing,
    last: LastTime,
    place: Place,
    said: Mapping[str, Said],
    words: Mapping[Key, Chosen],
) -> dict[str, Beside]:
    """Return what stands beside a block, and beside the explanations in it, by name."""
    found: dict[str, Beside] = {}
    if isinstance(block, Grid):
        labels = {f.question.id: f.question.item.label for f in block.rows if f.question.item}
        own = _beside(block.matrix.id, block.matrix.label, labels, last, place, said, words)
        found |= {block.matrix.id: own} if own else {}
        fields = tuple(each for row in block.rows for each in row.explanations)
    else:
        own_field = () if isinstance(block, Listing) else (block,)
        fields = (*own_field, *block.explanations)
    for each in fields:
        name = each.question.id
        one = _beside(name, each.question.label, {name: ""}, last, place, said, words)
        found |= {name: one} if one else {}
    return found


def _beside(
    name: str,
    label: str,
    labels: Mapping[str, str],
    last: LastTime,
    place: Place,
    said: Mapping[str, Said],
    words: Mapping[Key, Chosen],
) -> Beside | None:
    """Return what stands beside the questions in *labels*, which go together; None for nothing."""
    here = {key: said[key] for key in labels if key in said}
    if not here:
        return None
    answered = {key: each for key, each in here.items() if each.answer is not None}
    kinds = [each.kept for each in (answered or here).values()]
    chosen = [words[str(place), key] for key in here if (str(place), key) in words]
    return Beside(
        name=name,
        label=label,
        anchor=anchor_beside(name),
        lines=tuple(
            Line(labels[key], each.question, each.answer) for key, each in answered.items()
        ),
        kept=Kept.SAME if Kept.SAME in kinds else kinds[0],
        carries=tuple(c.value for c in Carry if any(each.carry is c for each in chosen)),
        chosen=max(chosen, key=lambda each: each.operation.number, default=None),
        is_outdated=any(not each.is_about(last) for each in chosen),
    )


def _rows(
    last: LastTime, submission: Submission, form: Form, block: Listing, words: Mapping[Key, Chosen]
) -> list[Beside]:
    """Return the rows of last time that can be brought over into a list."""
    container, place = block.container, block.place
    there = DraftReader(db.session(), submission.id, form).keys(place, container)
    left = rows_left(last.form, form, last.document, place, container, there)
    return [_row(last, form, container, place.child(container.id, key), words) for key in left]


def _row(
    last: LastTime, form: Form, container: Container, row: Place, words: Mapping[Key, Chosen]
) -> Beside:
    chosen = words.get((str(row), ""))
    if chosen and chosen.carry is not Carry.NO_LONGER:
        chosen = None  # it was brought over, and removed again
    title = _row_title(last, container, row)
    return Beside(
        name=f"{container.id}/{row.steps[-1][1]}",
        label=title.heading,
        anchor=f"last-{list_anchor(row)}",
        lines=tuple(
            Line(each.question.label, each.question, each.answer)
            for _place, said in said_under(last.form, form, last.document, row)
            for each in said.values()
            if each.answer is not None
        ),
        kept=Kept.SAME,
        carries=(chosen.carry.value,) if chosen else (),
        chosen=chosen,
        is_outdated=chosen is not None and not chosen.is_about(last),
    )


def _row_title(last: LastTime, container: Container, row: Place) -> Title:
    """Return what a row was called last time."""
    then = last.form.container(container.id) or container
    held = answers_at(last.document, row.parent or row).get(container.id) or []
    keys = [each["row"] for each in held]
    key = row.steps[-1][1]
    return title_of(then, keys.index(key), key, answers_at(last.document, row))


def _parts(
    submission: Submission, form: Form, last: LastTime, looked: Sequence[Looked]
) -> list[Part]:
    """Return what was looked through, section by section, in form order."""
    now = draft_document(form, submission)
    parts: list[Part] = []
    for section_id, found in groupby(looked, lambda each: each.place.section):
        section = form.section(section_id)
        part = Part(title=section.title if section else section_id, entries=[])
        for each in found:
            part.entries.append(_entry(submission, form, last, now, each))
        parts.append(part)
    return parts


def _entry(
    submission: Submission, form: Form, last: LastTime, now: Document, looked: Looked
) -> Entry:
    place, row = looked.place, not looked.question
    page = place.parent or place if row else place
    container = form.container(place.steps[-1][0]) if row else None
    question = None if row else _question(form, place, looked.question)
    anchor = f"last-{list_anchor(place)}" if row else anchor_of_asked(form, place, _name(question))
    return Entry(
        title=_row_title(last, container, place) if container else place_title(form, now, place),
        label="" if question is None else question_label(question),
        looked=looked,
        address=url_for("entry.show", submission_id=submission.id, place=str(page), _anchor=anchor),
    )


def _question(form: Form, place: Place, question_id: str) -> Question | None:
    found = (e for e in elements_at(form, place) if isinstance(e, Question))
    return next((question for question in found if question.id == question_id), None)


def _name(question: Question | None) -> str:
    if question is None:
        return ""
    return question.matrix.id if question.matrix else question.id
