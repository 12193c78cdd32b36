"""Every change to a draft, one row each: what was done to it, and its history at once.

An operation is written once and never changed. `number` counts the operations of a submission, over
all its drafts and revisions; a draft's version is the number of the last one.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, new_id, now
from app.models.proposal import Proposal


class Kind(StrEnum):
    """What an operation does."""

    ANSWER = "answer"
    ADD_ROW = "add_row"
    REMOVE_ROW = "remove_row"
    MOVE_ROW = "move_row"
    LANGUAGE = "language"  # of writing
    CARRY = "carry"  # says whether what was said last time still holds


class State(StrEnum):
    """What became of an operation."""

    APPLIED = "applied"
    SAME = "same"  # it was so already
    CLASH = "clash"  # somebody had changed the same answer: kept here, not in the draft
    LATE = "late"  # the page that sent it had sent a newer one before: likewise
    LOCKED = "locked"  # the revision is of other answers: likewise


class Cause(StrEnum):
    """Why an operation was made."""

    TYPED = "typed"
    RESTORED = "restored"  # brought back from the history
    UNDONE = "undone"  # took back the operation `of`
    REPLACED = "replaced"  # all answers were written at once, by a program
    IMPORTED = "imported"
    SIGNED = "signed"  # left out by signing: it was not asked
    DISCARDED = "discarded"  # a revision was discarded
    SUGGESTED = "suggested"  # accepted from a proposal
    CARRIED = "carried"  # taken over from what was said last time


class Operation(Base):
    """One change to a draft: by whom, when, where, from what to what.

    before, after   of an answer: the answer, None where there was none; what was typed, where it
                    clashed. Of a row: `{"after": key of the row before it, or ""}`, and for one
                    that was removed or came back `parts`: `{path: {"position", "answers"}}`. Of
                    the language: its code. Of what was said last time: `{"carry", "collection",
                    "submission", "revision", "signed_at"}`, or None where nothing is said of it;
                    without a question it is of the row
    typed           `{"answer": …}` as it was sent, where a colleague's change was merged into it
    proposal_id     from which it was accepted; `account` is then who accepted it
    """

    __tablename__ = "operation"
    __table_args__ = (
        UniqueConstraint("submission_id", "id", "part"),
        ForeignKeyConstraint(
            ["submission_id", "proposal_id"], ["proposal.submission_id", "proposal.id"]
        ),
        Index("ix_operation_answer", "submission_id", "place", "question", "number"),
    )

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(64), default=new_id)  # given by the page, or made here
    part: Mapped[int] = mapped_column(default=0)  # what was sent under one id may be several
    at: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    page: Mapped[str] = mapped_column(String(64), default="")  # that sent it, as it was opened
    page_order: Mapped[int | None]  # in which that page made it
    kind: Mapped[Kind]
    cause: Mapped[Cause] = mapped_column(default=Cause.TYPED)
    of: Mapped[int | None]  # number of the operation that it takes or brings back
    place: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    typed: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    state: Mapped[State] = mapped_column(default=State.APPLIED)
    proposal_id: Mapped[str | None] = mapped_column(String(36))

    account: Mapped[Account] = relationship()
    proposal: Mapped[Proposal | None] = relationship(viewonly=True)


class Presence(Base):
    """Who was last seen where in a draft; nothing is locked by it."""

    __tablename__ = "presence"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    place: Mapped[str]
    since: Mapped[datetime]  # at this place
    seen_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
