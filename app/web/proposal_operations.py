"""Suggesting while somebody types: the protocol of `app.web.operations`, for who may only suggest.

The addresses stand beside the pages of the proposal: `/d/<link>/…` for a delegate, who has no
account, `/proposals/<id>/…` for who has one. What differs from the protocol of a draft:

- `version`, `at_version` and `since` are versions of the proposal; `draft`, in the body, is the
  version of the draft that the page showed below it;
- `account` is `proposal-<id>` for a delegate;
- only answers are changed, and `changes` tells what other pages of the same proposal have changed;
- `is_open_again` tells that what was handed in is to be handed in again.

GET `/d/<link>/key` hands out, while the link is open, the key that encrypts what waits in the
browser. It is the proposal's, so that a newer link reads what waits under an older one; it is
destroyed when the invitation is ended.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.access import own_proposal
from app.errors import NotFoundError, NotSignedInError
from app.extensions import db
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.models.base import now
from app.models.proposal import Proposal, ProposalState, SuggestionState
from app.services.operations import questions_at
from app.services.proposals import browser_key
from app.services.sent_operations import Result
from app.services.sent_suggestions import Done, carry_out, changes_since
from app.services.suggestion_pages import Told
from app.web.delegate import check_link, keep_private
from app.web.json_errors import tell_in_json
from app.web.operations_json import body_sent, moment_json, number_of, page_of, sent_of
from app.web.proposal_front import Front, holder_id
from app.web.shown_answers import as_fields, as_html
from app.wording.errors import told

_RESULTS: Final = {None: Result.SAME, SuggestionState.CLASH: Result.CLASH}


def send(proposal: Proposal) -> ResponseReturnValue:
    """Carry out what a page sends; what another page has saved meanwhile is merged."""
    front, body = Front.of(proposal), body_sent()
    sent, locale = sent_of(body)
    _check_holder(proposal, body)
    was_handed_in = proposal.state is ProposalState.HANDED_IN
    done = carry_out(
        db.session(),
        proposal,
        front.form,
        sent,
        draft=number_of(body.get("draft"), "draft"),
        locale=locale,
        language=front.writing_language,
    )
    answer = {
        "version": proposal.version,
        "saved_at": moment_json(now()),
        "came_back": [],
        "is_open_again": was_handed_in and proposal.state is ProposalState.OPEN,
        "operations": [_done_json(front.form, each, proposal.version) for each in done],
    }
    db.session.commit()
    return jsonify(answer)


def changes(proposal: Proposal) -> ResponseReturnValue:
    """Tell what other pages of the same proposal have changed since a version."""
    form, path = Front.of(proposal).form, request.args.get("place", "")
    _check_holder(proposal, request.args)
    found: list[dict[str, Any]] = []
    if path:
        place = parse_place(path)
        since = number_of(request.args.get("since", ""), "since")
        page = page_of(request.args)
        found = [
            {"place": path, "question": question, **_shown(form, place, question, answer)}
            for question, answer in changes_since(db.session(), proposal, form, place, since, page)
        ]
    return jsonify(
        version=proposal.version,
        csrf_token=generate_csrf(),
        changes=found,
        rows=[],
        is_long=False,
        present=[],
    )


def show_key(proposal: Proposal) -> ResponseReturnValue:
    """Hand out the key that encrypts what waits in the browser of a delegate."""
    key = browser_key(proposal)
    if not key:
        raise NotFoundError(what="key", code="")
    return jsonify(account=holder_id(proposal), key=key)


def _blueprint(name: str, prefix: str, check: Any) -> Blueprint:  # noqa: ANN401 - a decorator
    made = Blueprint(name, __name__, url_prefix=prefix)
    made.add_url_rule("/operations", "send", check(send), methods=["POST"])
    made.add_url_rule("/changes", "changes", check(changes), methods=["GET"])
    tell_in_json(made)
    return made


by_link = _blueprint("delegate_operations", "/d/<link>", check_link)
by_link.add_url_rule("/key", "show_key", check_link(show_key), methods=["GET"])
by_link.after_request(keep_private)
by_account = _blueprint("proposal_operations", "/proposals/<proposal_id>", own_proposal)


@by_account.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _check_holder(proposal: Proposal, values: Mapping[str, Any]) -> None:
    """Take nothing from a page of somebody who was signed in here before."""
    if values.get("account", holder_id(proposal)) != holder_id(proposal):
        raise NotSignedInError


def _done_json(form: Form, done: Done, version: int) -> dict[str, Any]:
    told_of: dict[str, Any] = {
        "id": done.sent.sent.id,
        "result": done.result.value,
        "version": version,
        "answers": [_outcome(form, done.place, each) for each in done.outcomes if done.place],
    }
    if done.refused is not None:
        words = told(done.refused)
        told_of |= {"code": done.refused.code, "sentence": f"{words.title}. {words.advice}"}
    return told_of


def _outcome(form: Form, place: Place, outcome: Told) -> dict[str, Any]:
    result = _RESULTS.get(outcome.state, Result.APPLIED)
    found: dict[str, Any] = {"question": outcome.question, "result": result.value}
    if outcome.answer != outcome.typed or result is Result.CLASH:
        found |= _shown(form, place, outcome.question, outcome.answer)
    return found


def _shown(form: Form, place: Place, question_id: str, answer: Any) -> dict[str, Any]:  # noqa: ANN401
    question = questions_at(form, place).get(question_id)
    if question is None:
        return {"fields": {}, "html": ""}
    return {"fields": as_fields(question, answer), "html": as_html(question, answer)}
