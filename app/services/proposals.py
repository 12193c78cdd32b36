"""Proposals, from being made to their end: whose turn it is to write, and whose to decide.

No verb here touches a draft or a suggestion. What a holder without an account does is recorded
under the account that made the proposal, and the line says so.
"""

import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.errors import (
    InvalidInputError,
    NotFoundError,
    ProposalEndedError,
    WrongProposalStateError,
)
from app.forms.definition import LANGUAGES, Form
from app.forms.places import Place, elements_at
from app.models.account import Account
from app.models.base import now
from app.models.proposal import EVERYTHING, Proposal, ProposalKind, ProposalLink, ProposalState
from app.models.submission import Event, Submission
from app.receipts import canonical, digest, timestamp
from app.services.events import record
from app.services.outbox import post_about
from app.services.people import WRITING, active_people

LONGEST: Final = 5000  # characters of a note
MOST_PLACES: Final = 200
HANDED_IN: Final = "suggestions_handed_in"  # kind of mail
CHANGED: Final = "change_proposal"  # events
ENDED: Final = "end_proposal"

# What the audit trail says of a proposal that is made.
MADE: Final[Mapping[ProposalKind, str]] = {
    ProposalKind.DELEGATE: "invite_delegate",
    ProposalKind.PARTNER: "invite_partner",
    ProposalKind.ON_BEHALF: "begin_on_behalf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """What a proposal is to be.

    name, email   of a delegate
    places        each with all that stands under it; None: the whole form
    language      of the mails to the holder
    ends_at       aware; None: until it is closed
    """

    places: Sequence[Place] | None
    name: str = ""
    email: str = ""
    note: str = ""
    language: str = "en"
    due_on: date | None = None
    ends_at: datetime | None = None


def propose(
    session: Session,
    submission: Submission,
    form: Form,
    kind: ProposalKind,
    by: Account,
    wished: Wished,
    holder: Account | None = None,
) -> Proposal:
    """Make a proposal in which its holder may write.

    holder   the account that writes; None for a delegate
    Raises NotFoundError for a place that the form does not have; InvalidInputError for no place or
    too many, and for a note that is too long.
    """
    _check(form, wished)
    places = EVERYTHING
    if wished.places is not None:
        places = list(dict.fromkeys(str(place) for place in wished.places))
    proposal = Proposal(
        submission_id=submission.id,
        kind=kind,
        name=wished.name.strip(),
        email=wished.email.strip().lower(),
        account_id=holder.id if holder else None,
        places=places,
        note=wished.note.strip(),
        language=wished.language,
        due_on=wished.due_on,
        ends_at=wished.ends_at,
        created_by=by.id,
        browser_key=_new_key() if kind is ProposalKind.DELEGATE else {},
    )
    session.add(proposal)
    session.flush()
    record(
        submission,
        MADE[kind],
        by,
        proposal=proposal.id,
        places=places or [],
        holder=proposal.account_id or "",
        whom=holder_hash(proposal.id, proposal.name, proposal.email),
        **_dates(proposal),
    )
    return proposal


def change_dates(
    session: Session,
    proposal: Proposal,
    by: Account,
    *,
    due_on: date | None,
    ends_at: datetime | None,
) -> None:
    """Give a proposal another due date and end; raise WrongProposalStateError if it is closed."""
    _need(proposal, ProposalState.OPEN, ProposalState.HANDED_IN)
    proposal.due_on, proposal.ends_at = due_on, ends_at
    proposal.reminded_at = None
    session.flush()
    record(proposal.submission, CHANGED, by, proposal=proposal.id, **_dates(proposal))


def hand_in(session: Session, proposal: Proposal) -> None:
    """Say that the holder is done; raise ProposalEndedError when it has ended."""
    need_live(proposal)
    _need(proposal, ProposalState.OPEN)
    proposal.state = ProposalState.HANDED_IN
    proposal.handed_in_at = now()
    session.flush()
    record_by_holder(proposal, "hand_in_suggestions")
    if proposal.kind is not ProposalKind.ON_BEHALF:
        _tell_party(session, proposal)


def go_on(session: Session, proposal: Proposal) -> None:
    """Let the holder write on; nothing happens where it is open."""
    need_live(proposal)
    if proposal.state is ProposalState.HANDED_IN:
        proposal.state = ProposalState.OPEN
        session.flush()
        record_by_holder(proposal, "go_on_suggesting")


def ask_again(session: Session, proposal: Proposal, by: Account, note: str = "") -> None:
    """Give it back to its holder, with a word on what is to be done."""
    need_live(proposal)
    _need(proposal, ProposalState.HANDED_IN)
    _check_note(note)
    proposal.state, proposal.note = ProposalState.OPEN, note.strip() or proposal.note
    session.flush()
    record(proposal.submission, "ask_for_suggestions_again", by, proposal=proposal.id)


def close(
    session: Session,
    proposal: Proposal,
    by: Account,
    action: str = ENDED,
    **details: object,
) -> None:
    """End a proposal, and its links; what is suggested in it stays and can still be decided.

    Raises WrongProposalStateError when it is closed already.
    """
    _need(proposal, ProposalState.OPEN, ProposalState.HANDED_IN)
    proposal.state, proposal.closed_at = ProposalState.CLOSED, now()
    proposal.browser_key = {}
    end_links(session, proposal)
    record(proposal.submission, action, by, proposal=proposal.id, **details)


def browser_key(proposal: Proposal) -> str:
    """Return the key of what waits in the browsers of a delegate; empty where there is none."""
    return str(proposal.browser_key.get("key", ""))


def end_links(session: Session, proposal: Proposal) -> None:
    """Let nobody in any more by the links of a proposal."""
    live = select(ProposalLink).where(
        ProposalLink.submission_id == proposal.submission_id,
        ProposalLink.proposal_id == proposal.id,
        ProposalLink.revoked_at.is_(None),
    )
    for link in session.scalars(live):
        link.revoked_at = now()
    session.flush()


def proposal_by_id(session: Session, proposal_id: str) -> Proposal:
    """Return a proposal; raise NotFoundError."""
    found = session.scalar(select(Proposal).where(Proposal.id == proposal_id))
    if found is None:
        raise NotFoundError(what="proposal", code=proposal_id)
    return found


def proposal_in(session: Session, submission: Submission, proposal_id: str) -> Proposal:
    """Return a proposal of *submission*; raise NotFoundError, also for another's."""
    found = session.get(Proposal, (submission.id, proposal_id))
    if found is None:
        raise NotFoundError(what="proposal", code=proposal_id)
    return found


def proposals_of(session: Session, submission: Submission) -> Sequence[Proposal]:
    """Return the proposals of a submission, in the order of their making."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.submission_id == submission.id)
        .options(joinedload(Proposal.account), joinedload(Proposal.creator))
        .order_by(Proposal.id)
    ).all()


def holder_hash(proposal_id: str, name: str, email: str) -> str:
    """Return the hash by which an event knows again who was invited; no datum of the person."""
    return digest(canonical([proposal_id, name, email]))


def holder_of(proposal: Proposal) -> str:
    """Return what to call the holder: a name, else an e-mail address."""
    if proposal.account is not None:
        return proposal.account.name or proposal.account.email
    return proposal.name or proposal.email


def need_live(proposal: Proposal) -> None:
    """Raise ProposalEndedError when nobody may write in *proposal* any more."""
    if proposal.has_ended(now()):
        raise ProposalEndedError(proposal=proposal.id)


def need_allowed(proposal: Proposal, place: Place) -> None:
    """Raise NotFoundError for a place that the holder does not see."""
    if not proposal.allows(place):
        raise NotFoundError(what="place", code=str(place))


def record_by_holder(proposal: Proposal, action: str, **details: object) -> Event:
    """Put what the holder did into the audit trail."""
    if proposal.account is not None:
        return record(
            proposal.submission, action, proposal.account, proposal=proposal.id, **details
        )
    return record(
        proposal.submission, action, proposal.creator, proposal=proposal.id, by="link", **details
    )


def _dates(proposal: Proposal) -> dict[str, object]:
    """Return until when, as events say it; empty where there is no such day or moment."""
    return {
        "due_on": proposal.due_on.isoformat() if proposal.due_on else "",
        "ends_at": timestamp(proposal.ends_at) if proposal.ends_at else "",
    }


def _tell_party(session: Session, proposal: Proposal) -> None:
    """Have a mail sent to who invited the holder; to all who draft where that account has ended."""
    submission, inviter = proposal.submission, proposal.creator
    readers: Sequence[Account] = [inviter]
    if inviter.deactivated_at is not None:
        readers = active_people(session, submission.party_code, roles=WRITING)
    for reader in readers:
        post_about(session, submission, reader, HANDED_IN, name=holder_of(proposal))


def _new_key() -> dict[str, object]:
    return {"key": b64encode(secrets.token_bytes(32)).decode()}


def _need(proposal: Proposal, *states: ProposalState) -> None:
    if proposal.state not in states:
        raise WrongProposalStateError(state=proposal.state.value)


def _check(form: Form, wished: Wished) -> None:
    _check_note(wished.note)
    if wished.language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise InvalidInputError(parameter="language", value=wished.language, allowed=allowed)
    if wished.places is None:
        return
    if not 0 < len(wished.places) <= MOST_PLACES:
        allowed = f"1 to {MOST_PLACES} sections or rows"
        raise InvalidInputError(parameter="places", value="", allowed=allowed)
    for place in wished.places:
        elements_at(form, place)


def _check_note(note: str) -> None:
    if len(note.strip()) > LONGEST:
        allowed = f"at most {LONGEST} characters"
        raise InvalidInputError(parameter="note", value=note[:50], allowed=allowed)
