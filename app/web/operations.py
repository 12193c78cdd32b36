"""Drafting while somebody types: operations as JSON, and what others have changed meanwhile.

`static/js` sends them; without JavaScript the save button of `app.web.entry` does the same. Both
addresses ask for the right to edit the draft; POST needs the header `X-CSRFToken`. They answer in
the language of the visitor (`?lang=`), and errors are JSON: `{"code", "title", "detail"}` with 401
(`not_signed_in`), 400 (`csrf`), 403, 404, 409 (`submission.wrong_status`, `collection.closed`,
`conflict`), 413, 422 (`invalid_input`) or 503 (`busy`: send it again).

POST `/submissions/<id>/draft/operations`

    {"page": "<id of the opened page>",        made once per page; its operations follow each other
     "account": "<id>",                        whose page it is; 401 if somebody else is signed in
     "locale": "fr",                           language of the page, for numbers and dates
     "operations": [
       {"id": "<UUID>",                        carried out once, however often it is sent
        "order": 7,                            counts the operations of this page
        "place": "targets/national_targets/0190…",
        "at_version": 41,                      version that the page shows (see below)
        "fields": {"name": ["…"], "name.language": ["fr"]}}]}

`fields` are the inputs of the questions that were changed, as a form would post them, all inputs of
a question together: `<question>`, `<question>.language`, `<question>.nothing`; `[""]` clears. With
a place that is a new row the row is made. Beside answers there are

    {"id", "order", "at_version", "kind": "remove_row", "place"}
    {"id", "order", "at_version", "kind": "move_row", "place", "by": -1 or 1,
     "neighbour": "<key of the row that it goes past, as shown>"}

`at_version` is the version of the page as it was opened, or of the last `changes` that it has shown
in full. The page's own operations do not raise it: they are known by `page`. Only the choice after
a clash is sent with the `version` that told of the clash. Operations are sent in their order; up to
500 at once.

    {"version": 43,                            of the draft now
     "saved_at": "2026-11-21T14:03:22Z",       of its last change; null before the first
     "came_back": ["targets/…/0190…"],         rows that a colleague had removed, and that are back
     "operations": [
       {"id", "result": "applied" | "same" | "clash" | "refused",
        "version": 43,
        "answers": [
          {"question", "result": "applied" | "same" | "clash",
           "fields": {…}, "html": "…",         the answer that stands now, where it is not what was
                                               sent: merged with a colleague's, or theirs
           "theirs": {"by", "at", "told"}}],   on a clash: who, when, and both as a sentence
        "code", "sentence"}]}                  when it was refused

On a clash nothing of that question was changed; the text sent is kept in the history. "Keep mine"
sends it again as a new operation with `at_version` = `version`; "keep theirs" puts `fields` into
the inputs. An answer `same` was there already, or is older than what the page sent before.

GET `/submissions/<id>/draft/changes?since=41&page=<id>&place=targets/…&account=<id>`

    {"version": 43, "csrf_token": "…",
     "changes": [{"place", "question", "fields", "html", "by", "at", "told"}],
     "rows": [{"place", "kind": "add_row" | "remove_row" | "move_row", "by", "at", "told"}],
     "is_long": false,                         true: too much has changed; open the page anew
     "present": [{"who", "place", "title", "since", "told", "is_here"}]}

`changes` are the answers at `place` (without it: everywhere) that were changed after `since` by
anybody but this page, as they stand now; `rows` those in it. It also notes that the visitor is at
`place`. `present` are others at work in the draft.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Conflict

from app.access import account, may
from app.errors import NotSignedInError
from app.extensions import db
from app.forms.places import elements_at, parse_place
from app.models.submission import Submission
from app.services.changes import changes_since
from app.services.drafts import version_of
from app.services.sent_operations import Told, carry_out
from app.services.submissions import drafting
from app.web.forms import form_of
from app.web.json_errors import tell_in_json
from app.web.locale import language
from app.web.operations_json import (
    body_sent,
    changes_json,
    moment_json,
    number_of,
    page_of,
    present_json,
    sent_of,
    told_json,
)
from app.web.presence import be_at, others_present
from app.web.saving_words import saving_words
from app.workflow import Action

bp = Blueprint("operations", __name__, url_prefix="/submissions/<submission_id>/draft")
tell_in_json(bp)

TRIES: Final = 3


@bp.app_template_global()
def saving_of(submission: Submission) -> dict[str, object]:
    """Return what the pages of a draft need to save by themselves, for `entry/saving.html`."""
    here: dict[str, Any] = {"submission_id": submission.id}
    return {
        "saving": submission.id,
        "account": account().id,
        "operations": url_for("operations.send", lang=language(), **here),
        "changes": url_for("operations.changes", lang=language(), **here),
        "key": url_for("auth.show_key"),
        "home": url_for("submissions.show", **here),
        "words": saving_words(),
    }


@bp.post("/operations")
@may(Action.EDIT)
def send(submission: Submission) -> ResponseReturnValue:
    """Carry out what a page sends; what somebody saved at the same moment is merged."""
    body = body_sent()
    for rest in reversed(range(TRIES)):
        try:
            return _carried_out(submission, body)
        except (StaleDataError, IntegrityError):
            db.session.rollback()
            if not rest:
                raise
    raise Conflict


@bp.get("/changes")
@may(Action.EDIT)
def changes(submission: Submission) -> ResponseReturnValue:
    """Tell what others have changed since a version, and who is at work where."""
    form, place = form_of(submission.collection), request.args.get("place", "")
    _check_account(request.args)
    if place:
        elements_at(form, parse_place(place))
        be_at(submission, place)
    found = changes_since(
        db.session(),
        submission,
        number_of(request.args.get("since", ""), "since"),
        place=place,
        besides=(account().id, page_of(request.args)),
    )
    others = others_present(submission, form, place)
    return jsonify(
        changes_json(form, found)
        | {
            "version": version_of(db.session(), submission),
            "csrf_token": generate_csrf(),
            "present": [present_json(each) for each in others],
        }
    )


def _carried_out(submission: Submission, body: Any) -> ResponseReturnValue:  # noqa: ANN401 - any JSON
    form, (sent, locale) = form_of(submission.collection), sent_of(body)
    _check_account(body)
    batch = drafting(db.session(), submission, form, account())
    writing = submission.language or locale
    done = carry_out(batch, sent, locale=locale, language=writing)
    version = batch.save()
    for taken in (each.place for each in done if each.refused is None):
        be_at(submission, str(taken))
    answer = _answer(submission, done, version, [str(place) for place in batch.came_back])
    db.session.commit()
    return jsonify(answer)


def _check_account(values: Mapping[str, Any]) -> None:
    """Take nothing from a page of somebody who was signed in here before."""
    if values.get("account", account().id) != account().id:
        raise NotSignedInError


def _answer(
    submission: Submission, done: list[Told], version: int, came_back: list[str]
) -> dict[str, Any]:
    form, draft = form_of(submission.collection), submission.draft
    return {
        "version": version,
        "saved_at": moment_json(draft.saved_at) if draft and draft.saved_at else None,
        "came_back": came_back,
        "operations": [told_json(form, each, version) for each in done],
    }
