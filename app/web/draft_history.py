"""The history of a draft: of each answer and of the whole; what was there comes back from here.

It is the Party's alone, before signing and after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, can, may
from app.errors import NotFoundError
from app.extensions import db
from app.forms.carrying import Carry
from app.forms.definition import Form, Question
from app.forms.places import Place, elements_at, parse_place
from app.models.operation import Cause, Kind, Operation, State
from app.models.submission import Submission
from app.rights import Right
from app.services.batches import Outcome
from app.services.collections import is_open
from app.services.draft_history import (
    can_be_restored,
    history_of,
    last_own,
    operation_at,
    removal_in,
    restore,
    restored_answer,
    undo,
)
from app.services.drafts import version_of
from app.services.operations import questions_at
from app.services.submissions import drafting
from app.web.clashes import posted_version
from app.web.comment_pages import Front
from app.web.draft_pages import list_anchor
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.history_titles import Titles
from app.web.operations_json import NUMBER, who_json
from app.web.titles import Title, question_label
from app.wording.statuses import CARRIES
from app.workflow import Action

bp = Blueprint("draft_history", __name__, url_prefix="/submissions/<submission_id>")

ON_A_PAGE: Final = 25


class Inside(NamedTuple):
    """An answer that stood in a removed row."""

    title: Title
    question: Question
    answer: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One operation, as the history tells it."""

    number: int
    told: str  # what, by whom, when
    at: str
    note: str
    title: Title  # of its place
    address: str  # of its page; empty where there is none now
    question: Question | None
    label: str
    before: Any
    after: Any
    inside: tuple[Inside, ...]  # answers of a removed row
    can_restore: bool
    carry: str = ""  # what was said of an answer of last time; empty where that is not the line


_NOTES: Final = {State.CLASH: "clash", State.LATE: "late", State.LOCKED: "locked"}


@bp.get("/history")
@may(Right.READ_DRAFT)
def whole(submission: Submission) -> ResponseReturnValue:
    """Show what was done to the draft, the newest first."""
    return history_at(submission, None)


@bp.get("/history/<path:place>")
@may(Right.READ_DRAFT)
def at_place(submission: Submission, place: str) -> ResponseReturnValue:
    """Show what was done at one place; with `?question=`, to one answer."""
    here = parse_place(place)
    elements_at(form_of(submission.collection), here)
    return history_at(submission, here, request.args.get("question", ""))


@bp.post("/history/<int:number>/restore")
@may(Action.EDIT)
def bring_back(submission: Submission, number: int) -> ResponseReturnValue:
    """Bring back what an operation replaced or removed."""
    form = form_of(submission.collection)
    operation = operation_at(db.session(), submission, number)
    batch = drafting(db.session(), submission, form, account(), Cause.RESTORED)
    outcome = restore(batch, operation, posted_version())
    batch.save("restore")
    db.session.commit()
    if outcome.state is State.CLASH:
        return _both(submission, operation, outcome, restored_answer(operation)), 409
    flash(_("It is back."), "success")
    return redirect(_page_address(submission, operation), 303)


@bp.get("/undo")
@may(Action.EDIT)
def ask_to_take_back(submission: Submission) -> ResponseReturnValue:
    """Show one's own last change, and ask whether to take it back."""
    form, session = form_of(submission.collection), db.session()
    operation = last_own(session, submission, account())
    if operation is None:
        flash(_("There is no change of yours to take back."), "info")
        return redirect(_home(submission), 303)
    titles = Titles(session, submission, form)
    return render_template(
        "entry/undo.html",
        submission=submission,
        form=form,
        line=_line(submission, form, titles, operation, may_edit=True),
        back=_page_address(submission, operation),
    )


@bp.post("/undo")
@may(Action.EDIT)
def take_back(submission: Submission) -> ResponseReturnValue:
    """Take back one's own last change: that which the page named, and no other."""
    form, wished = form_of(submission.collection), request.form.get("number", "")
    operation = last_own(db.session(), submission, account())
    if operation is None or str(operation.number) != wished:
        flash(_("Nothing was taken back: that change is no longer your last one."), "warning")
        return redirect(_home(submission), 303)
    batch = drafting(db.session(), submission, form, account(), Cause.UNDONE)
    outcome = undo(batch, operation)
    batch.save("undo")
    db.session.commit()
    if outcome.state is State.CLASH:
        return _both(submission, operation, outcome, outcome.typed), 409
    flash(_("Your last change was taken back."), "success")
    return redirect(_page_address(submission, operation), 303)


def history_at(submission: Submission, place: Place | None, question: str = "") -> str:
    """Return the page of the history of a place, of a question there, or of the whole draft."""
    form, before = form_of(submission.collection), request.args.get("before", "")
    session = db.session()
    found = history_of(
        session,
        submission,
        place=place,
        question=question,
        before=int(before) if NUMBER.fullmatch(before) else 0,
        limit=ON_A_PAGE + 1,
    )
    titles = Titles(session, submission, form)
    may_edit = is_open(submission.collection) and can(Action.EDIT, submission)
    lines = [_line(submission, form, titles, op, may_edit=may_edit) for op in found[:ON_A_PAGE]]
    older = found[ON_A_PAGE - 1].number if len(found) > ON_A_PAGE else 0
    here: dict[str, Any] = {"submission_id": submission.id}
    here |= {"place": str(place), "question": question or None} if place else {}
    endpoint = ".at_place" if place else ".whole"
    return render_template(
        "entry/history.html",
        submission=submission,
        form=form,
        title=titles.of(place) if place else None,
        label=_asked(form, place, question) if place and question else "",
        comments=Front(submission=submission).at(place, question) if place else "",
        back=_back(submission, titles, place, question),
        lines=lines,
        version=version_of(session, submission),
        can_undo=may_edit and last_own(session, submission, account()) is not None,
        newest=url_for(endpoint, **here) if before else "",
        older=url_for(endpoint, **here, before=older) if older else "",
    )


def _line(
    submission: Submission, form: Form, titles: Titles, op: Operation, *, may_edit: bool
) -> Line:
    question = _question(form, op)
    place = parse_place(op.place) if op.place else None
    is_answer = op.kind is Kind.ANSWER
    removed = op.kind is Kind.REMOVE_ROW and op.state is State.APPLIED
    is_gone = removed and place is not None and not titles.is_there(place)
    told = who_json(op)
    return Line(
        number=op.number,
        told=told["told"],
        at=told["at"],
        note=_NOTES.get(op.state, ""),
        title=titles.of(place) if place else Title(form.title),
        address=_page_address(submission, op) if place and titles.is_there(place) else "",
        question=question,
        label=question_label(question) if question else "",
        before=op.before if is_answer else None,
        after=op.after if is_answer else None,
        inside=tuple(_inside(form, titles, op)) if removed else (),
        can_restore=may_edit and can_be_restored(op) and (question is not None or is_gone),
        carry=_said(op.after or op.before) if op.kind is Kind.CARRY else "",
    )


def _said(said: Mapping[str, str] | None) -> str:
    """Return what is said of last time, in words."""
    return str(CARRIES[Carry(said["carry"])]) if said else ""


def _inside(form: Form, titles: Titles, op: Operation) -> Sequence[Inside]:
    """Return the answers that stood in a removed row, in the order of the form."""
    found: list[Inside] = []
    for path, part in op.before["parts"].items():
        place = parse_place(path)
        for key, question in questions_at(form, place).items():
            if key in part["answers"]:
                found.append(Inside(titles.of(place), question, part["answers"][key]))
    return found


def _both(
    submission: Submission,
    operation: Operation,
    outcome: Outcome,
    wanted: Any,  # noqa: ANN401
) -> str:
    """Show that somebody has changed it since: what stands now, and what would come back."""
    form, session = form_of(submission.collection), db.session()
    titles = Titles(session, submission, form)
    place = parse_place(operation.place) if operation.place else None
    question = _question(form, operation)
    if operation.kind is Kind.CARRY and not outcome.question:
        question = None  # somebody else has said something else of it
    removal = None
    if place is not None and not titles.is_there(place):
        removal = removal_in(session, submission, place)
    return render_template(
        "entry/history_clash.html",
        submission=submission,
        form=form,
        title=titles.of(place) if place else Title(form.title),
        question=question,
        label=question_label(question) if question else "",
        now=outcome.answer,
        wanted=wanted,
        told=who_json(outcome.theirs)["told"] if outcome.theirs else "",
        is_gone=removal is not None,
        number=operation.number if can_be_restored(operation) else 0,
        version=version_of(session, submission),
        back=_home(submission),
    )


def _question(form: Form, op: Operation) -> Question | None:
    if op.kind not in (Kind.ANSWER, Kind.CARRY) or not op.question:
        return None
    try:
        return questions_at(form, parse_place(op.place)).get(op.question)
    except NotFoundError:
        return None


def _asked(form: Form, place: Place, question: str) -> str:
    """Return what to call a question, or a matrix, of a place; raise NotFoundError."""
    questions = questions_at(form, place)
    if question in questions:
        return question_label(questions[question])
    for each in questions.values():
        if each.matrix is not None and each.matrix.id == question:
            return each.matrix.label
    raise NotFoundError(what="question", code=question)


def _page_address(submission: Submission, op: Operation) -> str:
    """Return where in the draft an operation is to be seen."""
    if not op.place:
        return _home(submission)
    place, anchor = parse_place(op.place), anchor_of(op.question) if op.question else None
    if not op.question and place.parent is not None:
        place, anchor = place.parent, list_anchor(place)
    return url_for(
        "entry.show", submission_id=submission.id, place=str(place), _anchor=anchor or None
    )


def _back(submission: Submission, titles: Titles, place: Place | None, question: str) -> str:
    """Return the page from which the history was opened, or the nearest around it."""
    is_one = place is not None
    while place is not None and not titles.is_there(place):
        place = place.parent
    if place is None or not can(Action.EDIT, submission):
        return _home(submission)
    anchor = anchor_of(question) if question and is_one else None
    return url_for("entry.show", submission_id=submission.id, place=str(place), _anchor=anchor)


def _home(submission: Submission) -> str:
    return url_for("submissions.show", submission_id=submission.id)
