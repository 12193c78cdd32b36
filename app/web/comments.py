"""Comments on a draft: what the people of a Party say to each other; nobody else sees it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, can, may
from app.errors import InvalidInputError, NotAllowedError, NotFoundError
from app.extensions import db
from app.forms.definition import Form, Question
from app.forms.places import Document, Place, answers_at, elements_at, parse_place
from app.models.comment import CommentThread
from app.models.counting import latest
from app.models.submission import Submission
from app.rights import Right
from app.services import comments as verbs
from app.services.comments import Said
from app.services.submissions import draft_document, signed_document, standing
from app.web.draft_pages import Grid, is_there
from app.web.fields import Field, anchor_of
from app.web.forms import form_of
from app.web.history_titles import Titles
from app.web.locale import language
from app.web.problems import place_title
from app.web.sign_in_forms import FieldProblem
from app.web.submissions import party_name
from app.web.titles import Title, question_label
from app.workflow import Action, DraftStatus

bp = Blueprint("comments", __name__, url_prefix="/submissions/<submission_id>/comments")


class Counted(NamedTuple):
    """How many threads there are about one thing."""

    still_open: int
    every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What comments are about, as their page shows it."""

    place: Place
    title: Title  # of the section, item or row
    is_there: bool  # whether the draft still has it
    question: Question | None
    label: str  # of the question; empty: the place as a whole
    answer: Any  # as it stands now


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A thread as a list shows it."""

    thread: CommentThread
    about: About
    is_changed: bool  # what it is about, after it was begun


@bp.get("")
@may(Right.COMMENT)
def index(submission: Submission) -> ResponseReturnValue:
    """List all comments on the draft, those that are open first."""
    form, session = form_of(submission.collection), db.session()
    document = _document(form, submission)
    return render_template(
        "comments/index.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        shown=_shown(submission, form, document, verbs.threads_of(session, submission)),
        may_comment=_has_draft(submission),
    )


@bp.get("/at/<path:place>")
@may(Right.COMMENT)
def at_place(submission: Submission, place: str) -> ResponseReturnValue:
    """Show the comments on a place; with `?question=`, on one answer, or all of a matrix."""
    return _at(submission, parse_place(place))


@bp.post("/at/<path:place>")
@may(Right.COMMENT)
def begin(submission: Submission, place: str) -> ResponseReturnValue:
    """Comment on a section, a row or an answer; or say what is lacking, with what was typed."""
    form, here = form_of(submission.collection), parse_place(place)
    question, session = request.args.get("question", ""), db.session()
    try:
        thread = verbs.begin(session, submission, form, here, question, _said(), account())
    except InvalidInputError as error:
        session.rollback()
        return _at(submission, here, _problem(error)), 422
    db.session.commit()
    return _told(thread)


@bp.get("/<int:number>")
@may(Right.COMMENT)
def show(submission: Submission, number: int) -> ResponseReturnValue:
    """Show a thread of comments, and where to answer."""
    return _thread(submission, verbs.thread_of(db.session(), submission, number))


@bp.post("/<int:number>/reply")
@may(Right.COMMENT)
def reply(submission: Submission, number: int) -> ResponseReturnValue:
    """Go on in a thread, which opens it again if it was resolved."""
    thread = verbs.thread_of(db.session(), submission, number)
    try:
        verbs.reply(db.session(), thread, _said(), account())
    except InvalidInputError as error:
        db.session.rollback()
        return _thread(submission, thread, _problem(error)), 422
    db.session.commit()
    return _told(thread)


@bp.post("/<int:number>/resolve")
@may(Right.COMMENT)
def resolve(submission: Submission, number: int) -> ResponseReturnValue:
    """Say that nothing is left to do; who drafts may, and who began the thread."""
    thread = verbs.thread_of(db.session(), submission, number)
    if not _may_resolve(submission, thread):
        raise NotAllowedError(action=Right.RESOLVE_COMMENTS.value)
    verbs.resolve(db.session(), thread, account())
    db.session.commit()
    flash(_("Resolved. The comments stay here to be read."), "success")
    return redirect(url_for(".index", submission_id=submission.id), 303)


@bp.app_template_global()
def open_comments(submission: Submission) -> int:
    """Return how many threads of comments are not resolved."""
    return verbs.count_open(db.session(), submission)


@bp.app_template_global()
def comment_counts(
    submission: Submission, place: Place | None = None
) -> dict[tuple[str, str], Counted]:
    """Return how many threads there are by place and question; nothing for who sees none."""
    if not can(Right.COMMENT, submission):
        return {}
    found = verbs.counts(db.session(), submission, place)
    return {about: Counted(*numbers) for about, numbers in found.items()}


@bp.app_template_global()
def counted_in(
    counts: dict[tuple[str, str], Counted], place: Place, block: Field | Grid
) -> Counted:
    """Return how many threads there are about a block of the page of *place*."""
    ids = block.ids if isinstance(block, Grid) else {block.question.id}
    found = [counts.get((str(place), each), Counted(0, 0)) for each in ids]
    return Counted(sum(c.still_open for c in found), sum(c.every for c in found))


def _has_draft(submission: Submission) -> bool:
    return standing(submission).draft is not DraftStatus.NONE


def _may_resolve(submission: Submission, thread: CommentThread) -> bool:
    return can(Right.RESOLVE_COMMENTS, submission) or verbs.began(thread, account())


def _said() -> Said:
    return Said(
        text=request.form.get("text", ""), language=request.form.get("language", language())
    )


def _told(thread: CommentThread) -> ResponseReturnValue:
    flash(_("Commented. Those concerned are told by mail."), "success")
    address = url_for(".show", submission_id=thread.submission_id, number=thread.number)
    return redirect(address, 303)


def _at(submission: Submission, place: Place, problems: Iterable[FieldProblem] = ()) -> str:
    """Show what was said about a place or a question there, and where to say more."""
    form, wished = form_of(submission.collection), request.args.get("question", "")
    elements_at(form, place)
    about = verbs.members(form, place, wished) if wished else frozenset[str]()
    if wished and not about:
        raise NotFoundError(what="question", code=wished)
    document = _document(form, submission)
    threads = verbs.threads_of(db.session(), submission, place, about or None)
    one = wished if wished in about else ""
    return render_template(
        "comments/at_place.html",
        submission=submission,
        form=form,
        about=_about(submission, form, document, place, one),
        is_matrix=bool(wished) and not one,
        questions=[] if one else _questions(form, place, about),
        counts=comment_counts(submission, place),
        shown=_shown(submission, form, document, threads),
        may_comment=_has_draft(submission),
        problems=list(problems),
        text=request.form.get("text", ""),
        spoken=request.form.get("language", language()),
        back=_draft_address(submission, place, wished),
    )


def _questions(form: Form, place: Place, among: frozenset[str]) -> list[tuple[str, str]]:
    """Return the questions at *place* with their wording, or those *among* them."""
    found = verbs.talked_about(form, place).items()
    return [(key, question_label(each)) for key, each in found if not among or key in among]


def _thread(
    submission: Submission, thread: CommentThread, problems: Iterable[FieldProblem] = ()
) -> str:
    form, place = form_of(submission.collection), parse_place(thread.place)
    document = _document(form, submission)
    return render_template(
        "comments/show.html",
        submission=submission,
        form=form,
        thread=thread,
        about=_about(submission, form, document, place, thread.question),
        is_changed=verbs.is_changed_since(db.session(), thread),
        may_comment=_has_draft(submission),
        may_resolve=_may_resolve(submission, thread),
        problems=list(problems),
        text=request.form.get("text", ""),
        spoken=request.form.get("language", language()),
        back=_draft_address(submission, place, thread.question),
    )


def _document(form: Form, submission: Submission) -> Document:
    """Return the draft; where there is none, what was signed last and stands."""
    if _has_draft(submission):
        return draft_document(form, submission)
    revision = latest(submission)
    return signed_document(revision) if revision else {}


def _shown(
    submission: Submission, form: Form, document: Document, threads: Sequence[CommentThread]
) -> list[Shown]:
    return [
        Shown(
            thread=thread,
            about=_about(submission, form, document, parse_place(thread.place), thread.question),
            is_changed=verbs.is_changed_since(db.session(), thread),
        )
        for thread in threads
    ]


def _about(
    submission: Submission, form: Form, document: Document, place: Place, question: str
) -> About:
    there = is_there(form, document, place)
    titled = place_title(form, document, place) if there else None
    found = verbs.talked_about(form, place).get(question)
    return About(
        place=place,
        title=titled or Titles(db.session(), submission, form).of(place),
        is_there=there,
        question=found,
        label=question_label(found) if found else "",
        answer=answers_at(document, place).get(question) if found and there else None,
    )


def _draft_address(submission: Submission, place: Place, question: str) -> str:
    """Return where the visitor reads what is commented on: on its page, or among all answers."""
    if can(Action.EDIT, submission):
        anchor = anchor_of(question) if question else None
        return url_for("entry.show", submission_id=submission.id, place=str(place), _anchor=anchor)
    if _has_draft(submission):
        return url_for("signing.check", submission_id=submission.id)
    return url_for("submissions.show", submission_id=submission.id)


def _problem(error: InvalidInputError) -> list[FieldProblem]:
    """Say what is to be put right, and where."""
    parameter = str(error.details["parameter"])
    told = {
        "text": _("Write what you want to say: at most 5,000 characters."),
        "language": _("Choose one of the six languages."),
    }
    return [FieldProblem(told.get(parameter, str(error)), f"#{parameter}")]
