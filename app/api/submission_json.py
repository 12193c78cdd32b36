"""A submission as JSON: only what the caller may see of it."""

from datetime import datetime
from typing import Any

from app.access import actor, can
from app.api.problems import problem_json
from app.forms.audience import visible
from app.forms.checks import check_form
from app.forms.definition import Audience, Form
from app.forms.places import answers_at, parse_place
from app.forms.relevance import completed
from app.models.counting import latest, revision_at
from app.models.deadlines import submitted_at, timeliness
from app.models.submission import Revision, Submission
from app.rights import Right
from app.services.carrying import carried_marks
from app.services.reviews import review_status
from app.services.submissions import draft_document, signed_document, standing
from app.workflow import Signed, Status, status_of

Json = dict[str, Any]

_STATUS_OUTSIDE = {
    Signed.NOTHING: Status.DRAFT,
    Signed.SIGNED: Status.SUBMITTED,
    Signed.WITHDRAWN: Status.WITHDRAWN,
}


def submission_json(submission: Submission, *, as_of: datetime | None = None) -> Json:
    """Return where a submission stands, with the revision that counts at *as_of* (default now)."""
    revision = _revision(submission, as_of)
    collection = submission.collection
    return {
        "id": submission.id,
        "collection": submission.collection_code,
        "form": collection.form,
        "form_version": collection.form_version,
        "party": submission.party_code,
        "in_denominator": submission.is_in_denominator,
        "status": _status(submission).value,
        "submitted_at": revision.signed_at if revision else None,
        "in_time": _in_time(submission, revision, as_of),
        "revision": revision.number if revision else None,
        "hash": revision.hash if revision else None,
        "previous_hash": revision.previous_hash if revision else None,
        "language": revision.language if revision else _language_of_draft(submission),
        "wording": revision.wording if revision else None,
        "is_signed_elsewhere": bool(revision and revision.is_signed_elsewhere),
        "review_status": review_status(revision, as_of).value if revision else None,
        "synthetic": collection.is_synthetic,
    }


def answers_json(
    submission: Submission, form: Form, *, as_of: datetime | None = None
) -> Json | None:
    """Return the signed answers that the caller may see; None when nothing signed stands.

    What was withdrawn is opened no more, as of whatever moment, also when something else was
    signed since.
    """
    revision = _revision(submission, as_of)
    if revision is None or revision.withdrawn_at is not None or latest(submission) is None:
        return None
    return visible(form, signed_document(revision), reader_of(submission))


def carried_json(
    submission: Submission, answers: Json | None, *, as_of: datetime | None = None
) -> list[Json]:
    """Return which of the *answers* given out were taken over unchanged, and from where."""
    revision = _revision(submission, as_of)
    if revision is None or answers is None:
        return []
    return [
        {name: mark[name] for name in ("place", "question", "collection", "signed_at")}
        for mark in carried_marks(revision.carried).values()
        if mark["question"] in answers_at(answers, parse_place(mark["place"]))
    ]


def draft_json(submission: Submission, form: Form) -> Json:
    """Return the working draft, and what stands between it and a signature."""
    document = draft_document(form, submission)
    draft = submission.draft
    return {
        "status": standing(submission).draft.value,
        "saved_at": draft.saved_at if draft else None,
        "answers": completed(form, document),
        "problems": [problem_json(problem) for problem in check_form(form, document)],
    }


def reader_of(submission: Submission) -> Audience:
    """Return as whom the caller reads: the Party itself, the Secretariat, or anybody."""
    if can(Right.READ_DRAFT, submission):
        return Audience.PARTY
    return Audience.SECRETARIAT if can(Right.READ_REVIEW_QUEUE) else Audience.PUBLIC


def _revision(submission: Submission, as_of: datetime | None) -> Revision | None:
    return revision_at(submission.revisions, as_of) if as_of else latest(submission)


def _in_time(
    submission: Submission, revision: Revision | None, as_of: datetime | None
) -> str | None:
    """Return whether the submission came in time; None when nothing signed stands."""
    came = submitted_at(submission.revisions, as_of) if revision else None
    return timeliness(submission.collection, came).value if came else None


def _language_of_draft(submission: Submission) -> str | None:
    """Return the language in which the Party has begun to write; to the Party alone."""
    return (submission.language or None) if actor().belongs_to(submission) else None


def _status(submission: Submission) -> Status:
    """Return the status; that there is a working draft is nobody's business but the Party's."""
    now = standing(submission)
    if actor().belongs_to(submission):
        return status_of(now)
    return _STATUS_OUTSIDE[now.signed]
