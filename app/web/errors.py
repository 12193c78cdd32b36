"""Errors as pages: what happened, what to do, and nothing lost that can be kept.

Calls to the API are answered by `app.extensions["canopy_api_errors"]`, which the API sets.
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import Flask, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    HTTPException,
    ServiceUnavailable,
    TooManyRequests,
)

from app.access import actor, permission_of
from app.errors import AppError, NotAllowedError, NotSignedInError
from app.extensions import db
from app.models.base import now
from app.rights import Right
from app.web.again import is_busy
from app.web.auth import sign_in_page
from app.web.kept import Kept
from app.web.limits import ends_at
from app.web.sessions import visitor
from app.web.sign_in_forms import SignInForm
from app.wording.errors import ERRORS, Told, told, told_status
from app.wording.problems import sentence

API: Final = "/api/"
SECONDS_TO_WAIT: Final = 5  # before it is sent again


class Where(NamedTuple):
    """A place to go on from."""

    address: str
    text: str
    is_section: bool = False


def init_app(app: Flask) -> None:
    """Show every error as a page."""
    app.register_error_handler(AppError, _known)
    app.register_error_handler(NotSignedInError, _not_signed_in)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(StaleDataError, _saved_meanwhile)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoConnectionError, _database)
    app.register_error_handler(HTTPException, _status)
    app.register_error_handler(TooManyRequests, _too_many)


def _known(error: AppError) -> ResponseReturnValue:
    db.session.rollback()
    if answer := _for_api(error):
        return answer
    problems: Any = error.details.get("problems", ())
    other = isinstance(error, NotAllowedError)
    where = _where() if error.http_status == HTTPStatus.CONFLICT else None
    page = _page(told(error), _sentences(problems), Kept.from_request(), other=other, where=where)
    return page, error.http_status


def _where() -> Where | None:
    """Return what a refused act was about: a section of a draft, else a submission; None for other.

    Whoever was refused for its status has the right to see it. What was typed in a section can be
    sent again from there, once the status permits it.
    """
    values = request.view_args or {}
    submission, place = values.get("submission_id"), values.get("place")
    if not submission:
        return None
    if actor().has(Right.ENTER_ON_BEHALF) and request.blueprint in {"sources", "on_behalf"}:
        return Where(url_for("sources.index", submission_id=submission), _("Read the documents"))
    if place and actor().has(Right.READ_DRAFT):
        section = f"at-{str(place).partition('/')[0]}"
        address = url_for("signing.check", submission_id=submission, _anchor=section)
        return Where(address, _("See the answers of this section"), is_section=True)
    return Where(url_for("submissions.show", submission_id=submission), _("Go to the submission"))


def _not_signed_in(error: NotSignedInError) -> ResponseReturnValue:
    """Lead on to sign in; keep what was posted, to be sent again after it."""
    db.session.rollback()
    if answer := _for_api(error):
        return answer
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("auth.show_sign_in", next=request.full_path.rstrip("?")), 303)
    return sign_in_page(SignInForm(formdata=None), Kept.from_request()), error.http_status


def _csrf(error: CSRFError) -> ResponseReturnValue:
    """Ask to send it again; where nobody is signed in any more, first to sign in."""
    if answer := _for_api(error):
        return answer
    if visitor() is None and _is_for_somebody() and (kept := Kept.from_request()):
        return sign_in_page(SignInForm(formdata=None), kept), NotSignedInError.http_status
    words = ERRORS["csrf"]
    return _resend(Told(str(words.title), str(words.advice))), 400


def _is_for_somebody() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and permission_of(view) != "public"


def _saved_meanwhile(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    if answer := _for_api(Conflict()):
        return answer
    words = ERRORS["saved_meanwhile"]
    return _resend(Told(str(words.title), str(words.advice))), 409


def _database(error: DBAPIError | NoConnectionError) -> ResponseReturnValue:
    """Keep what was typed while the database is busy or away; refuse what it cannot take."""
    db.session.rollback()
    if is_busy(error):
        g.is_failing = True
        return _busy()
    if isinstance(error, DataError):  # an address or a field that no database can hold
        return _status(BadRequest())
    raise error


def _busy() -> ResponseReturnValue:
    answer = _for_api(ServiceUnavailable())
    if answer is None:
        words = told_status(HTTPStatus.SERVICE_UNAVAILABLE)
        page = _page(words) if request.method in {"GET", "HEAD"} else _resend(words)
        answer = page, HTTPStatus.SERVICE_UNAVAILABLE
    response = make_response(answer)
    response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def _status(error: HTTPException) -> ResponseReturnValue:
    """Show what the framework refuses. When it is our fault, ask the database nothing more."""
    db.session.rollback()
    if answer := _for_api(error):
        return answer
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    g.is_failing = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    headers = [("Allow", ", ".join(allowed))] if (allowed := _allowed(error)) else []
    return _page(told_status(status)), status, headers


def _too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Say when to try again; who is locked out of an account can still come in by mail."""
    if answer := _for_api(error):
        return answer
    words = told_status(HTTPStatus.TOO_MANY_REQUESTS)
    moment = ends_at()
    until = datetime.fromtimestamp(moment, UTC) if moment else None
    page = render_template(
        "errors/too_many.html",
        words=words,
        until=until,
        minutes=_minutes_until(until),
        is_sign_in=(request.endpoint or "").startswith("auth."),
        kept=Kept.carried(),
    )
    return page, HTTPStatus.TOO_MANY_REQUESTS


def _minutes_until(moment: datetime | None) -> int:
    seconds = (moment - now()).total_seconds() if moment else 0
    return max(1, math.ceil(seconds / 60))


def _allowed(error: HTTPException) -> Iterable[str]:
    return getattr(error, "valid_methods", None) or ()


def _for_api(error: AppError | HTTPException) -> ResponseReturnValue | None:
    answer = current_app.extensions.get("canopy_api_errors")
    if answer is None or not request.path.startswith(API):
        return None
    answered: ResponseReturnValue = answer(error)
    return answered


def _sentences(problems: Iterable[Any]) -> list[str]:
    """Return what to do about each problem, each sentence once, in their order."""
    return list(dict.fromkeys(sentence(problem) for problem in problems))


def _page(
    words: Told,
    sentences: Iterable[str] = (),
    kept: Kept | None = None,
    *,
    other: bool = False,
    where: Where | None = None,
) -> str:
    return render_template(
        "errors/error.html",
        words=words,
        sentences=list(sentences),
        kept=kept,
        other_account=other,
        where=where,
    )


def _resend(words: Told) -> str:
    """Show a page that holds all that was typed, with a button that sends it again."""
    return render_template("errors/resend.html", words=words, kept=Kept.from_request())
