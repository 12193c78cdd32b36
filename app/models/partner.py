"""What a partner institution may see, and until when: each thing by a grant of its own.

A grant is either to sections of one Party's draft, given by that Party, or to what Parties have
signed in one collection, given by the Secretariat. Without a grant a partner sees what everybody
sees.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.forms.places import Place
from app.models.account import Account
from app.models.base import Base, new_id, now
from app.models.collection import Collection
from app.models.deadlines import end_of
from app.models.submission import Submission


class GrantLevel(StrEnum):
    """What a partner may do with what it sees; each includes those before it."""

    READ = "read"
    COMMENT = "comment"
    DRAFT = "draft"  # by a proposal, which the Party accepts or not


class PartnerGrant(Base):
    """One thing that one partner institution is invited to."""

    __tablename__ = "partner_grant"
    __table_args__ = (
        CheckConstraint(
            "(submission_id IS NULL) <> (collection_code IS NULL)", name="draft_or_signed"
        ),
        CheckConstraint("submission_id IS NOT NULL OR level = 'read'", name="signed_is_read"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submission.id"), index=True)
    collection_code: Mapped[str | None] = mapped_column(ForeignKey("collection.code"))
    level: Mapped[GrantLevel]
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the draft, by id
    sees_secretariat: Mapped[bool] = mapped_column(
        default=False
    )  # answers for it, in what is signed
    note: Mapped[str] = mapped_column(Text, default="")  # to the partner
    ends_on: Mapped[date]  # the last day
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("proposal.id"))  # where it drafts
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    creator: Mapped[Account] = relationship(foreign_keys=[created_by])
    submission: Mapped[Submission | None] = relationship()
    collection: Mapped[Collection | None] = relationship()

    def is_live(self, at: datetime) -> bool:
        """Tell whether it lets anybody in: not ended, and its last day not over everywhere."""
        return self.ended_at is None and at < end_of(self.ends_on)

    def covers(self, place: Place) -> bool:
        """Tell whether *place* is in a section of the draft that it names."""
        return place.section in self.sections

    @property
    def may_comment(self) -> bool:
        """Whether the partner may comment."""
        return self.level is not GrantLevel.READ
