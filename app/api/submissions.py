"""What Parties send: submissions, read.

Without a token, signed and public answers only. A Party's token opens its own drafts too; the
Secretariat's opens no draft.
"""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access import load_submission, public, submission_for
from app.api.blueprint import Blueprint
from app.api.forms import form_asked_for
from app.api.paging import page, read_cursor
from app.api.schemas.common import page_of as page_schema
from app.api.schemas.submissions import SubmissionQuery, SubmissionSchema, SubmissionsQuery
from app.api.submission_json import answers_json, carried_json, draft_json, submission_json
from app.errors import NotFoundError
from app.extensions import db
from app.forms.definition import Form
from app.models.submission import Revision, Submission
from app.reports.params import moment
from app.rights import Right
from app.services.collections import collection_of

bp = Blueprint("submissions", "Submissions", "What Parties send: read, write, sign, import.")

SubmissionsPage = page_schema(SubmissionSchema, "SubmissionsPage")


def id_of(code: str, party: str) -> str:
    """Return the id of a Party's submission to a collection; raise NotFoundError."""
    collection_of(db.session(), code)
    found = db.session.scalar(
        select(Submission.id).where(
            Submission.collection_code == code, Submission.party_code == party
        )
    )
    if found is None:
        raise NotFoundError(what="submission", code=f"{code}/{party}")
    return found


def form_of(submission: Submission) -> Form:
    """Return the form that a submission answers, in the language asked for."""
    return form_asked_for(submission.collection.form, submission.collection.form_version)


@bp.operation(
    "/collections/<code>/submissions", SubmissionsPage, query=SubmissionsQuery, errors=[404]
)
@public
def list_submissions(query: Mapping[str, Any], *, code: str) -> ResponseReturnValue:
    """List the submissions of a collection: one per Party asked, in order of Party.

    Also those of Parties that have signed nothing, so that silence can be counted. With
    `answers=true` each comes with its signed answers: enough to count everything again.
    """
    collection = collection_of(db.session(), code)
    wanted = select(Submission).where(Submission.collection_code == collection.code)
    if after := read_cursor(query["cursor"]):
        wanted = wanted.where(Submission.party_code > after[0])
    revisions = selectinload(Submission.revisions)
    if not query["answers"]:
        revisions = revisions.defer(Revision.content).defer(Revision.carried)
    found = db.session.scalars(
        wanted.order_by(Submission.party_code)
        .limit(query["limit"] + 1)
        .options(
            revisions,
            selectinload(Submission.revisions).joinedload(Revision.review),
            joinedload(Submission.draft),
            joinedload(Submission.collection),
        )
    ).all()
    part = page(found, lambda submission: [submission.party_code], limit=query["limit"])
    return {**part, "items": [_told(submission, query) for submission in part["items"]]}


@bp.operation(
    "/collections/<code>/submissions/<party>",
    SubmissionSchema,
    query=SubmissionQuery,
    errors=[403, 404],
)
@public
def show_submission(query: Mapping[str, Any], *, code: str, party: str) -> ResponseReturnValue:
    """Give one Party's submission with its signed answers.

    With `draft=true` also its working draft and the problems in it: for the Party alone.
    """
    submission = load_submission(id_of(code, party))
    told = _told(submission, {**query, "answers": True})
    if query["draft"]:
        own = submission_for(Right.READ_DRAFT, submission.id)
        told["draft"] = draft_json(own, form_of(own))
    return told


def _told(submission: Submission, query: Mapping[str, Any]) -> dict[str, Any]:
    as_of = moment(query["as_of"]) if query["as_of"] else None
    told = submission_json(submission, as_of=as_of)
    if query["answers"]:
        told["answers"] = answers_json(submission, form_of(submission), as_of=as_of)
        told["carried"] = carried_json(submission, told["answers"], as_of=as_of)
    return told
