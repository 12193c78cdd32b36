"""A collection as pages show it: ready values, so that templates only loop and choose."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.models.base import now
from app.models.collection import Collection
from app.models.deadlines import due_at
from app.models.submission import Submission
from app.services.collections import is_open
from app.services.overviews import Counts, Line, count, lines_of_collection, submissions_of
from app.services.submissions import standing
from app.web.forms import form_of
from app.workflow import Status, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A collection with its title, where it stands in time, and how many have submitted."""

    collection: Collection
    title: str
    phase: Literal["planned", "open", "overdue", "closed"]  # overdue: open, past its due date
    counts: Counts
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSubmission:
    """A Party's own submission, and where it stands."""

    submission: Submission
    overview: Overview
    status: Status

    @property
    def has_draft(self) -> bool:
        """Whether there is a draft to work on."""
        return self.status in {Status.DRAFT, Status.AWAITING_SIGN_OFF, Status.IN_REVISION}


def overview(session: Session, collection: Collection) -> Overview:
    """Return what a page says of a collection, in the language of the page."""
    lines = tuple(lines_of_collection(session, collection.code))
    return Overview(
        collection=collection,
        title=form_of(collection).title,
        phase=phase_of(collection),
        counts=count(lines),
        lines=lines,
    )


def phase_of(collection: Collection) -> Literal["planned", "open", "overdue", "closed"]:
    """Return where a collection stands in time."""
    if collection.closed_at is not None:
        return "closed"
    if not is_open(collection):
        return "planned"
    due = due_at(collection)
    return "overdue" if due is not None and now() > due else "open"


def own_submissions(session: Session, party: str) -> list[OwnSubmission]:
    """Return a Party's submissions in every collection, the last opened first."""
    return [
        OwnSubmission(
            submission=submission,
            overview=overview(session, submission.collection),
            status=status_of(standing(submission)),
        )
        for submission in submissions_of(session, party)
    ]
