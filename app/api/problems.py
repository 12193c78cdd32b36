"""Problems of answers as JSON, worded in the language asked for."""

from typing import Any

from app.forms.checks import Problem
from app.wording.problems import sentence


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return one problem of a document, with its place and what to do about it."""
    return {
        "code": problem.code,
        "message": str(sentence(problem)),
        "severity": problem.severity.value,
        "place": str(problem.place),
        "question": problem.question,
        "check": problem.check,
    }
