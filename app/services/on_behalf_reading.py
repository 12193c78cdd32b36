"""What was entered on behalf of Parties, and the documents that it was entered from."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models.on_behalf import OnBehalf
from app.models.proposal import Proposal, ProposalState
from app.models.source_file import SourceFile
from app.models.submission import Revision, Submission

CONFIRMED: Final = "confirm_on_behalf"  # the event that tells the revision and its documents
TAKEN_OVER: Final = "take_over_on_behalf"  # the one that tells that the draft has the answers


def entries_of(session: Session, submission: Submission) -> Sequence[OnBehalf]:
    """Return what was entered on behalf of the Party here, in the order of beginning."""
    return session.scalars(
        select(OnBehalf)
        .where(OnBehalf.submission_id == submission.id)
        .options(joinedload(OnBehalf.proposal))
        .order_by(OnBehalf.proposal_id)
    ).all()


def entry_of(session: Session, proposal: Proposal) -> OnBehalf:
    """Return what belongs to a proposal of the kind `on_behalf`."""
    return session.get_one(OnBehalf, (proposal.submission_id, proposal.id))


def entered_as(session: Session, revision: Revision) -> OnBehalf | None:
    """Return as what *revision* was entered on behalf of the Party; None if it was not."""
    return session.scalar(
        select(OnBehalf).where(
            OnBehalf.submission_id == revision.submission_id, OnBehalf.revision == revision.number
        )
    )


def documents_of(session: Session, entry: OnBehalf) -> Sequence[SourceFile]:
    """Return the documents from which it was entered, in their order."""
    return session.scalars(
        select(SourceFile)
        .where(
            SourceFile.submission_id == entry.submission_id, SourceFile.number.in_(entry.sources)
        )
        .order_by(SourceFile.number)
    ).all()


def is_over(proposal: Proposal) -> bool:
    """Tell whether nothing is entered in it any more, nor waits to be confirmed."""
    return proposal.state is ProposalState.CLOSED
