"""The people of a Party: who works for it, and whom its publishing authority lets in."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models.account import Account, Role
from app.models.base import now
from app.models.proposal import Proposal, ProposalKind, ProposalState
from app.models.submission import Submission

MANAGED: Final = (Role.NATIONAL_AUTHORIZED_USER, Role.READER)  # by the publishing authority
WRITING: Final = (Role.NATIONAL_AUTHORIZED_USER, Role.PUBLISHING_AUTHORITY)  # drafts, or signs

_ORDER: Final = (Role.PUBLISHING_AUTHORITY, *MANAGED)


def people_of(session: Session, party: str) -> list[Account]:
    """Return all who work or worked for a Party: those who sign, draft, read; by name in each."""
    found = session.scalars(select(Account).where(Account.party_code == party)).all()
    return sorted(found, key=lambda a: (_ORDER.index(a.role), (a.name or a.email).casefold(), a.id))


def active_people(
    session: Session, *parties: str, roles: Collection[Role] = _ORDER
) -> Sequence[Account]:
    """Return who works for these Parties in one of *roles* and may sign in, the oldest first."""
    return session.scalars(
        select(Account)
        .where(
            Account.party_code.in_(parties),
            Account.role.in_(roles),
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.id)
    ).all()


def managed_person(session: Session, party: str, account_id: str) -> Account:
    """Return somebody of a Party whom its publishing authority manages; raise NotFoundError."""
    found = session.get(Account, account_id)
    if found is None or found.party_code != party or found.role not in MANAGED:
        raise NotFoundError(what="account", code=account_id)
    return found


def invited_from_outside(session: Session, party: str) -> Sequence[Proposal]:
    """Return the delegates that write for a Party now, by name."""
    return session.scalars(
        select(Proposal)
        .join(Submission, Submission.id == Proposal.submission_id)
        .where(
            Submission.party_code == party,
            Proposal.kind == ProposalKind.DELEGATE,
            Proposal.state != ProposalState.CLOSED,
            or_(Proposal.ends_at.is_(None), Proposal.ends_at > now()),
        )
        .order_by(Proposal.name, Proposal.id)
    ).all()
