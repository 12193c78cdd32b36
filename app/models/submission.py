"""What a Party tells us: its draft, its signed revisions, and what happened to them.

Every key under a submission begins with `submission_id`, so that rows can be kept together.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, new_id, now
from app.models.collection import Collection
from app.models.designation import Designation
from app.models.party import Party
from app.workflow import DraftStatus, ReviewStatus


class Submission(Base):
    """All answers of one Party in one collection. Belongs to the Party, never to an account.

    There is one from the opening of the collection for each Party asked: tables start from these
    rows, so that silence is counted too.
    """

    __tablename__ = "submission"
    __table_args__ = (Unique("collection_code", "party_code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    collection_code: Mapped[str] = mapped_column(ForeignKey("collection.code"))
    party_code: Mapped[str] = mapped_column(ForeignKey("party.code"), index=True)
    is_in_denominator: Mapped[bool] = mapped_column(default=True)  # false: asked, not a Party
    language: Mapped[str] = mapped_column(String(2), default="")  # of writing; empty: not chosen
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # who is to review
    shows_work: Mapped[bool] = mapped_column(default=False)  # the Secretariat sees who works where
    created_at: Mapped[datetime] = mapped_column(default=now)
    head_number: Mapped[int] = mapped_column(default=0)  # of its last event
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    head_at: Mapped[datetime | None]

    collection: Mapped[Collection] = relationship()
    party: Mapped[Party] = relationship()
    reviewer: Mapped[Account | None] = relationship()
    draft: Mapped["Draft | None"] = relationship(back_populates="submission")
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="submission", order_by="Revision.number"
    )
    events: Mapped[list["Event"]] = relationship(
        back_populates="submission", order_by="Event.number", viewonly=True
    )


class Draft(Base):
    """The working draft of a submission; there is at most one."""

    __tablename__ = "draft"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    status: Mapped[DraftStatus] = mapped_column(default=DraftStatus.OPEN)
    version: Mapped[int] = mapped_column(default=0)  # number of the last operation; only grows
    started_at: Mapped[datetime] = mapped_column(default=now)
    saved_at: Mapped[datetime | None]
    unlocked: Mapped[list[dict[str, str]] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # what alone may be changed (`app.forms.unlocked`); None: everything

    submission: Mapped[Submission] = relationship(back_populates="draft")
    parts: Mapped[list["DraftPart"]] = relationship(
        back_populates="draft",
        order_by="DraftPart.position",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy's own name
        "version_id_col": version,
        "version_id_generator": False,  # set by app.services.batches
    }


class DraftPart(Base):
    """The draft's answers of one section, item or row: what is saved together.

    `path` is the section, then container and key in turn: `targets/national_targets/0190…`.
    `position` orders the rows of a repeat.
    """

    __tablename__ = "draft_part"

    submission_id: Mapped[str] = mapped_column(ForeignKey("draft.submission_id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)

    draft: Mapped[Draft] = relationship(back_populates="parts")


class Revision(Base):
    """The answers frozen by a signature: for ever, and chained to the revision before."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("number >= 1", name="from_one"),)

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)  # canonical JSON of the answers
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))  # of writing
    wording: Mapped[int]  # number of the form's wording that was shown
    wording_language: Mapped[str] = mapped_column(String(2))
    signed_at: Mapped[datetime]  # decides in which data cut-off it counts
    recorded_at: Mapped[datetime] = mapped_column(default=now)  # later, if signed elsewhere
    signed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    designation_id: Mapped[str | None] = mapped_column(ForeignKey("designation.id"))  # it was by
    is_signed_elsewhere: Mapped[bool] = mapped_column(default=False)  # imported as such
    carried: Mapped[list[dict[str, Any]] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # what was said of the answers of last time (`app.services.carrying`); None: nothing
    withdrawn_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="revisions")
    signatory: Mapped[Account] = relationship()
    designation: Mapped[Designation | None] = relationship()
    review: Mapped["Review | None"] = relationship(back_populates="revision")


class Review(Base):
    """The Secretariat's reading of one revision; no row while it has not been started."""

    __tablename__ = "review"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "number"], ["revision.submission_id", "revision.number"]
        ),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[ReviewStatus]
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    revision: Mapped[Revision] = relationship(back_populates="review")
    reviewer: Mapped[Account] = relationship()


class Event(Base):
    """One line of the audit trail of a submission; written, never changed."""

    __tablename__ = "event"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    action: Mapped[str]  # a workflow action, or "import"
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    submission: Mapped[Submission] = relationship(back_populates="events", viewonly=True)
    account: Mapped[Account] = relationship()


class IdempotentCall(Base):
    """A bulk call to the API that was carried out, so that a repetition is answered alike."""

    __tablename__ = "idempotent_call"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=now)
