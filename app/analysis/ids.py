"""What kind of id a method takes, said at each field of its dataclass of ids.

A report file fills these fields in; `app.reports.check` reads the kinds, to see that a form has
what the file names.
"""

from dataclasses import Field, field, fields
from typing import Any, Final

KIND: Final = "kind"


def question() -> Any:  # noqa: ANN401 - a dataclass field stands for its type
    """Return a field that holds the id of a question, `container.question` in a container."""
    return field(metadata={KIND: "question"})


def counted() -> Any:  # noqa: ANN401
    """Return a field that holds the id of a question with choices, whose answers are counted.

    It stands in no container, or is `loop.question` or `matrix` for each item, or `matrix.item`.
    """
    return field(metadata={KIND: "counted"})


def container() -> Any:  # noqa: ANN401
    """Return a field that holds the id of a loop or repeat."""
    return field(metadata={KIND: "container"})


def choice_of(name: str) -> Any:  # noqa: ANN401
    """Return a field that holds the code of a choice of the question in the field *name*."""
    return field(metadata={KIND: "choice", "of": name})


def fields_of(ids: type) -> tuple[Field[Any], ...]:
    """Return the fields of a dataclass of ids, each with its kind in `metadata`."""
    return fields(ids)
