"""The Secretariat's reading of signed revisions. Nothing here touches a Party's answers."""

from collections.abc import Iterable, Iterator
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, has_right, may, signed_submission
from app.extensions import db
from app.forms.checks import check_form
from app.forms.definition import Audience
from app.models.counting import latest
from app.models.submission import Submission
from app.rights import Right
from app.services.reviews import close_review, review_status, revision_of, start_review
from app.services.submissions import signed_document
from app.web.forms import form_of
from app.web.outline import Group, Line, outline
from app.web.problems import said_once
from app.web.query_marks import asking_of
from app.web.review_queue import bp
from app.web.submissions import entered_from, in_time, party_name
from app.web.titles import Title
from app.wording.problems import sentence
from app.workflow import ReviewAction

NOWHERE: Final = Title("")


@bp.get("/<submission_id>/<int:number>")
@has_right(Right.READ_REVIEW_QUEUE)
def show(submission_id: str, number: int) -> ResponseReturnValue:
    """Show a signed revision with what the form's checks say of it."""
    submission = signed_submission(submission_id)
    revision, form = revision_of(submission, number), form_of(submission.collection)
    document = signed_document(revision)
    sections = outline(form, document, Audience.SECRETARIAT, check_form(form, document))
    return render_template(
        "review/show.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        revision=revision,
        entered=entered_from(revision),
        in_time=in_time(submission, revision),
        newest=latest(submission),
        status=review_status(revision),
        sections=sections,
        remarks=said_once(_remarks(sections)),
        asking=asking_of(submission),
    )


@bp.post("/<submission_id>/<int:number>/start")
@may(ReviewAction.START_REVIEW)
def start(submission: Submission, number: int) -> ResponseReturnValue:
    """Open the review of a revision, or take it up again."""
    start_review(db.session(), revision_of(submission, number), account())
    db.session.commit()
    flash(_("The review is open."), "success")
    return redirect(url_for(".show", submission_id=submission.id, number=number), 303)


@bp.post("/<submission_id>/<int:number>/close")
@may(ReviewAction.CLOSE_REVIEW)
def close(submission: Submission, number: int) -> ResponseReturnValue:
    """Say that a revision has been read."""
    close_review(db.session(), revision_of(submission, number), account())
    db.session.commit()
    flash(_("The review is closed."), "success")
    return redirect(url_for(".show", submission_id=submission.id, number=number), 303)


def _remarks(
    parts: Iterable[Group | Line], around: Title = NOWHERE
) -> Iterator[tuple[Title, str, str]]:
    """Yield what the form's checks say, in the order of the document.

    Each with the title of the section, item or row that it is about, and the address in the page.
    """
    for part in parts:
        for problem in part.problems:
            yield around, sentence(problem), f"#{part.anchor}"
        if isinstance(part, Group):
            yield from _remarks(part.parts, around if part.is_list else part.title)
