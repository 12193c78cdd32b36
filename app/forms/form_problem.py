"""What is wrong with a form, in words that its author can act on.

A *problem* of a form names file, line and question, and says what to do. (Problems of answers are
in `app.forms.checks`.)
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class FormProblem:
    """One thing to put right in a form's files. *line* counts from 1."""

    file: str
    line: int
    where: str  # id of the question, container, section or list; "" for the whole file
    message: str

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return f"{self.file}:{self.line}: {where}{self.message}"


class FormError(ValueError):
    """A form cannot be used; holds every problem, in the order of files and lines."""

    def __init__(self, problems: Iterable[FormProblem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
