"""The header of a table, understood: which cells hold what."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from app.files.layout import MAIN, Layout
from app.files.problems import FileProblem, letter_of
from app.files.record import Table
from app.forms.definition import LANGUAGES, Question
from app.forms.variables import Variable


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
    """What the columns of one table are: fixed ones by name, and questions in codebook order.

    unnamed   numbers of columns without a name, from 0: they must be empty
    """

    keys: dict[str, int]
    questions: list[Asked]
    unnamed: list[int]
    problems: list[FileProblem]

    def key(self, row: tuple[str, ...], name: str) -> str:
        """Return what a fixed column says in *row*; "" where the table has no such column."""
        return row[self.keys[name]].strip() if name in self.keys else ""


def columns_of(layout: Layout, file: str, table: Table) -> Columns:
    """Return what the header of *table* means, and every problem it has."""
    header = [name.strip() for name in table.header]
    row = table.header_row
    problems = [
        FileProblem(table.name, row, name, "doubled_column", {"columns": letters}, letters[1])
        for name, letters in _letters(header).items()
        if len(letters) > 1
    ]
    numbers = {name: number for number, name in enumerate(header) if name}
    places = dict(numbers)
    keys = {name: numbers.pop(name) for name in layout.keys[file] if name in numbers}
    questions = list(_questions(layout.variables[file], numbers))
    known = [*layout.keys[file], *(v.column for v in layout.variables[file])]
    problems += [
        FileProblem(
            table.name, row, name, "unknown_column", _near(name, known), letter_of(places[name] + 1)
        )
        for name in numbers
    ]
    problems += [
        FileProblem(table.name, row, name, "missing_column")
        for name in _needed(layout, file, keys)
        if name not in keys
    ]
    unnamed = [number for number, name in enumerate(header) if not name]
    return Columns(keys, questions, unnamed, problems)


def _letters(header: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the letters of the columns of each name."""
    found: dict[str, tuple[str, ...]] = {}
    for number, name in enumerate(header, start=1):
        if name:
            found[name] = (*found.get(name, ()), letter_of(number))
    return found


def _near(name: str, known: Collection[str]) -> dict[str, object]:
    """Return the known name that was probably meant, if there is one."""
    lower = {each.casefold(): each for each in known}
    near = get_close_matches(name.casefold()[:100], lower, n=1, cutoff=0.8)
    return {"near": lower[near[0]]} if near else {}


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
