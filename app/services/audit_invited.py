"""Checking who was invited to a draft, or to what is signed: grants of partners, and proposals.

What an event or act from before it held this would have to say is not compared.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import String, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.models.audit import Act
from app.models.partner import PartnerGrant
from app.models.proposal import Proposal, ProposalState
from app.models.submission import Event
from app.services.audit_chains import Problem, details_of, json_of, moment_of, raw_json
from app.services.collections import COLLECTION
from app.services.on_behalf import GIVEN_UP
from app.services.on_behalf_reading import CONFIRMED, TAKEN_OVER
from app.services.partners import CLOSED, OPENED
from app.services.proposals import CHANGED, ENDED, MADE, holder_hash
from app.services.suggestion_desk import SUGGEST

_KINDS: Final = {action: kind.value for kind, action in MADE.items()}
_STATES: Final[Mapping[str, ProposalState]] = {
    **dict.fromkeys(MADE.values(), ProposalState.OPEN),
    "hand_in_suggestions": ProposalState.HANDED_IN,
    "go_on_suggesting": ProposalState.OPEN,
    "ask_for_suggestions_again": ProposalState.OPEN,
    SUGGEST: ProposalState.OPEN,
    **dict.fromkeys((ENDED, GIVEN_UP, CONFIRMED, TAKEN_OVER), ProposalState.CLOSED),
}


def check_invited(session: Session, heirs: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Yield what is wrong with grants and with proposals; *heirs* as `heirs_of` returns them."""
    yield from _check_grants(session, heirs)
    yield from _check_proposals(session, heirs)


def _check_grants(session: Session, heirs: Mapping[str, set[str]]) -> Iterator[Problem]:
    opened, closed = _told_of_grants(session)
    for row in session.execute(
        select(
            PartnerGrant.id,
            PartnerGrant.account_id.label("partner"),
            PartnerGrant.submission_id,
            PartnerGrant.collection_code,
            type_coerce(PartnerGrant.level, String).label("level"),
            raw_json(session, PartnerGrant.sections).label("sections"),
            PartnerGrant.sees_secretariat,
            type_coerce(PartnerGrant.ends_on, String).label("ends_on"),
            type_coerce(PartnerGrant.ended_at, String).label("ended_at"),
        ).order_by(PartnerGrant.id)
    ):
        name = f"grant {row.id}"
        told = opened.pop(row.id, None)
        if told is None:
            yield f"{name}: no event tells that it was given"
            continue
        now = row._asdict() | {
            "subject": row.submission_id or row.collection_code,
            "sections": _read(row.sections),
            "sees_secretariat": bool(row.sees_secretariat),
            "ends_on": str(row.ends_on),
            "ended": row.ended_at is not None,
        }
        then = told | {"ended": row.id in closed}
        if wrong := [fact for fact in then if fact in now and not _is(fact, now, then, heirs)]:
            yield f"{name}: {', '.join(wrong)} not as the events tell"
    yield from (f"grant {name}: missing, an event tells that it was given" for name in opened)


def _told_of_grants(session: Session) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Return what is said of each grant that was given, and which were ended."""
    opened: dict[str, dict[str, Any]] = {}
    closed: set[str] = set()
    actions = (OPENED, CLOSED)
    rows = session.execute(
        union_all(
            select(Event.submission_id, Event.action, raw_json(session, Event.details)).where(
                Event.action.in_(actions)
            ),
            select(Act.subject, Act.action, raw_json(session, Act.details)).where(
                Act.kind == COLLECTION, Act.action.in_(actions)
            ),
        )
    )
    for subject, action, text in rows:
        details = details_of(text)
        name = str(details.get("grant"))
        if action == CLOSED:
            closed.add(name)
        else:
            opened[name] = {**details, "subject": subject}
    return opened, closed


def _check_proposals(session: Session, heirs: Mapping[str, set[str]]) -> Iterator[Problem]:
    told = _told_of_proposals(session)
    for row in session.execute(
        select(
            Proposal.submission_id,
            Proposal.id,
            type_coerce(Proposal.kind, String).label("kind"),
            Proposal.name,
            Proposal.email,
            Proposal.account_id,
            raw_json(session, Proposal.places).label("places"),
            type_coerce(Proposal.due_on, String).label("due_on"),
            type_coerce(Proposal.ends_at, String).label("ends_at"),
            type_coerce(Proposal.state, String).label("state"),
        ).order_by(Proposal.submission_id, Proposal.id)
    ):
        name = f"submission {row.submission_id} proposal {row.id}"
        then = told.pop((row.submission_id, row.id), None)
        if then is None:
            yield f"{name}: no event tells that it was made"
            continue
        now = row._asdict() | {
            "places": _read(row.places) or [],
            "due_on": str(row.due_on or ""),
            "ends_at": moment_of(row.ends_at),
            "holder": row.account_id or "",
            "whom": holder_hash(row.id, row.name, row.email),
        }
        if "ends_at" in then:
            then["ends_at"] = moment_of(then["ends_at"])
        if wrong := [fact for fact in then if fact in now and not _is(fact, now, then, heirs)]:
            yield f"{name}: {', '.join(wrong)} not as the events tell"
    for subject, proposal in told:
        yield f"submission {subject} proposal {proposal}: missing, an event tells that it was made"


def _told_of_proposals(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what events say of each proposal, at last."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    rows = session.execute(
        select(Event.submission_id, Event.action, raw_json(session, Event.details))
        .where(Event.action.in_([*_STATES, CHANGED]))
        .order_by(Event.submission_id, Event.number)
    )
    for subject, action, text in rows:
        details = details_of(text)
        key = subject, str(details.get("proposal"))
        if action in _KINDS:
            found[key] = {**details, "kind": _KINDS[action]}
        if key not in found:
            continue
        if action == CHANGED:  # it says all dates, or is from before it did
            dates = {name: details.get(name) for name in ("due_on", "ends_at")}
            found[key] = {k: v for k, v in found[key].items() if k not in dates}
            found[key] |= {k: v for k, v in dates.items() if v is not None}
        elif found[key].get("state") != ProposalState.CLOSED.value:
            found[key]["state"] = _STATES[action].value
    return found


def _is(
    fact: str, now: Mapping[str, Any], then: Mapping[str, Any], heirs: Mapping[str, set[str]]
) -> bool:
    if now[fact] == then[fact]:
        return True
    is_person = fact in ("partner", "holder")
    return is_person and now[fact] in heirs.get(str(then[fact]), ())


def _read(text: str | None) -> Any:  # noqa: ANN401 - any JSON
    """Return what JSON says; what cannot be read is like nothing that an event tells."""
    try:
        return json_of(text)
    except ValueError:
        return {"": text}
