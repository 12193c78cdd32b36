"""Take a collection's answers out: one record per submission, in the order of Parties' codes.

A submission with something signed is exported as it was signed last, also while it is being
revised; one without as its draft; one withdrawn without answers. What `app.services.imports` reads
of it makes no difference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.files.layout import Layout
from app.files.record import Record, Table
from app.files.rows import tables_of
from app.forms.audience import visible
from app.forms.definition import Audience, Form
from app.forms.relevance import asked
from app.models.collection import Collection
from app.models.counting import latest
from app.models.submission import Draft, Submission
from app.services.submissions import draft_document, signed_document, standing
from app.workflow import Status, status_of


def export_records(
    session: Session, collection: Collection, form: Form, *, with_drafts: bool = True
) -> list[Record]:
    """Return the records of *collection*, all answers whatever their audience.

    with_drafts   false: only what is signed, for readers outside the Party; a submission without
                  a signed revision that stands has no record then
    """
    submissions = session.scalars(
        select(Submission)
        .where(Submission.collection_code == collection.code)
        .order_by(Submission.party_code)
        .options(
            selectinload(Submission.revisions),
            selectinload(Submission.draft).selectinload(Draft.parts),
        )
    ).all()
    chosen = (s for s in submissions if with_drafts or latest(s) is not None)
    return [record_of(form, submission) for submission in chosen]


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
