"""The answers in the cells of one row."""

from typing import Any

from app.files.cells import NotUnderstoodError, read, read_chosen, unescape
from app.files.columns import Asked, Columns
from app.files.problems import FileProblem
from app.files.record import Record, Unread
from app.forms.definition import QuestionType
from app.forms.places import Answers

Row = tuple[str, ...]


def read_row(
    record: Record,
    row_of: tuple[str, str],
    columns: Columns,
    row: Row,
    target: Answers,
    language: str,
) -> None:
    """Put the answers of *row* into *target*; what was not understood into the record's `unread`.

    row_of     file and row id, a key of the record's `lines`
    language   of texts in columns that name none
    """
    for asked in columns.questions:
        try:
            answer = _answer(asked, row, language)
        except NotUnderstoodError as error:
            problem, typed = _not_understood(record.lines[row_of], asked, row, error)
            answers = _reach(target, asked.steps)
            unread = Unread(answers, asked.question.id, typed, problem)
            record.unread[*row_of, asked.column] = unread
            continue
        if answer is not None:
            _reach(target, asked.steps)[asked.question.id] = answer


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
    details = {"value": cell, "allowed": tuple(allowed), "other": f"{asked.column}.{name}"}
    column = f"{asked.column}.{name}" if name else asked.column
    return FileProblem(*line, column, error.code, details), unescape(cell).strip()
