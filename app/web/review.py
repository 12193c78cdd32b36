"""The Secretariat's reading of signed revisions. Nothing here touches a Party's answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access import Right, account, has_right, may, signed_submission
from app.extensions import db
from app.forms.checks import check_form
from app.forms.definition import Audience
from app.models.collection import Collection
from app.models.counting import latest
from app.models.membership import group_names, members, party_names
from app.models.submission import Revision, Submission
from app.services.collections import all_collections, collection_of
from app.services.reviews import close_review, review_status, revision_of, start_review
from app.services.submissions import signed_document, standing
from app.web.forms import form_of
from app.web.locale import language
from app.web.outline import Group, Line, outline
from app.web.problems import said_once
from app.web.query_marks import asking_of
from app.web.submissions import in_time, party_name
from app.web.titles import Title
from app.wording.problems import sentence
from app.workflow import ReviewAction, ReviewStatus, Status, status_of

bp = Blueprint("review", __name__, url_prefix="/review")

REGIONS: Final = "cbd_region"
NOWHERE: Final = Title("")


@dataclass(frozen=True, slots=True)
class Row:
    """A Party in the queue."""

    submission: Submission
    party: str
    region: str  # its code; empty for a Party in none
    status: Status
    revision: Revision | None  # that stands
    review: ReviewStatus | None
    days: int | None  # since it was signed


@bp.get("/")
@has_right(Right.READ_REVIEW_QUEUE)
def index() -> ResponseReturnValue:
    """Show who was asked, who has submitted, and where each review stands."""
    collections = all_collections(db.session())
    if not collections:
        return render_template("review/index.html", collections=[], collection=None)
    code = request.args.get("collection", "")
    collection = collection_of(db.session(), code) if code else collections[0]
    rows = _rows(db.session(), collection)
    return render_template(
        "review/index.html",
        collections=collections,
        collection=collection,
        rows=[row for row in rows if _is_wished(row)],
        all_rows=rows,
        regions=group_names(db.session(), REGIONS, language()),
        wished=_wished(),
        statuses=list(Status),
        reviews=list(ReviewStatus),
    )


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
        newest=latest(submission),
        in_time=in_time(submission, revision),
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


def _rows(session: Session, collection: Collection) -> list[Row]:
    """Return a row for each submission asked for, in the alphabetical order of Parties."""
    regions = members(session, REGIONS, collection.due_on or _today())
    names = party_names(session, language())
    found = session.scalars(
        select(Submission)
        .where(Submission.collection_code == collection.code)
        .options(
            selectinload(Submission.revisions).selectinload(Revision.review),
            selectinload(Submission.draft),
        )
    )
    by_party = {submission.party_code: submission for submission in found}
    ordered = sorted(by_party, key=list(names).index)
    return [_row(by_party[code], names[code], regions.get(code, ("",))[0]) for code in ordered]


def _row(submission: Submission, party: str, region: str) -> Row:
    revision = latest(submission)
    return Row(
        submission=submission,
        party=party,
        region=region,
        status=status_of(standing(submission)),
        revision=revision,
        review=review_status(revision) if revision else None,
        days=(datetime.now(UTC) - revision.signed_at).days if revision else None,
    )


def _is_wished(row: Row) -> bool:
    """Tell whether the filters let a row through."""
    has = {"region": row.region, "status": row.status, "review": row.review}
    return all(has[name] == value for name, value in _wished().items() if value)


def _wished() -> dict[str, str]:
    """Return the filters in the address; an empty one lets every row through."""
    return {name: request.args.get(name, "") for name in ("region", "status", "review")}


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


def _today() -> date:
    return datetime.now(UTC).date()
