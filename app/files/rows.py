"""Documents to flat rows: a main table, and one table for each repeat.

What is not asked is `__not_asked`, what is not answered an empty cell. `app.files.parse` is the
way back: a document that is written and read is the same, as far as it is asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.files.cells import escape, write
from app.files.layout import MAIN, Layout, parent_of
from app.files.record import Record, Table
from app.files.spool import Spool
from app.forms.audience import sees
from app.forms.definition import LANGUAGES, Audience
from app.forms.places import Place, container_in
from app.forms.relevance import Level, asked, asked_places, top
from app.forms.variables import NOT_ASKED, Variable

Cells = dict[str, str]  # by column


def tables_of(
    layout: Layout, records: Iterable[Record], reader: Audience = Audience.PARTY
) -> dict[str, Table]:
    """Return the tables of *records*, by file: "" the main one, then the repeats in form order.

    reader   who will see them: columns of questions for others are left out, and a repeat that
             has none left

    Texts in another language than their row's stand in columns of their own, after the first;
    those that no row needs are left out. So all records are looked at before the first table is
    there; their rows wait outside of memory.
    """
    flat = {file: _Flat(_columns(layout, file)) for file in layout.variables}
    for record in records:
        for file, cells in _flatten(layout, record):
            flat[file].add(cells)
    return {
        file: flat[file].table(file, _header(layout, file, reader, flat[file].used))
        for file in files_of(layout, reader)
    }


def files_of(layout: Layout, reader: Audience = Audience.PARTY) -> list[str]:
    """Return the files that *reader* gets, whatever is in them: "" and ids of repeats."""
    return [
        file
        for file, variables in layout.variables.items()
        if file == MAIN or any(sees(reader, variable.audience) for variable in variables)
    ]


class _Flat:
    """The rows of one file, with all columns that there could be."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        self.used: set[str] = set()
        self.spool = Spool()

    def add(self, cells: Cells) -> None:
        """Keep one row."""
        self.used.update(cells)
        self.spool.add(len(self.spool) + 2, tuple(cells.get(name, "") for name in self.columns))

    def table(self, file: str, header: tuple[str, ...]) -> Table:
        """Return the table with these columns."""
        places = {name: place for place, name in enumerate(self.columns)}
        return Table(file, header, _Chosen(self.spool, [places[name] for name in header]))


class _Chosen:
    """Rows of a spool with some of their cells, as often as they are asked for."""

    def __init__(self, spool: Spool, places: Sequence[int]) -> None:
        self.spool = spool
        self.places = places

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        return ((n, tuple(row[place] for place in self.places)) for n, row in self.spool)


def _columns(layout: Layout, file: str) -> tuple[str, ...]:
    """Return all columns of *file*, also those of texts in other languages."""
    columns = list(layout.keys[file])
    for variable in layout.variables[file]:
        columns.append(variable.column)
        if variable.has_language:
            columns += [f"{variable.column}.{language}" for language in LANGUAGES]
    return tuple(columns)


def _header(layout: Layout, file: str, reader: Audience, used: Collection[str]) -> tuple[str, ...]:
    header = list(layout.keys[file])
    for variable in layout.variables[file]:
        if not sees(reader, variable.audience):
            continue
        header.append(variable.column)
        if variable.has_language:
            others = (f"{variable.column}.{language}" for language in LANGUAGES)
            header += [column for column in others if column in used]
    return tuple(header)


def _flatten(layout: Layout, record: Record) -> Iterator[tuple[str, Cells]]:
    """Yield the row of the main file, then a row for each row of every repeat that is asked."""
    form = layout.form
    whole = top(form, asked(form, record.document))
    keys = {
        "submission": record.submission,
        "collection": record.collection,
        "form": record.form,
        "version": record.version,
        "party": record.party,
        "respondent_group": record.respondent_group,
        "language": record.language,
        "status": record.status,
        "submitted_at": record.submitted_at,
    }
    yield MAIN, keys | _cells(layout.variables[MAIN], whole, record.language)
    positions: dict[tuple[Place | None, str], int] = {}
    for section in form.sections:
        for place, level in asked_places(whole, form, section):
            if not place.steps or place.steps[-1][0] not in layout.chains:
                continue
            file, row = place.steps[-1]
            position = positions[place.parent, file] = positions.get((place.parent, file), 0) + 1
            keys = {
                "submission": record.submission,
                "party": record.party,
                "parent": parent_of(place, layout.chains),
                "row": row,
                "position": str(position),
            }
            yield file, keys | _cells(layout.variables[file], level, record.language)


def _cells(variables: Iterable[Variable], level: Level, language: str) -> Cells:
    """Return the cells of one row, whose own level this is."""
    inner: dict[tuple[tuple[str, str], ...], Level | None] = {(): level}
    cells: Cells = {}
    for variable in variables:
        if variable.steps not in inner:
            inner[variable.steps] = _item(level, variable.steps)
        cells |= _of_variable(variable, inner[variable.steps], language)
    return cells


def _item(level: Level, steps: tuple[tuple[str, str], ...]) -> Level | None:
    """Return the level of an item, some loops inside; None when it is not asked."""
    for loop_id, item in steps:
        loop = container_in(tuple(level.elements.values()), loop_id)
        if loop is None or not level.is_relevant(loop_id):
            return None
        level = level.rows_of(loop).at(item)
    return level


def _of_variable(variable: Variable, level: Level | None, language: str) -> Cells:
    column, question = variable.column, variable.asks
    if question is None:
        return {}
    is_explanation = level is not None and question.id not in level.elements
    if level is None or not (is_explanation or level.is_relevant(question.id)):
        return {column: NOT_ASKED}
    answer = level.raw.get(question.id)
    if answer is None:
        return {column: ""}
    if variable.has_language and "nothing" not in answer:
        return dict(_texts(column, answer, language))
    return {column: write(question, answer, variable.choice)}


def _texts(column: str, texts: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    yield column, ""
    for code, said in texts.items():
        yield (column if code == language else f"{column}.{code}"), escape(said["text"])
