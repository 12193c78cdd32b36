"""The receipt of a signed revision: a page, and files of the receipt and of the answers."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access import can, may_read
from app.errors import NotFoundError
from app.extensions import db
from app.models.audit import Receipt
from app.models.submission import Revision, Submission
from app.rights import Right
from app.services.receipts import (
    answers_file,
    receipt_file,
    receipt_of,
    signature_of,
    signed_revision,
    statement_of,
)
from app.services.reviews import revision_of
from app.web.forms import form_of
from app.web.submissions import party_name

bp = Blueprint("receipts", __name__, url_prefix="/submissions")

ONE = "/<submission_id>/revisions/<int:number>"


@bp.get(f"{ONE}/receipt")
@may_read
def show(submission: Submission, number: int) -> ResponseReturnValue:
    """Show the receipt, to print or to keep; while it is being made, say so."""
    revision = _revision(submission, number)
    receipt = receipt_of(db.session(), revision)
    return render_template(
        "receipts/show.html",
        submission=submission,
        form=form_of(submission.collection),
        party=party_name(submission),
        revision=revision,
        receipt=receipt,
        stated=statement_of(receipt) if receipt else None,
        signature=signature_of(receipt) if receipt else "",
        is_whole=_is_whole(submission),
    )


@bp.get(f"{ONE}/receipt.json")
@may_read
def download(submission: Submission, number: int) -> ResponseReturnValue:
    """Give the receipt as a file: whole to the Party, else without what helps to guess."""
    receipt = _receipt(submission, number)
    text = receipt_file(receipt, is_whole=_is_whole(submission))
    return _file(text, f"{_name(submission, number)}.receipt.json")


@bp.get(f"{ONE}/answers.json")
@may_read
def answers(submission: Submission, number: int) -> ResponseReturnValue:
    """Give the canonical answers as a file: all to the Party, the public ones to others."""
    revision, is_whole = _revision(submission, number), _is_whole(submission)
    text = answers_file(form_of(submission.collection), revision, is_whole=is_whole)
    kind = "answers" if is_whole else "public-answers"
    return _file(text, f"{_name(submission, number)}.{kind}.json")


def _revision(submission: Submission, number: int) -> Revision:
    """Return a revision; one that was withdrawn only to its Party."""
    if _is_whole(submission):
        return signed_revision(submission, number)
    return revision_of(submission, number)


def _receipt(submission: Submission, number: int) -> Receipt:
    found = receipt_of(db.session(), _revision(submission, number))
    if found is None:
        raise NotFoundError(what="receipt", code=number)
    return found


def _is_whole(submission: Submission) -> bool:
    return can(Right.READ_DRAFT, submission)


def _name(submission: Submission, number: int) -> str:
    mark = ".synthetic" if submission.collection.is_synthetic else ""
    return f"{submission.collection_code}.{submission.party_code}.{number}{mark}"


def _file(text: str, name: str) -> Response:
    response = Response(text, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
