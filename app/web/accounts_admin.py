"""Accounts, for administrators: who there is, who is invited, and ending what lets somebody in."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.access import account, has_right
from app.errors import NotFoundError
from app.extensions import db, limiter
from app.models.account import Account, Role
from app.models.audit import Act
from app.models.base import now
from app.models.membership import party_names
from app.rights import Right
from app.services import account_changes as changes
from app.services.account_lists import AccountState, find_accounts, last_seen, states_of
from app.services.accounts import COMMAND_LINE
from app.services.designations import absences_of, designations_of
from app.services.invitations import (
    invitation_of,
    invite_again,
    pending_invitations,
    revoke_invitation,
)
from app.services.sessions import live_sessions
from app.web.invite_form import InviteForm, invite_by
from app.web.limits import INVITATIONS, by_account
from app.web.locale import language
from app.web.people_forms import DesignationForm
from app.web.sessions import lifetime
from app.web.sign_in_forms import problems_of
from app.wording.accounts import browser_in_words

bp = Blueprint("accounts_admin", __name__, url_prefix="/admin/accounts")

PAGE: Final = 50  # accounts


@bp.get("/")
@has_right(Right.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """List accounts, as many as fit on a page, by words, role and state."""
    wished = _wished()
    start = max(0, request.args.get("start", 0, type=int))
    found = find_accounts(db.session(), **wished, start=start, limit=PAGE)
    return render_template(
        "accounts_admin/index.html",
        found=found,
        wished=wished,
        states=states_of(db.session(), found.accounts),
        seen=last_seen(db.session(), found.accounts),
        parties=party_names(db.session(), language()),
        roles=list(Role),
        all_states=list(AccountState),
        start=start,
        end=start + len(found.accounts),
        previous=_part(start - PAGE) if start else "",
        next=_part(start + PAGE) if start + PAGE < found.total else "",
    )


@bp.get("/invitations")
@has_right(Right.MANAGE_ACCOUNTS)
def show_invitations() -> ResponseReturnValue:
    """List the invitations that nobody has taken up yet."""
    return render_template(
        "accounts_admin/invitations.html",
        links=pending_invitations(db.session()),
        present=now(),
        parties=party_names(db.session(), language()),
    )


@bp.get("/invite")
@has_right(Right.MANAGE_ACCOUNTS)
def show_invite() -> ResponseReturnValue:
    """Ask whom to invite."""
    form = InviteForm.for_reader(db.session(), language())
    return _invite_page(form, DesignationForm.for_reader())


@bp.post("/invite")
@has_right(Right.MANAGE_ACCOUNTS)
@limiter.limit(INVITATIONS, key_func=by_account)
def send_invitation() -> ResponseReturnValue:
    """Invite somebody by mail; who is to sign for a Party is designated by the same act."""
    form = InviteForm.for_reader(db.session(), language())
    designation = DesignationForm.for_reader()
    signs = form.role.data == Role.PUBLISHING_AUTHORITY.value
    is_right = form.validate() & (designation.validate() if signs else True)
    if not is_right:
        return _invite_page(form, designation), 422
    invited = invite_by(form, Role(form.role.data), form.party.data or None)
    if invited is None:
        return _invite_page(form, designation), 422
    if signs:
        designation.record(db.session(), invited, account())
    return _done(invited, _("The invitation is on its way."))


@bp.get("/<account_id>")
@has_right(Right.MANAGE_ACCOUNTS)
def show(account_id: str) -> ResponseReturnValue:
    """Show one account: its state, its sessions, what was done with it."""
    shown = _load(account_id)
    rows = live_sessions(db.session(), shown, lifetime())
    return render_template(
        "accounts_admin/show.html",
        shown=shown,
        state=states_of(db.session(), [shown])[shown.id],
        party=party_names(db.session(), language()).get(shown.party_code or "", ""),
        invitation=invitation_of(db.session(), shown),
        sessions=[(browser_in_words(row.user_agent), row.seen_at) for row in rows],
        acts=_acts(shown),
        designations=designations_of(db.session(), shown),
        absences=absences_of(db.session(), [shown.id]),
        is_own=shown.id == account().id,
    )


@bp.post("/<account_id>/invite-again")
@has_right(Right.MANAGE_ACCOUNTS)
@limiter.limit(INVITATIONS, key_func=by_account)
def send_again(account_id: str) -> ResponseReturnValue:
    """Mail a new invitation; the one before dies."""
    shown = _load(account_id)
    invite_again(db.session(), shown, account())
    return _done(shown, _("A new invitation is on its way. The link sent before does not work."))


@bp.post("/<account_id>/revoke-invitation")
@has_right(Right.MANAGE_ACCOUNTS)
def take_back(account_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    shown = _load(account_id)
    revoke_invitation(db.session(), shown, account())
    return _done(shown, _("The invitation is taken back. Its link does not work any more."))


@bp.post("/<account_id>/deactivate")
@has_right(Right.MANAGE_ACCOUNTS)
def deactivate(account_id: str) -> ResponseReturnValue:
    """Let somebody in no more."""
    shown = _load(account_id)
    changes.deactivate(db.session(), shown, account())
    return _done(shown, _("The account is deactivated; its sessions and tokens have ended."))


@bp.post("/<account_id>/reactivate")
@has_right(Right.MANAGE_ACCOUNTS)
def reactivate(account_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    shown = _load(account_id)
    changes.reactivate(db.session(), shown, account())
    return _done(shown, _("The account is active again."))


@bp.post("/<account_id>/end-sessions")
@has_right(Right.MANAGE_ACCOUNTS)
def end_sessions(account_id: str) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    shown = _load(account_id)
    changes.end_sessions_of(db.session(), shown, account())
    return _done(shown, _("All sessions of the account have ended."))


@bp.post("/<account_id>/second-step-off")
@has_right(Right.MANAGE_ACCOUNTS)
def second_step_off(account_id: str) -> ResponseReturnValue:
    """Ask somebody for no code who lost the telephone and the recovery codes."""
    shown = _load(account_id)
    changes.stop_second_step(db.session(), shown, account())
    return _done(shown, _("No code is asked for any more; the owner is told by mail."))


def _wished() -> dict[str, Any]:
    """Return what the address asks for; what is no role or state counts as not asked for."""
    role, state = request.args.get("role", ""), request.args.get("state", "")
    return {
        "search": request.args.get("search", "").strip(),
        "role": Role(role) if role in set(Role) else None,
        "state": AccountState(state) if state in set(AccountState) else None,
    }


def _part(start: int) -> str:
    wished = {name: value for name, value in _wished().items() if value}
    return url_for(".index", start=max(0, start) or None, **wished)


def _load(account_id: str) -> Account:
    found = db.session.get(Account, account_id)
    if found is None or found.email == COMMAND_LINE:
        raise NotFoundError(what="account", code=account_id)
    return found


def _acts(shown: Account) -> list[Act]:
    query = select(Act).where(Act.kind == "account", Act.subject == shown.id)
    return list(db.session.scalars(query.order_by(Act.number.desc()).limit(PAGE)))


def _done(shown: Account, text: LazyString) -> ResponseReturnValue:
    db.session.commit()
    flash(text, "success")
    return redirect(url_for(".show", account_id=shown.id), 303)


def _invite_page(form: InviteForm, designation: DesignationForm) -> str:
    return render_template(
        "accounts_admin/invite.html",
        form=form,
        designation=designation,
        problems=[*problems_of(form), *problems_of(designation)],
    )
