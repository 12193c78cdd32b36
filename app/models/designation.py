"""Who signs for a Party: designations by its Government, and when a signatory is away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.forms.categories import Category
from app.models.account import Account
from app.models.base import Base, new_id, now


class Designation(Base):
    """Somebody signs for a Party, as focal point of a category, by a letter of its Government."""

    __tablename__ = "designation"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="not_backwards"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    party_code: Mapped[str] = mapped_column(ForeignKey("party.code"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    category: Mapped[Category]
    is_alternate: Mapped[bool] = mapped_column(default=False)  # for when nobody else is there
    from_on: Mapped[date]
    to_on: Mapped[date | None]  # the last day; None: until it is ended
    letter: Mapped[str] = mapped_column(default="")  # reference of the Government's letter
    letter_on: Mapped[date | None]  # its date
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # None: by itself
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class Absence(Base):
    """Somebody who signs is away; an alternate may sign meanwhile."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="not_backwards"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]  # the last day
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]  # back earlier, or recorded by mistake

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
