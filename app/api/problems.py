"""Problems of answers and of files as JSON, worded in the language asked for."""

from typing import Any

from app.files.problems import FileProblem
from app.forms.checks import Problem
from app.wording.files import file_sentence
from app.wording.problems import sentence


def problem_json(problem: Problem | FileProblem) -> dict[str, Any]:
    """Return one problem, with where it is and what to do about it."""
    return _of_file(problem) if isinstance(problem, FileProblem) else _of_answers(problem)


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
    return {
        "code": problem.code,
        "message": file_sentence(problem),
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "letter": problem.letter,
    }
