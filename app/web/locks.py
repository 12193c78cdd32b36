"""What a page of a draft shows as locked: a revision may be of some answers alone."""

from typing import Any

from flask import url_for

from app.forms.places import Place
from app.forms.unlocked import read_unlocked
from app.models.submission import Submission
from app.web.draft_pages import Grid, Listing
from app.web.fields import Field
from app.web.proposal_front import Front


def is_limited(submission: Submission) -> bool:
    """Tell whether the draft is of some answers alone."""
    return submission.draft is not None and submission.draft.unlocked is not None


def is_locked(submission: Submission | Front, place: Place) -> bool:
    """Tell whether rows at *place*, or the row that it is, cannot be added, moved or removed."""
    if isinstance(submission, Front):
        return False
    unlocked = read_unlocked(submission.draft.unlocked) if submission.draft else None
    return unlocked is not None and not unlocked.allows(place)


def is_block_locked(submission: Submission, place: Place, block: Field | Grid | Listing) -> bool:
    """Tell whether nothing in a block of the page of *place* can be changed; a list is opened."""
    unlocked = read_unlocked(submission.draft.unlocked) if submission.draft else None
    if unlocked is None or isinstance(block, Listing):
        return False
    fields = block.rows if isinstance(block, Grid) else (block,)
    return not any(unlocked.allows(place, field.question.id) for field in fields)


def may_move(submission: Submission | Front) -> bool:
    """Tell whether rows can be put in another order here."""
    return not isinstance(submission, Front)


def may_remove(submission: Submission | Front, place: Place) -> bool:
    """Tell whether the row *place* can be removed: in a proposal, only one that it suggests."""
    if isinstance(submission, Front):
        return str(place) in submission.own_rows
    return not is_locked(submission, place)


def draft_address(
    submission: Submission | Front,
    place: Place | str,
    **query: Any,  # noqa: ANN401 - as url_for
) -> str:
    """Return the address of the page of *place*: in the draft, or in a proposal."""
    if isinstance(submission, Front):
        return submission.address(place, **query)
    return url_for("entry.show", submission_id=submission.id, place=str(place), **query)
