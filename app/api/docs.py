"""What the API offers, for programs (OpenAPI 3.1) and for people (a page without JavaScript)."""

from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, current_app, json, render_template
from flask.typing import ResponseReturnValue

from app.access import public
from app.api.blueprint import PREFIX, Api
from app.wording.errors import ERRORS

bp = Blueprint("api_docs", __name__, url_prefix=PREFIX)

INTRODUCTION: Final = """\
Everything that the pages show and do, for programs.

**Who calls.** Send `Authorization: Bearer TOKEN`, with a token from `flask tokens add`. Without a
token: signed answers whose audience is the public. A Party's token opens its own drafts too, and
with scope `write` does what its owner may do on the pages. The Secretariat opens no draft and
changes no answer; an administrator's token of scope `admin` imports what was signed elsewhere, and
it is marked as such. Cookies are never looked at.

**Lists** are `{"items": [...], "next": cursor or null}`; give `next` as `cursor` to read on.

**Answers** are typed JSON and hold no numbers: an integer is `"12"`, a day `"2018-12-31"`, one
choice `"on_track"`, several `["a", "b"]`, a text `{"en": {"text": "..."}}` or, where it has no
language, a plain string; a kind of nothing is `{"nothing": "unknown"}`. Not answered: no key.

**Errors** are `application/problem+json` (RFC 9457). `code` is stable; `detail` and the messages of
`problems` are worded in `?lang`, else as `Accept-Language` asks.

**Limits.** A call takes up to 20 MB. Calls are counted by account, or by address without a token;
too many are answered with 429 and `Retry-After`.
"""

METHODS: Final = ("get", "put", "post", "delete")


class Operation(NamedTuple):
    """One operation, as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    takes: list[str]
    gives: list[str]


class Part(NamedTuple):
    """Operations that belong together."""

    title: str
    description: str
    operations: list[Operation]


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Give the OpenAPI document."""
    response = Response(json.dumps(document(), ensure_ascii=False), content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show the operations to people."""
    return render_template("api/index.html", parts=_parts(document()), errors=ERRORS)


def document() -> dict[str, Any]:
    """Return the OpenAPI document of the running application."""
    api: Api = current_app.extensions["canopy_api"]
    found: dict[str, Any] = api.spec.to_dict()
    return found


def _parts(openapi: dict[str, Any]) -> list[Part]:
    by_tag: dict[str, list[Operation]] = {}
    for path, item in openapi["paths"].items():
        for method in METHODS:
            if method in item:
                told = item[method]
                common = item.get("parameters", [])
                operation = _operation(method, path, told, common)
                by_tag.setdefault(told["tags"][0], []).append(operation)
    told_of = {tag["name"]: tag.get("description", "") for tag in openapi["tags"]}
    return [Part(tag, told_of.get(tag, ""), found) for tag, found in by_tag.items()]


def _operation(
    method: str, path: str, told: dict[str, Any], common: list[dict[str, Any]]
) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        parameters=[*common, *told.get("parameters", [])],
        takes=list(told.get("requestBody", {}).get("content", {})),
        gives=list(told["responses"]["200"].get("content", {})),
    )
