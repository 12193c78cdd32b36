"""Checking what was signed: revisions, their contents, the events that tell of them, receipts."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import String, select, type_coerce, union
from sqlalchemy.orm import Session

from app.models.audit import Receipt, Seal
from app.models.collection import Collection
from app.models.submission import Event, Revision, Submission
from app.receipts import FIRST, Key, canonical, canonical_facts, chain, is_signed, timestamp
from app.services.audit_chains import AT_ONCE, Problem, details_of, json_of, moment_of, raw_json
from app.services.carrying import carried_hash
from app.workflow import Action

SIGNED: Final = (Action.SIGN.value, "sign_elsewhere")
TOLD: Final = (*SIGNED, Action.WITHDRAW.value)


class _Signed(NamedTuple):
    """A revision as it lies in the database."""

    number: int
    content: str
    hash: str
    previous_hash: str
    language: str
    wording: int
    wording_language: str
    signed_at: Any
    recorded_at: Any
    signed_by: str
    is_signed_elsewhere: bool
    designation_id: str | None
    withdrawn_at: Any
    carried: Any


class _Told(NamedTuple):
    """What an event says of a revision."""

    number: int
    action: str
    at: datetime | None
    account_id: str
    details: Mapping[str, Any]


def check_signed(session: Session, keys: Mapping[str, Key]) -> Iterator[tuple[int, list[Problem]]]:
    """Yield, for each submission in which something was signed, how many revisions and problems."""
    subjects = union(
        select(Revision.submission_id), select(Event.submission_id).where(Event.action.in_(TOLD))
    ).subquery()
    sealed_at = session.scalar(select(Seal.at).order_by(Seal.number.desc()).limit(1))
    found = session.scalars(select(subjects.c.submission_id).execution_options(yield_per=AT_ONCE))
    for subject in found.all():
        revisions = _revisions(session, subject)
        problems = [
            *_check_chain(subject, revisions),
            *_check_told(subject, revisions, _told(session, subject)),
            *_check_receipts(session, subject, revisions, keys, sealed_at),
        ]
        yield len(revisions), problems


def _check_chain(subject: str, revisions: list[_Signed]) -> Iterator[Problem]:
    previous = chain(FIRST, subject)
    for number, revision in enumerate(revisions, 1):
        name = f"submission {subject} revision {revision.number}"
        if revision.number != number:
            yield f"submission {subject} revision {number}: missing"
            return
        if revision.previous_hash != previous:
            yield f"{name}: does not follow the revision before it"
        if chain(revision.previous_hash, revision.content) != revision.hash:
            yield f"{name}: its answers are not those that were signed"
        elif not _is_canonical(revision.content):
            yield f"{name}: its answers are not canonical JSON"
        previous = revision.hash


def _is_canonical(content: str) -> bool:
    try:
        return canonical(json.loads(content)) == content
    except (ValueError, TypeError, RecursionError):
        return False


def _check_told(subject: str, revisions: list[_Signed], told: list[_Told]) -> Iterator[Problem]:
    """Compare revisions with the events of their signatures and withdrawals."""
    signed = {line.details.get("revision"): line for line in told if line.action in SIGNED}
    withdrawn = {line.details.get("revision"): line for line in told if line.action not in SIGNED}
    there = {revision.number for revision in revisions}
    for number, line in signed.items():
        if number not in there:
            yield f"submission {subject} revision {number}: missing; event {line.number} is there"
    for revision in revisions:
        name = f"submission {subject} revision {revision.number}"
        line_of_it = signed.get(revision.number)
        if line_of_it is None:
            yield f"{name}: no event tells that it was signed"
            continue
        wrong = [what for what, (now, then) in _facts(revision, line_of_it).items() if now != then]
        if wrong:
            yield f"{name}: {', '.join(wrong)} changed since event {line_of_it.number}"
        yield from _check_withdrawn(name, revision, withdrawn.get(revision.number))


def _facts(revision: _Signed, line: _Told) -> dict[str, tuple[object, object]]:
    """Return what a revision says now and what its event says, by name."""
    signed_at = line.details.get("signed_at") or _text(line.at)
    facts: dict[str, tuple[object, object]] = {
        "hash": (revision.hash, line.details.get("hash")),
        "moment of signing": (_text(moment_of(revision.signed_at)), signed_at),
        "moment of recording": (_text(moment_of(revision.recorded_at)), _text(line.at)),
        "signatory": (revision.signed_by, line.account_id),
        "mark as signed elsewhere": (
            bool(revision.is_signed_elsewhere),
            line.action == "sign_elsewhere",
        ),
        "which answers are carried": (_carried(revision), line.details.get("carried", "")),
    }
    for name in ("language", "wording", "wording_language"):
        if name in line.details:  # events from before these were kept do not hold them
            facts[name] = (getattr(revision, name), line.details[name])
    if "designation" in line.details:
        facts["designation"] = (revision.designation_id, line.details["designation"])
    if "wording" not in line.details:
        del facts["moment of signing"], facts["moment of recording"]
    return facts


def _carried(revision: _Signed) -> str:
    """Return the hash over what was said of the answers of last time; empty where nothing was."""
    try:
        record = json_of(revision.carried)
        return carried_hash(record) if record else ""
    except (ValueError, TypeError, RecursionError):
        return "not readable"


def _check_withdrawn(name: str, revision: _Signed, line: _Told | None) -> Iterator[Problem]:
    at = moment_of(revision.withdrawn_at) if revision.withdrawn_at is not None else None
    if revision.withdrawn_at is not None and line is None:
        yield f"{name}: no event tells that it was withdrawn"
    elif revision.withdrawn_at is None and line is not None:
        yield f"{name}: event {line.number} tells that it was withdrawn, and it is not"
    elif line is not None and at is not None and line.at is not None and at > line.at:
        yield f"{name}: moment of withdrawal changed since event {line.number}"


def _check_receipts(
    session: Session,
    subject: str,
    revisions: list[_Signed],
    keys: Mapping[str, Key],
    sealed_at: datetime | None,
) -> Iterator[Problem]:
    found = session.scalars(select(Receipt).where(Receipt.submission_id == subject))
    receipts = {receipt.number: receipt for receipt in found}
    of_it = _of(session, subject)
    for revision in revisions:
        name = f"submission {subject} revision {revision.number}"
        receipt = receipts.pop(revision.number, None)
        recorded = moment_of(revision.recorded_at)
        if receipt is not None:
            yield from _check_receipt(name, revision, receipt, keys, of_it)
        elif sealed_at is not None and (recorded is None or recorded < sealed_at):
            yield f"{name}: its receipt is missing"
    for number in receipts:
        yield f"submission {subject} revision {number}: missing, there is a receipt of it"


def _check_receipt(
    name: str,
    revision: _Signed,
    receipt: Receipt,
    keys: Mapping[str, Key],
    of_it: Mapping[str, object],
) -> Iterator[Problem]:
    """Check a receipt; *of_it* is what it has to say of the submission."""
    try:
        held = json_of(receipt.content)
        statement = held["receipt"]
        key = keys.get(statement["key"])
        is_right = (
            key is not None
            and canonical_facts(held) == receipt.content
            and is_signed(key.public_key, held["signature"], statement)
        )
        stated = {fact: statement[fact] for fact in ("hash", "previous_hash", "revision", *of_it)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        yield f"{name}: its receipt cannot be read"
        return
    if not is_right:
        yield f"{name}: its receipt was changed after it was signed"
    elif stated != {**of_it, **_identity(revision)}:
        wrong = [fact for fact, value in of_it.items() if stated[fact] != value]
        what = f"another {wrong[0].replace('_', ' ')}" if wrong else "other answers"
        yield f"{name}: its receipt is of {what}"


def _identity(revision: _Signed) -> dict[str, object]:
    return {
        "hash": revision.hash,
        "previous_hash": revision.previous_hash,
        "revision": revision.number,
    }


def _of(session: Session, subject: str) -> dict[str, object]:
    """Return whose submission it is and in which collection, as its receipts state it."""
    row = session.execute(
        select(
            Submission.id,
            Submission.party_code,
            Collection.code,
            Collection.agreement,
            Collection.form,
            Collection.form_version,
        )
        .join(Collection, Collection.code == Submission.collection_code)
        .where(Submission.id == subject)
    ).one_or_none()
    names = ("submission", "party", "collection", "agreement", "form", "form_version")
    return dict(zip(names, row, strict=True)) if row else {}


def _revisions(session: Session, subject: str) -> list[_Signed]:
    rows = session.execute(
        select(
            Revision.number,
            Revision.content,
            Revision.hash,
            Revision.previous_hash,
            Revision.language,
            Revision.wording,
            Revision.wording_language,
            type_coerce(Revision.signed_at, String),
            type_coerce(Revision.recorded_at, String),
            Revision.signed_by,
            Revision.is_signed_elsewhere,
            Revision.designation_id,
            type_coerce(Revision.withdrawn_at, String),
            raw_json(session, Revision.carried),
        )
        .where(Revision.submission_id == subject)
        .order_by(Revision.number)
    )
    return [_Signed(*tuple(row)) for row in rows]


def _told(session: Session, subject: str) -> list[_Told]:
    rows = session.execute(
        select(
            Event.number,
            Event.action,
            type_coerce(Event.at, String),
            Event.account_id,
            raw_json(session, Event.details),
        )
        .where(Event.submission_id == subject, Event.action.in_(TOLD))
        .order_by(Event.number)
    )
    return [_Told(row[0], row[1], moment_of(row[2]), row[3], details_of(row[4])) for row in rows]


def _text(moment: datetime | None) -> str:
    return timestamp(moment) if moment else ""
