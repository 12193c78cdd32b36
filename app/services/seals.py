"""Seals: every minute the worker signs the heads of all chains, so that none can be rewritten.

A seal costs one pass over the heads. Those that are new since the last seal are kept as rows: a
chain must lead through each of them for ever, and a change is found with its submission and event.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, collate, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.forms.catalogue import Catalogue
from app.models.audit import Seal, SealedHead, Trail
from app.models.submission import Submission
from app.receipts import FIRST, link, timestamp
from app.services.events import next_moment
from app.services.keys import Signer, use
from app.services.receipts import Issuer, issue_missing

AnySelect = Select[*tuple[Any, ...]]

SUBMISSION: Final = "submission"  # the kind of a submission's chain; others are those of trails
_AT_ONCE: Final = 1000


class Head(NamedTuple):
    """The end of one chain."""

    kind: str
    subject: str
    number: int
    hash: str

    @property
    def line(self) -> str:
        """Return what a seal covers of it."""
        return f"{self.kind} {self.subject} {self.number} {self.hash}\n"


def seal(session: Session, issuer: Issuer, forms: Catalogue) -> Seal | None:
    """Seal what is new; None if nothing is. Makes receipts that are missing first.

    Raises SigningKeyError. Nothing is committed; call it in a transaction of its own.
    """
    while issue_missing(session, issuer, forms):
        session.flush()
    signer = use(session, issuer.key)
    session.flush()
    new: list[Head] = []
    chains = lines = 0
    heads = hashlib.sha256()
    for head, is_sealed in _present_heads(session):
        heads.update(head.line.encode())
        chains, lines = chains + 1, lines + head.number
        if not is_sealed:
            new.append(head)
    if not new:
        return None
    made = _new_seal(session, signer, new, chains, lines, heads.hexdigest())
    for first in range(0, len(new), _AT_ONCE):
        part = [head._asdict() | {"seal": made.number} for head in new[first : first + _AT_ONCE]]
        session.execute(SealedHead.__table__.insert(), part)  # type: ignore[attr-defined] # a Table
    return made


def last_seal(session: Session) -> Seal | None:
    """Return the seal made last, or None."""
    return session.scalar(select(Seal).order_by(Seal.number.desc()).limit(1))


def seal_facts(seal: Seal) -> dict[str, object]:
    """Return what the hash and the signature of a seal cover, beside the hash before it."""
    return {
        "number": seal.number,
        "at": timestamp(seal.at),
        "chains": seal.chains,
        "lines": seal.lines,
        "heads": seal.heads,
        "added": seal.added,
        "previous": seal.previous_hash,
        "key": seal.key_id,
    }


def hash_of(heads: Iterable[Head]) -> str:
    """Return the hash over heads, in the order of `in_order`."""
    found = hashlib.sha256()
    for head in heads:
        found.update(head.line.encode())
    return found.hexdigest()


def in_order(session: Session, column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Return *column* to sort by, byte for byte, as Python and both databases do alike."""
    name = session.get_bind().dialect.name
    return collate(column, "C" if name == "postgresql" else "BINARY")


def _new_seal(
    session: Session, signer: Signer, new: list[Head], chains: int, lines: int, heads: str
) -> Seal:
    last = last_seal(session)
    made = Seal(
        number=last.number + 1 if last else 1,
        at=next_moment(last.at if last else None)[0],
        chains=chains,
        lines=lines,
        heads=heads,
        added=hash_of(sorted(new)),
        previous_hash=last.hash if last else FIRST,
        key_id=signer.id,
    )
    made.hash = link(made.previous_hash, seal_facts(made))
    made.signature = signer.sign(seal_facts(made))
    session.add(made)
    session.flush()
    return made


def _present_heads(session: Session) -> Iterator[tuple[Head, bool]]:
    """Yield the head of every chain, trails first, and whether it is sealed as it is."""
    for query in (_trail_heads(session), _submission_heads(session)):
        rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
        for kind, subject, number, found, sealed in rows:
            yield Head(kind, subject, number, found), sealed is not None


def _trail_heads(session: Session) -> AnySelect:
    sealed = (
        (SealedHead.kind == Trail.kind)
        & (SealedHead.subject == Trail.subject)
        & (SealedHead.number == Trail.head_number)
    )
    return (
        select(Trail.kind, Trail.subject, Trail.head_number, Trail.head_hash, SealedHead.seal)
        .outerjoin(SealedHead, sealed)
        .where(Trail.head_number > 0)
        .order_by(in_order(session, Trail.kind), in_order(session, Trail.subject))
    )


def _submission_heads(session: Session) -> AnySelect:
    sealed = (
        (SealedHead.kind == SUBMISSION)
        & (SealedHead.subject == Submission.id)
        & (SealedHead.number == Submission.head_number)
    )
    return (
        select(
            literal(SUBMISSION),
            Submission.id,
            Submission.head_number,
            Submission.head_hash,
            SealedHead.seal,
        )
        .outerjoin(SealedHead, sealed)
        .where(Submission.head_number > 0)
        .order_by(in_order(session, Submission.id))
    )
