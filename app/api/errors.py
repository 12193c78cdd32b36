"""Errors as `application/problem+json` (RFC 9457); the only place of the API that makes one.

The error pages ask this module first when the address is one of the API's.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Flask, Response, current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException

from app.api.blueprint import PREFIX, PROBLEM_TYPE
from app.api.locale import language, worded
from app.api.problems import problem_json
from app.errors import AppError, NotSignedInError, UnreadableFileError
from app.files.problems import problems_of
from app.wording.errors import STATUS_CODES, Told, told, told_status

CHALLENGE: Final = 'Bearer realm="Canopy"'
UNAUTHORIZED: Final = 401

# What marshmallow says of a parameter or member, in our words; what it says else is kept.
ADVICE: Final[Mapping[str, LazyString]] = {
    "Missing data for required field.": _("Give this: it is required."),
    "Unknown field.": _("Leave this out: it is not known here."),
    "Field may not be null.": _("Give a value, or leave this out."),
    "Invalid JSON body.": _("Send well-formed JSON in UTF-8."),
    "Invalid input type.": _("Send a JSON object."),
    "Not a valid integer.": _("Give a whole number."),
    "Not a valid boolean.": _("Give “true” or “false”."),
    "Not a valid date.": _("Give a date such as 2018-12-31."),
    "Not a valid string.": _("Give a text."),
    "Not a valid mapping type.": _("Give a JSON object."),
}


def init_app(app: Flask) -> None:
    """Have errors of calls to the API answered here."""
    app.extensions["canopy_api_errors"] = answer


def answer(error: AppError | HTTPException) -> Response:
    """Return *error* as a problem, worded in the language asked for."""
    with worded():
        if isinstance(error, NotSignedInError):
            error = NotSignedInError(what="token")  # nobody signs in here: a token is needed
        if isinstance(error, AppError):
            problems = [problem_json(problem) for problem in _problems(error)]
            rest = {name: error.details.get(name) for name in ("more", "unchecked")}
            return _problem(error.http_status, error.code, told(error), problems, rest)
        status = error.code or 500
        problems = list(_of_parameters(error))
        response = _problem(
            status, STATUS_CODES.get(status, "error"), told_status(status), problems
        )
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _problem(
    status: int,
    code: str,
    words: Told,
    problems: list[dict[str, Any]],
    rest: Mapping[str, object] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": f"{current_app.config['PUBLIC_URL']}{PREFIX}/#error-{code}",
        "title": words.title,
        "status": status,
        "detail": words.advice,
        "code": code,
    }
    if problems:
        body["problems"] = problems
    body |= {name: count for name, count in (rest or {}).items() if count}
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=PROBLEM_TYPE)
    response.headers["Content-Language"] = language()
    response.vary.update(("Accept-Language", "Authorization"))
    if status == UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def _problems(error: AppError) -> Any:  # noqa: ANN401 - problems of answers or of files
    if isinstance(error, UnreadableFileError):
        return problems_of(error)
    return error.details.get("problems", ())


def _of_parameters(error: HTTPException) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with each parameter or member, as marshmallow found it."""
    messages = getattr(error, "data", {}).get("messages", {})
    for place, found in _leaves(messages, ()):
        yield {"code": "invalid_input", "place": "/".join(place), "message": found}


def _leaves(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401 - a tree of lists
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _leaves(below, (*path, str(key)))
    else:
        for message in messages:
            yield path, str(ADVICE.get(str(message), message))
