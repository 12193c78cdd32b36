"""Documents in which a Party's report came on paper: a row each; the files lie in FILES_DIR."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, now
from app.models.submission import Submission


class SourceFile(Base):
    """A document of a Party's submission, as it came; its file is found by its hash."""

    __tablename__ = "source_file"
    __table_args__ = (
        CheckConstraint("number >= 1", name="from_one"),
        CheckConstraint("size >= 1", name="not_empty"),
    )

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]  # bytes
    media_type: Mapped[str]  # found out from the content
    name: Mapped[str]  # as it came, made safe
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))  # who attached it
    at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]  # attached by mistake: nobody gets it any more

    submission: Mapped[Submission] = relationship()
    account: Mapped[Account] = relationship()
