"""A blueprint of the API: one decorator that routes, reads, answers and documents an operation.

flask-smorest ships no types; this module is the only one that touches it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

import flask_smorest
from apispec import APISpec
from flask import Flask, Request, Response, request
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.access import permission_of
from app.api.schemas.common import PATH, ProblemDetailsSchema

PREFIX: Final = "/api/v1"
PROBLEM_TYPE: Final = "application/problem+json"

PUBLIC: Final = "public"

# What may go wrong whatever the operation: a token that is none, too many calls, our own fault.
EVERYWHERE: Final = (401, 422, 429, 500)

View = TypeVar("View", bound=Callable[..., Any])


class Api(flask_smorest.Api):  # type: ignore[misc] # flask-smorest ships no types
    """The OpenAPI document, and who registers blueprints in it."""

    ERROR_SCHEMA = ProblemDetailsSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation names its errors

    spec: APISpec

    def register_blueprint(self, blp: "Blueprint") -> None:
        """Register a part of the API, and document it under its title."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
        self.spec.tag({"name": blp.title, "description": blp.description})

    def _register_etag_headers(self) -> None:
        """Document no headers that we do not send."""

    def _register_pagination_header(self) -> None:
        """Document none here either: a list says itself how it goes on."""

    def _register_error_handlers(self) -> None:
        """Leave the errors of pages alone; our blueprints have handlers of their own."""

    def _register_responses(self) -> None:
        """Document every error as a problem (RFC 9457)."""
        for status in HTTPStatus:
            if status >= HTTPStatus.BAD_REQUEST:
                content = {PROBLEM_TYPE: {"schema": self.ERROR_SCHEMA}}
                response = {"description": status.phrase, "content": content}
                self.spec.components.response(status.name, response, lazy=True)


class JsonParser(FlaskParser):
    """Reads JSON, and refuses a body of any other kind; no body at all is an empty object."""

    def _raw_load_json(self, req: Request) -> Any:  # noqa: ANN401 - any JSON
        if not req.is_json and req.get_data(cache=True):
            raise UnsupportedMediaType
        try:
            found = super()._raw_load_json(req)
            if b"\\ud" in req.get_data(cache=True).lower():
                json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (RecursionError, UnicodeEncodeError) as error:
            raise BadRequest from error
        return found


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # flask-smorest ships no types
    """One part of the API: a tag in its document."""

    ARGUMENTS_PARSER = JsonParser()

    def __init__(self, name: str, title: str, description: str) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=PREFIX, description=description)
        self.title = title

    def operation(
        self,
        rule: str,
        returns: type[Schema] | Schema | None = None,
        *,
        method: str = "GET",
        query: type[Schema] | None = None,
        headers: type[Schema] | None = None,
        body: type[Schema] | None = None,
        also: Sequence[str] = (),
        errors: Sequence[int] = (),
        example: object = None,
        doc: Mapping[str, object] | None = None,
    ) -> Callable[[View], View]:
        """Serve *rule* with a view, and document it from the schemas and the view's docstring.

        returns   what is answered with status 200, as JSON
        query     parameters of the address, given to the view first; an unknown one is refused
        headers   of the request, given to the view after them
        body      JSON that is sent, given to the view last
        also      other types of content that the view answers with
        errors    statuses beside those that every operation may answer with
        doc       anything else that the document should say
        """
        sent = (400, 413, 415) if method in {"POST", "PUT"} else ()

        def decorate(view: View) -> View:
            done: Any = view
            for kind in also:
                text = {"type": "string"}
                done = self.alt_response(200, schema=text, content_type=kind)(done)
            done = self.response(200, returns, example=example)(done)
            if body is not None:
                done = self.arguments(body, location="json")(done)
            if headers is not None:
                done = self.arguments(headers, location="headers")(done)
            if query is not None:
                done = self.arguments(query, location="query", unknown=None)(done)
            told = {str(s): HTTPStatus(s).name for s in sorted({*EVERYWHERE, *sent, *errors})}
            more = dict(doc or {})
            if permission_of(view) != PUBLIC:
                more["security"] = [{"token": []}]
            done = self.doc(operationId=view.__name__, responses=told, **more)(done)
            named = [name for name in PATH if f"<{name}>" in rule or f":{name}>" in rule]
            parts = [{"in": "path", "name": name, "description": PATH[name]} for name in named]
            self.route(rule, methods=[method], tags=[self.title], parameters=parts)(done)
            return view

        return decorate


def add_headers(response: Response) -> Response:
    """Say what an answer depends on; let nobody keep what a token opened."""
    response.vary.update(("Accept", "Accept-Language", "Authorization"))
    private = "Authorization" in request.headers
    response.headers["Cache-Control"] = "private, no-store" if private else "no-cache"
    return response


def make_api(app: Flask, description: str) -> Api:
    """Return the API of *app*, with the head of its OpenAPI document."""
    app.config.update(API_TITLE="Canopy", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = Api()
    api.init_app(
        app,
        spec_kwargs={
            "info": {"description": description},
            "servers": [{"url": app.config["PUBLIC_URL"]}],
            "security": [{}, {"token": []}],
        },
    )
    app.cli.commands.pop("openapi")  # the document is served; no second way to print it
    api.spec.components.security_scheme(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from `flask tokens add`. Cookies are never looked at.",
        },
    )
    return api
