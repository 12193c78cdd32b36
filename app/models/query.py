"""What the Secretariat asks a Party about what it signed: queries, and the comments in them.

A query belongs to the submission, and keeps the number of the revision that it was asked about. It
changes nothing in that revision, and stops nothing.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, now
from app.models.submission import Submission
from app.workflow import QueryState


class Query(Base):
    """A thread on one answer, row or section of a signed revision."""

    __tablename__ = "query"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "revision"], ["revision.submission_id", "revision.number"]
        ),
        CheckConstraint("number >= 1", name="from_one"),
        Index("ix_query_state_due_on", "state", "due_on"),
    )

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]  # that it was asked about
    place: Mapped[str]  # section, item or row, as text
    question: Mapped[str] = mapped_column(default="")  # id; empty: the section, item or row
    state: Mapped[QueryState] = mapped_column(default=QueryState.OPEN)
    owner_id: Mapped[str] = mapped_column(ForeignKey("account.id"))  # who reads the answer
    due_on: Mapped[date | None]
    sent_with: Mapped[str] = mapped_column(String(36), default="", index=True)  # asked of many
    asked_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    submission: Mapped[Submission] = relationship()
    owner: Mapped[Account] = relationship()
    comments: Mapped[list["QueryComment"]] = relationship(
        back_populates="query", order_by="QueryComment.position", cascade="all, delete-orphan"
    )


class QueryComment(Base):
    """One message in a query; written, never changed."""

    __tablename__ = "query_comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "query_number"], ["query.submission_id", "query.number"]
        ),
    )

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    query_number: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    is_of_party: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))

    query: Mapped[Query] = relationship(back_populates="comments")
    account: Mapped[Account] = relationship()
