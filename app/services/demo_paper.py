"""A report on paper in the demonstration: entered on behalf of its Party, to be confirmed."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.stored import FileStore
from app.forms.definition import Form
from app.models.account import Account
from app.models.collection import Collection
from app.models.submission import Revision, Submission
from app.services import on_behalf
from app.services.sources import attach
from app.services.submissions import signed_document
from app.services.suggesting import suggest_document

NAME: Final = "signed-report.pdf"
_LINES: Final = (
    "Progress towards the Aichi Biodiversity Targets",
    "A made-up report on paper, for the demonstration.",
    "Signed: the national focal point",
)


def send_on_paper(
    session: Session,
    collection: Collection,
    form: Form,
    party: str,
    reviewer: Account,
    store: FileStore,
) -> None:
    """Let a reviewer enter a made-up report on paper of *party*, which waits to be confirmed.

    Its answers are those that another Party has signed.
    """
    submission = session.scalars(
        select(Submission).where(
            Submission.collection_code == collection.code, Submission.party_code == party
        )
    ).one()
    other = session.scalars(
        select(Revision)
        .join(Revision.submission)
        .where(Submission.collection_code == collection.code, Revision.language == "en")
        .order_by(Submission.party_code, Revision.number)
    ).first()
    if other is None:
        return
    attach(session, submission, store, NAME, one_page(_LINES), reviewer)
    proposal = on_behalf.begin(session, submission, form, "en", reviewer)
    suggest_document(session, proposal, form, signed_document(other))
    on_behalf.ask_to_confirm(session, proposal, form)


def one_page(lines: tuple[str, ...]) -> bytes:
    """Return a PDF of one page with *lines*, in ASCII without parentheses."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F1 14 Tf 24 TL 60 760 Td {shown} ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    )
    text, starts = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size = len(objects) + 1
    text += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
    return (
        f"{text}<< /Size {size} /Root 1 0 R >>\nstartxref\n{text.index('xref')}\n%%EOF\n".encode()
    )
