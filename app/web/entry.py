"""Filling in a draft: one page per section, item and row.

Every button saves what is on its page before it does anything else, problems or not, so that
nobody loses what was typed. `then` says what comes after: `continue`, `stay`, `go:<address>`
inside this draft, `up:<row>` or `down:<row>`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, may
from app.errors import CollectionClosedError, NotFoundError
from app.extensions import db
from app.forms.answers import explanations_of, read_answers
from app.forms.definition import Form, Question, Repeat
from app.forms.places import Answers, Place, answers_at, elements_at, parse_place, places_under
from app.models.base import new_id
from app.models.submission import Submission
from app.services.collections import is_open
from app.services.submissions import draft_document, move_row, remove_row, save_place
from app.web.draft_pages import (
    DraftPage,
    Grid,
    Listing,
    asked_ids,
    draft_page,
    is_there,
    list_anchor,
    next_section,
    page_title,
    repeat_at,
    trail,
)
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.live import live_page
from app.web.locale import language
from app.web.problems import told
from app.web.titles import shortened
from app.workflow import Action

bp = Blueprint("entry", __name__, url_prefix="/submissions/<submission_id>/draft")

MOVES: Final = {"up": -1, "down": 1}
SHOWN: Final = ".shown"  # no id of a question begins so


@bp.get("/<path:place>")
@may(Action.EDIT)
def show(submission: Submission, place: str) -> ResponseReturnValue:
    """Show the page of a place; with `?problems=1` also what is still missing there."""
    form, here = _open_form(submission), parse_place(place)
    document = draft_document(form, submission)
    if not is_there(form, document, here):
        raise NotFoundError(what="place", code=place)
    tell = "problems" in request.args
    page = _page(submission, form, document, here, tell_missing=tell)
    new = request.args.get("new", "").split(",")
    return _render(submission, form, document, page, summary=tell, new=new)


@bp.get("/<path:place>/rules.json")
@may(Action.EDIT)
def rules(submission: Submission, place: str) -> ResponseReturnValue:
    """Give the page of a place its rules, to follow while somebody types; also of a new row."""
    form, here = _open_form(submission), parse_place(place)
    document = draft_document(form, submission)
    if not is_there(form, document, here.parent or here):
        raise NotFoundError(what="place", code=place)
    page, writing = language(), submission.language or language()
    return jsonify(live_page(form, document, here, locale=page, language=writing))


@bp.get("/<path:place>/<container>/add")
@may(Action.EDIT)
def add(submission: Submission, place: str, container: str) -> ResponseReturnValue:
    """Show an empty row. It is made when its page is saved, at the address of its own."""
    form, parent = _open_form(submission), parse_place(place)
    document = draft_document(form, submission)
    repeat_at(form, parent, container)
    if not is_there(form, document, parent):
        raise NotFoundError(what="place", code=place)
    page = _page(submission, form, document, parent.child(container, new_id()), tell_missing=False)
    return _render(submission, form, document, page)


@bp.post("/<path:place>")
@may(Action.EDIT)
def save(submission: Submission, place: str) -> ResponseReturnValue:
    """Keep what was typed; then go where the button says, or stay while there are problems."""
    form, here = form_of(submission.collection), parse_place(place)
    before = draft_document(form, submission)
    _keep(submission, form, here, before)
    db.session.commit()
    return _after(submission, form, here, asked_ids(form, before, here))


@bp.get("/<path:place>/remove")
@may(Action.EDIT)
def ask_to_remove(submission: Submission, place: str) -> ResponseReturnValue:
    """Ask whether a row is really to go."""
    form, here = form_of(submission.collection), _row(submission, place)
    document = draft_document(form, submission)
    under = places_under(elements_at(form, here), answers_at(document, here), here)
    return render_template(
        "entry/remove.html",
        submission=submission,
        form=form,
        title=page_title(form, document, here),
        inside=sum(1 for inner in under if _is_row(form, inner)),
        back=_list_address(submission, here),
        wished=_wished_back(here),
        steps=_steps(submission, form, document, here),
    )


@bp.post("/<path:place>/remove")
@may(Action.EDIT)
def remove(submission: Submission, place: str) -> ResponseReturnValue:
    """Take a row, and all under it, out of the draft."""
    form, here = form_of(submission.collection), _row(submission, place)
    remove_row(db.session(), submission, form, here, account())
    db.session.commit()
    flash(_("Removed."), "success")
    return redirect(_list_address(submission, here), 303)


def _open_form(submission: Submission) -> Form:
    """Return the form to be filled in; raise CollectionClosedError before anybody types in vain."""
    if not is_open(submission.collection):
        raise CollectionClosedError(collection=submission.collection_code)
    return form_of(submission.collection)


def _keep(submission: Submission, form: Form, here: Place, before: Mapping[str, Any]) -> None:
    """Save what the page posted; make the row if it is new; move a row if a button says so."""
    answers = _typed(submission, form, here)
    if answers or not is_there(form, before, here):
        save_place(db.session(), submission, form, here, answers, account())
    verb, _colon, rest = request.form.get("then", "").partition(":")
    if verb in MOVES:
        with suppress(NotFoundError):  # a colleague may have removed it; what was typed is kept
            move_row(db.session(), submission, form, parse_place(rest), MOVES[verb], account())


def _typed(submission: Submission, form: Form, here: Place) -> Answers:
    elements = elements_at(form, here)
    questions = [element for element in elements if isinstance(element, Question)]
    return read_answers(
        [*questions, *explanations_of(elements)],
        request.form.to_dict(flat=False),
        locale=language(),
        language=submission.language or language(),
    )


def _after(
    submission: Submission, form: Form, here: Place, asked_before: frozenset[str]
) -> ResponseReturnValue:
    """Answer a save: go on, stay because new questions have appeared, or show the problems."""
    verb, _colon, rest = request.form.get("then", "continue").partition(":")
    if verb == "go":
        return redirect(_address(submission, rest, back=here), 303)
    if verb in MOVES:
        return redirect(_again(submission, here, list_anchor(parse_place(rest))), 303)
    document = draft_document(form, submission)
    shown = request.form.getlist(SHOWN)  # by JavaScript, before it was saved
    new = asked_ids(form, document, here) - asked_before - frozenset(shown)
    page = _page(submission, form, document, here, tell_missing=verb != "stay", spare=new)
    if new:
        flash(_("Saved. By your answer there is more to fill in on this page."), "info")
    if page.wrong:
        return _render(submission, form, document, page, summary=True, is_saved=True, new=new), 422
    if new:
        return redirect(_again(submission, here, _first_new(page, new), new), 303)
    flash(_("Saved."), "success")
    if verb == "stay":
        return redirect(_again(submission, here), 303)
    return redirect(_onwards(submission, form, document, here), 303)


def _page(
    submission: Submission,
    form: Form,
    document: Mapping[str, Any],
    here: Place,
    *,
    tell_missing: bool,
    spare: frozenset[str] = frozenset(),
) -> DraftPage:
    writing = submission.language or language()
    return draft_page(
        form, document, here, language=writing, tell_missing=tell_missing, spare=spare
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
) -> str:
    problems = page.wrong if summary else ()
    return render_template(
        "entry/page.html",
        submission=submission,
        form=form,
        page=page,
        address=_address(submission, page.place),
        back=_wished_back(page.place),
        steps=_steps(submission, form, document, page.place),
        summary=[{"text": told(form, p), "address": f"#{page.anchor(p)}"} for p in problems],
        is_saved=is_saved,
        new=new,
        onwards=_onwards(submission, form, document, page.place) if is_saved else "",
        is_row=_is_row(form, page.place),
        is_there=is_there(form, document, page.place),
    )


def _steps(
    submission: Submission, form: Form, document: Mapping[str, Any], here: Place
) -> list[tuple[str, str]]:
    """Return the way up from a page: the submission, its section, the rows around."""
    home = url_for("submissions.show", submission_id=submission.id)
    around = [
        (shortened(t.text), _address(submission, place)) for t, place in trail(form, document, here)
    ]
    return [(form.title, home), *around]


def _onwards(submission: Submission, form: Form, document: Mapping[str, Any], here: Place) -> str:
    """Return where to go from a page that is done: back to the list, or on to the next section."""
    if here.steps:
        return _list_address(submission, here)
    following = next_section(form, document, here)
    if following is not None:
        return _address(submission, following)
    return url_for("signing.check", submission_id=submission.id)


def _address(
    submission: Submission,
    place: Place | str,
    anchor: str = "",
    back: Place | None = None,
    **query: str,
) -> str:
    """Return the address of the page of *place*; *back* is where its visitor came from."""
    values: dict[str, Any] = {name: value for name, value in query.items() if value}
    if back is not None:
        values["from"] = str(back)
    values |= {"submission_id": submission.id, "place": str(place), "_anchor": anchor or None}
    return url_for("entry.show", **values)


def _again(submission: Submission, here: Place, anchor: str = "", new: Iterable[str] = ()) -> str:
    """Return the address of the same page, which still knows where the visitor came from.

    new   ids of the questions to be marked as new
    """
    return _address(submission, here, anchor, _wished_back(here), new=",".join(sorted(new)))


def _list_address(submission: Submission, here: Place) -> str:
    """Return where an item or row stands in the list that the visitor came from."""
    parent = here.parent or here
    return _address(submission, _wished_back(here) or parent, list_anchor(here))


def _wished_back(here: Place) -> Place | None:
    """Return the page around *here* that the visitor came from, if it is known and true."""
    wished = request.values.get("from", "")
    around = here.parent
    while around is not None and str(around) != wished:
        around = around.parent
    return around


def _first_new(page: DraftPage, new: frozenset[str]) -> str:
    """Return the anchor of the first block that has only just appeared."""
    for block in page.blocks:
        if isinstance(block, Listing):
            if block.container.id in new:
                return block.anchor
        elif (block.ids if isinstance(block, Grid) else {block.question.id}) & new:
            return anchor_of(block.question.id)
    return "main"


def _row(submission: Submission, place: str) -> Place:
    """Return the place of a row that is there; raise NotFoundError."""
    form, here = form_of(submission.collection), parse_place(place)
    if not _is_row(form, here) or not is_there(form, draft_document(form, submission), here):
        raise NotFoundError(what="row", code=place)
    return here


def _is_row(form: Form, place: Place) -> bool:
    return bool(place.steps) and isinstance(form.container(place.steps[-1][0]), Repeat)
