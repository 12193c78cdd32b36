"""The Secretariat's queue: who was asked, how far they are, who reviews what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, has_right
from app.extensions import db
from app.forms.definition import Form
from app.models.base import today
from app.models.collection import Collection
from app.models.membership import group_names, members, party_names
from app.rights import Right
from app.services.collections import all_collections, collection_of
from app.services.query_lists import reviewers
from app.services.review_queue import Activity, Entry, assign, queue
from app.web.forms import form_of
from app.web.locale import language
from app.workflow import ReviewStatus, Status

bp = Blueprint("review", __name__, url_prefix="/review")  # `app.web.review` adds to it

REGIONS: Final = "cbd_region"
AGES: Final = (7, 30, 90)  # days since the signature
NOBODY: Final = "nobody"  # as the filter of reviewers names it


@dataclass(frozen=True, slots=True)
class Row:
    """A Party in the queue, named."""

    entry: Entry
    party: str
    region: str  # its code; empty for a Party in none
    sections: tuple[str, ...]  # titles of those worked on, where the Party shows it


# Each filter of the address tells whether a row fits a value; an empty value lets all through.
FILTERS: Final[Mapping[str, Callable[[Row, str], bool]]] = {
    "region": lambda row, value: row.region == value,
    "status": lambda row, value: row.entry.status == value,
    "activity": lambda row, value: row.entry.activity == value,
    "review": lambda row, value: row.entry.review == value,
    "on_behalf": lambda row, value: row.entry.on_behalf == value,
    "reviewer": lambda row, value: (row.entry.submission.reviewer_id or NOBODY) == value,
    "complete": lambda row, value: (
        row.entry.completeness is not None and (row.entry.completeness >= 1) == (value == "yes")
    ),
    "age": lambda row, value: (
        row.entry.days is not None and value.isdecimal() and row.entry.days >= int(value)
    ),
}


@bp.get("/")
@has_right(Right.READ_REVIEW_QUEUE)
def index() -> ResponseReturnValue:
    """Show who was asked, who has submitted, and where each review stands."""
    collections = all_collections(db.session())
    if not collections:
        return render_template("review/index.html", collections=[], collection=None)
    code = request.args.get("collection", "")
    collection = collection_of(db.session(), code) if code else collections[0]
    rows = _rows(collection, form_of(collection))
    return render_template(
        "review/index.html",
        collections=collections,
        collection=collection,
        rows=[row for row in rows if _fits(row)],
        all_rows=rows,
        regions=group_names(db.session(), REGIONS, language()),
        wished=_wished(),
        statuses=list(Status),
        activities=list(Activity),
        reviews=list(ReviewStatus),
        reviewers=reviewers(db.session()),
        nobody=NOBODY,
        ages=AGES,
    )


@bp.post("/assign")
@has_right(Right.RUN_REVIEW)
def assign_rows() -> ResponseReturnValue:
    """Let somebody review the submissions that were chosen."""
    collection = collection_of(db.session(), request.form.get("collection", ""))
    chosen = set(request.form.getlist("submission"))
    entries = queue(db.session(), collection, form_of(collection))
    submissions = [entry.submission for entry in entries if entry.submission.id in chosen]
    wished = request.form.get("assignee", "")
    found = next((each for each in reviewers(db.session()) if each.id == wished), None)
    if submissions and (found or wished == NOBODY):
        assign(db.session(), submissions, found, account())
        db.session.commit()
        flash(_("Assigned."), "success")
    else:
        flash(_("Choose at least one Party, and who is to review."), "warning")
    wished_rows: dict[str, Any] = {"collection": collection.code, **_wished()}
    return redirect(url_for(".index", **wished_rows), 303)


def _rows(collection: Collection, form: Form) -> list[Row]:
    """Return a row for each submission asked for, in the alphabetical order of Parties."""
    session = db.session()
    regions = members(session, REGIONS, collection.due_on or today())
    titles = {section.id: section.title for section in form.sections}
    by_party = {entry.submission.party_code: entry for entry in queue(session, collection, form)}
    return [
        Row(
            by_party[code],
            name,
            regions.get(code, ("",))[0],
            tuple(titles.get(section, section) for section in by_party[code].working_at),
        )
        for code, name in party_names(session, language()).items()
        if code in by_party
    ]


def _fits(row: Row) -> bool:
    return all(FILTERS[name](row, value) for name, value in _wished().items())


def _wished() -> dict[str, str]:
    """Return the filters in the address that are not empty."""
    return {name: value for name in FILTERS if (value := request.args.get(name, ""))}
