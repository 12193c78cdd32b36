"""What is open: one opening of a version of a form."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, now


class Kind(StrEnum):
    """Which workflow a collection follows."""

    NATIONAL = "national"


class Collection(Base):
    """One opening of a version of a form, to the Parties that are asked."""

    __tablename__ = "collection"
    __table_args__ = (
        CheckConstraint("due_on IS NULL OR opens_on <= due_on", name="due_after_opening"),
        CheckConstraint(
            "grace_days >= 0 AND (grace_days = 0 OR due_on IS NOT NULL)", name="grace_after_due"
        ),
    )

    code: Mapped[str] = mapped_column(primary_key=True)  # "nr6"
    agreement: Mapped[str]
    form: Mapped[str]
    form_version: Mapped[int]
    kind: Mapped[Kind]
    opens_on: Mapped[date]
    due_on: Mapped[date | None]
    grace_days: Mapped[int] = mapped_column(default=0)  # after the due date, before it is late
    cut_off_on: Mapped[date | None]  # data cut-off of the published tables
    notification: Mapped[str] = mapped_column(default="")  # number by which Parties were notified
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    is_synthetic: Mapped[bool] = mapped_column(default=False)
