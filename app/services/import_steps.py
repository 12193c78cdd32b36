"""One row of an import: what is to be done with it, and doing it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.files.layout import MAIN, Layout
from app.files.new_rows import name_new_rows
from app.files.problems import FileProblem
from app.files.record import Record
from app.files.unread import rests_on
from app.forms.checks import Problem, asked, blocking, check_form
from app.forms.definition import Form, QuestionType
from app.forms.places import Document, answers_at, elements_at, split, walk_places
from app.forms.relevance import by_id, calculated_in
from app.models.account import Account
from app.models.base import now
from app.models.collection import Collection
from app.models.counting import latest
from app.models.operation import Cause
from app.models.submission import Submission
from app.services.collections import is_open
from app.services.drafts import is_typed_in
from app.services.submissions import (
    choose_language,
    discard_revision,
    draft_document,
    replace_document,
    revise,
    send_for_sign_off,
    sign_elsewhere,
    signed_document,
    standing,
)
from app.workflow import DraftStatus, Signed, Status, status_of

Columns = Mapping[str, set[str]]  # names of columns with answers, by file

_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


class Change(StrEnum):
    """What an import does to a submission."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Step:
    """A row without problems, ready to be carried out.

    signed_at   when it was signed elsewhere; None: now
    notes       answers that are left out, because they are not asked, or computed otherwise
    """

    submission: Submission
    record: Record
    change: Change
    status: Status
    signed_at: datetime | None = None
    notes: list[FileProblem] = field(default_factory=list)


def plan(
    session: Session,
    layout: Layout,
    collection: Collection,
    submission: Submission,
    record: Record,
    *,
    update: bool,
    carried: Columns | None = None,
) -> Step:
    """Return what is to be done with *record*, the row of *submission*.

    carried   the columns that the files have: what stands in others would be lost; None: all

    Adds its problems to the record; with any, the step must not be carried out. Gives ids to the
    rows of repeats that have none.
    """
    form = layout.form
    before = _document_of(form, submission)
    _recognise(layout, form, submission, record)
    name_new_rows(record, before)
    status = _status(record, collection, form)
    step = Step(submission, record, Change.UNCHANGED, status)
    step.notes = list(_computed_otherwise(layout, record))
    if _is_same(form, submission, record, before, status):
        return step
    is_new = not submission.revisions and not before
    step.change = Change.NEW if is_new else Change.UPDATED
    if not is_new and not update:
        _refuse(record, "", "different", party=submission.party_code)
    elif carried is not None:
        record.problems += _lost(layout, record, before, carried)
    _check_standing(submission, collection, record, status)
    is_draft = status in (Status.DRAFT, Status.AWAITING_SIGN_OFF)
    if is_draft and before and is_typed_in(session, submission):
        _refuse(record, "status", "typed_in", party=submission.party_code)
    if status in (Status.AWAITING_SIGN_OFF, Status.SUBMITTED):
        record.problems += _sign_off_problems(layout, record)
        step.notes += _left_out(layout, record)
    if status is Status.SUBMITTED:
        step.signed_at = _signed_at(submission, record)
    return step


def carry_out(session: Session, form: Form, step: Step, account: Account) -> None:
    """Do what was planned; an unchanged row does nothing."""
    if step.change is Change.UNCHANGED:
        return
    submission, document = step.submission, step.record.document
    language = step.record.language or submission.language
    if step.status is not Status.SUBMITTED:
        if submission.draft is None and submission.revisions:
            revise(session, submission, form, account)
        if language != submission.language:
            choose_language(session, submission, language, account)
        replace_document(session, submission, form, document, account, Cause.IMPORTED)
        if step.status is Status.AWAITING_SIGN_OFF:
            send_for_sign_off(session, submission, form, account)
        return
    submission.language = submission.language or language
    sign_elsewhere(submission, form, document, account, step.signed_at, language)
    if submission.draft is not None and _is_in(form, submission, document):
        discard_revision(session, submission, form, account)


def _is_in(form: Form, submission: Submission, document: Document) -> bool:
    """Tell whether the draft holds nothing that is not in *document*."""
    draft = draft_document(form, submission)
    return not draft or _same(form, draft, document)


def _document_of(form: Form, submission: Submission) -> Document:
    """Return the answers that stand: those signed last, else those of the draft."""
    if submission.revisions:
        revision = latest(submission)
        return {} if revision is None else signed_document(revision)
    return draft_document(form, submission)


def _status(record: Record, collection: Collection, form: Form) -> Status:
    """Return the status of a row; refuse one that is unknown, and a row for another form."""
    expected = {
        "collection": collection.code,
        "form": form.id,
        "version": str(form.version),
        "respondent_group": "",
    }
    for column, value in expected.items():
        said = getattr(record, column)
        if said not in ("", value):
            _refuse(record, column, "other_value", value=said, expected=value)
    if record.status in ("", *Status):
        status = Status(record.status or Status.DRAFT)
        return Status.SUBMITTED if status is Status.IN_REVISION else status
    _refuse(record, "status", "not_a_choice", value=record.status, allowed=tuple(Status))
    return Status.DRAFT


def _is_same(
    form: Form, submission: Submission, record: Record, before: Document, status: Status
) -> bool:
    """Tell whether *record* says nothing that is not there already."""
    if not _same(form, record.document, before):
        return False
    stands = standing(submission)
    if stands.signed is Signed.NOTHING:
        return status in (Status.DRAFT, status_of(stands))
    return (status is Status.WITHDRAWN) == (stands.signed is Signed.WITHDRAWN)


def _same(form: Form, one: Document, other: Document) -> bool:
    return asked(form, one) == asked(form, other)


def _check_standing(
    submission: Submission, collection: Collection, record: Record, status: Status
) -> None:
    """Refuse what the submission's own standing, or the collection's, does not permit."""
    party = submission.party_code
    stands = standing(submission)
    if status is Status.WITHDRAWN:
        _refuse(record, "status", "not_importable")
    elif status is not Status.SUBMITTED:
        if not is_open(collection):
            _refuse(record, "status", "closed")
        if stands.draft is DraftStatus.AWAITING_SIGN_OFF:
            _refuse(record, "status", "awaiting_sign_off", party=party)
        elif submission.revisions and stands.draft is DraftStatus.OPEN:
            _refuse(record, "status", "being_revised", party=party)


def _signed_at(submission: Submission, record: Record) -> datetime | None:
    """Return when the row says it was signed; None for now, or for the same as the last one."""
    said = record.submitted_at
    if not said:
        return None
    moment = _moment(said)
    if moment is None:
        _refuse(record, "submitted_at", "not_a_moment", value=said)
        return None
    if moment > now():
        _refuse(record, "submitted_at", "in_the_future", value=said)
    last = submission.revisions[-1].signed_at if submission.revisions else None
    if last is not None and moment < last:
        _refuse(record, "submitted_at", "before_last_revision", value=said, last=str(last))
    return None if moment == last else moment


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _recognise(layout: Layout, form: Form, submission: Submission, record: Record) -> None:
    """Take cells that were not understood, but stand in the draft just so, for what they are.

    So a draft that holds such text is exported and imported without a difference.
    """
    if not record.unread or submission.revisions:
        return
    for part in split(form, draft_document(form, submission)):
        file, row = layout.row_at(part.place)
        for key, answer in part.answers.items():
            name = file, row, layout.column_at(part.place, key)
            unread = record.unread.get(name)
            if unread and isinstance(answer, dict) and answer.get("typed") == unread.typed:
                unread.answers[key] = answer
                del record.unread[name]


def _lost(layout: Layout, record: Record, before: Document, carried: Columns) -> list[FileProblem]:
    """Return a problem for each column with answers that the files do not have.

    They say nothing of these answers, and nobody wants them to go for that.
    """
    file, row = record.lines[MAIN, ""]
    problems: dict[tuple[str, str], FileProblem] = {}
    for part in split(layout.form, asked(layout.form, before)):
        name, _ = layout.row_at(part.place)
        if name not in carried:
            problems[name, ""] = FileProblem(file, row, "", "file_lost", {"repeat": name})
            continue
        for key in part.answers:
            column = layout.column_at(part.place, key)
            if column not in carried[name]:
                details = {"column": f"{name}: {column}" if name else column}
                problems[name, column] = FileProblem(file, row, "", "column_lost", details)
    return list(problems.values())


def _sign_off_problems(layout: Layout, record: Record) -> Iterator[FileProblem]:
    """Yield what stands in the way of signing, but for what cells that are told already may do."""
    unread = {each.question for each in record.unread.values()}
    for problem in blocking(check_form(layout.form, record.document)):
        column = layout.column_at(problem.place, problem.question)
        is_told = (*layout.row_at(problem.place), column) in record.unread
        if not is_told and not (unread and rests_on(layout.form, problem, unread)):
            yield _told(layout, record, problem)


def _told(layout: Layout, record: Record, problem: Problem) -> FileProblem:
    """Return a problem of the answers as one of the file."""
    file, row = record.lines.get(layout.row_at(problem.place), record.lines[MAIN, ""])
    column = layout.column_at(problem.place, problem.question)
    about = layout.column_at(problem.place, f"{problem.check}.explanation")
    details = {**problem.details, "message": problem.message, "explanation": about}
    return FileProblem(file, row, column, problem.code, details)


def _left_out(layout: Layout, record: Record) -> Iterator[FileProblem]:
    """Yield a note for each answer that a signature leaves out, because it is not asked."""
    form = layout.form
    kept = {part.place: part.answers for part in split(form, asked(form, record.document))}
    for part in split(form, record.document):
        for key in part.answers:
            if key not in kept.get(part.place, {}):
                file, row = record.lines.get(layout.row_at(part.place), record.lines[MAIN, ""])
                column = layout.column_at(part.place, key)
                yield FileProblem(file, row, column, "not_asked")


def _computed_otherwise(layout: Layout, record: Record) -> Iterator[FileProblem]:
    """Yield a note for each calculated answer of which the row says something else."""
    form, document = layout.form, record.document
    if not any(question.type is QuestionType.CALCULATED for question in form.questions()):
        return
    computed = asked(form, document)
    for place in walk_places(form, document):
        said, found = answers_at(document, place), answers_at(computed, place)
        for key in calculated_in(by_id(elements_at(form, place))):
            if key in said and said[key] != found.get(key):
                file, row = record.lines.get(layout.row_at(place), record.lines[MAIN, ""])
                details = {"value": said[key], "computed": found.get(key)}
                column = layout.column_at(place, key)
                yield FileProblem(file, row, column, "calculated", details)


def _refuse(record: Record, column: str, code: str, **details: object) -> None:
    record.problems.append(FileProblem(*record.lines[MAIN, ""], column, code, details))
