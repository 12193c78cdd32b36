"""Take a collection's answers out: one record per submission, in the order of Parties' codes.

A submission with something signed is exported as it was signed last, also while it is being
revised; one without as its draft; one withdrawn without answers. What `app.services.imports` reads
of it makes no difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session, selectinload

from app.files.layout import Layout
from app.files.record import Record, Table
from app.files.rows import tables_of
from app.forms.audience import visible
from app.forms.definition import Audience, Form
from app.forms.relevance import asked
from app.models.collection import Collection
from app.models.counting import latest
from app.models.submission import Draft, Revision, Submission
from app.services.submissions import draft_document, signed_document, standing
from app.workflow import Status, status_of

_AT_ONCE: Final = 50  # submissions in memory


def export_records(
    session: Session, collection: Collection, form: Form, *, with_drafts: bool = True
) -> Iterator[Record]:
    """Yield the records of *collection*, all answers whatever their audience, some in memory.

    with_drafts   false: only what is signed, for readers outside the Party; a submission without
                  a signed revision that stands has no record then

    Reads as it goes: all of it within one transaction.
    """
    query = select(Submission.id).where(Submission.collection_code == collection.code)
    if not with_drafts:
        stands = (Revision.submission_id == Submission.id) & Revision.withdrawn_at.is_(None)
        query = query.where(exists().where(stands))
    ids = session.scalars(query.order_by(Submission.party_code)).all()
    for start in range(0, len(ids), _AT_ONCE):
        for submission in _loaded(session, ids[start : start + _AT_ONCE]):
            if with_drafts or latest(submission) is not None:
                yield record_of(form, submission)
            session.expire(submission)  # lets go of its revisions and parts


def signed_records(engine: Engine, collection: Collection, form: Form) -> Iterator[Record]:
    """Yield what is signed; whether it is being revised is the Party's alone to know.

    The request is over when an answer is streamed: all is read in one transaction of its own.
    """
    with Session(engine) as session:
        for record in export_records(session, collection, form, with_drafts=False):
            record.status = Status.SUBMITTED.value
            yield record


def _loaded(session: Session, ids: Sequence[str]) -> Sequence[Submission]:
    return session.scalars(
        select(Submission)
        .where(Submission.id.in_(ids))
        .order_by(Submission.party_code)
        .options(
            selectinload(Submission.revisions),
            selectinload(Submission.draft).selectinload(Draft.parts),
        )
    ).all()


def record_of(form: Form, submission: Submission) -> Record:
    """Return one submission as files carry it."""
    status = status_of(standing(submission))
    revision = latest(submission)
    record = Record(
        submission=submission.id,
        collection=submission.collection_code,
        form=form.id,
        version=str(form.version),
        party=submission.party_code,
        language=submission.language,
        status=status.value,
        document={},
    )
    if revision is not None:
        record.language = revision.language
        record.submitted_at = _moment(revision.signed_at)
        record.document = signed_document(revision)
    elif not submission.revisions:
        record.document = draft_document(form, submission)
    elif submission.draft is not None:
        record.status = Status.WITHDRAWN.value  # being revised, but nothing signed stands
    return record


def export_tables(
    form: Form, records: Iterable[Record], reader: Audience = Audience.PARTY
) -> dict[str, Table]:
    """Return the flat tables of *records*, by file, with the columns that *reader* may see."""
    return tables_of(Layout(form), records, reader)


def seen_by(form: Form, records: Iterable[Record], reader: Audience) -> Iterator[Record]:
    """Yield *records* with the answers that are asked and that *reader* may see, for JSON Lines."""
    for record in records:
        yield replace(record, document=visible(form, asked(form, record.document), reader))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
