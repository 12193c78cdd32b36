"""Inviting delegates: who is asked to write what, until when; links sent again and ended."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, may
from app.errors import InvalidInputError, NotFoundError
from app.extensions import db, limiter
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.models.base import now, today
from app.models.deadlines import LAST_ON_EARTH, end_of
from app.models.proposal import Proposal, ProposalKind
from app.models.submission import Submission
from app.rights import Right
from app.services import delegates as verbs
from app.services.collections import is_open
from app.services.draft_reading import DraftReader
from app.services.drafts import draft_document
from app.services.proposal_reading import waiting_counts, waiting_in
from app.services.proposals import Wished, change_dates, close, holder_of, proposal_in, proposals_of
from app.web.forms import form_of
from app.web.limits import INVITATIONS, by_account
from app.web.locale import language
from app.web.problems import place_title
from app.web.sign_in_forms import EMAIL as EMAIL_PATTERN
from app.web.sign_in_forms import FieldProblem
from app.web.titles import Title
from app.wording.languages import LANGUAGES, offered

bp = Blueprint("delegates", __name__, url_prefix="/submissions/<submission_id>/delegates")

LONGEST_EMAIL: Final = 254
MOST_YEARS: Final = 5  # ahead
EMAIL: Final = re.compile(EMAIL_PATTERN)


@bp.get("")
@may(Right.INVITE_DELEGATES)
def index(submission: Submission) -> ResponseReturnValue:
    """List those who are invited to write by link."""
    waiting = waiting_counts(db.session(), submission)
    return render_template(
        "delegates/index.html",
        submission=submission,
        form=form_of(submission.collection),
        invited=[(proposal, waiting.get(proposal.id, 0)) for proposal in _all(submission)],
        may_invite=is_open(submission.collection),
        at=now(),
    )


@bp.get("/new")
@may(Right.INVITE_DELEGATES)
def show_invite(submission: Submission) -> ResponseReturnValue:
    """Ask whom to invite to which parts; with `?place=`, to that one."""
    return _invite_page(submission)


@bp.post("/new")
@may(Right.INVITE_DELEGATES)
@limiter.limit(INVITATIONS, key_func=by_account)
def invite(submission: Submission) -> ResponseReturnValue:
    """Invite a delegate; or say what is lacking, with all that was typed."""
    form = form_of(submission.collection)
    problems, wished = _wished(form)
    if not problems:
        try:
            proposal, _secret = verbs.invite(db.session(), submission, form, account(), wished)
        except InvalidInputError as error:
            db.session.rollback()
            problems = [_problem(error)]
    if problems:
        return _invite_page(submission, problems), 422
    db.session.commit()
    flash(_("Invited. A mail with a link is on its way."), "success")
    return redirect(_address(proposal), 303)


@bp.get("/<proposal_id>")
@may(Right.INVITE_DELEGATES)
def show(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Show one invitation."""
    return _show(submission, _one(submission, proposal_id))


@bp.post("/<proposal_id>/send-again")
@may(Right.INVITE_DELEGATES)
@limiter.limit(INVITATIONS, key_func=by_account)
def send_again(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Send a new link; the one before ends."""
    proposal = _one(submission, proposal_id)
    verbs.send_again(db.session(), proposal, account())
    db.session.commit()
    flash(_("A new link is on its way. The one before has ended."), "success")
    return redirect(_address(proposal), 303)


@bp.post("/<proposal_id>/dates")
@may(Right.INVITE_DELEGATES)
def set_dates(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Set another due date, and another last day."""
    proposal = _one(submission, proposal_id)
    problems: list[FieldProblem] = []
    due_on, ends_on = _days(problems, proposal.due_on)
    if problems:
        return _show(submission, proposal, problems), 422
    until = end_of(ends_on or verbs.usual_end(due_on, today()))
    change_dates(db.session(), proposal, account(), due_on=due_on, ends_at=until)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(_address(proposal), 303)


@bp.post("/<proposal_id>/ask-again")
@may(Right.INVITE_DELEGATES)
@limiter.limit(INVITATIONS, key_func=by_account)
def ask_again(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Ask the delegate to go on with what was handed in."""
    proposal = _one(submission, proposal_id)
    try:
        verbs.ask_to_go_on(db.session(), proposal, account(), request.form.get("note", ""))
    except InvalidInputError as error:
        db.session.rollback()
        return _show(submission, proposal, [_problem(error)]), 422
    db.session.commit()
    flash(_("Asked. A mail with a link is on its way."), "success")
    return redirect(_address(proposal), 303)


@bp.post("/<proposal_id>/end")
@may(Right.INVITE_DELEGATES)
def end(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """End an invitation: its links let nobody in; what was written stays."""
    proposal = _one(submission, proposal_id)
    close(db.session(), proposal, account())
    db.session.commit()
    flash(_("Ended. The link lets nobody in any more. What was written is kept."), "success")
    return redirect(_address(proposal), 303)


def _show(submission: Submission, proposal: Proposal, problems: Iterable[FieldProblem] = ()) -> str:
    form = form_of(submission.collection)
    document = draft_document(form, submission)
    until = proposal.ends_at
    return render_template(
        "delegates/show.html",
        submission=submission,
        form=form,
        proposal=proposal,
        holder=holder_of(proposal),
        parts=[place_title(form, document, parse_place(path)) for path in proposal.places or ()],
        count=len(waiting_in(db.session(), proposal)),
        has_ended=proposal.has_ended(now()),
        ends_on=(until - LAST_ON_EARTH).date().isoformat() if until else "",
        problems=list(problems),
        typed=request.form,
        inviter=proposal.creator,
    )


def _all(submission: Submission) -> list[Proposal]:
    found = proposals_of(db.session(), submission)
    return [each for each in found if each.kind is ProposalKind.DELEGATE]


def _one(submission: Submission, proposal_id: str) -> Proposal:
    proposal = proposal_in(db.session(), submission, proposal_id)
    if proposal.kind is not ProposalKind.DELEGATE:
        raise NotFoundError(what="proposal", code=proposal_id)
    return proposal


def _invite_page(submission: Submission, problems: Iterable[FieldProblem] = ()) -> str:
    form = form_of(submission.collection)
    extra = [path for path in request.values.getlist("place") if "/" in path]
    choices = [*_sections(form), *_named(submission, form, extra)]
    return render_template(
        "delegates/invite.html",
        submission=submission,
        form=form,
        choices=choices,
        chosen=set(request.values.getlist("place")),
        problems=list(problems),
        typed=request.form,
        languages={code: LANGUAGES[code] for code in offered()},
        usual=request.form.get("language", language()),
    )


def _sections(form: Form) -> list[tuple[str, Title]]:
    return [(section.id, Title(section.title)) for section in form.sections]


def _named(submission: Submission, form: Form, paths: Iterable[str]) -> list[tuple[str, Title]]:
    """Return the items and rows that the page is opened for, with their titles."""
    reader = DraftReader(db.session(), submission.id, form)
    places = [parse_place(path) for path in dict.fromkeys(paths)]
    return [(str(place), place_title(form, reader.document(place), place)) for place in places]


def _wished(form: Form) -> tuple[list[FieldProblem], Wished]:
    """Return what was asked for, and what is wrong with it."""
    problems: list[FieldProblem] = []
    name, email = (request.form.get(key, "").strip() for key in ("name", "email"))
    if not name or len(name) > verbs.LONGEST_NAME:
        problems.append(FieldProblem(_("Enter a name."), "#name"))
    if not _is_email(email):
        problems.append(FieldProblem(_("Enter an e-mail address."), "#email"))
    places = [parse_place(path) for path in request.form.getlist("place")]
    if not places:
        first = form.sections[0].id
        problems.append(FieldProblem(_("Choose at least one part."), f"#place-{first}"))
    due_on, ends_on = _days(problems)
    until = end_of(ends_on or verbs.usual_end(due_on, today()))
    spoken = request.form.get("language", "")
    return problems, Wished(
        places=_outermost(places),
        name=name,
        email=email,
        note=request.form.get("note", ""),
        language=spoken if spoken in offered() else language(),
        due_on=due_on,
        ends_at=until,
    )


def _outermost(places: Iterable[Place]) -> list[Place]:
    """Return *places* without those that stand in another of them."""
    paths = sorted({str(place) for place in places})
    return [
        parse_place(path)
        for path in paths
        if not any(path.startswith(f"{other}/") for other in paths)
    ]


def _days(
    problems: list[FieldProblem], was_due: date | None = None
) -> tuple[date | None, date | None]:
    """Return due date and last day, as they were typed; *was_due* may stay though it is over."""
    due_on, ends_on = _day("due_on", problems, was_due), _day("ends_on", problems)
    if due_on is not None and ends_on is not None and ends_on < due_on:
        said = _("The last day cannot be before the due date.")
        problems.append(FieldProblem(said, "#ends_on"))
    return due_on, ends_on


def _day(name: str, problems: list[FieldProblem], kept: date | None = None) -> date | None:
    typed = request.form.get(name, "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is not None and day == kept:
        return day
    if day is None or day < today() or day.year > today().year + MOST_YEARS:
        said = _("Enter a day from today on, such as 2026-12-31.")
        problems.append(FieldProblem(said, f"#{name}"))
        return None
    return day


def _is_email(typed: str) -> bool:
    return len(typed) <= LONGEST_EMAIL and EMAIL.fullmatch(typed) is not None


def _problem(error: InvalidInputError) -> FieldProblem:
    parameter = str(error.details["parameter"])
    told = {
        "note": _("Write less: at most 5,000 characters."),
        "to": _("Enter an e-mail address."),
        "places": _("Choose fewer parts."),
        "due_on": _("Enter a day from today on, such as 2026-12-31."),
        "ends_on": _("The last day cannot be before the due date."),
    }
    anchor = {"to": "email", "places": "parts"}.get(parameter, parameter)
    return FieldProblem(told.get(parameter, str(error)), f"#{anchor}")


def _address(proposal: Proposal) -> str:
    return url_for(".show", submission_id=proposal.submission_id, proposal_id=proposal.id)
