"""Who may sign in, and the links and tokens that let somebody in.

Of a link and of a token only the SHA-256 is kept: the database lets nobody in.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, new_id, now
from app.models.sealed import Sealed


class Role(StrEnum):
    """What an account is for."""

    NATIONAL_AUTHORIZED_USER = "national_authorized_user"  # drafts for a Party
    PUBLISHING_AUTHORITY = "publishing_authority"  # signs for a Party
    READER = "reader"  # reads a Party's drafts and comments, changes nothing
    PARTNER = "partner"  # a partner institution: sees only what it is invited to
    REVIEWER = "reviewer"  # of the Secretariat
    ANALYST = "analyst"  # of the Secretariat: reads what is signed, changes nothing
    ADMINISTRATOR = "administrator"  # of the Secretariat

    @property
    def is_national(self) -> bool:
        """Whether the role belongs to a Party."""
        return self in {Role.NATIONAL_AUTHORIZED_USER, Role.PUBLISHING_AUTHORITY, Role.READER}


class Scope(StrEnum):
    """What a token may be used for; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Account(Base):
    """A person who may sign in."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('national_authorized_user', 'publishing_authority', 'reader'))"
            " = (party_code IS NOT NULL)",
            name="party_for_national_roles",
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[Role]
    party_code: Mapped[str | None] = mapped_column(ForeignKey("party.code"))
    language: Mapped[str] = mapped_column(String(2), default="")  # of the pages; empty: not chosen
    password_hash: Mapped[str] = mapped_column(default="")  # empty: no password yet
    totp: Mapped[dict[str, Any]] = mapped_column(Sealed, default=dict)  # secret of one-time codes
    totp_since: Mapped[datetime | None]  # None: the password is enough
    totp_step: Mapped[int] = mapped_column(default=0)  # of the last code used, in 30 seconds
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    deactivated_at: Mapped[datetime | None]
    handed_over_to: Mapped[str | None] = mapped_column(String(36))  # id of the successor


class Purpose(StrEnum):
    """What a link lets its owner do."""

    INVITATION = "invitation"  # set the first password
    SET_PASSWORD = "set_password"  # noqa: S105 - a purpose, no password
    SECOND_STEP = "second_step"  # type a one-time code, after the password
    CONFIRM_EMAIL = "confirm_email"  # scope: the new address
    STOP_EMAIL = "stop_email"  # scope: the address before, which comes back


class Link(Base):
    """A link that lets somebody in once."""

    __tablename__ = "link"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str]  # a Purpose
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)  # JSON; what it is limited to
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    maker: Mapped[Account | None] = relationship(foreign_keys=[created_by])


class Token(Base):
    """A key to the API."""

    __tablename__ = "token"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    scope: Mapped[Scope]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
