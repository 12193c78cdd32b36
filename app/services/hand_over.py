"""Handing over to a successor, in one step: what waits for somebody waits for somebody else.

What was done stays with who did it: events, signatures, comments, answers. A designation goes over
to nobody, and ends: who signs for a Party is for its Government to say. Nothing of a submission
hangs on an account.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import InvalidInputError, NotAllowedError
from app.models.account import Account, Role
from app.models.base import now
from app.models.job import Job, JobState
from app.models.partner import PartnerGrant
from app.models.proposal import Proposal, ProposalState
from app.models.query import Query
from app.models.reminder import Reminder
from app.models.submission import Review, Submission
from app.services.account_changes import close_account
from app.services.accounts import COMMAND_LINE
from app.services.acts import record_act
from app.services.designations import designations_of, end_designation
from app.services.outbox import post_to
from app.services.people import WRITING


class Moving(NamedTuple):
    """A column that names who is to do something, and which of its rows go over."""

    name: str  # of what goes over, as acts and `HANDED_OVER` of the wording have it
    column: InstrumentedAttribute[Any]
    which: tuple[ColumnElement[bool], ...] = ()


GOES_OVER: Final = (
    Moving("reviews_to_do", Submission.reviewer_id),
    Moving("reviews_begun", Review.reviewer_id, (Review.closed_at.is_(None),)),
    Moving("queries", Query.owner_id),
    Moving("reminders", Reminder.account_id, (Reminder.sent_at.is_(None),)),
    Moving("invitations", Proposal.created_by, (Proposal.state != ProposalState.CLOSED,)),
    Moving("proposals", Proposal.account_id, (Proposal.state != ProposalState.CLOSED,)),
    Moving("grants", PartnerGrant.account_id, (PartnerGrant.ended_at.is_(None),)),
    Moving("jobs", Job.account_id, (Job.state.in_([JobState.WAITING, JobState.RUNNING]),)),
)

_NATIONAL: Final = frozenset(WRITING)

# Which roles can do all that somebody of a role did.
SUCCEEDS: Final[Mapping[Role, frozenset[Role]]] = {
    Role.NATIONAL_AUTHORIZED_USER: _NATIONAL,
    Role.PUBLISHING_AUTHORITY: _NATIONAL,
    Role.READER: _NATIONAL | {Role.READER},
    Role.PARTNER: frozenset({Role.PARTNER}),
    Role.REVIEWER: frozenset({Role.REVIEWER}),
    Role.ANALYST: frozenset({Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR}),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}


def successors(session: Session, leaver: Account) -> list[Account]:
    """Return those who can take over from an account, in the order of their addresses."""
    found = session.scalars(
        select(Account)
        .where(
            Account.id != leaver.id,
            Account.role.in_(SUCCEEDS[leaver.role]),
            Account.deactivated_at.is_(None),
            Account.email != COMMAND_LINE,
        )
        .order_by(Account.email)
    ).all()
    return [account for account in found if _may_succeed(leaver, account)]


def what_goes_over(session: Session, leaver: Account) -> dict[str, int]:
    """Return how much of each kind would go over, by name; what there is none of is not there."""
    counts = {
        moving.name: session.scalar(
            select(func.count()).where(moving.column == leaver.id, *moving.which)
        )
        for moving in GOES_OVER
    }
    return {name: count for name, count in counts.items() if count}


def hand_over(session: Session, leaver: Account, successor: Account, by: Account) -> dict[str, int]:
    """Give all that waits for *leaver* to *successor*, and let the leaver in no more.

    Sessions, tokens, links and designations of the leaver end; who is let in again needs a new one
    to sign. The keys of browsers stay: what waits in one of them can then still be sent. Returns
    how much went over, by name.

    Raises NotAllowedError for somebody who was let in no more before, InvalidInputError for a
    successor of another Party or role.
    """
    session.flush()
    session.refresh(leaver, with_for_update={"key_share": True})  # of two at once, one is refused
    if leaver.deactivated_at is not None:
        raise NotAllowedError(action="hand_over")
    if leaver.id == successor.id or not _may_succeed(leaver, successor):
        raise InvalidInputError(
            parameter="successor", value=successor.email, allowed="a colleague of a fitting role"
        )
    counts = what_goes_over(session, leaver)
    for moving in GOES_OVER:
        session.execute(
            update(moving.column.class_)
            .where(moving.column == leaver.id, *moving.which)
            .values({moving.column.key: successor.id})
        )
    session.expire_all()
    close_account(session, leaver)
    for designation in designations_of(session, leaver):
        end_designation(session, designation, by)
    leaver.handed_over_to = successor.id
    record_act(session, "account", leaver.id, "handed_over", by, successor=successor.id, **counts)
    _tell(session, leaver, successor)
    return counts


def _may_succeed(leaver: Account, successor: Account) -> bool:
    return (
        successor.role in SUCCEEDS[leaver.role]
        and successor.party_code == leaver.party_code
        and successor.deactivated_at is None
    )


def _tell(session: Session, leaver: Account, successor: Account) -> None:
    if successor.password_hash:  # who is invited gets a mail anyway
        post_to(session, successor, "work_taken_over", name=leaver.name or leaver.email)
    if leaver.password_hash:
        details = {"email": leaver.email, "name": successor.name or successor.email}
        post_to(session, leaver, "work_handed_over", **details, changed_at=now().isoformat())
