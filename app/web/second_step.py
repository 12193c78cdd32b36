"""The second step of signing in, as its owner sets it up: codes of an app, and recovery codes."""

from typing import Final

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup

from app.access import account, signed_in
from app.errors import InvalidInputError
from app.extensions import db, limiter
from app.services.account_changes import new_recovery_codes, start_second_step, stop_second_step
from app.services.second_step import new_totp_secret, recovery_codes_left, totp_address
from app.web.account_forms import CurrentForm, SetUpForm
from app.web.limits import TRIES, by_account, has_failed
from app.web.sign_in_forms import problems_of

bp = Blueprint("second_step", __name__, url_prefix="/account/second-step")

SET_UP_SECONDS: Final = 60 * 60  # as long as the page with the QR code is good


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Say whether a code is asked for, and offer to change that."""
    return _page(CurrentForm(account()))


@bp.get("/set-up")
@signed_in
def show_set_up() -> ResponseReturnValue:
    """Show a new secret, as QR code and as text; nothing is kept before a code was right."""
    return _set_up_page(SetUpForm(account()), new_totp_secret())


@bp.post("/set-up")
@signed_in
@limiter.limit(TRIES, key_func=by_account, deduct_when=has_failed)
def set_up() -> ResponseReturnValue:
    """Ask for a code at each sign-in from now on, and show the recovery codes, once."""
    secret = _secret_shown()
    if not secret:
        flash(_("The page was open for too long. Begin once more: the code below is new."), "info")
        return redirect(url_for(".show_set_up"), 303)
    form = SetUpForm(account())
    if not form.validate():
        return _set_up_page(form, secret), 422
    try:
        codes = start_second_step(db.session(), account(), secret, form.code.data)
    except InvalidInputError:
        form.code.errors = [_("This code is not right. Enter the one that the app shows now.")]
        return _set_up_page(form, secret), 422
    db.session.commit()
    return render_template("account/recovery_codes.html", codes=codes, owner=account())


@bp.post("/codes")
@signed_in
@limiter.limit(TRIES, key_func=by_account, deduct_when=has_failed)
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them once."""
    form = CurrentForm(account())
    if not form.validate() or account().totp_since is None:
        return _page(form), 422
    codes = new_recovery_codes(db.session(), account())
    db.session.commit()
    return render_template("account/recovery_codes.html", codes=codes, owner=account())


@bp.post("/off")
@signed_in
@limiter.limit(TRIES, key_func=by_account, deduct_when=has_failed)
def switch_off() -> ResponseReturnValue:
    """Let the password be enough again."""
    form = CurrentForm(account())
    if not form.validate():
        return _page(form), 422
    stop_second_step(db.session(), account(), account())
    db.session.commit()
    flash(_("No code is asked for any more."), "success")
    return redirect(url_for("account.show"), 303)


def _page(form: CurrentForm) -> str:
    return render_template(
        "account/second_step.html",
        form=form,
        problems=problems_of(form),
        owner=account(),
        codes_left=recovery_codes_left(db.session(), account()),
    )


def _set_up_page(form: SetUpForm, secret: str) -> str:
    image = segno.make(totp_address(account(), secret), error="m")
    return render_template(
        "account/set_up.html",
        form=form,
        problems=problems_of(form),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        setup=_serializer().dumps([account().id, secret]),
        qr=Markup(image.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass="qr")),  # noqa: S704 - drawn by us
    )


def _secret_shown() -> str:
    """Return the secret of the page that was posted; empty if it is old or not this account's."""
    try:
        owner, secret = _serializer().loads(request.form.get("setup", ""), max_age=SET_UP_SECONDS)
    except BadSignature:
        return ""
    return str(secret) if owner == account().id else ""


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="set up the second step")
