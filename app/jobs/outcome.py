"""How a job may end other than well, by name: codes that `app/wording/jobs.py` words.

Raised by handlers: `TryAgainError` and `GiveUpError`. Any other exception is tried again too, with
the code `job.crashed`; an `AppError` of status 4xx is not: no repetition helps against it.
"""

from typing import Any, ClassVar, Final

from sqlalchemy.exc import DBAPIError

from app.errors import AppError

LONGEST_TEXT: Final = 300  # characters of a message that we keep
CLIENT_ERRORS: Final = range(400, 500)


class ProblemError(Exception):
    """Ends a job, or this attempt, with a named problem."""

    is_final: ClassVar[bool] = False

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class TryAgainError(ProblemError):
    """This attempt failed; a later one may not."""


class GiveUpError(ProblemError):
    """It failed, and would again."""

    is_final = True


class StoppedError(Exception):
    """The job must not go on; raised by `RunningJob.step`, and for handlers to let pass."""


class CancelledError(StoppedError):
    """Its owner or an administrator wants it to stop."""


class GivenBackError(StoppedError):
    """The worker ends: the job waits for another one."""


class ClaimLostError(StoppedError):
    """Another worker has taken the job over: nothing more may be written."""


def problem_of(error: Exception) -> dict[str, Any]:
    """Return what is kept of *error*: its code and details, and never the values of a query."""
    if isinstance(error, ProblemError | AppError):
        return {"code": error.code, "details": {k: _short(v) for k, v in error.details.items()}}
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).splitlines() or [""]
    text = f"{type(cause).__name__}: {lines[0]}"
    return {"code": "job.crashed", "details": {"error": _short(text)}}


def is_final(error: Exception) -> bool:
    """Tell whether no repetition helps."""
    if isinstance(error, AppError):
        return error.http_status in CLIENT_ERRORS
    return isinstance(error, ProblemError) and error.is_final


def _short(value: object) -> object:
    return value if isinstance(value, int) else str(value)[:LONGEST_TEXT]
