"""Everything that has a code has a wording: errors, problems, statuses, actions, roles."""

import ast
from collections.abc import Collection, Iterator
from enum import StrEnum

import pytest

from app.config import ROOT
from app.errors import AppError
from app.forms.accept import PROBLEMS
from app.forms.categories import Category
from app.forms.definition import Audience, Severity
from app.models.account import Role
from app.wording import files, problems, statuses
from app.wording.categories import CATEGORIES
from app.wording.errors import ERRORS, STATUS_CODES
from app.workflow import Action, QueryAction, QueryState, ReviewAction, ReviewStatus, Status

WORDED: list[tuple[type[StrEnum], Collection[object]]] = [
    (Status, statuses.STATUSES),
    (ReviewStatus, statuses.REVIEW_STATUSES),
    (Action, statuses.ACTIONS),
    (ReviewAction, statuses.ACTIONS),
    (QueryState, statuses.QUERY_STATES),
    (QueryAction, statuses.QUERY_ACTIONS),
    (Role, statuses.ROLES),
    (Category, CATEGORIES),
    (Severity, statuses.SEVERITIES),
    (Audience, statuses.AUDIENCES),
]


@pytest.mark.parametrize(("names", "worded"), WORDED)
def test_every_name_has_a_wording(names: type[StrEnum], worded: Collection[object]) -> None:
    assert [name for name in names if name not in worded] == []


def test_every_error_has_a_title_and_an_advice() -> None:
    codes = {error.code for error in _below(AppError)}
    assert codes - set(ERRORS) == set()


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 429, 500])
def test_every_http_status_has_a_wording(status: int) -> None:
    assert STATUS_CODES[status] in ERRORS


def test_every_problem_says_what_to_do() -> None:
    used = set(_codes_used()) | set(PROBLEMS.values())
    assert used
    assert used - set(problems.WORDING) == set()


def test_every_problem_of_a_cell_says_what_to_do() -> None:
    assert set(PROBLEMS.values()) - set(files.WORDING) == set()


def test_every_problem_of_a_file_says_what_to_do() -> None:
    used = set(_codes_of_files())
    assert len(used) > 40
    assert used - {*files.WORDING, *files.COUNTED, *problems.WORDING} == set()


def _below(error: type[AppError]) -> Iterator[type[AppError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _below(kind)


def _codes_used() -> Iterator[str]:
    """Yield the codes that app/forms gives to its problems, where they stand in the code."""
    for path in (ROOT / "app" / "forms").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in {"Problem", "_refuse"}:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def _codes_of_files() -> Iterator[str]:
    """Yield the codes of problems of files: where one is made, or a file is refused."""
    folders = ("app/files", "app/services", "app/api")
    for path in (path for folder in folders for path in (ROOT / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = _name(node.func)
            if name in {"FileProblem", "_at"}:
                found = [arg for arg in node.args[2:4] if isinstance(arg, ast.Constant)]
                yield from (str(arg.value) for arg in found[-1:] if arg.value)
            if name == "NotUnderstoodError" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
            if name == "UnreadableFileError":
                for keyword in node.keywords:
                    if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
