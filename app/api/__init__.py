"""The API, version 1, under `/api/v1/`: JSON over the same services as the pages."""

from typing import Final

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from app.api import (
    bulk,
    collections,
    docs,
    errors,
    export,
    forms,
    parties,
    reports,
    submissions,
    writing,
)
from app.api.auth import check_caller, limit_calls
from app.api.blueprint import add_headers, make_api

# `writing`, `bulk` and `export` add their operations to the blueprint of `submissions`.
PARTS: Final = (forms.bp, collections.bp, submissions.bp, reports.bp, parties.bp)
ADDED: Final = (writing, bulk, export)

for bp in PARTS:
    bp.before_request(check_caller)
    bp.after_request(add_headers)
    limit_calls(bp)


def init_app(app: Flask) -> None:
    """Register the API, its document and its page."""
    api = make_api(app, docs.INTRODUCTION)
    for bp in PARTS:
        api.register_blueprint(bp)
    app.extensions["canopy_api"] = api
    app.register_blueprint(docs.bp)
    errors.init_app(app)
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii = False  # Arabic is half the size
        app.json.sort_keys = False  # columns and questions stay in their order
