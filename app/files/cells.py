"""One answer as text in a cell, and back."""

from typing import Any, Final

from app.forms.accept import PROBLEMS
from app.forms.definition import Question, QuestionType
from app.forms.typed import clean, file_date, file_decimal, file_number
from app.forms.variables import NOT_ASKED, NOTHING

# A text that begins with one of these could be read as a formula, or as one of our own marks.
_RISKY: Final = ("'", "=", "+", "-", "@", "\t", "\r", "__")
_KINDS: Final = {mark: kind for kind, mark in NOTHING.items()}


class NotUnderstoodError(ValueError):
    """A cell holds nothing that its question could be answered with; *code* says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def escape(text: str) -> str:
    """Return *text* as it stands in a cell: with one more quote where its beginning is risky."""
    return f"'{text}" if text.startswith(_RISKY) else text


def unescape(cell: str) -> str:
    """Return the text of a cell; takes one quote away where `escape` has put it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def write(question: Question, answer: Any, choice: str = "") -> str:  # noqa: ANN401 - any answer
    """Return the cell of an answer that is there and asked.

    choice   of a question of several choices: the one the column is about. A text with languages
             is not for this function: its texts go into columns of their own.
    """
    if isinstance(answer, dict) and "nothing" in answer:
        return NOTHING[answer["nothing"]]
    if isinstance(answer, dict):
        return escape(str(answer["typed"]))
    if question.type is QuestionType.SELECT_MULTIPLE:
        return "1" if choice in answer else "0"
    is_text = question.type is QuestionType.TEXT or question.gives == "text"
    return escape(answer) if is_text else str(answer)


def read(question: Question, cell: str) -> Any:  # noqa: ANN401 - any answer
    """Return the answer in a cell: not of several choices, and of a text only the text.

    None for an empty cell and for `__not_asked`. Raises NotUnderstoodError.
    """
    if cell.strip() in ("", NOT_ASKED):
        return None
    if question.type is QuestionType.CALCULATED:
        return unescape(cell).strip()  # whatever it says
    if (kind := _KINDS.get(cell.strip())) is not None:
        if kind not in question.allow:
            raise NotUnderstoodError("not_offered")
        return {"nothing": kind}
    if question.type is QuestionType.TEXT:
        return _text(cell)
    answer = _typed(question, unescape(cell).strip())
    if answer is None:
        raise NotUnderstoodError(PROBLEMS[question.type])
    return answer


def read_chosen(question: Question, cells: dict[str, str]) -> Any:  # noqa: ANN401 - any answer
    """Return the answer in the cells of a question of several choices, by choice.

    An empty cell among others is "not chosen"; none chosen is not answered. Raises
    NotUnderstoodError.
    """
    given = {code: cell.strip() for code, cell in cells.items()}
    given = {code: cell for code, cell in given.items() if cell not in ("", NOT_ASKED)}
    kinds = {_KINDS[cell] for cell in given.values() if cell in _KINDS}
    if kinds:
        if len(kinds) > 1 or any(cell not in _KINDS for cell in given.values()):
            raise NotUnderstoodError("not_a_choice")
        if not kinds <= set(question.allow):
            raise NotUnderstoodError("not_offered")
        return {"nothing": kinds.pop()}
    if not set(given.values()) <= {"0", "1"}:
        raise NotUnderstoodError("not_a_choice")
    return [c.code for c in question.choices if given.get(c.code) == "1"] or None


def _text(cell: str) -> str | None:
    text = clean(unescape(cell.replace("\r\n", "\n")))
    if "\ufffd" in text:
        raise NotUnderstoodError("damaged_text")
    return text or None


def _typed(question: Question, text: str) -> str | None:
    if question.type is QuestionType.INTEGER:
        return file_number(text)
    if question.type is QuestionType.DECIMAL:
        return file_decimal(text)
    if question.type is QuestionType.DATE:
        return file_date(text)
    return text if any(choice.code == text for choice in question.choices) else None
