"""Documents to flat rows: a main table, and one table for each repeat.

What is not asked is `__not_asked`, what is not answered an empty cell. `app.files.parse` is the
way back: a document that is written and read is the same, as far as it is asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.files.cells import escape, write
from app.files.layout import MAIN, Layout, parent_of
from app.files.record import Record, Table
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
    those that no row needs are left out.
    """
    rows: dict[str, list[Cells]] = {file: [] for file in layout.variables}
    for record in records:
        for file, cells in _flatten(layout, record):
            rows[file].append(cells)
    tables: dict[str, Table] = {}
    for file, variables in layout.variables.items():
        seen = [v for v in variables if sees(reader, v.audience)]
        if seen or file == MAIN:
            header = _header(layout.keys[file], seen, rows[file])
            numbered = enumerate(rows[file], start=2)
            tables[file] = Table(
                file,
                header,
                [(n, tuple(cells.get(column, "") for column in header)) for n, cells in numbered],
            )
    return tables


def _header(keys: tuple[str, ...], variables: list[Variable], rows: list[Cells]) -> tuple[str, ...]:
    used = {column for cells in rows for column in cells}
    header = list(keys)
    for variable in variables:
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
