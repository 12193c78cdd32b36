"""What is done to something else than a submission leaves a line too: an act.

Each subject (an account, a collection, a key, the platform itself) has a chain of its own, so that
acts on different subjects never wait for each other. Details hold ids and codes, never an e-mail
address or another datum of a person: the line stays for ever.
"""

from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.audit import Act, Trail
from app.models.upsert import insert_if_new
from app.receipts import FIRST, link, timestamp
from app.services.events import next_moment


def record_act(
    session: Session,
    kind: str,
    subject: str,
    action: str,
    account: Account | None,
    **details: object,
) -> Act:
    """Add and return an act on *subject*, chained to the act before.

    kind      "account", "collection", "key", "list" or "platform" (subject: "canopy")
    account   who did it; None: the platform by itself
    details   JSON
    """
    trail = _trail(session, kind, subject)
    at, aside = next_moment(trail.head_at)
    act = Act(
        kind=kind,
        subject=subject,
        number=trail.head_number + 1,
        at=at,
        account_id=account.id if account else None,
        action=str(action),
        details=details | aside,
        previous_hash=trail.head_hash or FIRST,
    )
    act.hash = link(act.previous_hash, act_facts(act))
    session.add(act)
    trail.head_number, trail.head_hash, trail.head_at = act.number, act.hash, act.at
    return act


def act_facts(act: Act) -> dict[str, object]:
    """Return what the hash of an act covers beside the hash before it."""
    return {
        "kind": act.kind,
        "subject": act.subject,
        "number": act.number,
        "at": timestamp(act.at),
        "account": act.account_id,
        "action": act.action,
        "details": act.details,
    }


def _trail(session: Session, kind: str, subject: str) -> Trail:
    """Return the end of a subject's chain, held until the transaction ends."""
    session.flush()  # what another act of this transaction has written would be read over
    insert_if_new(session, Trail, kind=kind, subject=subject, head_number=0, head_hash="")
    return session.get_one(Trail, (kind, subject), with_for_update=True)
