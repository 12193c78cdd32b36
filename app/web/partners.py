"""Partner institutions that a Party lets into its draft, for its publishing authority."""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, may
from app.errors import InvalidInputError, NotFoundError
from app.extensions import db, limiter
from app.models.base import now
from app.models.partner import GrantLevel, PartnerGrant
from app.models.submission import Submission
from app.rights import Right
from app.services import partners as verbs
from app.web.forms import form_of
from app.web.limits import INVITATIONS, by_account
from app.web.partner_form import problems_of, typed
from app.web.sign_in_forms import FieldProblem
from app.web.submissions import party_name

bp = Blueprint("partners", __name__, url_prefix="/submissions/<submission_id>/partners")

ASKED: Final = ("email", "name", "sections", "ends_on")


@bp.get("")
@may(Right.INVITE_PARTNERS)
def index(submission: Submission) -> ResponseReturnValue:
    """List the partner institutions that are, or were, let into the draft."""
    form, present = form_of(submission.collection), now()
    titles = {section.id: section.title for section in form.sections}
    grants = verbs.grants_in(db.session(), submission)
    return render_template(
        "partners/index.html",
        submission=submission,
        form=form,
        party=party_name(submission),
        grants=[
            (grant, grant.is_live(present), [titles.get(s, s) for s in grant.sections])
            for grant in grants
        ],
    )


@bp.get("/invite")
@may(Right.INVITE_PARTNERS)
def show_invite(submission: Submission) -> ResponseReturnValue:
    """Ask whom to invite, to which sections, to do what, until when."""
    return _invite_page(submission)


@bp.post("/invite")
@may(Right.INVITE_PARTNERS)
@limiter.limit(INVITATIONS, key_func=by_account)
def invite(submission: Submission) -> ResponseReturnValue:
    """Invite a partner institution; or say what is lacking, with all that was typed."""
    wished = typed()
    try:
        verbs.invite_to_draft(
            db.session(),
            submission,
            form_of(submission.collection),
            wished.invited(),
            account(),
            level=wished.level,
            sections=wished.sections,
        )
    except InvalidInputError as error:
        db.session.rollback()
        return _invite_page(submission, problems_of(error, wished, ASKED)), 422
    db.session.commit()
    flash(_("Invited. The institution is told by mail."), "success")
    return redirect(url_for(".index", submission_id=submission.id), 303)


@bp.post("/<grant_id>/end")
@may(Right.INVITE_PARTNERS)
def end(submission: Submission, grant_id: str) -> ResponseReturnValue:
    """Let a partner institution in no more."""
    grant = db.session.get(PartnerGrant, grant_id)
    if grant is None or grant.submission_id != submission.id:
        raise NotFoundError(what="grant", code=grant_id)
    verbs.end(db.session(), grant, account())
    db.session.commit()
    flash(_("Ended. The institution sees this draft no more; what it wrote stays."), "success")
    return redirect(url_for(".index", submission_id=submission.id), 303)


def _invite_page(submission: Submission, problems: Iterable[FieldProblem] = ()) -> str:
    return render_template(
        "partners/invite.html",
        submission=submission,
        form=form_of(submission.collection),
        party=party_name(submission),
        levels=list(GrantLevel),
        typed=typed(),
        problems=list(problems),
    )
