"""What the people of a Party say to each other about its draft: threads of comments.

They are the Party's own: no export, no report and no page of anybody else reads these tables, but
for a thread that a partner institution began, which that partner reads. A thread stays with the
submission, whatever becomes of the draft.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, now
from app.models.partner import PartnerGrant
from app.models.submission import Submission
from app.workflow import CommentState


class CommentThread(Base):
    """A thread on one answer, row or section of a draft."""

    __tablename__ = "comment_thread"
    __table_args__ = (CheckConstraint("number >= 1", name="from_one"),)

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str]  # section, item or row, as text
    question: Mapped[str] = mapped_column(default="")  # id; empty: the place as a whole
    version: Mapped[int]  # of the draft when it was begun
    grant_id: Mapped[str | None] = mapped_column(
        ForeignKey("partner_grant.id")
    )  # its partner reads
    state: Mapped[CommentState] = mapped_column(default=CommentState.OPEN)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    submission: Mapped[Submission] = relationship()
    grant: Mapped[PartnerGrant | None] = relationship()
    comments: Mapped[list["Comment"]] = relationship(
        back_populates="thread", order_by="Comment.position", cascade="all, delete-orphan"
    )


class Comment(Base):
    """One message in a thread; written, never changed."""

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "thread_number"],
            ["comment_thread.submission_id", "comment_thread.number"],
        ),
    )

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    thread_number: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))

    thread: Mapped[CommentThread] = relationship(back_populates="comments")
    account: Mapped[Account] = relationship()
