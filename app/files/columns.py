"""The header of a table, understood: which cells hold what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.files.layout import MAIN, Layout
from app.files.problems import FileProblem
from app.files.record import Table
from app.forms.definition import LANGUAGES, Question
from app.forms.variables import Variable

HEADER_ROW: Final = 1


@dataclass(slots=True)
class Asked:
    """The cells of one question, at its place in the row.

    column    name that problems give; of several choices, what their columns begin with
    by_name   column number by choice, or by language of a text ("": the row's own), or under ""
    """

    question: Question
    steps: tuple[tuple[str, str], ...]
    column: str
    by_name: dict[str, int] = field(default_factory=dict)

    def cells(self, row: tuple[str, ...]) -> dict[str, str]:
        """Return the question's cells in *row*, by choice or language."""
        return {name: row[number] for name, number in self.by_name.items()}


@dataclass(slots=True)
class Columns:
    """What the columns of one table are: fixed ones by name, and questions in codebook order."""

    keys: dict[str, int]
    questions: list[Asked]
    problems: list[FileProblem]

    def key(self, row: tuple[str, ...], name: str) -> str:
        """Return what a fixed column says in *row*; "" where the table has no such column."""
        return row[self.keys[name]].strip() if name in self.keys else ""


def columns_of(layout: Layout, file: str, table: Table) -> Columns:
    """Return what the header of *table* means, and every problem it has."""
    header = [name.strip() for name in table.header]
    problems = [
        FileProblem(table.name, HEADER_ROW, name, "doubled_column")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    numbers = {name: number for number, name in enumerate(header)}
    keys = {name: numbers.pop(name) for name in layout.keys[file] if name in numbers}
    questions = list(_questions(layout.variables[file], numbers))
    problems += [FileProblem(table.name, HEADER_ROW, name, "unknown_column") for name in numbers]
    problems += [
        FileProblem(table.name, HEADER_ROW, name, "missing_column")
        for name in _needed(layout, file, keys)
        if name not in keys
    ]
    return Columns(keys, questions, problems)


def _needed(layout: Layout, file: str, keys: Mapping[str, int]) -> Iterator[str]:
    if file == MAIN or "submission" not in keys:
        yield "party"
    if layout.chains.get(file):
        yield "parent"


def _questions(variables: tuple[Variable, ...], numbers: dict[str, int]) -> Iterator[Asked]:
    """Yield the questions that have a column, taking their columns out of *numbers*."""
    found: dict[str, Asked] = {}
    for variable in variables:
        if variable.asks is None:
            continue
        column = variable.column.removesuffix(f".{variable.choice}" if variable.choice else "")
        for name, written in _names(variable):
            if written in numbers:
                asked = found.setdefault(column, Asked(variable.asks, variable.steps, column))
                asked.by_name[name] = numbers.pop(written)
    yield from found.values()


def _names(variable: Variable) -> Iterator[tuple[str, str]]:
    yield variable.choice, variable.column
    if variable.has_language:
        for language in LANGUAGES:
            yield language, f"{variable.column}.{language}"
