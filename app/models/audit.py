"""What makes changes behind our back visible: chains of acts, keys, receipts and seals.

Events of a submission are in `app.models.submission`. Everything that concerns no submission is an
act, in a chain of its own for each subject. The worker seals the heads of all chains.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, now


class Trail(Base):
    """The end of the chain of acts on one subject: an account, a collection, a key."""

    __tablename__ = "trail"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)  # "account", "collection", …
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)  # its id or code
    head_number: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    head_at: Mapped[datetime | None]


class Act(Base):
    """One thing that was done to a subject which is no submission; written, never changed."""

    __tablename__ = "act"
    __table_args__ = (ForeignKeyConstraint(["kind", "subject"], ["trail.kind", "trail.subject"]),)

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # None: by itself
    action: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    account: Mapped[Account | None] = relationship()


class SigningKey(Base):
    """The public half of a key of this server. The private half is a file, and never here."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(44))  # base64 of its 32 bytes
    from_at: Mapped[datetime] = mapped_column(default=now)
    until_at: Mapped[datetime | None]  # None: in use


class Receipt(Base):
    """What the Party gets for a signed revision, as it was signed by the server."""

    __tablename__ = "receipt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "number"], ["revision.submission_id", "revision.number"]
        ),
    )

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    issued_at: Mapped[datetime] = mapped_column(default=now)
    content: Mapped[str] = mapped_column(Text)  # canonical JSON of the whole, for the Party


class Seal(Base):
    """The heads of all chains at a moment, signed, and chained to the seal before."""

    __tablename__ = "seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    chains: Mapped[int]  # how many chains there were
    lines: Mapped[int]  # how many events and acts in them
    heads: Mapped[str] = mapped_column(String(64))  # hash over the heads of all chains
    added: Mapped[str] = mapped_column(String(64))  # hash over the heads that were new
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    signature: Mapped[str]  # base64


class SealedHead(Base):
    """The head of one chain as a seal found it: what that chain must lead through for ever."""

    __tablename__ = "sealed_head"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)  # "submission", or a trail's
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[int] = mapped_column(ForeignKey("seal.number"), index=True)
