"""Text from somebody who may not change the draft: proposals, and the suggestions in them.

A delegate comes by a link, a partner institution and a reviewer by their accounts. What they write
is in no draft and in no figure until the Party accepts it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.forms.places import Place
from app.forms.unlocked import Unlocked
from app.models.account import Account
from app.models.base import Base, new_id, now
from app.models.sealed import Sealed
from app.models.submission import Submission


class ProposalKind(StrEnum):
    """Who writes."""

    DELEGATE = "delegate"  # invited by link, without an account
    PARTNER = "partner"  # a partner institution, with an account of its own
    ON_BEHALF = "on_behalf"  # the Secretariat, from a report on paper


class ProposalState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # the holder writes
    HANDED_IN = "handed_in"  # the holder is done; the Party decides
    CLOSED = "closed"  # ended: nobody writes any more


class SuggestionKind(StrEnum):
    """What is suggested."""

    ANSWER = "answer"
    ADD_ROW = "add_row"


class SuggestionState(StrEnum):
    """What became of a suggestion. Whatever it is, its text stays."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"  # by a newer one of the same proposal
    TAKEN_BACK = "taken_back"  # by its holder
    CLASH = "clash"  # typed on an old page over a newer suggestion of the same proposal


EVERYTHING: Final = None  # as places: the whole form


class Proposal(Base):
    """What one holder may suggest, where and until when.

    places    as text, each with all that stands under it; None: the whole form
    version   counts its suggestions and what became of them, as a draft's version counts operations
    browser_key   of a delegate: `{"key": 32 bytes in base64}` encrypts what waits in a browser, for
                  whoever holds an open link; empty when the proposal is closed
    """

    __tablename__ = "proposal"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True, unique=True, default=new_id)
    kind: Mapped[ProposalKind]
    name: Mapped[str] = mapped_column(default="")  # of a delegate
    email: Mapped[str] = mapped_column(default="")  # of a delegate
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    places: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str] = mapped_column(Text, default="")  # of the Party, to the holder
    language: Mapped[str] = mapped_column(String(2), default="en")  # of mails to the holder
    due_on: Mapped[date | None]
    ends_at: Mapped[datetime | None]  # of the link, or of the access; None: until it is closed
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    handed_in_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    browser_key: Mapped[dict[str, Any]] = mapped_column(Sealed, default=dict)

    submission: Mapped[Submission] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    creator: Mapped[Account] = relationship(foreign_keys=[created_by])

    def allows(self, place: Place) -> bool:
        """Tell whether the holder may read and write at *place*."""
        if self.places is EVERYTHING:
            return True
        return Unlocked(frozenset((path, "") for path in self.places)).allows(place)

    def has_ended(self, at: datetime) -> bool:
        """Tell whether nobody may write in it any more."""
        is_over = self.ends_at is not None and self.ends_at <= at
        return is_over or self.state is ProposalState.CLOSED


class ProposalLink(Base):
    """A link by which a delegate comes; of its secret only the SHA-256 is kept."""

    __tablename__ = "proposal_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "proposal_id"], ["proposal.submission_id", "proposal.id"]
        ),
        Index("ix_proposal_link_proposal", "submission_id", "proposal_id"),
    )

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36))
    proposal_id: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship()


class Suggestion(Base):
    """One answer, or one row, as its holder would have it. Only what became of it changes.

    base           the answer of the draft that the holder saw; None where there was none
    base_version   the version of the draft that the page showed
    ended          the proposal's version since which it is not shown as the holder's text
    operation      number of the operation by which it came into the draft
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "proposal_id"], ["proposal.submission_id", "proposal.id"]
        ),
        Index("ix_suggestion_state", "submission_id", "state"),
    )

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[SuggestionKind] = mapped_column(default=SuggestionKind.ANSWER)
    place: Mapped[str]
    question: Mapped[str] = mapped_column(default="")  # empty: the row itself
    base: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    base_version: Mapped[int] = mapped_column(default=0)
    answer: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[SuggestionState] = mapped_column(default=SuggestionState.WAITING)
    ended: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    operation: Mapped[int | None]

    proposal: Mapped[Proposal] = relationship()
    decider: Mapped[Account | None] = relationship()


class SentSuggestion(Base):
    """One answer as the page of a holder sent it, under an id by which it is known again.

    version   of the proposal after it
    state     of the suggestion that it made; None where there was nothing to change
    typed     the answer as it was sent, which the page shows since
    """

    __tablename__ = "sent_suggestion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "proposal_id"], ["proposal.submission_id", "proposal.id"]
        ),
        Index("ix_sent_suggestion_page", "submission_id", "proposal_id", "page"),
    )

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    page: Mapped[str] = mapped_column(String(64))
    page_order: Mapped[int | None]  # in which that page made it
    state: Mapped[SuggestionState | None]
    version: Mapped[int]
    typed: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    at: Mapped[datetime] = mapped_column(default=now)
