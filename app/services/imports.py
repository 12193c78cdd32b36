"""Bring answers in from flat files: all or nothing, with one report of every row's problem.

A row is matched by its submission, else by collection and Party. The same answers: nothing
happens. New: made with the row's status, through the same checks as a sign-off. Different:
refused, or with *update* a new revision (of a submission without one, a new draft, unless the
Party has typed in it). What is imported as signed is marked as signed elsewhere, and a draft that
the Party works on stays.

One submission after the other is read, checked and written, inside a savepoint that is given up
when anything is wrong: memory follows the largest submission, not the file.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.errors import NotAllowedError
from app.files.columns import columns_of
from app.files.layout import Layout
from app.files.parse import Reading
from app.files.problems import MOST_PROBLEMS, FileProblem, with_letters
from app.files.record import Record, Table
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.collection import Collection
from app.models.locks import one_at_a_time
from app.models.party import Party
from app.models.submission import Draft, Submission
from app.services.import_steps import Change, Columns, Step, carry_out, plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to import.

    update           replace other answers: by a new revision, or a new draft
    good_rows_only   import the submissions without problems; else any problem refuses all.
                     A problem of a header or a sheet refuses all in any case
    is_trial         change nothing, and report what would be done
    """

    update: bool = False
    good_rows_only: bool = False
    is_trial: bool = False


@dataclass(slots=True)
class ImportReport:
    """What an import did, or why it changed nothing.

    new, updated, unchanged   submissions; all 0 when the import was refused
    skipped                   submissions left out for their problems, with good rows only
    problems                  every one found, by file and row, the first 10,000
    more                      problems beyond those
    unchecked                 submissions that were not looked at, since so many problems were found
    notes                     of what was read otherwise than it may seem, or left out
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    is_refused: bool = False
    problems: list[FileProblem] = field(default_factory=list)
    more: int = 0
    unchecked: int = 0
    notes: list[FileProblem] = field(default_factory=list)

    def tell(self, problems: Iterable[FileProblem]) -> None:
        """Add problems, as far as there is room."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.more += 1

    def note(self, notes: Iterable[FileProblem]) -> None:
        """Add notes, as far as there is room."""
        self.notes += list(notes)[: max(MOST_PROBLEMS - len(self.notes), 0)]

    def count(self, change: Change) -> None:
        """Count one submission."""
        self.new += change is Change.NEW
        self.updated += change is Change.UPDATED
        self.unchanged += change is Change.UNCHANGED

    def refuse(self) -> None:
        """Say that nothing is imported."""
        self.is_refused = True
        self.new = self.updated = self.unchanged = 0


def import_answers(
    session: Session,
    collection: Collection,
    form: Form,
    tables: Mapping[str, Table],
    account: Account,
    options: Options = Options(),
) -> ImportReport:
    """Import *tables*, by file, into *collection*; commits nothing.

    Raises NotAllowedError unless the account is an administrator's.
    """
    _refuse_others(account)
    layout = Layout(form)
    found = _Found(session, collection, options, _carried(layout, tables))
    with closing(Reading(layout, tables, found.language_of)) as reading:
        report = ImportReport(problems=list(reading.problems), more=reading.more)
        report.note(reading.notes)
        report.is_refused = not reading.is_whole
        _Import(session, layout, found, account, options, report).run(
            reading.records(), len(reading)
        )
    report.problems = with_letters(report.problems, tables.values())
    report.notes = with_letters(report.notes, tables.values())
    order = _in_order(list(tables.values()))
    report.problems.sort(key=order)
    return report


def import_records(
    session: Session,
    collection: Collection,
    layout: Layout,
    records: list[Record],
    problems: list[FileProblem],
    account: Account,
    options: Options = Options(),
) -> ImportReport:
    """Import *records* that were read with *problems*, from lines of JSON, as those of files are.

    A problem of the whole (row 0) refuses all in any case. Raises NotAllowedError unless the
    account is an administrator's.
    """
    _refuse_others(account)
    found = _Found(session, collection, options)
    report = ImportReport()
    report.tell(problems)
    report.is_refused = any(problem.row == 0 for problem in problems)
    _Import(session, layout, found, account, options, report).run(records, len(records))
    report.problems.sort(key=_in_order([]))
    return report


def _refuse_others(account: Account) -> None:
    if account.role is not Role.ADMINISTRATOR:
        raise NotAllowedError(action="import_answers")


class _Found:
    """What an import works on: the submissions of a collection, by id and by Party."""

    def __init__(
        self,
        session: Session,
        collection: Collection,
        options: Options,
        carried: Columns | None = None,
    ) -> None:
        self.session = session
        self.collection = collection
        self.is_trial = options.is_trial
        self.carried = carried
        one_at_a_time(session, f"import {collection.code}")  # two would wait crosswise
        rows = session.execute(
            select(Submission.id, Submission.party_code, Submission.language).where(
                Submission.collection_code == collection.code
            )
        ).all()
        self.languages = {submission_id: language for submission_id, _, language in rows}
        self.by_party = {party: submission_id for submission_id, party, _ in rows}
        self.parties = set(session.scalars(select(Party.code)))

    def of(self, record: Record) -> Submission | None:
        """Return the submission of *record*; None with a problem when there is none."""
        file, row = next(iter(record.lines.values()))
        found = record.submission if record.submission in self.languages else None
        column, code, value = "submission", "unknown_submission", record.submission
        if found is None and record.party:  # also an id that another installation gave
            found = self.by_party.get(record.party)
            column, value = "party", record.party
            code = "party_not_asked" if record.party in self.parties else "unknown_party"
        if found is None:
            record.problems.append(FileProblem(file, row, column, code, {"value": value}))
            return None
        submission = self._load(found)
        if record.party not in ("", submission.party_code):
            details = {"party": submission.party_code}
            record.problems.append(FileProblem(file, row, "party", "other_party", details))
        return submission

    def _load(self, submission_id: str) -> Submission:
        query = select(Submission).where(Submission.id == submission_id)
        if not self.is_trial:  # which only reads
            query = query.with_for_update()  # who saves meanwhile waits, as for any other writer
        return self.session.scalars(
            query.execution_options(populate_existing=True).options(
                selectinload(Submission.revisions),
                selectinload(Submission.events),
                selectinload(Submission.draft).selectinload(Draft.parts),
            )
        ).one()

    def language_of(self, submission_id: str, party: str) -> str:
        """Return the language that the Party has chosen, else English."""
        return (
            self.languages.get(submission_id)
            or self.languages.get(self.by_party.get(party, ""), "")
            or "en"
        )


class _Import:
    """One import: what is planned of each record, and carried out as long as nothing is wrong."""

    def __init__(
        self,
        session: Session,
        layout: Layout,
        found: _Found,
        account: Account,
        options: Options,
        report: ImportReport,
    ) -> None:
        self.session = session
        self.layout = layout
        self.found = found
        self.account = account
        self.options = options
        self.report = report

    def run(self, records: Iterable[Record], count: int) -> None:
        """Plan and carry out; undo all of it when the import is refused."""
        report = self.report
        savepoint = self.session.begin_nested()
        try:
            for number, record in enumerate(records):
                self._refuse_all()
                if report.is_refused and len(report.problems) >= MOST_PROBLEMS:
                    report.unchecked = count - number
                    break
                self._one(record)
            self._refuse_all()
        except BaseException:
            savepoint.rollback()
            raise
        if report.is_refused:
            report.refuse()
        if report.is_refused or self.options.is_trial:
            savepoint.rollback()
        else:
            savepoint.commit()

    def _refuse_all(self) -> None:
        """Refuse all for a problem, or for more problems than can be told."""
        report = self.report
        if (report.problems and not self.options.good_rows_only) or report.more:
            report.is_refused = True

    def _one(self, record: Record) -> None:
        submission = self.found.of(record)
        step = None if submission is None else self._plan(submission, record)
        problems = [*record.problems, *(unread.problem for unread in record.unread.values())]
        if problems or step is None:
            self.report.tell(problems)
            self.report.skipped += 1
        else:
            self.report.note(step.notes)
            self.report.count(step.change)
            if not self.report.is_refused and not self.options.is_trial:
                carry_out(self.session, self.layout.form, step, self.account)
        if submission is not None:
            self.session.flush()
            self.session.expire(submission)  # lets go of its revisions and parts

    def _plan(self, submission: Submission, record: Record) -> Step:
        return plan(
            self.session,
            self.layout,
            self.found.collection,
            submission,
            record,
            update=self.options.update,
            carried=self.found.carried,
        )


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
