"""The receipt of a signed revision: made once, signed by the server, kept as a row.

There is one receipt for all answers. It holds a second hash over the public answers alone, so that
anybody can check what is public; the Party's own copy also helps to find which answer differs
where that answer is not public (`app.receipts`).
"""

import json
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFoundError, SigningKeyError
from app.forms.audience import visible
from app.forms.catalogue import Catalogue
from app.forms.definition import Audience, Form
from app.models.audit import Receipt, Seal
from app.models.base import now
from app.models.deadlines import submitted_at, timeliness
from app.models.submission import Revision, Submission
from app.receipts import (
    KIND,
    VERSION,
    canonical,
    canonical_facts,
    digest,
    fingerprints,
    timestamp,
)
from app.services.keys import use
from app.services.on_behalf_reading import documents_of, entered_as

_LOG: Final = logging.getLogger(__name__)

AT_ONCE: Final = 200  # receipts that the worker makes in one transaction


@dataclass(frozen=True, slots=True)
class Issuer:
    """What signs receipts and seals: where the private key is, and what the platform is called."""

    key: Path
    url: str  # PUBLIC_URL


def issue(session: Session, issuer: Issuer, revision: Revision, form: Form) -> Receipt:
    """Make the receipt of *revision*; raise SigningKeyError if the key cannot be used."""
    session.flush()
    if (found := receipt_of(session, revision)) is not None:
        return found
    signer = use(session, issuer.key)
    document: dict[str, Any] = json.loads(revision.content)
    public = visible(form, document, Audience.PUBLIC)
    salt = secrets.token_hex(16)
    parts = {
        "all": {"salt": salt, "answers": fingerprints(document, salt)},
        "public": {"answers": fingerprints(public)},
    }
    issued_at = now()
    statement = {
        **_facts(revision),
        **_signature(revision),
        **_in_time(revision),
        **_entered(session, revision),
        "kind": KIND,
        "version": VERSION,
        "platform": issuer.url,
        "public_hash": digest(canonical(public)),
        "fingerprints": {name: digest(canonical_facts(part)) for name, part in parts.items()},
        "seal": _last_seal(session),
        "issued_at": timestamp(issued_at),
        "key": signer.id,
    }
    held = {
        "receipt": statement,
        "signature": signer.sign(statement),
        "public_key": signer.public_key,
        "fingerprints": parts,
    }
    receipt = Receipt(
        submission_id=revision.submission_id,
        number=revision.number,
        key_id=signer.id,
        issued_at=issued_at,
        content=canonical_facts(held),
    )
    session.add(receipt)
    session.flush()
    return receipt


def issue_or_leave(
    session: Session, issuer: Issuer, revision: Revision, form: Form
) -> Receipt | None:
    """Make the receipt of *revision*; without a key leave it to the worker."""
    try:
        return issue(session, issuer, revision, form)
    except SigningKeyError as error:
        _LOG.error("no receipt for %s/%s: %s", revision.submission_id, revision.number, error)
        return None


def issue_missing(session: Session, issuer: Issuer, forms: Catalogue) -> int:
    """Make receipts of revisions that have none yet (imports, say); return how many."""
    found = session.scalars(
        select(Revision)
        .outerjoin(
            Receipt,
            (Receipt.submission_id == Revision.submission_id) & (Receipt.number == Revision.number),
        )
        .where(Receipt.number.is_(None))
        .order_by(Revision.submission_id, Revision.number)
        .limit(AT_ONCE)
    ).all()
    for revision in found:
        collection = revision.submission.collection
        issue(session, issuer, revision, forms.load(collection.form, collection.form_version))
    return len(found)


def receipt_of(session: Session, revision: Revision) -> Receipt | None:
    """Return the receipt of *revision*; None while the worker has not made it."""
    return session.get(Receipt, (revision.submission_id, revision.number))


def signed_revision(submission: Submission, number: int) -> Revision:
    """Return a revision, also one that was withdrawn or replaced; raise NotFoundError."""
    found = next((each for each in submission.revisions if each.number == number), None)
    if found is None:
        raise NotFoundError(what="revision", code=number)
    return found


def receipt_file(receipt: Receipt, *, is_whole: bool) -> str:
    """Return the receipt as a file: whole for the Party, else without what helps to guess."""
    if is_whole:
        return receipt.content
    held: dict[str, Any] = json.loads(receipt.content)
    held["fingerprints"].pop("all", None)
    return canonical_facts(held)


def answers_file(form: Form, revision: Revision, *, is_whole: bool) -> str:
    """Return the canonical answers as a file: all that were signed, or the public ones."""
    if is_whole:
        return revision.content
    return canonical(visible(form, json.loads(revision.content), Audience.PUBLIC))


def statement_of(receipt: Receipt) -> dict[str, Any]:
    """Return what the receipt states."""
    statement: dict[str, Any] = json.loads(receipt.content)["receipt"]
    return statement


def signature_of(receipt: Receipt) -> str:
    """Return the signature under the receipt, in base64."""
    return str(json.loads(receipt.content)["signature"])


def _facts(revision: Revision) -> dict[str, object]:
    submission = revision.submission
    collection = submission.collection
    return {
        "agreement": collection.agreement,
        "collection": collection.code,
        "form": collection.form,
        "form_version": collection.form_version,
        "party": submission.party_code,
        "submission": submission.id,
        "synthetic": collection.is_synthetic,
        "revision": revision.number,
        "hash": revision.hash,
        "previous_hash": revision.previous_hash,
        "language": revision.language,
        "wording": revision.wording,
        "wording_language": revision.wording_language,
    }


def _signature(revision: Revision) -> dict[str, object]:
    """Return when it was signed, and as what: never by whom by name."""
    return {
        "signed_at": timestamp(revision.signed_at),
        "recorded_at": timestamp(revision.recorded_at),
        "signed_elsewhere": revision.is_signed_elsewhere,
        "signed_as": None if revision.is_signed_elsewhere else revision.signatory.role.value,
        "designation": _designation(revision),
    }


def _designation(revision: Revision) -> dict[str, object] | None:
    """Return by which designation it was signed; None where none was recorded."""
    found = revision.designation
    if found is None:
        return None
    return {
        "category": found.category.value,
        "is_alternate": found.is_alternate,
        "from_on": found.from_on.isoformat(),
    }


def _entered(session: Session, revision: Revision) -> dict[str, object]:
    """Return the documents from which it was entered on behalf of the Party, if it was."""
    entry = entered_as(session, revision)
    if entry is None:
        return {}
    return {"entered_from": [source.sha256 for source in documents_of(session, entry)]}


def _in_time(revision: Revision) -> dict[str, object]:
    """Return when it was due, and whether the submission came in time."""
    collection = revision.submission.collection
    until = [r for r in revision.submission.revisions if r.number <= revision.number]
    # as it stood when this revision was signed: a later withdrawal does not count
    before = [r for r in until if r.withdrawn_at is None or r.number < revision.number]
    came = submitted_at(before) or revision.signed_at
    return {
        "due_on": collection.due_on.isoformat() if collection.due_on else None,
        "grace_days": collection.grace_days,
        "submitted_at": timestamp(came),
        "in_time": timeliness(collection, came).value,
    }


def _last_seal(session: Session) -> dict[str, object] | None:
    last = session.scalar(select(Seal).order_by(Seal.number.desc()).limit(1))
    return {"number": last.number, "hash": last.hash} if last else None
