"""One submission as files carry it, and a table of cells as readers and writers pass it on."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.files.problems import FileProblem
from app.forms.places import Answers, Document


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that was not understood: where its answer belongs, its text, and the problem."""

    answers: Answers
    question: str
    typed: str
    problem: FileProblem


@dataclass(slots=True, kw_only=True)
class Record:
    """A submission's answers with what the fixed columns say of it, all as text.

    lines   of a record that was read: name of the file and number of the row of the main row,
            under ("", ""), and of each repeat row, under the repeat's id and the row's
    unread  cells that were not understood, by file, row id and column
    """

    party: str
    document: Document
    submission: str = ""
    collection: str = ""
    form: str = ""
    version: str = ""
    respondent_group: str = ""
    language: str = ""
    status: str = ""
    submitted_at: str = ""
    lines: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    unread: dict[tuple[str, str, str], Unread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Text cells under a header.

    name        of the file or sheet, as people know it
    rows        number, as a spreadsheet counts, and cells; no empty rows. May be read as they are
                asked for: `problems` is complete when all were
    header_row  where the header stands
    problems    of the table itself, each of which refuses all of an import
    notes       what the reader of the report should know of how the table was read
    """

    name: str
    header: tuple[str, ...]
    rows: Iterable[tuple[int, tuple[str, ...]]]
    header_row: int = 1
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[FileProblem] = field(default_factory=list)
