"""The JSON of `app.web.operations`: reading what a page sends, and writing what it is told."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import request
from flask_babel import gettext as _

from app.errors import InvalidInputError, NotFoundError
from app.forms.definition import LANGUAGES, Form
from app.forms.places import Place
from app.models.operation import Kind, Operation, State
from app.services.batches import Outcome, Sent
from app.services.changes import Changes
from app.services.operations import questions_at
from app.services.proposals import holder_of
from app.services.sent_operations import Result, SentOperation, Told
from app.web.locale import language
from app.web.presence import Present, name_of
from app.web.shown_answers import as_fields, as_html
from app.wording.errors import told
from app.wording.statuses import OPERATIONS
from app.wording.values import moment

MOST: Final = 500  # operations at once
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
KINDS: Final = {kind.value: kind for kind in (Kind.ANSWER, Kind.REMOVE_ROW, Kind.MOVE_ROW)}
NUMBER: Final = re.compile(r"[0-9]{1,15}", re.ASCII)


def body_sent() -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON of this request; None where it is none, or holds what is no text."""
    try:
        body = request.get_json(silent=True)
        if b"\\ud" in request.get_data(cache=True).lower():
            json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (RecursionError, UnicodeEncodeError):
        return None
    return body


def sent_of(body: Any) -> tuple[list[SentOperation], str]:  # noqa: ANN401 - any JSON
    """Return the operations that a page sent, and its language; raise InvalidInputError."""
    if not isinstance(body, Mapping):
        raise _invalid("body", body, "a JSON object")
    sent = body.get("operations")
    if not isinstance(sent, list) or not 0 < len(sent) <= MOST:
        raise _invalid("operations", "", f"a list of 1 to {MOST}")
    locale = body.get("locale", language())
    if locale not in LANGUAGES:
        raise _invalid("locale", locale, ", ".join(LANGUAGES))
    page = page_of(body)
    return [_operation(each, page) for each in sent], locale


def page_of(values: Mapping[str, Any]) -> str:
    """Return the id of the page that asks; empty where it has none."""
    page = values.get("page", "")
    return "" if page == "" else _id(page, "page")


def number_of(value: Any, name: str) -> int:  # noqa: ANN401 - any JSON
    """Return a version; raise InvalidInputError where *value* is none."""
    if isinstance(value, bool) or not NUMBER.fullmatch(str(value)):
        raise _invalid(name, value, "0, 1, 2 …")
    return int(value)


def told_json(form: Form, done: Told, version: int) -> dict[str, Any]:
    """Return what a page is told of one operation."""
    told_of: dict[str, Any] = {
        "id": done.sent.sent.id,
        "result": done.result.value,
        "version": version,
        "answers": [
            _outcome(form, done.place, each) for each in done.outcomes if done.place is not None
        ],
    }
    if done.refused is not None:
        words = told(done.refused)
        told_of |= {"code": done.refused.code, "sentence": f"{words.title}. {words.advice}"}
    return told_of


def changes_json(form: Form, found: Changes) -> dict[str, Any]:
    """Return what others have changed."""
    return {
        "changes": [
            {
                "place": op.place,
                "question": op.question,
                **_shown(form, place, op.question, answers.get(op.question)),
                **who_json(op),
            }
            for op, place, answers in found.answers
        ],
        "rows": [{"place": op.place, "kind": op.kind.value, **who_json(op)} for op in found.rows],
        "is_long": found.is_long,
    }


def present_json(each: Present) -> dict[str, Any]:
    """Return somebody at work."""
    return {
        "who": each.who,
        "place": each.place,
        "title": each.title.heading,
        "since": moment_json(each.since),
        "told": present_told(each),
        "is_here": each.is_here,
    }


def present_told(each: Present) -> str:
    """Return where somebody is at work, as a sentence."""
    if each.is_here:
        return str(_("%(who)s is working on this page.", who=each.who))
    return str(_("%(who)s is working on “%(title)s”.", who=each.who, title=each.title.heading))


def who_json(op: Operation) -> dict[str, str]:
    """Return who made an operation, when, and both with what was done as a sentence."""
    who, when = name_of(op.account), moment(op.at)
    text = OPERATIONS[op.kind.value, op.cause.value]
    told_of = str(_("%(what)s by %(who)s, %(when)s", what=text, who=who, when=when))
    if op.proposal is not None:
        name = holder_of(op.proposal)
        told_of = str(_("%(what)s (suggested by %(name)s)", what=told_of, name=name))
    return {"by": who, "at": moment_json(op.at), "told": told_of}


def moment_json(at: datetime) -> str:
    """Return a moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _operation(value: Any, page: str) -> SentOperation:  # noqa: ANN401 - any JSON
    if not isinstance(value, Mapping):
        raise _invalid("operations", value, "JSON objects")
    kind = KINDS.get(str(value.get("kind", Kind.ANSWER.value)))
    if kind is None:
        raise _invalid("kind", value.get("kind"), ", ".join(KINDS))
    order = value.get("order")
    by = value.get("by", 0)
    if by not in (0, -1, 1):
        raise _invalid("by", by, "-1, 1")
    place, neighbour = value.get("place"), value.get("neighbour", "")
    if not isinstance(place, str) or not isinstance(neighbour, str):
        raise _invalid("place", place, "a place")
    return SentOperation(
        sent=Sent(
            _id(value.get("id"), "id"), page, None if order is None else number_of(order, "order")
        ),
        kind=kind,
        place=place,
        since=number_of(value.get("at_version"), "at_version"),
        fields=_fields(value.get("fields", {})),
        by=by,
        neighbour=neighbour,
    )


def _fields(value: Any) -> dict[str, list[str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        for texts in value.values()
    ):
        return dict(value)
    raise _invalid("fields", value, '{"name": ["text", …], …}')


def _id(value: Any, name: str) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, str) and ID.fullmatch(value):
        return value
    raise _invalid(name, value, "1 to 64 of A-Z a-z 0-9 _ -")


def _invalid(parameter: str, value: object, allowed: str) -> InvalidInputError:
    return InvalidInputError(parameter=parameter, value=str(value)[:100], allowed=allowed)


def _outcome(form: Form, place: Place | None, outcome: Outcome) -> dict[str, Any]:
    result = _RESULTS.get(outcome.state, Result.SAME) if outcome.state else Result.SAME
    found: dict[str, Any] = {"question": outcome.question, "result": result.value}
    if place is not None and outcome.question and outcome.answer != outcome.typed:
        found |= _shown(form, place, outcome.question, outcome.answer)
    if outcome.theirs is not None:
        found["theirs"] = who_json(outcome.theirs)
    return found


_RESULTS: Final = {State.APPLIED: Result.APPLIED, State.CLASH: Result.CLASH}


def _shown(form: Form, place: Place, question_id: str, answer: Any) -> dict[str, Any]:  # noqa: ANN401
    try:
        question = questions_at(form, place).get(question_id)
    except NotFoundError:
        question = None
    if question is None:
        return {"fields": {}, "html": ""}
    return {"fields": as_fields(question, answer), "html": as_html(question, answer)}
