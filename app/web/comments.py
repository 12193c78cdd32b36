"""Comments on a draft for the people of its Party: what they say to each other."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import can, may
from app.extensions import db
from app.forms.places import Place, parse_place
from app.models.submission import Submission
from app.rights import Right
from app.services import comments as verbs
from app.web import comment_pages
from app.web.comment_pages import Counted, Front
from app.web.draft_pages import Grid
from app.web.fields import Field
from app.web.submissions import party_name

bp = Blueprint("comments", __name__, url_prefix="/submissions/<submission_id>/comments")


@bp.get("")
@may(Right.COMMENT)
def index(submission: Submission) -> ResponseReturnValue:
    """List all comments on the draft, those that are open first."""
    front = Front(submission=submission)
    return render_template(
        "comments/index.html",
        front=front,
        submission=submission,
        party=party_name(submission),
        shown=front.shown(verbs.threads_of(db.session(), submission)),
    )


@bp.get("/at/<path:place>")
@may(Right.COMMENT)
def at_place(submission: Submission, place: str) -> ResponseReturnValue:
    """Show the comments on a place; with `?question=`, on one answer, or all of a matrix."""
    return comment_pages.page_at(Front(submission=submission), parse_place(place))


@bp.post("/at/<path:place>")
@may(Right.COMMENT)
def begin(submission: Submission, place: str) -> ResponseReturnValue:
    """Comment on a section, a row or an answer."""
    return comment_pages.begin(Front(submission=submission), parse_place(place))


@bp.get("/<int:number>")
@may(Right.COMMENT)
def show(submission: Submission, number: int) -> ResponseReturnValue:
    """Show a thread of comments, and where to answer."""
    front = Front(submission=submission)
    return comment_pages.page_of(front, front.thread(number))


@bp.post("/<int:number>/reply")
@may(Right.COMMENT)
def reply(submission: Submission, number: int) -> ResponseReturnValue:
    """Go on in a thread, which opens it again if it was resolved."""
    return comment_pages.reply(Front(submission=submission), number)


@bp.post("/<int:number>/resolve")
@may(Right.COMMENT)
def resolve(submission: Submission, number: int) -> ResponseReturnValue:
    """Say that nothing is left to do; who drafts may, and who began the thread."""
    back = url_for(".index", submission_id=submission.id)
    return comment_pages.resolve(Front(submission=submission), number, back)


@bp.app_template_global()
def open_comments(submission: Submission) -> int:
    """Return how many threads of comments are not resolved."""
    return verbs.count_open(db.session(), submission)


@bp.app_template_global()
def talk_on(submission: Submission) -> Front | None:
    """Return the comments on a draft for its Party; None for who sees none."""
    return Front(submission=submission) if can(Right.COMMENT, submission) else None


@bp.app_template_global()
def counted_in(front: Front, place: Place, block: Field | Grid) -> Counted:
    """Return how many threads there are about a block of the page of *place*."""
    ids = block.ids if isinstance(block, Grid) else {block.question.id}
    found = [front.counts.get((str(place), each), Counted(0, 0)) for each in ids]
    return Counted(sum(c.still_open for c in found), sum(c.every for c in found))
