"""Who reports, and the groups they belong to. All of it is dated reference data.

A period runs from `from_on` up to and with `to_on`; an empty end means "as far as known".
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Party(Base):
    """A State or regional organization that is, or may become, party to an agreement."""

    __tablename__ = "party"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)  # ISO alpha-3; EUR for the EU
    iso_alpha2: Mapped[str] = mapped_column(String(2))
    m49: Mapped[str] = mapped_column(String(3), default="")  # UN M49, with leading zeros


class PartyName(Base):
    """The UN short name of a Party in one language, while it holds."""

    __tablename__ = "party_name"

    party_code: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # 0 is the latest name
    name: Mapped[str]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]


class PartyStatus(Base):
    """What a Party is to an agreement: party, signatory or observer, while it holds."""

    __tablename__ = "party_status"
    __table_args__ = (CheckConstraint("to_on IS NULL OR from_on <= to_on", name="in_order"),)

    party_code: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    agreement: Mapped[str] = mapped_column(primary_key=True)  # "cbd"
    position: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]  # "party", "signatory", "observer"
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]


class Group(Base):
    """A group of Parties: a scheme such as `cbd_region` and a code such as `AFR`."""

    __tablename__ = "party_group"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]  # order within the scheme
    parent: Mapped[str] = mapped_column(default="")  # code in the wider scheme, if any


class GroupName(Base):
    """The name of a group in one language."""

    __tablename__ = "party_group_name"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str]


class GroupMember(Base):
    """One Party's membership of a group, while it holds."""

    __tablename__ = "party_group_member"
    __table_args__ = (CheckConstraint("to_on IS NULL OR from_on <= to_on", name="in_order"),)

    scheme: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    party_code: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # 0, 1, …: a Party may come back
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    as_of: Mapped[date | None]  # the day for which an undated source says so
    source: Mapped[str]


class Target(Base):
    """A target that Parties report on, such as `aichi-11`."""

    __tablename__ = "target"

    code: Mapped[str] = mapped_column(primary_key=True)
    framework: Mapped[str]  # "aichi"
    position: Mapped[int]
    goal: Mapped[str]  # strategic goal "A" to "E"
    due_year: Mapped[int]
    source: Mapped[str]  # identifier in the clearing-house


class TargetName(Base):
    """The short title of a target, or of a strategic goal, in one language."""

    __tablename__ = "target_name"

    code: Mapped[str] = mapped_column(primary_key=True)  # of a target, or "aichi-goal-a"
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str]
    is_official: Mapped[bool]  # false where the wording is our own translation
