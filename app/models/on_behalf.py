"""What is entered on behalf of a Party from documents on paper, and what it led to."""

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.proposal import Proposal
from app.models.submission import Revision


class OnBehalf(Base):
    """A proposal of the kind `on_behalf`.

    sources    numbers of the documents by which the Party was asked last to confirm it
    revision   as which it was signed; None: not confirmed
    """

    __tablename__ = "on_behalf"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "proposal_id"], ["proposal.submission_id", "proposal.id"]
        ),
        ForeignKeyConstraint(
            ["submission_id", "revision"], ["revision.submission_id", "revision.number"]
        ),
        UniqueConstraint("submission_id", "revision"),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(primary_key=True)
    sources: Mapped[list[int]] = mapped_column(JSON, default=list)
    revision: Mapped[int | None]

    proposal: Mapped[Proposal] = relationship()
    signed: Mapped[Revision | None] = relationship(viewonly=True)
