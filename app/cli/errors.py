"""Errors on the command line: one line that says what is wrong, and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.errors import AppError


@contextmanager
def told() -> Iterator[None]:
    """Turn an error that the platform knows by name into a message of the command."""
    try:
        yield
    except AppError as error:
        raise click.ClickException(str(error)) from error
