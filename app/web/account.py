"""One's own account: name, language, password, sessions."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import account, signed_in
from app.extensions import db, limiter
from app.services.account_changes import change_password, rename
from app.services.email_changes import waiting_change
from app.services.passwords import SHORTEST_PASSWORD
from app.services.second_step import recovery_codes_left
from app.services.sessions import live_sessions, revoke_others, revoke_session
from app.web.account_forms import LanguageForm, NameForm, NewPasswordForm
from app.web.limits import TRIES, by_account, has_failed
from app.web.locale import language
from app.web.sessions import lifetime, present_session
from app.web.sign_in_forms import problems_of
from app.wording.accounts import browser_in_words

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/")
@signed_in
def show() -> ResponseReturnValue:
    """Show what there is to know and to change."""
    owner = account()
    return render_template(
        "account/show.html",
        owner=owner,
        waiting=waiting_change(db.session(), owner),
        codes_left=recovery_codes_left(db.session(), owner),
        count=len(live_sessions(db.session(), owner, lifetime())),
    )


@bp.get("/name")
@signed_in
def show_name() -> ResponseReturnValue:
    """Ask for a name."""
    return _page("account/name.html", NameForm(obj=account()))


@bp.post("/name")
@signed_in
def save_name() -> ResponseReturnValue:
    """Keep a name."""
    form = NameForm()
    if not form.validate():
        return _page("account/name.html", form), 422
    rename(db.session(), account(), form.name.data)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".show"), 303)


@bp.get("/language")
@signed_in
def show_language() -> ResponseReturnValue:
    """Ask for a language."""
    return _page("account/language.html", LanguageForm(data={"language": language()}))


@bp.post("/language")
@signed_in
def save_language() -> ResponseReturnValue:
    """Keep a language, for pages in this browser and for mails."""
    form = LanguageForm()
    if not form.validate():
        return _page("account/language.html", form), 422
    account().language = form.language.data
    db.session.commit()
    return redirect(url_for(".show", lang=form.language.data), 303)


@bp.get("/password")
@signed_in
def show_password() -> ResponseReturnValue:
    """Ask for a new password."""
    return _password_page(NewPasswordForm(account()))


@bp.post("/password")
@signed_in
@limiter.limit(TRIES, key_func=by_account, deduct_when=has_failed)
def save_password() -> ResponseReturnValue:
    """Set a new password; all other sessions end."""
    form = NewPasswordForm(account())
    if not form.validate():
        return _password_page(form), 422
    change_password(db.session(), account(), form.password.data, keep=present_session())
    db.session.commit()
    flash(_("Your password is changed. Everywhere else you are signed out."), "success")
    return redirect(url_for(".show"), 303)


@bp.get("/sessions")
@signed_in
def show_sessions() -> ResponseReturnValue:
    """List where one is signed in."""
    here = present_session()
    rows = [
        {
            "session": row,
            "browser": browser_in_words(row.user_agent),
            "is_here": here is not None and row.id == here.id,
        }
        for row in live_sessions(db.session(), account(), lifetime())
    ]
    return render_template("account/sessions.html", rows=rows)


@bp.post("/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> ResponseReturnValue:
    """End one session."""
    row = revoke_session(db.session(), account(), session_id)
    here = present_session()
    db.session.commit()
    if here is not None and row.id == here.id:
        return redirect(url_for("auth.show_sign_in"), 303)
    flash(_("That session has ended."), "success")
    return redirect(url_for(".show_sessions"), 303)


@bp.post("/sessions/end-others")
@signed_in
def end_others() -> ResponseReturnValue:
    """End all sessions but this one."""
    revoke_others(db.session(), account(), present_session())
    db.session.commit()
    flash(_("All other sessions have ended."), "success")
    return redirect(url_for(".show_sessions"), 303)


def _page(template: str, form: NameForm | LanguageForm) -> str:
    return render_template(template, form=form, problems=problems_of(form))


def _password_page(form: NewPasswordForm) -> str:
    return render_template(
        "account/password.html",
        form=form,
        problems=problems_of(form),
        least=SHORTEST_PASSWORD,
        owner=account(),
    )
