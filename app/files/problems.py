"""What is wrong with a file, row by row: a code and details; `app.wording.files` says what to do.

Pages, API and command line give the same report: file or sheet, row as a spreadsheet counts,
column by name and letter, code, and a sentence in the reader's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from app.errors import UnreadableFileError

MOST_PROBLEMS: Final = 10_000  # kept in one report; more are counted
_PLACED: Final = ("reason", "file", "row", "column", "letter", "also")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to put right in a file.

    file    name of the file or sheet
    row     number as a spreadsheet counts, from 1; 0 for the file as a whole
    column  name of the column; "" for the row as a whole
    code    stable; a key of `app.wording.files.WORDING`, or of `app.wording.problems.WORDING`
    letter  of the column, as a spreadsheet shows it; "" where there is none
    """

    file: str
    row: int
    column: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    letter: str = ""


class Headed(Protocol):
    """What has a name and a header: a table."""

    @property
    def name(self) -> str:
        """Name of the file or sheet."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns, from A on."""


def letter_of(number: int) -> str:
    """Return the letters of a column by its number: 1 is A, 27 AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def with_letters(problems: Iterable[FileProblem], tables: Iterable[Headed]) -> list[FileProblem]:
    """Return *problems* with the letters of their columns in *tables*.

    A question of several choices has several columns: the first of them counts.
    """
    letters: dict[tuple[str, str], str] = {}
    for table in tables:
        for number, name in enumerate(table.header, start=1):
            stem = name.strip()
            while stem and (table.name, stem) not in letters:
                letters[table.name, stem] = letter_of(number)
                stem = stem.rpartition(".")[0]
    return [
        problem
        if problem.letter or not problem.column
        else replace(problem, letter=letters.get((problem.file, problem.column), ""))
        for problem in problems
    ]


def problems_of(error: UnreadableFileError) -> list[FileProblem]:
    """Return why a file, and others beside it, cannot be read, as problems of a report."""
    details = {name: value for name, value in error.details.items() if name not in _PLACED}
    row = error.details.get("row")
    first = FileProblem(
        str(error.details.get("file", "")),
        row if isinstance(row, int) else 0,
        str(error.details.get("column", "")),
        str(error.details.get("reason", "")),
        details,
        str(error.details.get("letter", "")),
    )
    also = error.details.get("also", ())
    return [first, *(also if isinstance(also, tuple) else ())]
