"""Signing in and out: the password, the second step, and what was typed meanwhile."""

from base64 import b64encode
from typing import Any, Final
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.access import public, signed_in
from app.errors import NotFoundError, NotSignedInError
from app.extensions import db, limiter
from app.models.account import Account, Purpose
from app.models.membership import party_names
from app.services.links import link_by, make_link, use_link
from app.services.passwords import authenticate, was_handed_over
from app.services.second_step import accept_code
from app.services.sessions import browser_key
from app.web import sessions
from app.web.kept import Kept
from app.web.limits import TRIES, TRIES_OF_ACCOUNT, by_email, has_failed
from app.web.locale import chosen_language, language
from app.web.sessions import visitor
from app.web.sign_in_forms import CodeForm, FieldProblem, SignInForm, problems_of

bp = Blueprint("auth", __name__, url_prefix="/sign-in")

PENDING: Final = "second_step"  # in the cookie: the secret of a link for the second step


def init_app(app: Flask) -> None:
    """Find the session of every request; tell every page who reads it."""
    sessions.init_app(app)
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    account = visitor()
    party = ""
    if account is not None and account.party_code:
        party = party_names(db.session(), language()).get(account.party_code, account.party_code)
    return {"visitor": account, "visitor_party": party}


def _pending() -> str:
    """Return what the tries of one account's second step are counted by."""
    try:
        link = link_by(db.session(), session.get(PENDING, ""), Purpose.SECOND_STEP)
    except NotFoundError:
        return "nobody"
    return f"second step of {link.account_id}"


@bp.get("")
@public
def show_sign_in() -> ResponseReturnValue:
    """Ask who it is."""
    if visitor() is not None:
        return redirect(_safe_next(), 303)
    return sign_in_page(SignInForm())


@bp.post("")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
@limiter.limit(TRIES_OF_ACCOUNT, key_func=by_email, deduct_when=has_failed)
def sign_in() -> ResponseReturnValue:
    """Let in whoever knows the password, and lead on to where they wanted to go."""
    form = SignInForm()
    kept = Kept.carried()
    account = None
    if form.validate():
        account = authenticate(db.session(), form.email.data, form.password.data)
    if account is None:
        _tell_leaver(form)
        return sign_in_page(form, kept), 422
    return go_on(account, _safe_next(), kept)


def _tell_leaver(form: SignInForm) -> None:
    """Tell somebody who knows the password of an account that was handed over what became of it."""
    if not form.errors and was_handed_over(db.session(), form.email.data, form.password.data):
        text = _(
            "This account was handed over to somebody else, and lets nobody in any more. What was"
            " typed in this browser and not saved yet is still in it. Ask the publishing authority"
            " of your Party, or the Secretariat, to let the account in again; then sign in here."
        )
        flash(text, "warning")


@bp.post("/second-step")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
@limiter.limit(TRIES_OF_ACCOUNT, key_func=_pending, deduct_when=has_failed)
def take_second_step() -> ResponseReturnValue:
    """Let in whoever knew the password and has the code."""
    kept = Kept.carried()
    try:
        link = link_by(db.session(), session.get(PENDING, ""), Purpose.SECOND_STEP)
    except NotFoundError:
        flash(_("That took too long. Sign in once more."), "warning")
        return sign_in_page(SignInForm(formdata=None), kept), 422
    form = CodeForm()
    if not form.validate() or not accept_code(db.session(), link.account, form.code.data):
        return _code_page(form, kept), 422
    use_link(db.session(), session.pop(PENDING), Purpose.SECOND_STEP)
    return _let_in(link.account, _safe_next(), kept)


@bp.post("/as-another")
@public
def sign_in_as_another() -> ResponseReturnValue:
    """End the session and ask anew who it is; what was typed is carried along."""
    kept = Kept.carried()
    sessions.end()
    db.session.commit()
    return sign_in_page(SignInForm(formdata=None), kept)


@bp.post("/out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session, if there is one."""
    sessions.end()
    db.session.commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/key")
@signed_in
def show_key() -> ResponseReturnValue:
    """Hand out the key that encrypts what waits in this browser for this account."""
    row = sessions.present_session()
    if row is None:
        raise NotSignedInError
    key = b64encode(browser_key(db.session(), row)).decode()
    answer = jsonify(account=row.account_id, key=key)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def sign_in_page(form: SignInForm, kept: Kept | None = None) -> str:
    """Show the form; what was typed and is in order, but let nobody in, was wrong."""
    problems = problems_of(form)
    if form.is_submitted() and request.endpoint == "auth.sign_in" and not problems:
        text = gettext("Check the e-mail address and the password: together they let nobody in.")
        problems = [FieldProblem(text, "#email")]
    address = url_for("auth.sign_in", next=request.args.get("next"))
    return render_template(
        "auth/sign_in.html", form=form, problems=problems, address=address, kept=kept
    )


def go_on(account: Account, address: str, kept: Kept | None = None) -> ResponseReturnValue:
    """Let in an account whose password was right, or ask for its code first."""
    if account.totp_since is None:
        return _let_in(account, address, kept)
    _link, session[PENDING] = make_link(db.session(), account, Purpose.SECOND_STEP)
    db.session.commit()
    return _code_page(CodeForm(formdata=None), kept, address)


def _code_page(form: CodeForm, kept: Kept | None, address: str = "") -> str:
    problems = problems_of(form)
    if form.is_submitted() and request.endpoint == "auth.take_second_step" and not problems:
        text = gettext("This code is not right, or it was used before. Enter the next one.")
        problems = [FieldProblem(text, "#code")]
    target = url_for("auth.take_second_step", next=address or request.args.get("next"))
    return render_template(
        "auth/second_step.html", form=form, problems=problems, address=target, kept=kept
    )


def _let_in(account: Account, address: str, kept: Kept | None) -> ResponseReturnValue:
    """Sign in; the account keeps the language that its owner chose by hand."""
    account.language = chosen_language() or account.language
    sessions.begin(account)
    db.session.commit()
    if kept is None:
        return redirect(address, 303)
    return render_template("auth/send_kept.html", kept=kept, account=account)


def _safe_next() -> str:
    """Return where the visitor wanted to go, if that is a page of ours; else the home page."""
    wished = request.args.get("next", "")
    parts = urlsplit(wished)
    is_ours = (
        wished.startswith("/")
        and not wished.startswith("//")
        and not (parts.scheme or parts.netloc)
        and "\\" not in wished
        and wished.isprintable()
    )
    return wished if is_ours else url_for("home.index")
