"""The working draft in the database: its parts, read and written one by one.

A save touches the part it is about and the rows around it, never all parts of the draft.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.part_changes import list_of
from app.forms.places import Document, Part, Place, assemble, parse_place
from app.models.account import Account
from app.models.operation import Kind, Operation, State
from app.models.submission import Draft, DraftPart, Submission
from app.workflow import DraftStatus


def draft_document(form: Form, submission: Submission) -> Document:
    """Return the draft's answers, typed or not understood; empty when there is no draft."""
    return assemble(form, draft_parts(submission))


def draft_parts(submission: Submission) -> list[Part]:
    """Return all parts of the draft; none when there is no draft."""
    if submission.draft is None:
        return []
    return [part_of(row) for row in submission.draft.parts]


def part_of(row: DraftPart) -> Part:
    """Return a row of the database as the forms know it."""
    return Part(parse_place(row.path), row.position, row.answers)


def version_of(session: Session, submission: Submission) -> int:
    """Return the number of the last operation of *submission*; 0 before the first."""
    last = select(func.max(Operation.number)).where(Operation.submission_id == submission.id)
    return session.scalar(last) or 0


def is_typed_in(session: Session, submission: Submission) -> bool:
    """Tell whether the Party has typed in the draft: not all of it was imported.

    Of a submission that was signed before, it is of any of its drafts.
    """
    by_the_party = (
        select(Operation.number)
        .join(Operation.account)
        .where(
            Operation.submission_id == submission.id,
            Operation.kind != Kind.LANGUAGE,
            Operation.state == State.APPLIED,
            Account.party_code == submission.party_code,
        )
    )
    return submission.draft is not None and session.scalar(by_the_party.limit(1)) is not None


def open_draft(session: Session, submission: Submission) -> Draft:
    """Return the draft, made when it is not there yet."""
    return submission.draft or new_draft(session, submission)


def new_draft(session: Session, submission: Submission) -> Draft:
    """Make the draft. Its version goes on from where the draft before it ended."""
    draft = Draft(status=DraftStatus.OPEN, version=version_of(session, submission))
    submission.draft = draft
    session.flush()
    return draft


def drop_draft(session: Session, submission: Submission) -> None:
    """Take the draft away, if there is one; its history stays."""
    if submission.draft is not None:
        session.flush()  # parts that are not in the database yet would be added, not dropped
        session.delete(submission.draft)
        session.flush()
        session.expire(submission, ["draft"])


class Parts:
    """The parts of one draft, fetched as they are needed."""

    def __init__(self, session: Session, submission_id: str) -> None:
        self.session = session
        self.submission_id = submission_id

    def get(self, place: Place) -> DraftPart | None:
        """Return the part of *place*, if it is there."""
        return self.session.get(DraftPart, (self.submission_id, str(place)))

    def answers(self, place: Place) -> dict[str, Any]:
        """Return the plain answers at *place*."""
        part = self.get(place)
        return dict(part.answers) if part else {}

    def set_answers(self, place: Place, answers: Mapping[str, Any]) -> None:
        """Keep *answers* as all there is at *place*; None and absent are "not answered"."""
        part = self.get(place) or self.add(place)
        part.answers = {key: answer for key, answer in answers.items() if answer is not None}

    def add(
        self, place: Place, position: int = 0, answers: Mapping[str, Any] | None = None
    ) -> DraftPart:
        """Make the part of *place*."""
        part = DraftPart(
            submission_id=self.submission_id,
            path=str(place),
            position=position,
            answers=dict(answers or {}),
        )
        self.session.add(part)
        self.session.flush()
        return part

    def under(self, place: Place) -> list[DraftPart]:
        """Return the part of *place* and all that stand in it."""
        own = self.get(place)
        return [*([own] if own else []), *self._below(f"{place}/")]

    def remove(self, parts: Iterable[DraftPart]) -> None:
        """Take *parts* out of the draft."""
        for part in parts:
            self.session.delete(part)
        self.session.flush()

    def rows(self, place: Place) -> list[DraftPart]:
        """Return the rows of the list in which *place* is a row, in their order."""
        prefix = f"{list_of(place)}/"
        slashes = func.length(DraftPart.path) - func.length(func.replace(DraftPart.path, "/", ""))
        rows = self._below(prefix, slashes == prefix.count("/"))
        return sorted(rows, key=lambda row: row.position)

    def last_row(self, place: Place) -> DraftPart | None:
        """Return the last row of the list in which *place* is to be a row."""
        return next(reversed(self.rows(place)), None)

    def put_in_order(self, rows: Sequence[DraftPart]) -> None:
        """Give *rows*, all of one list, positions in the order given; few of them change."""
        positions = sorted(row.position for row in rows)
        least = -1
        for row, position in zip(rows, positions, strict=True):
            least = max(position, least + 1)
            if row.position != least:
                row.position = least
        self.session.flush()

    def _below(self, prefix: str, *limits: ColumnElement[bool]) -> list[DraftPart]:
        found = self.session.scalars(
            select(DraftPart).where(
                DraftPart.submission_id == self.submission_id,
                DraftPart.path.startswith(prefix, autoescape=True),
                *limits,
            )
        )
        return [part for part in found if part.path.startswith(prefix)]  # LIKE may ignore case
