"""Filling in a draft: one page per section, item and row.

Every button saves what is on its page before it does anything else, problems or not, so that
nobody loses what was typed. `then` says what comes after: `continue`, `stay`, `go:<address>`
inside this draft, `undo`, `up:` or `down:<row>:<neighbour>`, past that row; see `app.web.carrying`.

A page carries the version of the draft that it shows, so that one that is old undoes nothing: see
`app.services.operations`. Where somebody else has changed the same answer, it comes back and asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, may
from app.errors import CollectionClosedError, NotFoundError
from app.extensions import db
from app.forms.definition import Form, Repeat
from app.forms.places import Place, answers_at, elements_at, parse_place, places_under
from app.models.base import new_id
from app.models.operation import Operation, State
from app.models.submission import Submission
from app.services.collections import is_open
from app.services.draft_history import changed_at, last_own, removal_in
from app.services.draft_reading import DraftReader
from app.services.drafts import version_of
from app.services.row_operations import remove_row
from app.services.submissions import drafting
from app.web.clashes import Clash, posted_from, posted_version, said_above, still_asked, with_mine
from app.web.draft_addresses import (
    address_of,
    again_at,
    elsewhere,
    first_new,
    list_address,
    onwards_from,
    steps_to,
    wished_back,
)
from app.web.draft_history import history_at
from app.web.draft_lists import (
    Span,
    keys_of,
    no_keys,
    spans_of,
)
from app.web.draft_pages import (
    DraftPage,
    asked_ids,
    draft_page,
    is_there,
    page_title,
    repeat_at,
)
from app.web.forms import form_of
from app.web.live import live_page
from app.web.locale import language
from app.web.operations_json import who_json
from app.web.presence import be_at, others_present
from app.web.saving import keep
from app.workflow import Action

bp = Blueprint("entry", __name__, url_prefix="/submissions/<submission_id>/draft")

SHOWN: Final = ".shown"  # no id of a question begins so


@bp.get("/<path:place>")
@may(Action.EDIT)
def show(submission: Submission, place: str) -> ResponseReturnValue:
    """Show the page of a place; with `?problems=1` also what is still missing there."""
    form, here = _open_form(submission), parse_place(place)
    reader = _reader(submission, form)
    spans = spans_of(reader, here, request.args)
    document = reader.document(here, keys_of(spans))
    if not is_there(form, document, here):
        if removal_in(db.session(), submission, here) is None:
            raise NotFoundError(what="place", code=place)
        return history_at(submission, here), 404  # from there it can be brought back
    be_at(submission, place)
    tell = "problems" in request.args
    page = _page(submission, form, document, here, tell_missing=tell, spans=spans)
    new = request.args.get("new", "").split(",")
    return _render(submission, form, document, page, summary=tell, new=new)


@bp.get("/<path:place>/rules.json")
@may(Action.EDIT)
def rules(submission: Submission, place: str) -> ResponseReturnValue:
    """Give the page of a place its rules, to follow while somebody types; also of a new row."""
    form, here = _open_form(submission), parse_place(place)
    document = _reader(submission, form).document(here, no_keys(form, here))
    if not is_there(form, document, here.parent or here):
        raise NotFoundError(what="place", code=place)
    page, writing = language(), submission.language or language()
    return jsonify(live_page(form, document, here, locale=page, language=writing))


@bp.get("/<path:place>/<container>/add")
@may(Action.EDIT)
def add(submission: Submission, place: str, container: str) -> ResponseReturnValue:
    """Show an empty row. It is made when its page is saved, at the address of its own."""
    form, parent = _open_form(submission), parse_place(place)
    repeat_at(form, parent, container)
    here = parent.child(container, new_id())
    document = _reader(submission, form).document(here)
    if not is_there(form, document, parent):
        raise NotFoundError(what="place", code=place)
    page = _page(submission, form, document, here, tell_missing=False)
    return _render(submission, form, document, page)


@bp.post("/<path:place>")
@may(Action.EDIT)
def save(submission: Submission, place: str) -> ResponseReturnValue:
    """Keep what was typed; then go where the button says, or stay while there are problems."""
    form, here = form_of(submission.collection), parse_place(place)
    document = _reader(submission, form).document(here, no_keys(form, here))
    be_at(submission, place)
    before = asked_ids(form, document, here)
    outcomes = keep(submission, form, here)
    if any(outcome.state is State.LOCKED for outcome in outcomes):
        flash(
            _("Some of these answers are locked. What you typed is kept in the history."), "warning"
        )
    return _after(submission, form, here, before, still_asked(form, here, outcomes))


@bp.get("/<path:place>/remove")
@may(Action.EDIT)
def ask_to_remove(submission: Submission, place: str) -> ResponseReturnValue:
    """Ask whether a row is really to go."""
    return _ask_to_remove(submission, _row(submission, place))


@bp.post("/<path:place>/remove")
@may(Action.EDIT)
def remove(submission: Submission, place: str) -> ResponseReturnValue:
    """Take a row, and all under it, out of the draft; ask again if others have written in it."""
    form, here = form_of(submission.collection), parse_place(place)
    batch = drafting(db.session(), submission, form, account())
    outcome = remove_row(batch, here, since=posted_version(), sent=posted_from())
    batch.save("remove_row")
    db.session.commit()
    if outcome.state is State.CLASH:
        return _ask_to_remove(submission, here, outcome.theirs), 409
    flash(_("Removed. It can be brought back from the history."), "success")
    return redirect(list_address(submission, here), 303)


def _ask_to_remove(submission: Submission, here: Place, theirs: Operation | None = None) -> str:
    form = form_of(submission.collection)
    document = _reader(submission, form).document(here)
    under = places_under(elements_at(form, here), answers_at(document, here), here)
    return render_template(
        "entry/remove.html",
        submission=submission,
        form=form,
        title=page_title(form, document, here),
        inside=sum(1 for inner in under if _is_row(form, inner)),
        back=list_address(submission, here),
        wished=wished_back(here),
        steps=steps_to(submission, form, document, here),
        version=version_of(db.session(), submission),
        theirs=who_json(theirs)["told"] if theirs else "",
    )


def _open_form(submission: Submission) -> Form:
    """Return the form to be filled in; raise CollectionClosedError before anybody types in vain."""
    if not is_open(submission.collection):
        raise CollectionClosedError(collection=submission.collection_code)
    return form_of(submission.collection)


def _reader(submission: Submission, form: Form) -> DraftReader:
    return DraftReader(db.session(), submission.id, form)


def _after(
    submission: Submission,
    form: Form,
    here: Place,
    asked_before: frozenset[str],
    clashes: Sequence[Clash],
) -> ResponseReturnValue:
    """Answer a save: go on, stay because new questions have appeared, or show the problems."""
    verb, _colon, rest = request.form.get("then", "continue").partition(":")
    reader = _reader(submission, form)
    spans = spans_of(reader, here, request.form)
    document = reader.document(here, keys_of(spans))
    if not is_there(form, document, here):
        flash(
            _("A colleague has removed this entry meanwhile. You had changed nothing in it."),
            "warning",
        )
        return redirect(list_address(submission, here), 303)
    if clashes:
        return _ask(submission, form, document, here, clashes), 409
    if address := elsewhere(submission, here, verb, rest):
        return redirect(address, 303)
    shown = request.form.getlist(SHOWN)  # by JavaScript, before it was saved
    new = asked_ids(form, document, here) - asked_before - frozenset(shown)
    page = _page(
        submission, form, document, here, tell_missing=verb != "stay", spare=new, spans=spans
    )
    if new:
        flash(_("Saved. By your answer there is more to fill in on this page."), "info")
    if page.wrong:
        return _render(submission, form, document, page, summary=True, is_saved=True, new=new), 422
    if new:
        return redirect(again_at(submission, here, first_new(page, new), new), 303)
    flash(_("Saved."), "success")
    if verb == "stay":
        return redirect(again_at(submission, here), 303)
    return redirect(onwards_from(submission, form, here), 303)


def _ask(
    submission: Submission,
    form: Form,
    document: Mapping[str, Any],
    here: Place,
    clashes: Sequence[Clash],
) -> str:
    """Show the page again with one's own texts in their fields, and theirs beside them."""
    shown = with_mine(document, here, clashes)
    page = _page(submission, form, shown, here, tell_missing=False)
    return _render(submission, form, document, page, clashes=clashes)


def _page(
    submission: Submission,
    form: Form,
    document: Mapping[str, Any],
    here: Place,
    *,
    tell_missing: bool,
    spare: frozenset[str] = frozenset(),
    spans: Mapping[str, Span] | None = None,
) -> DraftPage:
    writing = submission.language or language()
    return draft_page(
        form,
        document,
        here,
        language=writing,
        tell_missing=tell_missing,
        spare=spare,
        spans=spans,
    )


def _render(
    submission: Submission,
    form: Form,
    document: Mapping[str, Any],
    page: DraftPage,
    *,
    summary: bool = False,
    is_saved: bool = False,
    new: Iterable[str] = (),
    clashes: Sequence[Clash] = (),
) -> str:
    session = db.session()
    return render_template(
        "entry/page.html",
        submission=submission,
        form=form,
        page=page,
        address=address_of(submission, page.place),
        back=wished_back(page.place),
        steps=steps_to(submission, form, document, page.place),
        is_saved=is_saved,
        new=new,
        onwards=onwards_from(submission, form, page.place) if is_saved else "",
        is_row=_is_row(form, page.place),
        is_there=is_there(form, document, page.place),
        version=version_of(session, submission),
        page_id=new_id(),
        **said_above(form, page, clashes, tells_problems=summary),
        changed=changed_at(session, submission, page.place),
        can_undo=last_own(session, submission, account()) is not None,
        others=others_present(submission, form, str(page.place)),
    )


def _row(submission: Submission, place: str) -> Place:
    """Return the place of a row that is there; raise NotFoundError."""
    form, here = form_of(submission.collection), parse_place(place)
    document = _reader(submission, form).document(here, no_keys(form, here))
    if not _is_row(form, here) or not is_there(form, document, here):
        raise NotFoundError(what="row", code=place)
    return here


def _is_row(form: Form, place: Place) -> bool:
    return bool(place.steps) and isinstance(form.container(place.steps[-1][0]), Repeat)
