"""The documents in which a Party's report came on paper, or as a signed file.

They are the Party's: it and the reviewers read them, nobody else. Attaching one changes no answer.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, NotFoundError
from app.files.paper import paper_kind, paper_name
from app.files.stored import FileStore
from app.models.account import Account
from app.models.base import now
from app.models.on_behalf import OnBehalf
from app.models.proposal import Proposal, ProposalState
from app.models.source_file import SourceFile
from app.models.submission import Event, Submission
from app.services.events import record
from app.services.on_behalf_reading import TAKEN_OVER

ATTACHED: Final = "attach_source"  # events
REMOVED: Final = "remove_source"
MOST: Final = 50  # documents of one submission


def attach(
    session: Session,
    submission: Submission,
    store: FileStore,
    name: str,
    content: bytes,
    account: Account,
) -> SourceFile:
    """Keep a document of the submission.

    The file is on disk before the row that names it. Raises UnreadableFileError for what is no
    document, InvalidInputError for one that is there already or one too many.
    """
    kind = paper_kind(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    there = sources_of(session, submission)
    if any(source.sha256 == sha256 for source in there):
        raise InvalidInputError(parameter="file", value=name, allowed="a new document")
    if len(there) >= MOST:
        raise InvalidInputError(parameter="files", value=str(MOST), allowed=f"at most {MOST}")
    store.keep(content)
    source = SourceFile(
        submission_id=submission.id,
        number=_next_number(session, submission),
        sha256=sha256,
        size=len(content),
        media_type=kind.media_type,
        name=paper_name(name, kind),
        account_id=account.id,
        at=now(),
    )
    session.add(source)
    session.flush()
    record(submission, ATTACHED, account, **source_facts(source))
    return source


def remove(session: Session, source: SourceFile, account: Account) -> None:
    """Take away a document that was attached by mistake: nobody gets it any more.

    Raises InvalidInputError for one that the Party is asked to confirm answers by, has confirmed
    some by, or has taken some over from.
    """
    if source.number in used_sources(session, source.submission):
        allowed = "a document that no answers were entered from"
        raise InvalidInputError(parameter="source", value=source.name, allowed=allowed)
    source.removed_at = now()
    session.flush()
    record(source.submission, REMOVED, account, **source_facts(source))


def sources_of(session: Session, submission: Submission) -> Sequence[SourceFile]:
    """Return the documents of a submission, in the order in which they were attached."""
    return session.scalars(
        select(SourceFile)
        .where(SourceFile.submission_id == submission.id, SourceFile.removed_at.is_(None))
        .order_by(SourceFile.number)
    ).all()


def source_of(session: Session, submission: Submission, number: int) -> SourceFile:
    """Return a document by its number; raise NotFoundError, also for one that was removed."""
    found = session.get(SourceFile, (submission.id, number))
    if found is None or found.removed_at is not None:
        raise NotFoundError(what="source", code=number)
    return found


def used_sources(session: Session, submission: Submission) -> frozenset[int]:
    """Return the numbers of documents that answers of the Party came from, or may come from now."""
    taken_over = select(Event.details).where(
        Event.submission_id == submission.id, Event.action == TAKEN_OVER
    )
    proposals = [details["proposal"] for details in session.scalars(taken_over)]
    entered = _numbers(session, submission, OnBehalf.proposal_id.in_(proposals))
    return confirming_sources(session, submission) | entered


def confirming_sources(session: Session, submission: Submission) -> frozenset[int]:
    """Return the numbers of documents by which the Party confirms, or has confirmed, answers."""
    is_signed = OnBehalf.revision.is_not(None)
    return _numbers(session, submission, or_(is_signed, Proposal.state == ProposalState.HANDED_IN))


def source_facts(source: SourceFile) -> dict[str, object]:
    """Return what the events say of a document: never its name, which may name people."""
    return {
        "source": source.number,
        "sha256": source.sha256,
        "size": source.size,
        "media_type": source.media_type,
    }


def _numbers(
    session: Session, submission: Submission, which: ColumnElement[bool]
) -> frozenset[int]:
    found = session.execute(
        select(OnBehalf.sources)
        .join(OnBehalf.proposal)
        .where(OnBehalf.submission_id == submission.id, which)
    )
    return frozenset(number for row in found for number in row[0])


def _next_number(session: Session, submission: Submission) -> int:
    last = session.scalar(
        select(func.max(SourceFile.number)).where(SourceFile.submission_id == submission.id)
    )
    return (last or 0) + 1
