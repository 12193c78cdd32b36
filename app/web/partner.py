"""What a partner institution is invited to: sections of a draft, or what is signed; nothing else.

Of a draft it reads what would become public. Its comments are read by the Party's people.
"""

from typing import Final

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import own_grant
from app.errors import NotFoundError
from app.extensions import db, limiter
from app.files.readers import SYNTHETIC
from app.files.writers import xlsx_bytes
from app.forms.definition import Audience
from app.forms.places import parse_place
from app.forms.relevance import completed
from app.models.counting import latest
from app.models.engine import for_reading
from app.models.membership import party_names
from app.models.partner import PartnerGrant
from app.models.submission import Submission
from app.services.comments import threads_of
from app.services.exports import export_tables, signed_records
from app.services.overviews import lines_of_collection
from app.services.submissions import draft_document, signed_document
from app.web import comment_pages
from app.web.comment_pages import Front
from app.web.forms import form_of
from app.web.limits import COMMENTS, by_account
from app.web.locale import language
from app.web.outline import outline
from app.web.submissions import in_time, party_name

EXPORTS: Final = "30 per minute"  # each takes a second or more
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("partner", __name__, url_prefix="/invited/<grant_id>")


@bp.get("")
@own_grant
def show(grant: PartnerGrant) -> ResponseReturnValue:
    """Show the sections of the draft; lead on to the Parties whose signed answers may be read."""
    if grant.submission is None:
        return redirect(url_for(".parties", grant_id=grant.id), 303)
    return _draft(grant, grant.submission)


@bp.get("/parties")
@own_grant
def parties(grant: PartnerGrant) -> ResponseReturnValue:
    """List the Parties whose signed answers may be read."""
    if grant.collection is None:
        raise NotFoundError(what="collection", code=grant.id)
    collection = grant.collection
    names = party_names(db.session(), language())
    lines = lines_of_collection(db.session(), collection.code)
    signed = {line.party: line.signed_at for line in lines if line.signed_at is not None}
    return render_template(
        "partner/collection.html",
        grant=grant,
        collection=collection,
        form=form_of(collection),
        parties=[(code, names[code], signed[code]) for code in names if code in signed],
    )


@bp.get("/parties/<code>")
@own_grant
def party(grant: PartnerGrant, code: str) -> ResponseReturnValue:
    """Show what a Party has signed last, as far as the partner may see it."""
    if grant.collection_code is None:
        raise NotFoundError(what="party", code=code)
    found = next(
        (
            line.submission_id
            for line in lines_of_collection(db.session(), grant.collection_code)
            if line.party == code and line.signed_at is not None
        ),
        None,
    )
    submission = db.session.get(Submission, found) if found else None
    revision = latest(submission) if submission else None
    if submission is None or revision is None:
        raise NotFoundError(what="party", code=code)
    form = form_of(submission.collection)
    return render_template(
        "partner/signed.html",
        grant=grant,
        submission=submission,
        form=form,
        party=party_name(submission),
        revision=revision,
        in_time=in_time(submission, revision),
        sections=outline(form, signed_document(revision), _reader(grant)),
    )


@bp.get("/answers.xlsx")
@own_grant
@limiter.limit(EXPORTS, key_func=by_account)
def answers(grant: PartnerGrant) -> ResponseReturnValue:
    """Give what is signed in the collection as a workbook, as far as the partner may see it."""
    if grant.collection is None:
        raise NotFoundError(what="collection", code=grant.id)
    collection, form = grant.collection, form_of(grant.collection)
    records = signed_records(for_reading(db.engine), collection, form)
    content = xlsx_bytes(export_tables(form, records, _reader(grant)))
    response = Response(content, content_type=XLSX)
    name = f"{collection.code}{SYNTHETIC}" if collection.is_synthetic else collection.code
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@bp.get("/comments/at/<path:place>")
@own_grant
def comments_at(grant: PartnerGrant, place: str) -> ResponseReturnValue:
    """Show the partner's comments on a place, or an answer there."""
    return comment_pages.page_at(_front(grant), parse_place(place))


@bp.post("/comments/at/<path:place>")
@own_grant
@limiter.limit(COMMENTS, key_func=by_account)
def begin(grant: PartnerGrant, place: str) -> ResponseReturnValue:
    """Comment on a section, a row or an answer."""
    return comment_pages.begin(_front(grant), parse_place(place))


@bp.get("/comments/<int:number>")
@own_grant
def comments(grant: PartnerGrant, number: int) -> ResponseReturnValue:
    """Show a thread that the partner began."""
    front = _front(grant)
    return comment_pages.page_of(front, front.thread(number))


@bp.post("/comments/<int:number>/reply")
@own_grant
@limiter.limit(COMMENTS, key_func=by_account)
def reply(grant: PartnerGrant, number: int) -> ResponseReturnValue:
    """Go on in a thread that the partner began."""
    return comment_pages.reply(_front(grant), number)


@bp.post("/comments/<int:number>/resolve")
@own_grant
def resolve(grant: PartnerGrant, number: int) -> ResponseReturnValue:
    """Say that nothing is left to do."""
    back = url_for(".comments", grant_id=grant.id, number=number)
    return comment_pages.resolve(_front(grant), number, back)


def _front(grant: PartnerGrant) -> Front:
    """Return the comments of a partner; raise NotFoundError where there are none to read."""
    if grant.submission is None or not grant.may_comment:
        raise NotFoundError(what="comment", code=grant.id)
    return Front(submission=grant.submission, grant=grant)


def _reader(grant: PartnerGrant) -> Audience:
    """Return as whom a partner reads what is signed."""
    return Audience.SECRETARIAT if grant.sees_secretariat else Audience.PUBLIC


def _draft(grant: PartnerGrant, submission: Submission) -> ResponseReturnValue:
    form = form_of(submission.collection)
    front = Front(submission=submission, grant=grant)
    document = completed(form, draft_document(form, submission)) if front.has_draft else {}
    shown = outline(form, document, Audience.PUBLIC) if front.has_draft else ()
    sections = [group for group in shown if group.place.section in grant.sections]
    session = db.session()
    threads = threads_of(session, submission, grant=grant) if grant.may_comment else []
    return render_template(
        "partner/draft.html",
        grant=grant,
        submission=submission,
        form=form,
        party=party_name(submission),
        titles=[each.title for each in form.sections if each.id in grant.sections],
        sections=sections,
        front=front,
        shown=front.shown(threads),
        talk=front if grant.may_comment else None,
        is_signed=latest(submission) is not None,
    )
