"""The people of a Party: who signs, who drafts and reads, who is invited; for its own alone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.access import account, can, of_own_party
from app.errors import NotFoundError
from app.extensions import db, limiter
from app.models.account import Account, Role
from app.models.designation import Absence
from app.models.membership import party_names
from app.rights import Right
from app.services import account_changes as changes
from app.services.account_lists import last_seen, states_of
from app.services.designations import (
    absences_of,
    designations_by,
    designations_of,
    end_absence,
    posts,
    record_absence,
)
from app.services.invitations import invite_again, revoke_invitation
from app.services.partners import live_of_party
from app.services.people import invited_from_outside, managed_person, people_of
from app.web.handing_over import form_for, hand_over_page, take_hand_over
from app.web.invite_form import ColleagueForm, invite_by
from app.web.limits import INVITATIONS, by_account
from app.web.locale import language
from app.web.people_forms import AbsenceForm
from app.web.sign_in_forms import problems_of

bp = Blueprint("people", __name__, url_prefix="/parties/<code>/people")


@bp.get("")
@of_own_party(Right.READ_PEOPLE)
def index(code: str) -> ResponseReturnValue:
    """Show who works for the Party, who signs for it now, and who is away."""
    return _index(code, AbsenceForm())


@bp.get("/invite")
@of_own_party(Right.MANAGE_PEOPLE)
def show_invite(code: str) -> ResponseReturnValue:
    """Ask whom to invite, and as what."""
    return _invite_page(code, ColleagueForm.for_reader(language()))


@bp.post("/invite")
@of_own_party(Right.MANAGE_PEOPLE)
@limiter.limit(INVITATIONS, key_func=by_account)
def send_invitation(code: str) -> ResponseReturnValue:
    """Invite somebody who is to draft or to read for the Party."""
    form = ColleagueForm.for_reader(language())
    if not form.validate():
        return _invite_page(code, form), 422
    if invite_by(form, Role(form.role.data), code) is None:
        return _invite_page(code, form), 422
    return _done(code, _("The invitation is on its way."))


@bp.post("/<account_id>/invite-again")
@of_own_party(Right.MANAGE_PEOPLE)
@limiter.limit(INVITATIONS, key_func=by_account)
def send_again(code: str, account_id: str) -> ResponseReturnValue:
    """Mail a new invitation; the one before dies."""
    invite_again(db.session(), _managed(code, account_id), account())
    return _done(code, _("A new invitation is on its way. The link sent before does not work."))


@bp.post("/<account_id>/revoke-invitation")
@of_own_party(Right.MANAGE_PEOPLE)
def take_back(code: str, account_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    revoke_invitation(db.session(), _managed(code, account_id), account())
    return _done(code, _("The invitation is taken back. Its link does not work any more."))


@bp.post("/<account_id>/deactivate")
@of_own_party(Right.MANAGE_PEOPLE)
def deactivate(code: str, account_id: str) -> ResponseReturnValue:
    """Let somebody in no more."""
    changes.deactivate(db.session(), _managed(code, account_id), account())
    return _done(code, _("The account is deactivated; its sessions and tokens have ended."))


@bp.post("/<account_id>/reactivate")
@of_own_party(Right.MANAGE_PEOPLE)
def reactivate(code: str, account_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    changes.reactivate(db.session(), _managed(code, account_id), account())
    return _done(code, _("The account is active again."))


@bp.get("/<account_id>/hand-over")
@of_own_party(Right.MANAGE_PEOPLE)
def show_hand_over(code: str, account_id: str) -> ResponseReturnValue:
    """Ask who takes over from somebody who leaves, or from oneself."""
    leaver = _leaver(code, account_id)
    return hand_over_page(leaver, form_for(leaver), *_around(code, leaver))


@bp.post("/<account_id>/hand-over")
@of_own_party(Right.MANAGE_PEOPLE)
@limiter.limit(INVITATIONS, key_func=by_account)
def take_over(code: str, account_id: str) -> ResponseReturnValue:
    """Hand over in one step. Who takes over from somebody who signs is designated apart from it."""
    leaver = _leaver(code, account_id)
    signs = leaver.role is Role.PUBLISHING_AUTHORITY
    role = Role.NATIONAL_AUTHORIZED_USER if signs else leaver.role
    return take_hand_over(leaver, role, *_around(code, leaver))


@bp.post("/absences")
@of_own_party(Right.READ_PEOPLE)
def add_absence(code: str) -> ResponseReturnValue:
    """Say from when to when one is away oneself; an alternate may sign meanwhile."""
    if not designations_of(db.session(), account()):
        raise NotFoundError(what="designation", code=account().id)
    form = AbsenceForm()
    if not form.validate():
        return _index(code, form), 422
    record_absence(db.session(), account(), form.from_on.data, form.to_on.data, account())
    return _done(code, _("Recorded. An alternate may sign while you are away."))


@bp.post("/absences/<absence_id>/end")
@of_own_party(Right.READ_PEOPLE)
def remove_absence(code: str, absence_id: str) -> ResponseReturnValue:
    """Say that one is there again, or never was away."""
    absence = db.session.get(Absence, absence_id)
    if absence is None or absence.account_id != account().id:
        raise NotFoundError(what="absence", code=absence_id)
    end_absence(db.session(), absence, account())
    return _done(code, _("The absence is taken back."))


def _managed(code: str, account_id: str) -> Account:
    return managed_person(db.session(), code, account_id)


def _leaver(code: str, account_id: str) -> Account:
    """Return whose work is handed over: somebody who is managed, or whoever asks."""
    return account() if account_id == account().id else _managed(code, account_id)


def _around(code: str, leaver: Account) -> tuple[str, tuple[str, str]]:
    send_to = url_for(".take_over", code=code, account_id=leaver.id)
    return send_to, (str(_("People")), url_for(".index", code=code))


def _index(code: str, absence_form: AbsenceForm) -> str:
    session = db.session()
    people = people_of(session, code)
    ids = [person.id for person in people]
    found = designations_by(session, people)
    partners = live_of_party(session, code)
    opened = {grant.submission_id: grant.submission for grant in partners if grant.submission}
    return render_template(
        "people/index.html",
        code=code,
        party=party_names(session, language()).get(code, code),
        posts=posts(session, code),
        people=people,
        states=states_of(session, people),
        seen=last_seen(session, people),
        designations=found,
        absences=absences_of(session, ids),
        outside=invited_from_outside(session, code),
        partners=partners,
        may_open={key for key, each in opened.items() if can(Right.INVITE_PARTNERS, each)},
        manages=can(Right.MANAGE_PEOPLE),
        own=account(),
        is_designated=bool(found.get(account().id)),
        absence_form=absence_form,
        problems=problems_of(absence_form),
    )


def _invite_page(code: str, form: ColleagueForm) -> str:
    return render_template("people/invite.html", code=code, form=form, problems=problems_of(form))


def _done(code: str, text: LazyString) -> ResponseReturnValue:
    db.session.commit()
    flash(text, "success")
    return redirect(url_for(".index", code=code), 303)
