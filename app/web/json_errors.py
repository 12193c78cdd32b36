"""Errors as JSON, for what pages send by themselves: `{"code", "title", "detail"}`."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.errors import AppError
from app.extensions import db
from app.web.again import is_busy
from app.wording.errors import ERRORS, STATUS_CODES, told, told_status


def tell_in_json(bp: Blueprint) -> None:
    """Answer every error of a blueprint in JSON."""
    bp.register_error_handler(AppError, _known)
    bp.register_error_handler(CSRFError, _csrf)
    bp.register_error_handler(StaleDataError, _saved_meanwhile)
    bp.register_error_handler(IntegrityError, _saved_meanwhile)
    bp.register_error_handler(DBAPIError, _database)
    bp.register_error_handler(HTTPException, _status)


def _known(error: AppError) -> ResponseReturnValue:
    db.session.rollback()
    return _problem(error.code, told(error)), error.http_status


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _problem("csrf", ERRORS["csrf"]), 400


def _saved_meanwhile(_error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return _problem("conflict", ERRORS["saved_meanwhile"]), 409


def _database(error: DBAPIError) -> ResponseReturnValue:
    if not is_busy(error):
        raise error
    db.session.rollback()
    return _problem("busy", ERRORS["busy"]), 503


def _status(error: HTTPException) -> ResponseReturnValue:
    db.session.rollback()
    status = error.code or 500
    return _problem(STATUS_CODES.get(status, "error"), told_status(status)), status


def _problem(code: str, words: Any) -> Mapping[str, str]:  # noqa: ANN401 - Words or Told
    return {"code": code, "title": str(words.title), "detail": str(words.advice)}
