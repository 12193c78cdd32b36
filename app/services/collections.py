"""What the Secretariat opens and closes: one version of a form, for those who are asked."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from app.errors import AlreadyExistsError, CollectionClosedError, InvalidInputError, NotFoundError
from app.forms.definition import Form
from app.models.account import Account
from app.models.base import today
from app.models.collection import Collection, Kind
from app.models.membership import parties_on, whose_parties
from app.models.party import Party
from app.models.submission import Submission
from app.receipts import canonical, digest
from app.services.acts import record_act

COLLECTION: Final = "collection"  # what the acts are about
LONGEST_GRACE: Final = 366  # days

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def collection_of(session: Session, code: str) -> Collection:
    """Return the collection of that code; raise NotFoundError."""
    found = session.get(Collection, code)
    if found is None:
        raise NotFoundError(what="collection", code=code)
    return found


def all_collections(session: Session) -> list[Collection]:
    """Return every collection, the last opened first."""
    return list(
        session.scalars(
            select(Collection).order_by(Collection.opens_on.desc(), Collection.code.desc())
        )
    )


def is_open(collection: Collection) -> bool:
    """Tell whether Parties may write: opened, and not closed. A due date closes nothing."""
    return collection.closed_at is None and collection.opens_on <= today()


def open_collection(
    session: Session,
    code: str,
    form: Form,
    *,
    kind: Kind = Kind.NATIONAL,
    opens_on: date | None = None,
    due_on: date | None = None,
    cut_off_on: date | None = None,
    grace_days: int = 0,
    also: Iterable[str] = (),
    is_synthetic: bool = False,
    account: Account | None = None,
) -> Collection:
    """Open *form* to the Parties, with one submission for each that is asked.

    Asked are the Parties to the form's agreement, or to the Convention where those are not known,
    on the due date, else on the opening day; *also* names others, who stand in no denominator. It
    opens today unless *opens_on* says otherwise; one that was due before today (its answers are
    imported, say), on its due date.

    grace_days   after the due date, within which what comes is marked as such and not as late
    account      who opens it, for the audit trail; None: the platform by itself

    Raises AlreadyExistsError for a code in use, InvalidInputError for a code that is not lower
    case letters, digits and hyphens, for dates out of order, and for a Party we do not know.
    """
    opens_on = opens_on or min(today(), due_on or today())
    if not _CODE.fullmatch(code):
        raise InvalidInputError(parameter="code", value=code, allowed=_CODE.pattern)
    if session.get(Collection, code) is not None:
        raise AlreadyExistsError(what="collection", code=code)
    if due_on is not None and due_on < opens_on:
        raise InvalidInputError(parameter="due", value=due_on, allowed=f"from {opens_on}")
    if not 0 <= grace_days <= (LONGEST_GRACE if due_on else 0):
        allowed = f"0 to {LONGEST_GRACE}" if due_on else "none without a due date"
        raise InvalidInputError(parameter="grace", value=grace_days, allowed=allowed)
    collection = Collection(
        code=code,
        agreement=form.agreement,
        form=form.id,
        form_version=form.version,
        kind=kind,
        opens_on=opens_on,
        due_on=due_on,
        cut_off_on=cut_off_on,
        grace_days=grace_days,
        is_synthetic=is_synthetic,
    )
    session.add(collection)
    asked = _ask(session, collection, also)
    session.flush()
    whom = {"asked": len(asked), "parties": parties_hash(asked), "synthetic": is_synthetic}
    record_act(session, COLLECTION, code, "open", account, **whom, **_dates(collection))
    return collection


def close_collection(collection: Collection, account: Account | None = None) -> None:
    """Let nobody write any more; raise CollectionClosedError if it is closed already.

    Waits for those who are writing. *account* closes it; None: the platform by itself.
    """
    session = object_session(collection)
    if session is None:
        raise ValueError("a collection that is in no session")
    session.refresh(collection, with_for_update=True)
    if collection.closed_at is not None:
        raise CollectionClosedError(collection=collection.code)
    act = record_act(session, COLLECTION, collection.code, "close", account)
    collection.closed_at = act.at


def number_asked(session: Session, collection: Collection) -> int:
    """Return how many are asked in *collection*, also those in no denominator."""
    asked = select(func.count()).where(Submission.collection_code == collection.code)
    return session.scalar(asked) or 0


def parties_hash(asked: Mapping[str, bool]) -> str:
    """Return the hash over who was asked, and whether each stands in the denominator."""
    return digest(canonical([[party, asked[party]] for party in sorted(asked)]))


def _dates(collection: Collection) -> dict[str, object]:
    """Return what the audit trail keeps of a collection that was opened."""
    return {
        "form": f"{collection.form}/{collection.form_version}",
        "opens_on": collection.opens_on.isoformat(),
        "due_on": collection.due_on.isoformat() if collection.due_on else None,
        "grace_days": collection.grace_days,
        "cut_off_on": collection.cut_off_on.isoformat() if collection.cut_off_on else None,
    }


def _ask(session: Session, collection: Collection, also: Iterable[str]) -> dict[str, bool]:
    """Make a submission for each Party asked; return who they are, and who counts as a Party."""
    agreement = whose_parties(session, collection.agreement)
    asked = parties_on(session, agreement, collection.due_on or collection.opens_on)
    known = set(session.scalars(select(Party.code)))
    extra = [party for party in also if party not in asked]
    for party in extra:
        if party not in known:
            raise InvalidInputError(parameter="party", value=party, allowed="ISO alpha-3 code")
    for party in asked:
        session.add(Submission(collection=collection, party_code=party))
    for party in extra:
        session.add(Submission(collection=collection, party_code=party, is_in_denominator=False))
    return {**dict.fromkeys(extra, False), **dict.fromkeys(asked, True)}
