"""Problems of answers and of files as JSON, worded in the language asked for."""

from typing import Any, Final

from app.errors import UnreadableFileError
from app.files.problems import ADVICE, FileProblem
from app.forms.checks import Problem
from app.wording.problems import sentence, sentence_of

NAMED: Final = ("reason", "file", "row")


def problem_json(problem: Problem | FileProblem) -> dict[str, Any]:
    """Return one problem, with where it is and what to do about it."""
    return _of_file(problem) if isinstance(problem, FileProblem) else _of_answers(problem)


def unreadable(error: UnreadableFileError) -> FileProblem:
    """Return why a file cannot be read, as a problem of it."""
    details = {name: value for name, value in error.details.items() if name not in NAMED}
    row, file = error.details.get("row"), error.details.get("file")
    reason = str(error.details.get("reason", ""))
    return FileProblem(str(file or ""), row if isinstance(row, int) else 0, "", reason, details)


def _of_answers(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": sentence(problem),
        "severity": problem.severity.value,
        "place": str(problem.place),
        "question": problem.question,
        "check": problem.check,
    }


def _of_file(problem: FileProblem) -> dict[str, Any]:
    is_known = problem.code in ADVICE
    return {
        "code": problem.code,
        "message": problem.what_to_do if is_known else sentence_of(problem.code, problem.details),
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
    }
