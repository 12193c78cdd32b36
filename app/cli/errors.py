"""Errors on the command line: one line that says what is wrong and what to do; exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import force_locale

from app.errors import AppError, NotFoundError
from app.forms.form_problem import FormError
from app.wording import errors


@contextmanager
def told() -> Iterator[None]:
    """Turn an error that the platform knows by name, or a broken file, into a message."""
    try:
        yield
    except FormError as error:
        told = "\n".join(str(problem) for problem in error.problems)
        raise click.ClickException(f"correct this first:\n{told}") from error
    except AppError as error:
        raise click.ClickException(f"{_sentence(error)} ({error.code})") from error


def _sentence(error: AppError) -> str:
    if isinstance(error, NotFoundError) and "code" in error.details:
        what = error.details.get("what", "such thing")
        return f"There is no {what} {error.details['code']}."
    with force_locale("en"):
        words = errors.told(error)
    return f"{words.title}. {words.advice}"
