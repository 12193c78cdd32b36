"""Bring answers in from flat files: all or nothing, with one report of every row's problem.

A row is matched by its submission, else by collection and Party. The same answers: nothing
happens. New: made with the row's status, through the same checks as a sign-off. Different:
refused, or with *update* a new revision (of a submission without one, a new draft). What is
imported as signed is marked as signed elsewhere, and a draft that the Party works on stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.errors import NotAllowedError
from app.files.columns import columns_of
from app.files.layout import Layout
from app.files.parse import read_records
from app.files.problems import FileProblem
from app.files.record import Record, Table
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.collection import Collection
from app.models.party import Party
from app.models.submission import Draft, Submission
from app.services.import_steps import Change, Columns, Step, carry_out, plan


@dataclass(slots=True)
class ImportReport:
    """What an import did, or why it changed nothing.

    new, updated, unchanged   submissions; all 0 when the import was refused
    skipped                   submissions left out for their problems, with good rows only
    problems                  every one found, by file and row
    notes                     answers of signed rows that are not asked, and so left out
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    is_refused: bool = False
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[FileProblem] = field(default_factory=list)


def import_answers(
    session: Session,
    collection: Collection,
    form: Form,
    tables: Mapping[str, Table],
    account: Account,
    *,
    update: bool = False,
    good_rows_only: bool = False,
) -> ImportReport:
    """Import *tables*, by file, into *collection*; commits nothing.

    update           replace other answers: by a new revision, or a new draft
    good_rows_only   import the submissions without problems; else any problem refuses all.
                     A problem of a header refuses all in any case

    Raises NotAllowedError unless the account is an administrator's.
    """
    _refuse_others(account)
    layout = Layout(form)
    found = _Found(session, collection, _carried(layout, tables))
    records, problems = read_records(layout, tables, found.language_of)
    report = ImportReport(problems=problems)
    report.is_refused = any(problem.row <= 1 for problem in problems)
    _import(session, layout, found, records, report, account, update, good_rows_only)
    report.problems.sort(key=_in_order(list(tables.values())))
    return report


def import_records(
    session: Session,
    collection: Collection,
    layout: Layout,
    records: list[Record],
    problems: list[FileProblem],
    account: Account,
    *,
    update: bool = False,
    good_rows_only: bool = False,
) -> ImportReport:
    """Import *records* that were read with *problems*, from lines of JSON, as those of files are.

    A problem of the whole (row 0) refuses all in any case. Raises NotAllowedError unless the
    account is an administrator's.
    """
    _refuse_others(account)
    found = _Found(session, collection)
    report = ImportReport(problems=list(problems))
    report.is_refused = any(problem.row == 0 for problem in problems)
    _import(session, layout, found, records, report, account, update, good_rows_only)
    report.problems.sort(key=_in_order([]))
    return report


def _refuse_others(account: Account) -> None:
    if account.role is not Role.ADMINISTRATOR:
        raise NotAllowedError(action="import_answers")


def _import(
    session: Session,
    layout: Layout,
    found: "_Found",
    records: list[Record],
    report: ImportReport,
    account: Account,
    update: bool,  # noqa: FBT001 - private, always by position
    good_rows_only: bool,  # noqa: FBT001 - likewise
) -> None:
    """Plan every record; carry all of it out, unless a problem refuses it."""
    planned = [_step(layout, found, record, report, update=update) for record in records]
    steps = [step for step in planned if step is not None]
    report.is_refused |= bool(report.problems) and not good_rows_only
    if not report.is_refused:
        _carry_out(session, layout.form, account, steps, report)


class _Found:
    """What an import works on: the submissions of a collection, by id and by Party."""

    def __init__(
        self, session: Session, collection: Collection, carried: Columns | None = None
    ) -> None:
        self.collection = collection
        self.carried = carried
        rows = session.scalars(
            select(Submission)
            .where(Submission.collection_code == collection.code)
            .options(
                selectinload(Submission.revisions),
                selectinload(Submission.draft).selectinload(Draft.parts),
            )
        ).all()
        self.by_id = {row.id: row for row in rows}
        self.by_party = {row.party_code: row for row in rows}
        self.parties = set(session.scalars(select(Party.code)))

    def of(self, record: Record) -> Submission | None:
        """Return the submission of *record*; None with a problem when there is none."""
        file, row = record.lines["", ""]
        submission = self.by_id.get(record.submission)
        column, code, value = "submission", "unknown_submission", record.submission
        if submission is None and record.party:  # also an id that another installation gave
            submission = self.by_party.get(record.party)
            column, value = "party", record.party
            code = "party_not_asked" if record.party in self.parties else "unknown_party"
        if submission is None:
            record.problems.append(FileProblem(file, row, column, code, {"value": value}))
        elif record.party not in ("", submission.party_code):
            details = {"party": submission.party_code}
            record.problems.append(FileProblem(file, row, "party", "other_party", details))
        return submission

    def language_of(self, submission_id: str, party: str) -> str:
        """Return the language that the Party has chosen, else English."""
        submission = self.by_id.get(submission_id) or self.by_party.get(party)
        return (submission.language if submission else "") or "en"


def _step(
    layout: Layout, found: _Found, record: Record, report: ImportReport, *, update: bool
) -> Step | None:
    """Return what is to be done with *record*; None, with its problems told, if it has any."""
    submission = found.of(record)
    step = None
    if submission is not None:
        step = plan(
            layout, found.collection, submission, record, update=update, carried=found.carried
        )
    problems = [*record.problems, *(unread.problem for unread in record.unread.values())]
    report.problems += problems
    if problems or step is None:
        report.skipped += 1
        return None
    report.notes += step.notes
    return step


def _carry_out(
    session: Session, form: Form, account: Account, steps: list[Step], report: ImportReport
) -> None:
    for step in steps:
        carry_out(session, form, step, account)
    report.new = sum(step.change is Change.NEW for step in steps)
    report.updated = sum(step.change is Change.UPDATED for step in steps)
    report.unchanged = sum(step.change is Change.UNCHANGED for step in steps)


def _carried(layout: Layout, tables: Mapping[str, Table]) -> Columns:
    """Return the columns of answers in *tables*, by file."""
    return {
        file: {asked.column for asked in columns_of(layout, file, table).questions}
        for file, table in tables.items()
    }


def _in_order(tables: list[Table]) -> Callable[[FileProblem], tuple[int, int]]:
    """Return a sort key: the files in the order given, rows from the first."""
    files = {table.name: number for number, table in enumerate(tables)}
    return lambda problem: (files.get(problem.file, -1), problem.row)
