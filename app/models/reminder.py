"""Reminders to Parties that have not submitted: planned for a day or sent at once, and the log."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, new_id, now
from app.models.collection import Collection


class Reminder(Base):
    """One reminder in a collection, to all who are concerned on its day."""

    __tablename__ = "reminder"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    collection_code: Mapped[str] = mapped_column(ForeignKey("collection.code"), index=True)
    notification: Mapped[str]  # that it quotes
    planned_on: Mapped[date | None]  # None: sent at once
    sent_at: Mapped[datetime | None]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))  # who planned or sent it
    made_at: Mapped[datetime] = mapped_column(default=now)

    collection: Mapped[Collection] = relationship()
    account: Mapped[Account] = relationship()
    parties: Mapped[list["RemindedParty"]] = relationship(
        back_populates="reminder",
        order_by="RemindedParty.submission_id",
        cascade="all, delete-orphan",
    )


class RemindedParty(Base):
    """To how many people of which Party a reminder went; none: the Party has no account."""

    __tablename__ = "reminded_party"

    reminder_id: Mapped[str] = mapped_column(ForeignKey("reminder.id"), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    people: Mapped[int]

    reminder: Mapped[Reminder] = relationship(back_populates="parties")
