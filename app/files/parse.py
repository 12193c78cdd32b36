"""Flat rows to records: the way back of `app.files.rows`, with every problem of every row."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from uuid6 import uuid7

from app.files.cells import NotUnderstoodError, read, read_chosen, unescape
from app.files.columns import Asked, Columns, columns_of
from app.files.layout import MAIN, Layout
from app.files.problems import FileProblem
from app.files.record import Record, Table, Unread
from app.forms.definition import LANGUAGES, QuestionType, Repeat
from app.forms.places import ROW_ID, Answers
from app.forms.typed import file_number

Row = tuple[str, ...]
NEW_ROW: Final = "new:"  # begins the id of a row that has none yet; no id of a file can


def read_records(
    layout: Layout,
    tables: Mapping[str, Table],
    language_of: Callable[[str, str], str] = lambda _submission, _party: "en",
) -> tuple[list[Record], list[FileProblem]]:
    """Return the records in *tables*, by file, and the problems that belong to none of them.

    language_of   submission and Party of a row to the language of its texts, where the row does
                  not say
    returns       records with problems of their own in `problems` and `unread`; header problems
                  and rows that belong to nobody apart. With a header problem rows are read too.
    """
    return _Reader(layout, language_of).read(tables)


class _Reader:
    """Reads one set of tables."""

    def __init__(self, layout: Layout, language_of: Callable[[str, str], str]) -> None:
        self.layout = layout
        self.language_of = language_of
        self.problems: list[FileProblem] = []
        self.records: list[Record] = []
        self.by_name: dict[str, Record] = {}  # submission ids and Parties
        self.rows: dict[tuple[int, str, str], Answers] = {}  # answers of a record's repeat rows
        self.order: list[tuple[list[Answers], Answers, tuple[bool, int]]] = []

    def read(self, tables: Mapping[str, Table]) -> tuple[list[Record], list[FileProblem]]:
        if MAIN not in tables:
            return [], [FileProblem("", 0, "", "no_main_file")]
        for file in (MAIN, *self.layout.chains):
            if file in tables:
                self._table(file, tables[file])
        self._sort_rows()
        if not self.records and not self.problems:
            self.problems.append(FileProblem(tables[MAIN].name, 0, "", "no_rows"))
        return self.records, self.problems

    def _table(self, file: str, table: Table) -> None:
        columns = columns_of(self.layout, file, table)
        self.problems += columns.problems
        width = len(table.header)
        for number, cells in table.rows:
            row = cells[:width] if not any(cells[width:]) else cells
            if len(row) != width:
                details = {"cells": len(row), "columns": width}
                self.problems.append(FileProblem(table.name, number, "", "wrong_width", details))
            elif file == MAIN:
                self._main_row(columns, table.name, number, row)
            else:
                self._repeat_row(file, columns, (table.name, number), row)

    # The main file

    def _main_row(self, columns: Columns, name: str, number: int, row: Row) -> None:
        record = _record(columns, row)
        record.lines[MAIN, ""] = (name, number)
        if not record.submission and not record.party:
            if "party" in columns.keys:
                self.problems.append(FileProblem(name, number, "party", "missing_party"))
            return
        self._name(record)
        if record.language not in ("", *LANGUAGES):
            self._not_a_choice(record, name, number, "language", record.language, LANGUAGES)
            record.language = ""
        self.records.append(record)
        self._answers(record, MAIN, "", columns, row, record.document)

    def _name(self, record: Record) -> None:
        """Let repeat rows find the record; refuse it, and the first, if its Party has a row."""
        for column, value in (("submission", record.submission), ("party", record.party)):
            first = self.by_name.setdefault(value, record) if value else record
            if first is not record:
                lines = first.lines[MAIN, ""], record.lines[MAIN, ""]
                self._refuse(first, lines[0], column, "doubled_party", value, first=lines[1][1])
                self._refuse(record, lines[1], column, "doubled_party", value, first=lines[0][1])
                return

    # Repeats

    def _repeat_row(self, file: str, columns: Columns, line: tuple[str, int], row: Row) -> None:
        record = self._record_of(columns, line, row)
        if record is None:
            return
        around = self._parent(record, file, columns.key(row, "parent"))
        if around is None:
            self._refuse(record, line, "parent", "parent_missing", columns.key(row, "parent"))
            return
        row_id = columns.key(row, "row") or f"{NEW_ROW}{line[1]}"
        if not row_id.startswith(NEW_ROW) and not ROW_ID.fullmatch(row_id):
            self._refuse(record, line, "row", "bad_row", row_id)
            return
        if (file, row_id) in record.lines:
            first = record.lines[file, row_id][1]
            self._refuse(record, line, "row", "doubled_row", row_id, first=first)
            return
        record.lines[file, row_id] = line
        answers: Answers = {}
        self.rows[id(record), file, row_id] = answers
        self._place(record, file, columns.key(row, "position"), line, around, row_id, answers)
        self._answers(record, file, row_id, columns, row, answers)

    def _record_of(self, columns: Columns, line: tuple[str, int], row: Row) -> Record | None:
        """Return the record that a repeat row belongs to; refuse the row when there is none."""
        submission, party = columns.key(row, "submission"), columns.key(row, "party")
        name = submission or party
        if not name:
            self.problems.append(FileProblem(*line, "party", "missing_party"))
            return None
        record = self.by_name.get(name) or self.by_name.get(party)
        if record is None:
            column = "submission" if submission else "party"
            problem = FileProblem(*line, column, "no_such_submission", {"value": name})
            self.problems.append(problem)
        elif party and record.party and party != record.party:
            self._refuse(record, line, "party", "other_party", party, party=record.party)
        return record

    def _parent(self, record: Record, file: str, parent: str) -> Answers | None:
        """Return the answers among which the rows of *file* stand; None if there are none."""
        chain = self.layout.chains[file]
        keys = parent.split(".") if parent else []
        if len(keys) != len(chain):
            return None
        around: Answers = record.document
        for container, key in zip(chain, keys, strict=True):
            if isinstance(container, Repeat):
                found = self.rows.get((id(record), container.id, key))
                if found is None:
                    return None
                around = found
            elif any(item.code == key for item in container.items):
                around = around.setdefault(container.id, {}).setdefault(key, {})
            else:
                return None
        return around

    def _place(
        self,
        record: Record,
        file: str,
        position: str,
        line: tuple[str, int],
        around: Answers,
        row_id: str,
        answers: Answers,
    ) -> None:
        """Put a row among its siblings, to be sorted by position when all are there."""
        number = file_number(position) if position else None
        if position and number is None:
            self._refuse(record, line, "position", "not_a_whole_number", position)
        rows = around.setdefault(file, [])
        row = {"row": row_id, "answers": answers}
        rows.append(row)
        self.order.append((rows, row, (number is None, int(number or 0))))

    def _sort_rows(self) -> None:
        keys = {id(row): key for _, row, key in self.order}
        for rows, _, _ in self.order:
            rows.sort(key=lambda row: keys[id(row)])

    # Answers

    def _answers(
        self, record: Record, file: str, row_id: str, columns: Columns, row: Row, target: Answers
    ) -> None:
        language = record.language or self.language_of(record.submission, record.party)
        for asked in columns.questions:
            try:
                answer = _answer(asked, row, language)
            except NotUnderstoodError as error:
                problem, typed = _not_understood(record.lines[file, row_id], asked, row, error)
                answers = _reach(target, asked.steps)
                unread = Unread(answers, asked.question.id, typed, problem)
                record.unread[file, row_id, asked.column] = unread
                continue
            if answer is not None:
                _reach(target, asked.steps)[asked.question.id] = answer

    def _refuse(
        self,
        record: Record,
        line: tuple[str, int],
        column: str,
        code: str,
        value: str,
        **details: object,
    ) -> None:
        record.problems.append(FileProblem(*line, column, code, {"value": value, **details}))

    def _not_a_choice(
        self,
        record: Record,
        name: str,
        number: int,
        column: str,
        value: str,
        allowed: tuple[str, ...],
    ) -> None:
        self._refuse(
            record, (name, number), column, "not_a_choice", value, allowed=", ".join(allowed)
        )


def _record(columns: Columns, row: Row) -> Record:
    return Record(
        submission=columns.key(row, "submission"),
        collection=columns.key(row, "collection"),
        form=columns.key(row, "form"),
        version=columns.key(row, "version"),
        party=columns.key(row, "party"),
        respondent_group=columns.key(row, "respondent_group"),
        language=columns.key(row, "language"),
        status=columns.key(row, "status"),
        submitted_at=columns.key(row, "submitted_at"),
        document={},
    )


def _reach(answers: Answers, steps: tuple[tuple[str, str], ...]) -> Answers:
    """Return the answers of an item, some loops inside."""
    for loop, item in steps:
        answers = answers.setdefault(loop, {}).setdefault(item, {})
    return answers


def _answer(asked: Asked, row: Row, language: str) -> Any:  # noqa: ANN401 - any answer
    question, cells = asked.question, asked.cells(row)
    if question.type is QuestionType.SELECT_MULTIPLE:
        return read_chosen(question, cells)
    if question.type is QuestionType.TEXT and question.has_language:
        return _texts(asked, cells, language)
    return read(question, cells[""])


def _texts(asked: Asked, cells: dict[str, str], language: str) -> Answers | None:
    """Return the texts by language; the column without a language is in that of the row."""
    said = {code: read(asked.question, cell) for code, cell in cells.items()}
    said = {code: text for code, text in said.items() if text is not None}
    if any(isinstance(text, dict) for text in said.values()):
        if len(said) > 1:
            raise NotUnderstoodError("doubled_text")
        nothing: Answers = next(iter(said.values()))
        return nothing
    own = said.pop("", None)
    if own is not None:
        if said.get(language, own) != own:
            raise NotUnderstoodError("doubled_text")
        said[language] = own
    return {code: {"text": text} for code, text in said.items()} or None


def _not_understood(
    line: tuple[str, int], asked: Asked, row: Row, error: NotUnderstoodError
) -> tuple[FileProblem, str]:
    """Return the problem, and the text that stands in the cell."""
    said = {name: cell for name, cell in asked.cells(row).items() if cell.strip()}
    name, cell = next(iter(said.items()), ("", ""))
    allowed = [choice.code for choice in asked.question.choices]
    if asked.question.type is QuestionType.SELECT_MULTIPLE:
        allowed = ["0", "1"]
        name, cell = next(((n, c) for n, c in said.items() if c not in allowed), (name, cell))
    details = {"value": cell, "allowed": ", ".join(allowed), "other": f"{asked.column}.{name}"}
    column = f"{asked.column}.{name}" if name else asked.column
    return FileProblem(*line, column, error.code, details), unescape(cell).strip()


def name_new_rows(record: Record, existing: Mapping[str, Any]) -> None:
    """Give an id to every row of *record* that has none.

    A new row takes the id of a row of the *existing* document that stands among the same
    siblings and that the file does not name, in order; so the same file read twice is the same.
    """
    _name_rows(record, record.document, existing)


def _name_rows(record: Record, answers: Answers, existing: Mapping[str, Any]) -> None:
    for key, held in answers.items():
        there = existing.get(key)
        if isinstance(held, dict):
            for item, inside in held.items():
                if isinstance(inside, dict):
                    there_too = there.get(item) if isinstance(there, Mapping) else None
                    known = there_too if isinstance(there_too, Mapping) else {}
                    _name_rows(record, inside, known)
        elif isinstance(held, list) and held and isinstance(held[0], dict):
            _name_among(record, key, held, there if isinstance(there, list) else [])


def _name_among(record: Record, repeat: str, rows: list[Answers], existing: list[Answers]) -> None:
    free = iter([row["row"] for row in existing if (repeat, row["row"]) not in record.lines])
    inside = {row["row"]: row["answers"] for row in existing}
    for row in rows:
        if row["row"].startswith(NEW_ROW):
            _rename(record, repeat, row, next(free, None) or str(uuid7()))
        _name_rows(record, row["answers"], inside.get(row["row"], {}))


def _rename(record: Record, repeat: str, row: Answers, new: str) -> None:
    old, row["row"] = row["row"], new
    record.lines[repeat, new] = record.lines.pop((repeat, old))
    for file, key, column in [name for name in record.unread if name[:2] == (repeat, old)]:
        record.unread[file, new, column] = record.unread.pop((file, key, column))
