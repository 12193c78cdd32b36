"""The documents in which a Party sent its report on paper: attached by a reviewer, read by both."""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, actor, may_enter_on_behalf, may_read_sources
from app.errors import InvalidInputError, UnreadableFileError
from app.extensions import db, file_store
from app.files.paper import ENDINGS
from app.files.problems import problems_of
from app.models.submission import Submission
from app.rights import Right
from app.services import sources as verbs
from app.services.collections import is_open
from app.services.designations import signatories
from app.services.on_behalf_reading import entries_of, is_over
from app.web.forms import form_of
from app.web.sign_in_forms import FieldProblem
from app.web.submissions import party_name
from app.wording.files import file_sentence
from app.wording.values import number as number_in_words

bp = Blueprint("sources", __name__, url_prefix="/submissions/<submission_id>/sources")

FIELD: Final = "file"
ADDRESS: Final = f"#{FIELD}"


@bp.get("/")
@may_read_sources
def index(submission: Submission) -> ResponseReturnValue:
    """List the documents of a submission."""
    return sources_page(submission)


@bp.post("/")
@may_enter_on_behalf
def attach(submission: Submission) -> ResponseReturnValue:
    """Keep the documents that were sent: all, or none."""
    sent = [(file.filename or "", file.read()) for file in request.files.getlist(FIELD)]
    sent = [(name, content) for name, content in sent if name]  # what a browser sends for no file
    if not sent:
        return sources_page(submission, [FieldProblem(_("Choose a file."), ADDRESS)]), 422
    session = db.session()
    try:
        for name, content in sent:
            verbs.attach(session, submission, file_store(), name, content, account())
    except (UnreadableFileError, InvalidInputError) as error:
        session.rollback()
        return sources_page(submission, [FieldProblem(text, ADDRESS) for text in _told(error)]), 422
    session.commit()
    flash(_("Attached. The Party can read it too."), "success")
    return redirect(url_for(".index", submission_id=submission.id), 303)


@bp.get("/<int:number>")
@may_read_sources
def download(submission: Submission, number: int) -> ResponseReturnValue:
    """Give a document to save: no browser opens it in our name."""
    source = verbs.source_of(db.session(), submission, number)
    response = send_file(
        file_store().path(source.sha256),
        mimetype=source.media_type,
        as_attachment=True,
        download_name=source.name,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.post("/<int:number>/remove")
@may_enter_on_behalf
def remove(submission: Submission, number: int) -> ResponseReturnValue:
    """Take away a document that was attached by mistake."""
    source = verbs.source_of(db.session(), submission, number)
    try:
        verbs.remove(db.session(), source, account())
    except InvalidInputError:
        db.session.rollback()
        told = _("Answers were entered from it, which the Party confirms or has confirmed.")
        return sources_page(submission, [FieldProblem(told, "")]), 409
    db.session.commit()
    flash(_("Removed. Nobody can read it here any more."), "info")
    return redirect(url_for(".index", submission_id=submission.id), 303)


def sources_page(submission: Submission, problems: Iterable[FieldProblem] = ()) -> str:
    """Return the page of a submission's documents, with what is wrong in a form on it."""
    session, collection = db.session(), submission.collection
    form = form_of(collection)
    sources, entries = verbs.sources_of(session, submission), entries_of(session, submission)
    used = verbs.used_sources(session, submission)
    may_attach = actor().has(Right.ENTER_ON_BEHALF)
    is_busy = any(not is_over(entry.proposal) for entry in entries)
    confirming = verbs.confirming_sources(session, submission)
    is_new = any(source.number not in confirming for source in sources)
    return render_template(
        "sources/index.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        sources=sources,
        removable=[s.number for s in sources if may_attach and s.number not in used],
        entries=entries,
        is_party=actor().belongs_to(submission),
        may_attach=may_attach,
        may_begin=may_attach and is_new and not is_busy and is_open(collection),
        signatories=signatories(session, submission.party_code, form),
        endings=",".join(ENDINGS),
        problems=list(problems),
    )


def _told(error: UnreadableFileError | InvalidInputError) -> list[str]:
    """Say what is to be put right, with the name of the file."""
    if isinstance(error, UnreadableFileError):
        return [
            _("%(label)s: %(text)s", label=problem.file, text=file_sentence(problem))
            for problem in problems_of(error)
        ]
    if error.details["parameter"] == FIELD:
        name = str(error.details["value"])
        return [_("%(label)s: %(text)s", label=name, text=_("This document is here already."))]
    return [
        _("At most %(count)s documents are kept for a Party.", count=number_in_words(verbs.MOST))
    ]
