"""Check your answers, send for sign-off, sign; then revise, discard or withdraw.

What cannot be taken back is asked about on a page of its own first.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.access import account, may
from app.errors import InvalidAnswersError
from app.extensions import db, issuer
from app.forms.checks import asked, check_form
from app.forms.definition import Audience, Form
from app.forms.places import Document
from app.forms.relevance import completed
from app.models.submission import Submission
from app.receipts import canonical, digest
from app.rights import Right
from app.services import submissions as verbs
from app.services.carrying import carried_marks, carried_record
from app.services.collections import is_open
from app.services.designations import designation_to_sign, posts_for
from app.services.receipts import issue_or_leave
from app.services.sign_off_mails import tell_sender, tell_signatories
from app.services.submissions import draft_document, signed_document, standing
from app.web.deadlines import deadline_of
from app.web.fields import blocks
from app.web.forms import form_of
from app.web.last_time import still_open
from app.web.outline import outline
from app.web.problems import by_place, by_sentence
from app.web.publicity import publicity_of
from app.web.revision_changes import Changes, changes_between
from app.web.submissions import party_name
from app.workflow import Action, DraftStatus

bp = Blueprint("signing", __name__, url_prefix="/submissions/<submission_id>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What is said before an act, and after it."""

    title: LazyString
    text: LazyString
    button: LazyString
    done: LazyString
    note: LazyString | str = ""  # asks for a word that is kept in the history
    is_grave: bool = False


CONFIRMATIONS: Final = {
    Action.SEND_BACK: Confirmation(
        title=_("Send back to those who draft"),
        text=_("The draft can be edited again. It can be sent for sign-off anew at any time."),
        button=_("Send back"),
        done=_("Sent back. The draft can be edited again."),
        note=_("What is to be done? Those who draft will read this."),
    ),
    Action.REVISE: Confirmation(
        title=_("Begin a revision"),
        text=_(
            "A draft is made from what was signed. What was signed stays public and counted"
            " until the revision is signed in its turn."
        ),
        button=_("Begin a revision"),
        done=_("The revision has begun. What was signed stays public meanwhile."),
    ),
    Action.DISCARD_REVISION: Confirmation(
        title=_("Discard this revision"),
        text=_("The draft and all changes made in it are dropped. What was signed stays as it is."),
        button=_("Discard this revision"),
        done=_("The revision was discarded."),
        is_grave=True,
    ),
    Action.WITHDRAW: Confirmation(
        title=_("Withdraw what was signed"),
        text=_(
            "The answers are no longer public, and from now on they are in no figures. Figures as"
            " of an earlier day still count them. To report again, begin a revision and sign it."
        ),
        button=_("Withdraw"),
        done=_("Withdrawn. The answers are no longer public."),
        note=_("Why is it withdrawn? This is kept in the history that your Party reads."),
        is_grave=True,
    ),
}


@bp.get("/check")
@may(Right.READ_DRAFT)
def check(submission: Submission) -> ResponseReturnValue:
    """Show all answers of the draft, and all that is to be looked at before signing."""
    if standing(submission).draft is DraftStatus.NONE:
        return redirect(_home(submission), 303)
    return _summary("entry/check.html", submission)


@bp.post("/send")
@may(Action.SEND_FOR_SIGN_OFF)
def send(submission: Submission) -> ResponseReturnValue:
    """Hand the draft to the publishing authority, unless something stands in the way."""
    form = form_of(submission.collection)
    try:
        verbs.send_for_sign_off(db.session(), submission, form, account())
    except InvalidAnswersError:
        return _summary("entry/check.html", submission), 422
    tell_signatories(db.session(), submission, form, account())
    return _done(
        submission, _("Sent for sign-off. The publishing authority signs it or sends it back.")
    )


@bp.get("/sign")
@may(Action.SIGN)
def show_sign(submission: Submission) -> ResponseReturnValue:
    """Show what is about to be signed, and what signing means."""
    return _summary("entry/sign.html", submission)


@bp.post("/sign")
@may(Action.SIGN)
def sign(submission: Submission) -> ResponseReturnValue:
    """Freeze the draft that was read: public and counted from now on.

    If it was changed after the page was opened, the page comes back and says so.
    """
    form = form_of(submission.collection)
    seen = _seen(form, draft_document(form, submission))
    if request.form.get("seen", seen) != seen:
        return _summary("entry/sign.html", submission, has_changed=True), 409
    try:
        revision = verbs.sign(db.session(), submission, form, account(), form.locale)
    except InvalidAnswersError:
        return _summary("entry/sign.html", submission), 422
    issue_or_leave(db.session(), issuer(), revision, form)
    db.session.commit()
    flash(str(_("Signed. The answers are public now and count in all results.")), "success")
    return redirect(
        url_for("receipts.show", submission_id=submission.id, number=revision.number), 303
    )


@bp.get("/send-back")
@may(Action.SEND_BACK)
def ask_to_send_back(submission: Submission) -> ResponseReturnValue:
    """Ask what is to be done before it can be signed."""
    return _ask(submission, Action.SEND_BACK)


@bp.post("/send-back")
@may(Action.SEND_BACK)
def send_back(submission: Submission) -> ResponseReturnValue:
    """Give the draft back to those who draft."""
    verbs.send_back(submission, account(), _note())
    tell_sender(db.session(), submission, account())
    return _done(submission, CONFIRMATIONS[Action.SEND_BACK].done)


@bp.get("/revise")
@may(Action.REVISE)
def ask_to_revise(submission: Submission) -> ResponseReturnValue:
    """Ask whether to begin a revision."""
    return _ask(submission, Action.REVISE)


@bp.post("/revise")
@may(Action.REVISE)
def revise(submission: Submission) -> ResponseReturnValue:
    """Open a draft from what was signed last."""
    verbs.revise(db.session(), submission, form_of(submission.collection), account())
    return _done(submission, CONFIRMATIONS[Action.REVISE].done)


@bp.get("/discard")
@may(Action.DISCARD_REVISION)
def ask_to_discard(submission: Submission) -> ResponseReturnValue:
    """Ask whether to drop the draft of a revision."""
    return _ask(submission, Action.DISCARD_REVISION)


@bp.post("/discard")
@may(Action.DISCARD_REVISION)
def discard(submission: Submission) -> ResponseReturnValue:
    """Drop the draft of a revision."""
    verbs.discard_revision(db.session(), submission, form_of(submission.collection), account())
    return _done(submission, CONFIRMATIONS[Action.DISCARD_REVISION].done)


@bp.get("/withdraw")
@may(Action.WITHDRAW)
def ask_to_withdraw(submission: Submission) -> ResponseReturnValue:
    """Ask whether to withdraw what was signed."""
    return _ask(submission, Action.WITHDRAW)


@bp.post("/withdraw")
@may(Action.WITHDRAW)
def withdraw(submission: Submission) -> ResponseReturnValue:
    """Withdraw what was signed: no longer public."""
    verbs.withdraw(submission, account(), _note())
    return _done(submission, CONFIRMATIONS[Action.WITHDRAW].done)


def _seen(form: Form, document: Document) -> str:
    """Return what tells one draft from another: the page that is read and the one that is signed.

    What was typed and not understood stands in the way of signing, so that asking for it is safe.
    """
    return digest(canonical(asked(form, document)))


def _summary(template: str, submission: Submission, *, has_changed: bool = False) -> str:
    """Show a draft as a whole, with its problems and what is new since the last signature."""
    form = form_of(submission.collection)
    document = draft_document(form, submission)
    problems = check_form(form, document)
    stops = [problem for problem in problems if blocks(problem)]
    others = [problem for problem in problems if not blocks(problem)]
    carried = carried_marks(carried_record(db.session(), submission, document))
    sections = outline(form, completed(form, document), Audience.PARTY, problems, carried)
    return render_template(
        template,
        submission=submission,
        form=form,
        party=party_name(submission),
        is_open=is_open(submission.collection),
        stops=len(stops),
        blocking=by_place(submission, form, document, stops),
        others=by_sentence(submission, form, document, others),
        sections=sections,
        publicity=publicity_of(form, sections),
        seen=_seen(form, document),
        has_changed=has_changed,
        deadline=deadline_of(submission.collection, submission.party),
        changes=_changes(form, submission, document),
        carried=carried,
        last_time=still_open(submission, form),
        posts=posts_for(db.session(), submission.party_code, form),
        designation=designation_to_sign(db.session(), submission.party_code, form, account()),
    )


def _changes(form: Form, submission: Submission, document: Document) -> Changes | None:
    """Return what differs from the last signed revision; None when there is none."""
    if not submission.revisions:
        return None
    before = signed_document(submission.revisions[-1])
    return changes_between(form, before, asked(form, document))


def _ask(submission: Submission, action: Action) -> str:
    return render_template(
        "submissions/confirm.html",
        submission=submission,
        form=form_of(submission.collection),
        party=party_name(submission),
        confirmation=CONFIRMATIONS[action],
    )


def _done(submission: Submission, message: LazyString) -> ResponseReturnValue:
    db.session.commit()
    flash(str(message), "success")
    return redirect(_home(submission), 303)


def _home(submission: Submission) -> str:
    return url_for("submissions.show", submission_id=submission.id)


def _note() -> str:
    return request.form.get("note", "").strip()
