"""Which revision counts at a moment. One rule, used wherever signed answers are read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from app.models.submission import Revision, Submission


class Dated(Protocol):
    """What decides whether a revision counts: a revision, or no more than this of it."""

    @property
    def number(self) -> int:
        """Return its number in the submission, from 1."""

    @property
    def signed_at(self) -> datetime:
        """Return when it was signed."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """Return when it was withdrawn, if it was."""


Signed = TypeVar("Signed", bound=Dated)


def revision_at(revisions: Iterable[Signed], as_of: datetime) -> Signed | None:
    """Return the revision that counts at *as_of*, or None.

    revisions   all revisions of one submission, in any order
    returns     the last one signed by then, unless it was withdrawn by then. An earlier revision
                does not come back when the last one is withdrawn.
    """
    signed = [r for r in revisions if r.signed_at <= as_of]
    last = max(signed, key=lambda r: r.number, default=None)
    if last is None or (last.withdrawn_at is not None and last.withdrawn_at <= as_of):
        return None
    return last


def latest(submission: Submission) -> Revision | None:
    """Return the revision that stands now, or None when nothing is signed or it is withdrawn."""
    last = submission.revisions[-1] if submission.revisions else None
    return None if last is None or last.withdrawn_at is not None else last
