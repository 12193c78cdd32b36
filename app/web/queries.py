"""Queries about what was signed: a thread for the Secretariat and the Party. Nothing is changed."""

from collections.abc import Callable
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import account, has_right, may, may_read_queries
from app.errors import InvalidInputError
from app.extensions import db
from app.forms.definition import Form
from app.forms.places import parse_place, still_there
from app.models.account import Account
from app.models.base import today
from app.models.counting import latest
from app.models.membership import party_names
from app.models.query import Query
from app.models.submission import Submission
from app.rights import Right
from app.services import queries as verbs
from app.services.collections import all_collections, collection_of
from app.services.query_lists import Wished, asked_with, listed, reviewers
from app.services.submissions import draft_document, unlock
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.locale import language
from app.web.query_pages import about_query, ask_many_page, ask_page, is_secretariat, thread_page
from app.web.sign_in_forms import FieldProblem
from app.web.submissions import party_name
from app.workflow import Action, QueryState, ReviewAction

bp = Blueprint("queries", __name__)

THREAD: Final = "/submissions/<submission_id>/queries"


@bp.get(THREAD)
@may_read_queries
def index(submission: Submission) -> ResponseReturnValue:
    """List the queries of a submission."""
    form = form_of(submission.collection)
    found = verbs.queries_of(db.session(), submission)
    return render_template(
        "queries/index.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        queries=[(query, about_query(form, submission, query)) for query in found],
        is_secretariat=is_secretariat(),
    )


@bp.get(f"{THREAD}/ask")
@may(ReviewAction.ASK)
def show_ask(submission: Submission) -> ResponseReturnValue:
    """Show what a query will be about, and where to write it."""
    return ask_page(submission)


@bp.post(f"{THREAD}/ask")
@may(ReviewAction.ASK)
def ask(submission: Submission) -> ResponseReturnValue:
    """Ask the Party; or say what is lacking, with all that was typed.

    Where the Party has signed anew since the page was opened, it shows what stands now first.
    """
    form, shown = form_of(submission.collection), request.form.get("revision", "")
    present = latest(submission)
    if shown and present is not None and shown != str(present.number):
        anew = _("The Party has signed again since you opened this page. Read what it says now.")
        return ask_page(submission, [FieldProblem(anew, "#text")]), 409
    try:
        query = verbs.ask(db.session(), submission, form, _asked(), account(), owner=_owner())
    except InvalidInputError as error:
        return ask_page(submission, _problem(error)), 422
    db.session.commit()
    flash(_("Asked. Those who work for the Party are told by mail."), "success")
    return redirect(_address(query), 303)


@bp.get(f"{THREAD}/<int:number>")
@may_read_queries
def show(submission: Submission, number: int) -> ResponseReturnValue:
    """Show a query with its comments."""
    return thread_page(submission, verbs.query_of(db.session(), submission, number))


@bp.post(f"{THREAD}/<int:number>/answer")
@may(Right.ANSWER_QUERIES)
def answer(submission: Submission, number: int) -> ResponseReturnValue:
    """Answer for the Party."""
    return _commented(submission, number, verbs.answer, _("Answered. The Secretariat is told."))


@bp.post(f"{THREAD}/<int:number>/ask-again")
@may(ReviewAction.ASK)
def ask_again(submission: Submission, number: int) -> ResponseReturnValue:
    """Ask on in the same query."""
    told = _("Asked. Those who work for the Party are told by mail.")
    return _commented(submission, number, verbs.ask_again, told)


@bp.post(f"{THREAD}/<int:number>/resolve")
@may(ReviewAction.RESOLVE)
def resolve(submission: Submission, number: int) -> ResponseReturnValue:
    """Say that nothing is left to ask."""
    query = verbs.query_of(db.session(), submission, number)
    verbs.resolve(db.session(), query, account())
    db.session.commit()
    flash(_("Resolved."), "success")
    return redirect(_address(query), 303)


@bp.post(f"{THREAD}/<int:number>/owner")
@may(ReviewAction.ASK)
def hand_over(submission: Submission, number: int) -> ResponseReturnValue:
    """Let another of the Secretariat read the answer."""
    query = verbs.query_of(db.session(), submission, number)
    owner = _owner()
    if owner is not None:
        verbs.hand_over(db.session(), query, owner, account())
        db.session.commit()
        flash(_("Handed over."), "success")
    return redirect(_address(query), 303)


@bp.post(f"{THREAD}/<int:number>/take-up")
@may(Right.ANSWER_QUERIES)
def take_up(submission: Submission, number: int) -> ResponseReturnValue:
    """Let the Party change what a query is about; all else stays locked."""
    query = verbs.query_of(db.session(), submission, number)
    form = form_of(submission.collection)
    verbs.take_up(db.session(), submission, form, [query], account())
    db.session.commit()
    flash(_("The revision is open for what this query asks about."), "success")
    return redirect(_entry_address(form, query), 303)


@bp.post(f"{THREAD}/take-up")
@may(Right.ANSWER_QUERIES)
def take_up_all(submission: Submission) -> ResponseReturnValue:
    """Let the Party change what any query asks about that is not resolved."""
    found = [
        query
        for query in verbs.queries_of(db.session(), submission)
        if query.state is not QueryState.RESOLVED
    ]
    if not found:
        return redirect(url_for(".index", submission_id=submission.id), 303)
    verbs.take_up(db.session(), submission, form_of(submission.collection), found, account())
    db.session.commit()
    flash(_("The revision is open for what these queries ask about."), "success")
    return redirect(url_for("submissions.show", submission_id=submission.id), 303)


@bp.post("/submissions/<submission_id>/unlock")
@may(Action.EDIT)
def unlock_all(submission: Submission) -> ResponseReturnValue:
    """Let everything be changed in a revision that was begun for some answers."""
    unlock(submission, account())
    db.session.commit()
    flash(_("All answers can be changed now."), "success")
    return redirect(url_for("submissions.show", submission_id=submission.id), 303)


@bp.get("/review/queries")
@has_right(Right.READ_REVIEW_QUEUE)
def every() -> ResponseReturnValue:
    """List the queries of all Parties, those that wait longest first."""
    wished = Wished(
        collection=request.args.get("collection", ""),
        state=request.args.get("state", ""),
        owner=account().id if "mine" in request.args else "",
        is_overdue="overdue" in request.args,
        sent_with=request.args.get("sent", ""),
    )
    found = listed(db.session(), wished, today())
    forms = {query.submission.collection_code: query.submission.collection for query in found}
    worded = {code: form_of(collection) for code, collection in forms.items()}
    return render_template(
        "queries/every.html",
        queries=[
            (query, about_query(worded[query.submission.collection_code], query.submission, query))
            for query in found
        ],
        names=party_names(db.session(), language()),
        collections=all_collections(db.session()),
        states=list(QueryState),
        wished=wished,
        today=today(),
    )


@bp.get("/review/ask")
@has_right(ReviewAction.ASK)
def show_ask_many() -> ResponseReturnValue:
    """Show the Parties that have signed, to ask several of them the same."""
    return ask_many_page()


@bp.post("/review/ask")
@has_right(ReviewAction.ASK)
def ask_many() -> ResponseReturnValue:
    """Ask the Parties that were chosen; all or none."""
    collection = collection_of(db.session(), request.values.get("collection", ""))
    chosen = set(request.form.getlist("party"))
    submissions = [s for s in asked_with(db.session(), collection) if s.party_code in chosen]
    try:
        found = verbs.ask_many(db.session(), submissions, form_of(collection), _asked(), account())
    except InvalidInputError as error:
        return ask_many_page(_problem(error)), 422
    db.session.commit()
    flash(_("Asked. Those who work for these Parties are told by mail."), "success")
    return redirect(url_for(".every", sent=found[0].sent_with), 303)


def _asked() -> verbs.Asked:
    return verbs.Asked(
        place=parse_place(request.values.get("place", "")),
        question=request.values.get("question", ""),
        text=request.form.get("text", ""),
        language=request.form.get("language", language()),
        due_on=_day(request.form.get("due_on", "")),
    )


def _day(typed: str) -> date | None:
    typed = typed.strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise InvalidInputError(parameter="due_on", value=typed, allowed="2026-12-31") from None
    if day < today():
        raise InvalidInputError(parameter="due_on", value=typed, allowed=str(today()))
    return day


def _owner() -> Account | None:
    """Return who was chosen to read the answer; None when nobody was."""
    wished = request.form.get("owner", "")
    return next((each for each in reviewers(db.session()) if each.id == wished), None)


def _commented(
    submission: Submission,
    number: int,
    verb: Callable[[Session, Query, str, str, Account], None],
    told: str,
) -> ResponseReturnValue:
    query = verbs.query_of(db.session(), submission, number)
    text, written_in = request.form.get("text", ""), request.form.get("language", language())
    try:
        verb(db.session(), query, text, written_in, account())
    except InvalidInputError as error:
        db.session.rollback()
        return thread_page(submission, query, _problem(error)), 422
    db.session.commit()
    flash(told, "success")
    return redirect(_address(query), 303)


def _problem(error: InvalidInputError) -> list[FieldProblem]:
    """Say what is to be put right, and where."""
    parameter = str(error.details["parameter"])
    told = {
        "text": _("Write what you want to say: at most 5,000 characters."),
        "due_on": _("Enter a day from today on, such as 2026-12-31."),
        "parties": _("Choose at least one Party."),
        "language": _("Choose one of the six languages."),
    }
    return [FieldProblem(told.get(parameter, str(error)), f"#{parameter}")]


def _address(query: Query) -> str:
    return url_for(".show", submission_id=query.submission_id, number=query.number)


def _entry_address(form: Form, query: Query) -> str:
    """Return where it is changed; around it, where its row was taken away meanwhile."""
    asked, document = parse_place(query.place), draft_document(form, query.submission)
    place = still_there(form, document, asked)
    anchor = anchor_of(query.question) if query.question and place == asked else None
    return url_for("entry.show", submission_id=query.submission_id, place=place, _anchor=anchor)
