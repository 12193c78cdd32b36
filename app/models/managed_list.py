"""What the Secretariat has done to the lists that it manages.

A list begins as a file of `forms/lists/`; a row here adds an entry, or changes one of the file.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, now


class ManagedList(Base):
    """A list that was changed; one that never was has no row."""

    __tablename__ = "managed_list"

    name: Mapped[str] = mapped_column(primary_key=True)
    changes: Mapped[int] = mapped_column(default=0)  # goes up with each: forms are read anew


class ListEntry(Base):
    """An entry that was added, or one of the file that was worded anew or retired."""

    __tablename__ = "list_entry"

    list_name: Mapped[str] = mapped_column(ForeignKey("managed_list.name"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]  # in the order of adding; forms show those of the file first
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)  # language to text
    hints: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the same
    source: Mapped[str] = mapped_column(default="")  # address or identifier elsewhere
    retired_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
