"""Partner institutions: invited to sections of a Party's draft, or to what is signed; and let go.

A partner sees what a live grant names, and nothing else that is not public. What it drafts is a
proposal, which the Party accepts or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.errors import GrantEndedError, InvalidInputError, NotFoundError
from app.forms.definition import LANGUAGES, Form
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.base import now, today
from app.models.collection import Collection
from app.models.deadlines import end_of
from app.models.partner import GrantLevel, PartnerGrant
from app.models.proposal import ProposalKind, ProposalState
from app.models.submission import Submission
from app.services import proposals
from app.services.accounts import refuse_no_email
from app.services.acts import record_act
from app.services.events import record
from app.services.invitations import invite
from app.services.outbox import post_to

LONGEST = 5000  # characters of a note
LONGEST_NAME = 200
MOST_YEARS = 5  # ahead, of the last day
INVITED = "partner_invited"  # kind of mail
OPENED = "open_to_partner"  # events, and acts on a collection
CLOSED = "close_to_partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Whom to invite, and until when.

    name       of the institution; counts where it has no account yet
    ends_on    the last day of its access
    language   of the mails, where it has no account yet
    """

    email: str
    name: str
    ends_on: date
    note: str = ""
    language: str = "en"


def invite_to_draft(
    session: Session,
    submission: Submission,
    form: Form,
    invited: Invited,
    by: Account,
    *,
    level: GrantLevel,
    sections: Sequence[str],
) -> PartnerGrant:
    """Let a partner institution into named sections of a Party's draft; it is told by mail.

    An account is made where there is none. Raises InvalidInputError for what is wrong with one of
    `email`, `name`, `ends_on`, `note`, `language` and `sections`.
    """
    known = [section.id for section in form.sections]
    named = [section for section in known if section in sections]
    if not named or len(named) != len(set(sections)):
        raise InvalidInputError(parameter="sections", value="", allowed=", ".join(known))
    _check(invited)
    partner = _account(session, invited, by)
    if any(grant.account_id == partner.id for grant in live_in(session, submission)):
        raise InvalidInputError(parameter="email", value=invited.email, allowed="not invited yet")
    grant = PartnerGrant(
        account_id=partner.id,
        submission_id=submission.id,
        level=level,
        sections=named,
        note=invited.note.strip(),
        ends_on=invited.ends_on,
        created_by=by.id,
    )
    session.add(grant)
    session.flush()
    if level is GrantLevel.DRAFT:
        grant.proposal_id = _propose(session, submission, form, grant, partner, by)
    _record(session, grant, OPENED, by, level=level.value, sections=named)
    _tell(session, grant, partner)
    return grant


def invite_to_signed(
    session: Session,
    collection: Collection,
    invited: Invited,
    by: Account,
    *,
    sees_secretariat: bool = False,
) -> PartnerGrant:
    """Let a partner institution read what is signed in a collection; it is told by mail.

    sees_secretariat   also the answers that are for the Party and the Secretariat only

    Raises InvalidInputError as `invite_to_draft` does.
    """
    _check(invited)
    partner = _account(session, invited, by)
    same = select(PartnerGrant).where(
        PartnerGrant.collection_code == collection.code, PartnerGrant.account_id == partner.id
    )
    if any(grant.is_live(now()) for grant in session.scalars(same)):
        raise InvalidInputError(parameter="email", value=invited.email, allowed="not invited yet")
    grant = PartnerGrant(
        account_id=partner.id,
        collection_code=collection.code,
        level=GrantLevel.READ,
        sections=[],
        sees_secretariat=sees_secretariat,
        note=invited.note.strip(),
        ends_on=invited.ends_on,
        created_by=by.id,
    )
    session.add(grant)
    session.flush()
    _record(session, grant, OPENED, by, sees_secretariat=sees_secretariat)
    _tell(session, grant, partner)
    return grant


def end(session: Session, grant: PartnerGrant, by: Account) -> None:
    """Let the partner in no more; what it wrote stays. Nothing happens where it has ended."""
    if grant.ended_at is not None:
        return
    grant.ended_at, grant.ended_by = now(), by.id
    session.flush()
    if grant.proposal_id is not None:
        proposal = proposals.proposal_by_id(session, grant.proposal_id)
        if proposal.state is not ProposalState.CLOSED:
            proposals.close(session, proposal, by)
    _record(session, grant, CLOSED, by)


def live_grant(session: Session, grant_id: str, partner: Account) -> PartnerGrant:
    """Return a grant of *partner* that lets it in.

    Raises NotFoundError for one that is not its own, GrantEndedError for one that has ended.
    """
    grant = session.get(PartnerGrant, grant_id)
    if grant is None or grant.account_id != partner.id:
        raise NotFoundError(what="grant", code=grant_id)
    if not grant.is_live(now()):
        raise GrantEndedError(grant=grant_id)
    return grant


def grants_in(session: Session, submission: Submission) -> Sequence[PartnerGrant]:
    """Return who was ever invited to the draft of a submission, the newest first."""
    return _listed(session, PartnerGrant.submission_id == submission.id)


def live_in(session: Session, submission: Submission) -> list[PartnerGrant]:
    """Return who is let into the draft of a submission now."""
    present = now()
    return [grant for grant in grants_in(session, submission) if grant.is_live(present)]


def live_of_party(session: Session, party: str) -> list[PartnerGrant]:
    """Return who is let into the drafts of a Party now, the newest first."""
    of_party = select(Submission.id).where(Submission.party_code == party)
    found = _listed(session, PartnerGrant.submission_id.in_(of_party))
    present = now()
    return [grant for grant in found if grant.is_live(present)]


def grants_to_signed(session: Session) -> Sequence[PartnerGrant]:
    """Return who was ever invited to what is signed in a collection, the newest first."""
    return _listed(session, PartnerGrant.collection_code.is_not(None))


def grants_of(session: Session, partner: Account) -> list[PartnerGrant]:
    """Return what a partner is invited to now, the first to end first."""
    present = now()
    found = _listed(session, PartnerGrant.account_id == partner.id)
    live = [grant for grant in found if grant.is_live(present)]
    return sorted(live, key=lambda grant: (grant.ends_on, grant.id))


def _listed(session: Session, wanted: ColumnElement[bool]) -> Sequence[PartnerGrant]:
    return session.scalars(
        select(PartnerGrant)
        .where(wanted)
        .options(
            joinedload(PartnerGrant.account),
            joinedload(PartnerGrant.submission),
            joinedload(PartnerGrant.collection),
        )
        .order_by(PartnerGrant.id.desc())
    ).all()


def _check(invited: Invited) -> None:
    refuse_no_email(invited.email)
    if not 0 < len(invited.name.strip()) <= LONGEST_NAME:
        allowed = f"1 to {LONGEST_NAME} characters"
        raise InvalidInputError(parameter="name", value=invited.name[:50], allowed=allowed)
    if len(invited.note.strip()) > LONGEST:
        allowed = f"at most {LONGEST} characters"
        raise InvalidInputError(parameter="note", value=invited.note[:50], allowed=allowed)
    day, ends_on = today(), invited.ends_on
    if ends_on < day or ends_on.year > day.year + MOST_YEARS:
        allowed = f"{day} or later, at most {MOST_YEARS} years ahead"
        raise InvalidInputError(parameter="ends_on", value=ends_on.isoformat(), allowed=allowed)
    if invited.language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise InvalidInputError(parameter="language", value=invited.language[:50], allowed=allowed)


def _account(session: Session, invited: Invited, by: Account) -> Account:
    """Return the partner's account, invited where there is none; refuse that of somebody else."""
    email = refuse_no_email(invited.email)
    found = session.scalar(select(Account).where(Account.email == email))
    if found is None:
        made, _secret = invite(
            session,
            email,
            Role.PARTNER,
            name=invited.name.strip(),
            language=invited.language,
            maker=by,
        )
        return made
    if found.role is not Role.PARTNER or found.deactivated_at is not None:
        allowed = "the address of a partner institution"
        raise InvalidInputError(parameter="email", value=invited.email, allowed=allowed)
    return found


def _propose(
    session: Session,
    submission: Submission,
    form: Form,
    grant: PartnerGrant,
    partner: Account,
    by: Account,
) -> str:
    wished = proposals.Wished(
        places=[Place(section) for section in grant.sections],
        note=grant.note,
        language=partner.language or "en",
        due_on=grant.ends_on,
        ends_at=end_of(grant.ends_on),
    )
    kind = ProposalKind.PARTNER
    return proposals.propose(session, submission, form, kind, by, wished, partner).id


def _record(
    session: Session, grant: PartnerGrant, action: str, by: Account, **details: object
) -> None:
    """Put it into the trail of the submission or of the collection; ids alone, no name."""
    ends_on = grant.ends_on.isoformat()
    facts = {"grant": grant.id, "partner": grant.account_id, "ends_on": ends_on} | details
    if grant.submission_id is not None:
        submission = session.get_one(Submission, grant.submission_id)
        record(submission, action, by, **facts)
    else:
        record_act(session, "collection", grant.collection_code or "", action, by, **facts)


def _tell(session: Session, grant: PartnerGrant, partner: Account) -> None:
    post_to(session, partner, INVITED, grant=grant.id, ends_on=grant.ends_on.isoformat())
