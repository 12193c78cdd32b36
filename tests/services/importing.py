"""Lines of files, and their import into the submission of a test."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.files.layout import MAIN
from app.files.record import Table
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from app.services.accounts import add_account
from app.services.imports import ImportReport, Options, import_answers
from app.services.submissions import (
    standing,
)
from app.workflow import Status, status_of

Line = dict[str, str]
Import = Callable[..., ImportReport]
GOOD = {"party": "KEN", "kind": "a", "year": "2015"}
SIGNED = {**GOOD, "status": "submitted"}


def table(name: str, *lines: Line) -> Table:
    header = tuple(dict.fromkeys(column for line in lines for column in line))
    cells = [tuple(line.get(column, "") for column in header) for line in lines]
    return Table(name, header, list(enumerate(cells, start=2)))


@pytest.fixture
def administrator(two_parties: Session) -> Account:
    return add_account(two_parties, "admin@example.org", Role.ADMINISTRATOR)


@pytest.fixture
def load(
    two_parties: Session, kenya: Submission, short_form: Form, administrator: Account
) -> Import:
    """Return a function that imports lines of the main file, and of repeats by their names."""

    def load(
        *lines: Line, update: bool = False, good: bool = False, **repeats: list[Line]
    ) -> ImportReport:
        tables = {MAIN: table("a.csv", *lines)}
        tables |= {file: table(f"a.{file}.csv", *rows) for file, rows in repeats.items()}
        two_parties.flush()
        two_parties.expire_all()
        report = import_answers(
            two_parties,
            kenya.collection,
            short_form,
            tables,
            administrator,
            Options(update=update, good_rows_only=good),
        )
        two_parties.flush()
        return report

    return load


def counts(report: ImportReport) -> tuple[int, int, int]:
    return (report.new, report.updated, report.unchanged)


def told(report: ImportReport) -> list[tuple[str, int, str, str]]:
    return [(p.file, p.row, p.column, p.code) for p in report.problems]


def status(submission: Submission) -> Status:
    return status_of(standing(submission))
