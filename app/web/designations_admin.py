"""What an administrator records of one account: designations by a Government, and a successor."""

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.access import account, has_right
from app.errors import AlreadyExistsError, NotFoundError
from app.extensions import db, limiter
from app.models.account import Account, Role
from app.models.designation import Absence, Designation
from app.rights import Right
from app.services.accounts import COMMAND_LINE
from app.services.designations import end_absence, end_designation, record_absence
from app.web.handing_over import form_for, hand_over_page, take_hand_over
from app.web.limits import INVITATIONS, by_account
from app.web.people_forms import AbsenceForm, DesignationForm
from app.web.sign_in_forms import problems_of

Recorded = TypeVar("Recorded", Designation, Absence)

bp = Blueprint("designations_admin", __name__, url_prefix="/admin/accounts/<account_id>")


@bp.get("/designations")
@has_right(Right.MANAGE_ACCOUNTS)
def show(account_id: str) -> ResponseReturnValue:
    """Ask what the letter of the Government says."""
    return _page(_signing(account_id), DesignationForm.for_reader())


@bp.post("/designations")
@has_right(Right.MANAGE_ACCOUNTS)
def add(account_id: str) -> ResponseReturnValue:
    """Record a designation."""
    shown, form = _signing(account_id), DesignationForm.for_reader()
    if not form.validate():
        return _page(shown, form), 422
    try:
        form.record(db.session(), shown, account())
    except AlreadyExistsError:
        form.from_on.errors = [_("The same designation is recorded for some of these days.")]
        return _page(shown, form), 422
    return _done(shown, _("The designation is recorded."))


@bp.post("/designations/<designation_id>/end")
@has_right(Right.MANAGE_ACCOUNTS)
def end(account_id: str, designation_id: str) -> ResponseReturnValue:
    """End a designation, because the Government has taken it back."""
    shown = _load(account_id)
    end_designation(db.session(), _of(shown, Designation, designation_id), account())
    return _done(shown, _("The designation is ended."))


@bp.get("/absences")
@has_right(Right.MANAGE_ACCOUNTS)
def show_absence(account_id: str) -> ResponseReturnValue:
    """Ask from when to when somebody who signs is away, and cannot say so."""
    return _page(_signing(account_id), AbsenceForm())


@bp.post("/absences")
@has_right(Right.MANAGE_ACCOUNTS)
def add_absence(account_id: str) -> ResponseReturnValue:
    """Record that somebody who signs is away."""
    shown, form = _signing(account_id), AbsenceForm()
    if not form.validate():
        return _page(shown, form), 422
    record_absence(db.session(), shown, form.from_on.data, form.to_on.data, account())
    return _done(shown, _("The absence is recorded."))


@bp.post("/absences/<absence_id>/end")
@has_right(Right.MANAGE_ACCOUNTS)
def remove_absence(account_id: str, absence_id: str) -> ResponseReturnValue:
    """Take an absence back."""
    shown = _load(account_id)
    end_absence(db.session(), _of(shown, Absence, absence_id), account())
    return _done(shown, _("The absence is taken back."))


@bp.get("/hand-over")
@has_right(Right.MANAGE_ACCOUNTS)
def show_hand_over(account_id: str) -> ResponseReturnValue:
    """Ask who takes over from somebody."""
    leaver = _load(account_id)
    return hand_over_page(leaver, form_for(leaver), *_around(leaver))


@bp.post("/hand-over")
@has_right(Right.MANAGE_ACCOUNTS)
@limiter.limit(INVITATIONS, key_func=by_account)
def take_over(account_id: str) -> ResponseReturnValue:
    """Hand over in one step."""
    leaver = _load(account_id)
    return take_hand_over(leaver, leaver.role, *_around(leaver))


def _load(account_id: str) -> Account:
    found = db.session.get(Account, account_id)
    if found is None or found.email == COMMAND_LINE:
        raise NotFoundError(what="account", code=account_id)
    return found


def _signing(account_id: str) -> Account:
    found = _load(account_id)
    if found.role is not Role.PUBLISHING_AUTHORITY:
        raise NotFoundError(what="account", code=account_id)
    return found


def _of(shown: Account, kind: type[Recorded], code: str) -> Recorded:
    """Return a designation or absence of somebody; raise NotFoundError for one of another."""
    found = db.session.get(kind, code)
    if found is None or found.account_id != shown.id:
        raise NotFoundError(what=kind.__tablename__, code=code)
    return found


def _around(leaver: Account) -> tuple[str, tuple[str, str]]:
    send_to = url_for(".take_over", account_id=leaver.id)
    return send_to, (leaver.email, url_for("accounts_admin.show", account_id=leaver.id))


def _page(shown: Account, form: DesignationForm | AbsenceForm) -> str:
    page = "designate" if isinstance(form, DesignationForm) else "absence"
    return render_template(
        f"accounts_admin/{page}.html", shown=shown, form=form, problems=problems_of(form)
    )


def _done(shown: Account, text: LazyString) -> ResponseReturnValue:
    db.session.commit()
    flash(text, "success")
    return redirect(url_for("accounts_admin.show", account_id=shown.id), 303)
