"""What the pages of queries show: a thread, what a query will be about, whom to ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from app.access import actor
from app.errors import NotFoundError
from app.extensions import db
from app.forms.audience import visible
from app.forms.definition import Audience, Form, Question
from app.forms.places import Document, Place, answers_at, parse_place
from app.models.counting import latest
from app.models.membership import party_names
from app.models.query import Query
from app.models.submission import Submission
from app.rights import Right
from app.services import queries as verbs
from app.services.collections import collection_of
from app.services.query_lists import asked_with, reviewers
from app.services.submissions import signed_document
from app.web.forms import form_of
from app.web.locale import language
from app.web.problems import place_title
from app.web.sign_in_forms import FieldProblem
from app.web.submissions import party_name, reader_of
from app.web.titles import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a query is about, as its page shows it."""

    title: Title  # of the section, item or row
    question: Question | None
    answer: Any  # in the revision that it was asked about
    now: Any  # in the revision that stands
    place: Place


def thread_page(submission: Submission, query: Query, problems: Iterable[FieldProblem] = ()) -> str:
    """Show a query with its comments, and what is wrong with what was typed."""
    form = form_of(submission.collection)
    return render_template(
        "queries/show.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        query=query,
        about=about_query(form, submission, query),
        problems=list(problems),
        text=request.form.get("text", ""),
        is_secretariat=is_secretariat(),
        owners=reviewers(db.session()) if is_secretariat() else [],
    )


def ask_page(submission: Submission, problems: Iterable[FieldProblem] = ()) -> str:
    """Show what a query will be about, and where to write it."""
    form, revision = form_of(submission.collection), latest(submission)
    if revision is None:
        raise NotFoundError(what="revision", code=submission.id)
    place, question = _wished_place(form)
    document = visible(form, signed_document(revision), Audience.SECRETARIAT)
    return render_template(
        "queries/ask.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        revision=revision,
        place=place,
        question=question,
        title=place_title(form, document, place),
        answer=answers_at(document, place).get(question.id) if question else None,
        problems=list(problems),
        typed=request.form,
        owners=reviewers(db.session()),
    )


def ask_many_page(problems: Iterable[FieldProblem] = ()) -> str:
    """Show the Parties that have signed, to ask several of them the same."""
    collection = collection_of(db.session(), request.values.get("collection", ""))
    form = form_of(collection)
    place, question = _wished_place(form)
    names = party_names(db.session(), language())
    found = {s.party_code: s for s in asked_with(db.session(), collection)}
    return render_template(
        "queries/ask_many.html",
        collection=collection,
        form=form,
        place=place,
        question=question,
        title=place_title(form, {}, place),
        parties=[(code, names[code]) for code in names if code in found],
        chosen=set(request.values.getlist("party")),
        problems=list(problems),
        typed=request.form,
    )


def _wished_place(form: Form) -> tuple[Place, Question | None]:
    """Return the place, and question, that the address or the form names."""
    place, wished = parse_place(request.values.get("place", "")), request.values.get("question", "")
    found = verbs.question_at(form, place, wished)
    if wished and found is None:
        raise NotFoundError(what="question", code=wished)
    return place, found


def about_query(form: Form, submission: Submission, query: Query) -> About:
    """Return what a query is about, as far as the visitor may read it."""
    place = parse_place(query.place)
    then = _readable(form, submission, query.revision)
    revision = latest(submission)
    present = _readable(form, submission, revision.number) if revision else {}
    return About(
        title=place_title(form, then, place),
        question=verbs.question_at(form, place, query.question),
        answer=answers_at(then, place).get(query.question),
        now=answers_at(present, place).get(query.question),
        place=place,
    )


def _readable(form: Form, submission: Submission, number: int) -> Document:
    """Return what the visitor may read of a revision; nothing of one that is withdrawn."""
    revision = next((r for r in submission.revisions if r.number == number), None)
    if revision is None or revision.withdrawn_at is not None:
        return {}
    return visible(form, signed_document(revision), reader_of(submission))


def is_secretariat() -> bool:
    """Tell whether the visitor is of the Secretariat."""
    return actor().has(Right.READ_REVIEW_QUEUE)
