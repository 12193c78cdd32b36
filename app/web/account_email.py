"""Changing one's e-mail address: asked for here, confirmed or stopped by links in two mails."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import account, public, signed_in
from app.extensions import db, limiter
from app.models.account import Purpose
from app.services.email_changes import ask_to_change, confirm_change, stop_change
from app.services.links import link_by
from app.web.account_forms import NewEmailForm
from app.web.limits import MAILS, TRIES, by_account, has_failed
from app.web.sign_in_forms import problems_of

bp = Blueprint("account_email", __name__, url_prefix="/account/email")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Ask for a new address."""
    return _page(NewEmailForm(account()))


@bp.post("")
@signed_in
@limiter.limit(TRIES, key_func=by_account, deduct_when=has_failed)
@limiter.limit(MAILS, key_func=by_account)
def ask() -> ResponseReturnValue:
    """Send a mail to both addresses; nothing changes before the new one confirms."""
    form = NewEmailForm(account())
    if not form.validate():
        return _page(form), 422
    ask_to_change(db.session(), account(), form.email.data)
    db.session.commit()
    flash(
        _(
            "A mail is on its way to the new address: open the link in it. Until then nothing"
            " changes."
        ),
        "info",
    )
    return redirect(url_for("account.show"), 303)


@bp.get("/confirm/<token>")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
def show_confirm(token: str) -> ResponseReturnValue:
    """Ask whoever has the new address whether it is right."""
    link = link_by(db.session(), token, Purpose.CONFIRM_EMAIL)
    return render_template("account/email_confirm.html", link=link)


@bp.post("/confirm/<token>")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
def confirm(token: str) -> ResponseReturnValue:
    """Take the new address."""
    confirm_change(db.session(), token)
    db.session.commit()
    flash(_("The e-mail address is changed. Sign in with the new one from now on."), "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/stop/<token>")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
def show_stop(token: str) -> ResponseReturnValue:
    """Ask whoever has the old address whether to stop it."""
    link = link_by(db.session(), token, Purpose.STOP_EMAIL)
    return render_template("account/email_stop.html", link=link)


@bp.post("/stop/<token>")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
def stop(token: str) -> ResponseReturnValue:
    """Stop a change, or take it back."""
    stop_change(db.session(), token)
    db.session.commit()
    flash(
        _(
            "The e-mail address stays as it was. All sessions have ended and the password does not"
            " work any more: a mail with a link to set a new one is on its way."
        ),
        "success",
    )
    return redirect(url_for("home.index"), 303)


def _page(form: NewEmailForm) -> str:
    return render_template(
        "account/email.html", form=form, problems=problems_of(form), owner=account()
    )
