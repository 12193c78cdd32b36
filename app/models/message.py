"""The outbox: mails that services want sent. The worker words and sends them, never a request."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, new_id, now
from app.models.sealed import Sealed


class MessageState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"  # taken by the mail server, or written to the folder
    FAILED = "failed"
    CANCELLED = "cancelled"


class Message(Base):
    """One mail to one person. What it says is made from its details when it is sent.

    The details may hold the secret of a link: they are sealed, and emptied once the mail is sent.
    """

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recipient: Mapped[str]  # an e-mail address
    kind: Mapped[str]  # of the registry in app/wording/mail_texts.py
    language: Mapped[str] = mapped_column(String(2))
    details: Mapped[dict[str, Any]] = mapped_column(Sealed, default=dict)
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the last: code and details
