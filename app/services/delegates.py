"""Delegates: people without an account, invited by a link to sections or rows of a draft.

A link is 32 random bytes, of which the hash is kept. It can be opened until the invitation ends. A
link that is sent again ends those before it; a reminder brings one more.
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import CollectionClosedError, InvalidInputError, NotFoundError, ProposalEndedError
from app.forms.definition import Form
from app.models.account import Account
from app.models.base import now, today
from app.models.deadlines import end_of
from app.models.membership import party_names
from app.models.proposal import Proposal, ProposalKind, ProposalLink, ProposalState
from app.models.submission import Submission
from app.services.collections import is_open
from app.services.events import record
from app.services.outbox import post
from app.services.proposals import Wished, ask_again, end_links, need_live, propose
from app.services.secret import hash_of, new_secret

INVITED: Final = "delegate_invited"  # kinds of mail; each has one with a due date too
ASKED_AGAIN: Final = "delegate_asked_again"
REMINDED: Final = "delegate_reminder"
LONGEST_NAME: Final = 200
AHEAD: Final = timedelta(days=3)  # of the due date, for the reminder
LASTS: Final = timedelta(days=60)  # where nothing else is said
AFTER_DUE: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 200  # reminders in one transaction


def invite(
    session: Session, submission: Submission, form: Form, by: Account, wished: Wished
) -> tuple[Proposal, str]:
    """Invite a delegate by mail; return the proposal and the link's secret, which is told once.

    Raises CollectionClosedError; InvalidInputError for a name that is empty or too long, for days
    that are over, and for an address that is none; whatever `propose` raises.
    """
    if not is_open(submission.collection):
        raise CollectionClosedError(collection=submission.collection_code)
    name = wished.name.strip()
    if not name or len(name) > LONGEST_NAME:
        allowed = f"1 to {LONGEST_NAME} characters"
        raise InvalidInputError(parameter="name", value=name[:50], allowed=allowed)
    _check_days(wished)
    proposal = propose(session, submission, form, ProposalKind.DELEGATE, by, wished)
    return proposal, _send(session, proposal, INVITED)


def send_again(session: Session, proposal: Proposal, by: Account) -> str:
    """Send a new link; those before it end. Raises ProposalEndedError when nobody could use it."""
    need_live(proposal)
    end_links(session, proposal)
    secret = _send(session, proposal, INVITED)
    record(proposal.submission, "send_link_again", by, proposal=proposal.id)
    return secret


def ask_to_go_on(session: Session, proposal: Proposal, by: Account, note: str) -> None:
    """Give what was handed in back to the delegate, with a word on what is to be done."""
    ask_again(session, proposal, by, note)
    _send(session, proposal, ASKED_AGAIN)


def proposal_by_link(session: Session, secret: str) -> Proposal:
    """Return the proposal that a link leads to; it stays as it is.

    Raises NotFoundError for a link that is unknown, or older than one sent since;
    ProposalEndedError when the invitation is over.
    """
    link = session.get(ProposalLink, hash_of(secret))
    if link is None:
        raise NotFoundError(what="delegate_link", code="")
    if link.proposal.has_ended(now()):
        raise ProposalEndedError(proposal=link.proposal_id)
    if link.revoked_at is not None:
        raise NotFoundError(what="delegate_link", code=link.proposal_id)
    return link.proposal


def remind_before_due(session: Session, day: date) -> int:
    """Remind those who have not handed in of a due date that is near, each once; for the worker."""
    due = session.scalars(
        select(Proposal)
        .where(
            Proposal.kind == ProposalKind.DELEGATE,
            Proposal.state == ProposalState.OPEN,
            Proposal.reminded_at.is_(None),
            Proposal.due_on.between(day, day + AHEAD),
        )
        .order_by(Proposal.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    moment, count = now(), 0
    for proposal in due:
        proposal.reminded_at = moment
        is_new = moment - proposal.created_at < AHEAD  # invited only just now
        if is_new or proposal.has_ended(moment) or not is_open(proposal.submission.collection):
            continue
        _send(session, proposal, REMINDED)
        count += 1
    session.flush()
    return count


def usual_end(due_on: date | None, day: date) -> date:
    """Return until when a link is good where nothing else is said."""
    return max(day, due_on) + AFTER_DUE if due_on else day + LASTS


def _send(session: Session, proposal: Proposal, kind: str) -> str:
    """Make a link, and have it mailed."""
    secret = new_secret()
    session.add(
        ProposalLink(
            hash=hash_of(secret), submission_id=proposal.submission_id, proposal_id=proposal.id
        )
    )
    session.flush()
    submission = proposal.submission
    details: dict[str, object] = {
        "name": proposal.name,
        "collection": submission.collection_code,
        "party": party_names(session, proposal.language)[submission.party_code],
        "secret": secret,
    }
    if proposal.due_on is not None:
        kind, details["due_on"] = f"{kind}_due", proposal.due_on.isoformat()
    post(session, to=proposal.email, kind=kind, language=proposal.language, details=details)
    return secret


def _check_days(wished: Wished) -> None:
    day = today()
    if wished.due_on is not None and wished.due_on < day:
        raise InvalidInputError(parameter="due_on", value=str(wished.due_on), allowed=str(day))
    ends_at = wished.ends_at
    last = max(wished.due_on or day, day)
    if ends_at is None or ends_at < end_of(last):
        raise InvalidInputError(parameter="ends_on", value=str(ends_at), allowed=str(last))
