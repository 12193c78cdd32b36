"""What a reviewer enters on behalf of a Party from paper, and the page where the Party confirms it.

The Party sees the documents, the answers, and what differs from its own draft. Nobody of the
Secretariat comes to that page: it shows the draft.
"""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import account, can_decide_on_behalf, may, may_decide_on_behalf, may_enter_on_behalf
from app.errors import (
    AlreadyExistsError,
    InvalidAnswersError,
    InvalidInputError,
    NotFoundError,
)
from app.extensions import db, issuer
from app.forms.checks import asked, check_form
from app.forms.definition import Audience, Form
from app.forms.places import Document
from app.forms.relevance import completed
from app.models.proposal import Proposal, ProposalKind, ProposalState
from app.models.submission import Submission
from app.receipts import canonical, digest
from app.rights import Right
from app.services import on_behalf as verbs
from app.services.collections import is_open
from app.services.on_behalf_reading import documents_of, entry_of
from app.services.proposals import proposal_by_id
from app.services.receipts import issue_or_leave
from app.services.submissions import draft_document, signed_document, standing
from app.web.fields import blocks
from app.web.forms import form_of
from app.web.outline import outline
from app.web.problems import by_sentence
from app.web.publicity import publicity_of
from app.web.revision_changes import changes_between
from app.web.sign_in_forms import FieldProblem
from app.web.sources import sources_page
from app.web.submissions import party_name
from app.wording.values import number
from app.workflow import DraftStatus

bp = Blueprint("on_behalf", __name__, url_prefix="/submissions/<submission_id>/on-behalf")

ONE: Final = "/<proposal_id>"


@bp.post("/")
@may_enter_on_behalf
def begin(submission: Submission) -> ResponseReturnValue:
    """Begin to enter what came on paper."""
    form, language = form_of(submission.collection), request.form.get("language", "")
    try:
        proposal = verbs.begin(db.session(), submission, form, language, account())
    except InvalidInputError as error:
        db.session.rollback()
        told = {
            "language": FieldProblem(_("Choose the language of the document."), "#language"),
            "source": FieldProblem(_("Attach the document of the Party first."), "#file"),
        }
        return sources_page(submission, [told[str(error.details["parameter"])]]), 422
    except AlreadyExistsError:
        db.session.rollback()
        there = _("Somebody enters it already, or it waits for the Party to confirm it.")
        return sources_page(submission, [FieldProblem(there, "#entered")]), 409
    db.session.commit()
    return redirect(url_for("proposals.home", proposal_id=proposal.id), 303)


@bp.get(f"{ONE}/give-up")
@may_enter_on_behalf
def ask_to_give_up(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Ask whether to end what is entered."""
    return render_template(
        "on_behalf/give_up.html",
        submission=submission,
        form=form_of(submission.collection),
        party=party_name(submission),
        proposal=_proposal(submission, proposal_id),
    )


@bp.post(f"{ONE}/give-up")
@may_enter_on_behalf
def give_up(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """End what is entered, before the Party has decided."""
    verbs.give_up(db.session(), _proposal(submission, proposal_id), account())
    db.session.commit()
    flash(_("Given up. The Party is no longer asked to confirm it."), "info")
    return redirect(url_for("sources.index", submission_id=submission.id), 303)


@bp.get(ONE)
@may(Right.READ_DRAFT)
def show(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Show the Party what was entered, beside its own draft."""
    return _page(submission, _proposal(submission, proposal_id))


@bp.post(f"{ONE}/confirm")
@may_decide_on_behalf
def confirm(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Sign what was entered, as it was read on the page: public and counted from now on."""
    proposal, form = _proposal(submission, proposal_id), form_of(submission.collection)
    seen = _seen(form, verbs.entered_document(db.session(), form, proposal))
    if proposal.state is ProposalState.HANDED_IN and request.form.get("seen") != seen:
        return _page(submission, proposal, has_changed=True), 409
    try:
        revision = verbs.confirm(db.session(), proposal, form, account(), form.locale)
    except InvalidAnswersError:
        db.session.rollback()
        return _page(submission, _proposal(submission, proposal_id)), 422
    issue_or_leave(db.session(), issuer(), revision, form)
    db.session.commit()
    flash(
        _("Confirmed and signed. The answers are public now and count in all results."), "success"
    )
    return redirect(
        url_for("receipts.show", submission_id=submission.id, number=revision.number), 303
    )


@bp.post(f"{ONE}/decline")
@may_decide_on_behalf
def decline(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Give it back to who entered it, with the reason."""
    proposal = _proposal(submission, proposal_id)
    try:
        verbs.decline(db.session(), proposal, account(), request.form.get("reason", ""))
    except InvalidInputError:
        db.session.rollback()
        wrong = FieldProblem(_("Say what is wrong: 1 to 5,000 characters."), "#reason")
        return _page(submission, _proposal(submission, proposal_id), wrong=wrong), 422
    db.session.commit()
    flash(_("Declined. Who entered it is told, and why."), "success")
    return redirect(url_for("submissions.show", submission_id=submission.id), 303)


@bp.post(f"{ONE}/take-over")
@may_decide_on_behalf
def take_over(submission: Submission, proposal_id: str) -> ResponseReturnValue:
    """Bring what was entered into the Party's draft, to be completed there."""
    proposal, form = _proposal(submission, proposal_id), form_of(submission.collection)
    left = verbs.take_over(db.session(), proposal, form, account())
    db.session.commit()
    flash(_("What was entered is in your draft now. Nothing is signed yet."), "success")
    if left:
        told = ngettext(
            "%(count)s answer of your draft says something else. Yours has stayed.",
            "%(count)s answers of your draft say something else. Yours have stayed.",
            left,
            count=number(left),
        )
        flash(told, "warning")
    return redirect(url_for("submissions.show", submission_id=submission.id), 303)


def _proposal(submission: Submission, proposal_id: str) -> Proposal:
    """Return a proposal on behalf of this Party; raise NotFoundError."""
    found = proposal_by_id(db.session(), proposal_id)
    if found.submission_id != submission.id or found.kind is not ProposalKind.ON_BEHALF:
        raise NotFoundError(what="proposal", code=proposal_id)
    db.session.refresh(found)  # as it stands now that all others wait
    return found


def _seen(form: Form, document: Document) -> str:
    """Return what tells one text from another: the page that is read and what is confirmed."""
    return digest(canonical(asked(form, document)))


def _page(
    submission: Submission,
    proposal: Proposal,
    *,
    has_changed: bool = False,
    wrong: FieldProblem | None = None,
) -> str:
    form, entry = form_of(submission.collection), entry_of(db.session(), proposal)
    is_waiting = proposal.state is ProposalState.HANDED_IN
    return render_template(
        "on_behalf/show.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        proposal=proposal,
        entry=entry,
        is_waiting=is_waiting,
        is_closed=proposal.state is ProposalState.CLOSED,
        documents=documents_of(db.session(), entry),
        may_decide=can_decide_on_behalf(submission),
        is_open=is_open(submission.collection),
        is_awaiting=standing(submission).draft is DraftStatus.AWAITING_SIGN_OFF,
        has_changed=has_changed,
        wrong=wrong,
        reason=request.form.get("reason", ""),
        **(_entered(form, submission, proposal) if is_waiting else {}),
    )


def _entered(form: Form, submission: Submission, proposal: Proposal) -> dict[str, Any]:
    """Return the answers that were entered, their problems, and what differs from the Party's."""
    document = verbs.entered_document(db.session(), form, proposal)
    problems = check_form(form, document)
    sections = outline(form, completed(form, document), Audience.PARTY, problems)
    before = draft_document(form, submission)
    if submission.draft is None and submission.revisions:
        before = signed_document(submission.revisions[-1])
    stops = [problem for problem in problems if blocks(problem)]
    others = [problem for problem in problems if not blocks(problem)]
    return {
        "stops": by_sentence(submission, form, document, stops),
        "others": by_sentence(submission, form, document, others),
        "sections": sections,
        "publicity": publicity_of(form, sections),
        "seen": _seen(form, document),
        "changes": changes_between(form, before, asked(form, document)) if before else None,
        "is_draft": submission.draft is not None,
    }
