"""What signing in leaves behind: sessions, keys of browsers and recovery codes.

Of a session and of a recovery code only the SHA-256 is kept: the database lets nobody in. The keys
of browsers are sealed: neither the database nor a backup reads what waits in a browser.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, new_id, now
from app.models.sealed import Sealed


class UserSession(Base):
    """One sign-in, from its beginning to its end. The cookie holds the secret of the hash."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str] = mapped_column(String(64))  # a browser, by a cookie that stays
    user_agent: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)  # exact to a minute
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class BrowserKey(Base):
    """Encrypts what waits in one browser for one account; kept when the owner signs out."""

    __tablename__ = "browser_key"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[dict[str, Any]] = mapped_column(Sealed)  # {"key": 32 bytes in base64}
    created_at: Mapped[datetime] = mapped_column(default=now)


class RecoveryCode(Base):
    """Stands in once for the one-time code of a lost telephone."""

    __tablename__ = "recovery_code"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]
