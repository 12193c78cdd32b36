"""Flat rows to records: the way back of `app.files.rows`, with every problem of every row.

Two steps: first all tables are read once and their rows kept aside by submission, then one record
after the other is made of them. So memory follows the largest submission, not the file.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing

from app.files.columns import Columns, columns_of
from app.files.layout import MAIN, Layout
from app.files.new_rows import NEW_ROW
from app.files.problems import MOST_PROBLEMS, FileProblem, letter_of
from app.files.record import Record, Table
from app.files.row_answers import read_row
from app.files.spool import Spool
from app.forms.definition import LANGUAGES, Repeat
from app.forms.places import ROW_ID, Answers
from app.forms.typed import file_number

Row = tuple[str, ...]
LanguageOf = Callable[[str, str], str]


def read_records(
    layout: Layout, tables: Mapping[str, Table], language_of: LanguageOf | None = None
) -> tuple[list[Record], list[FileProblem]]:
    """Return all records in *tables* at once, and the problems that belong to none of them."""
    with closing(Reading(layout, tables, language_of)) as reading:
        return list(reading.records()), reading.problems


class Reading:
    """The records in a set of tables, by file, one after the other.

    language_of   submission and Party of a row to the language of its texts, where the row does
                  not say
    problems      of headers, and of rows that belong to nobody; those of a record stand in it
    notes         of the tables
    more          problems beyond those kept
    is_whole      false: a header or a table as such is wrong, and nothing may be imported
    """

    def __init__(
        self, layout: Layout, tables: Mapping[str, Table], language_of: LanguageOf | None = None
    ) -> None:
        self.layout = layout
        self.language_of: LanguageOf = language_of or (lambda _submission, _party: "en")
        self.problems: list[FileProblem] = []
        self.notes: list[FileProblem] = []
        self.more = 0
        self.is_whole = True
        self._names: dict[str, str] = {}  # of the tables, by file
        self._columns: dict[str, Columns] = {}
        self._spools: dict[str, Spool] = {}
        self._of: dict[str, int] = {}  # main rows by submission id and Party
        self._doubled: dict[int, FileProblem] = {}  # of main rows
        self._rows: dict[str, dict[int, array[int]]] = {}  # positions of rows, by file and main row
        self._read(tables)

    def __len__(self) -> int:
        return len(self._spools[MAIN]) if MAIN in self._spools else 0

    def records(self) -> Iterator[Record]:
        """Yield the records in the order of the main file."""
        for position in range(len(self)):
            yield _RecordReader(self, position).read()

    def close(self) -> None:
        """Forget the rows."""
        for spool in self._spools.values():
            spool.close()

    # The first step: every row, once

    def _read(self, tables: Mapping[str, Table]) -> None:
        if MAIN not in tables:
            self._of_all([FileProblem("", 0, "", "no_main_file")])
            return
        for file in (MAIN, *self.layout.chains):
            if file in tables:
                self._table(file, tables[file])
        if not len(self) and not self.problems:
            name, row = tables[MAIN].name, tables[MAIN].header_row
            self._of_all([FileProblem(name, row, "", "no_rows")])

    def _of_all(self, problems: list[FileProblem]) -> None:
        """Tell of problems that refuse the whole."""
        self.is_whole = self.is_whole and not problems
        self._tell(problems)

    def _tell(self, problems: list[FileProblem]) -> None:
        free = max(MOST_PROBLEMS - len(self.problems), 0)
        self.problems += problems[:free]
        self.more += len(problems[free:])

    def _table(self, file: str, table: Table) -> None:
        columns = self._columns[file] = columns_of(self.layout, file, table)
        spool = self._spools[file] = Spool()
        self._names[file] = table.name
        self._rows[file] = defaultdict(lambda: array("L"))
        self._of_all(columns.problems)
        width = len(table.header)
        unnamed = set(columns.unnamed)
        for number, cells in table.rows:
            row = cells[:width] if not any(cells[width:]) else cells
            if len(row) != width:
                details = {"cells": len(row), "columns": width}
                self._tell([FileProblem(table.name, number, "", "wrong_width", details)])
                continue
            for place in [place for place in unnamed if row[place].strip()]:
                unnamed.remove(place)
                told = {"value": row[place]}
                letter = letter_of(place + 1)
                self._of_all([FileProblem(table.name, number, "", "unnamed_column", told, letter)])
            self._row(file, spool, columns, number, row)
        self._of_all(table.problems)
        self.notes += table.notes

    def _row(self, file: str, spool: Spool, columns: Columns, number: int, row: Row) -> None:
        submission, party = columns.key(row, "submission"), columns.key(row, "party")
        line = (self._names[file], number)
        if not submission and not party:
            if file != MAIN or "party" in columns.keys:
                self._tell([FileProblem(*line, "party", "missing_party")])
        elif file == MAIN:
            self._main_row(spool.add(number, row), line, submission, party)
        else:
            main = self._of.get(submission or party, self._of.get(party))
            if main is None:
                column = "submission" if submission else "party"
                details = {"value": submission or party}
                self._tell([FileProblem(*line, column, "no_such_submission", details)])
            else:
                self._rows[file][main].append(spool.add(number, row))

    def _main_row(self, position: int, line: tuple[str, int], submission: str, party: str) -> None:
        """Let repeat rows find the row; refuse it, and the first, if its Party has a row."""
        for column, value in (("submission", submission), ("party", party)):
            first = self._of.setdefault(value, position) if value else position
            if first == position:
                continue
            if len(self._doubled) >= MOST_PROBLEMS:
                self.more += 1
                return
            other = self._spools[MAIN][first][0]
            for row, about, told in ((position, line[1], other), (first, other, line[1])):
                details = {"value": value, "first": told}
                problem = FileProblem(line[0], about, column, "doubled_party", details)
                self._doubled.setdefault(row, problem)
            return


class _RecordReader:
    """Makes one record of its rows."""

    def __init__(self, reading: Reading, position: int) -> None:
        self.reading = reading
        self.layout = reading.layout
        self.position = position
        number, self.row = reading._spools[MAIN][position]  # noqa: SLF001 - a part of it
        self.line = (reading._names[MAIN], number)  # noqa: SLF001 - likewise
        self.columns = reading._columns[MAIN]  # noqa: SLF001 - likewise
        self.record = _record(self.columns, self.row)
        self.record.lines[MAIN, ""] = self.line
        self.rows: dict[tuple[str, str], Answers] = {}  # answers of the rows of repeats
        self.order: list[tuple[list[Answers], Answers, tuple[bool, int]]] = []

    def read(self) -> Record:
        """Return the record, with its problems."""
        record, reading = self.record, self.reading
        if self.position in reading._doubled:  # noqa: SLF001 - a part of it
            record.problems.append(reading._doubled[self.position])  # noqa: SLF001 - likewise
        if record.language not in ("", *LANGUAGES):
            told = {"value": record.language, "allowed": LANGUAGES}
            record.problems.append(FileProblem(*self.line, "language", "not_a_choice", told))
            record.language = ""
        self.language = record.language or reading.language_of(record.submission, record.party)
        self._answers(MAIN, "", self.columns, self.row, record.document)
        for file in self.layout.chains:
            positions = reading._rows.get(file, {}).get(self.position, ())  # noqa: SLF001 - likewise
            for position in positions:
                number, row = reading._spools[file][position]  # noqa: SLF001 - likewise
                self._repeat_row(file, (reading._names[file], number), row)  # noqa: SLF001 - likewise
        self._sort_rows()
        return record

    def _repeat_row(self, file: str, line: tuple[str, int], row: Row) -> None:
        columns, record = self.reading._columns[file], self.record  # noqa: SLF001 - a part of it
        party = columns.key(row, "party")
        if party and record.party and party != record.party:
            self._refuse(line, "party", "other_party", party, party=record.party)
        around = self._parent(file, columns.key(row, "parent"))
        if around is None:
            self._refuse(line, "parent", "parent_missing", columns.key(row, "parent"))
            return
        row_id = columns.key(row, "row") or f"{NEW_ROW}{line[1]}"
        if not row_id.startswith(NEW_ROW) and not ROW_ID.fullmatch(row_id):
            self._refuse(line, "row", "bad_row", row_id)
            return
        if (file, row_id) in record.lines:
            first = record.lines[file, row_id][1]
            self._refuse(line, "row", "doubled_row", row_id, first=first)
            return
        record.lines[file, row_id] = line
        answers: Answers = {}
        self.rows[file, row_id] = answers
        self._place(file, columns.key(row, "position"), line, around, row_id, answers)
        self._answers(file, row_id, columns, row, answers)

    def _parent(self, file: str, parent: str) -> Answers | None:
        """Return the answers among which the rows of *file* stand; None if there are none."""
        chain = self.layout.chains[file]
        keys = parent.split(".") if parent else []
        if len(keys) != len(chain):
            return None
        around: Answers = self.record.document
        for container, key in zip(chain, keys, strict=True):
            if isinstance(container, Repeat):
                found = self.rows.get((container.id, key))
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
            self._refuse(line, "position", "not_a_whole_number", position)
        rows = around.setdefault(file, [])
        row = {"row": row_id, "answers": answers}
        rows.append(row)
        self.order.append((rows, row, (number is None, int(number or 0))))

    def _sort_rows(self) -> None:
        keys = {id(row): key for _, row, key in self.order}
        sorted_already: set[int] = set()
        for rows, _, _ in self.order:
            if id(rows) not in sorted_already:
                sorted_already.add(id(rows))
                rows.sort(key=lambda row: keys[id(row)])

    def _answers(self, file: str, row_id: str, columns: Columns, row: Row, target: Answers) -> None:
        read_row(self.record, (file, row_id), columns, row, target, self.language)

    def _refuse(
        self, line: tuple[str, int], column: str, code: str, value: str, **details: object
    ) -> None:
        told = {"value": value, **details}
        self.record.problems.append(FileProblem(*line, column, code, told))


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
