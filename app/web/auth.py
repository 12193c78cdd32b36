"""Signing in and out, and setting a password by a link."""

from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app.access import SignedIn, public
from app.extensions import db, limiter, login
from app.models.account import Account
from app.models.membership import party_names
from app.services.accounts import (
    SHORTEST_PASSWORD,
    account_by_link,
    authenticate,
    set_password,
)
from app.web.locale import chosen_language, language

bp = Blueprint("auth", __name__, url_prefix="/sign-in")

# Only what fails counts. The first holds for an address of the network, the second for an e-mail.
TRIES: Final = "10 per minute; 60 per hour"
TRIES_OF_ACCOUNT: Final = "30 per hour"
LONGEST: Final = 1000  # characters; a password is hashed, and hashing a book takes long


class FieldProblem(NamedTuple):
    """What is wrong with a field, for the summary at the top of the page."""

    text: str
    address: str


class SignInForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """E-mail and password."""

    email = EmailField(
        _("E-mail address"), [InputRequired(_("Enter your e-mail address.")), Length(max=LONGEST)]
    )
    password = PasswordField(
        _("Password"), [InputRequired(_("Enter your password.")), Length(max=LONGEST)]
    )


class PasswordForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A new password, twice."""

    password = PasswordField(
        _("New password"),
        [
            InputRequired(_("Enter a password.")),
            Length(
                SHORTEST_PASSWORD,
                LONGEST,
                _("Enter a password of at least %(least)d characters.", least=SHORTEST_PASSWORD),
            ),
        ],
    )
    again = PasswordField(
        _("The same password again"),
        [EqualTo("password", _("Enter the same password in both fields."))],
    )


def init_app(app: Flask) -> None:
    """Let Flask-Login find accounts; tell every page who reads it."""
    login.user_loader(_load)
    login.session_protection = None  # addresses change while people travel
    app.context_processor(_context)


def _load(account_id: str) -> SignedIn | None:
    account = db.session.get(Account, account_id)
    return SignedIn(account) if account else None


def visitor() -> Account | None:
    """Return the account that is signed in, if any."""
    if g.get("is_failing") or not current_user.is_authenticated:
        return None
    return cast("Account", current_user.account)


def _context() -> dict[str, Any]:
    account = visitor()
    party = ""
    if account is not None and account.party_code:
        party = party_names(db.session(), language()).get(account.party_code, account.party_code)
    return {"visitor": account, "visitor_party": party}


def _email_typed() -> str:
    return request.form.get("email", "").strip().lower()


def _has_failed(response: Any) -> bool:  # noqa: ANN401 - whatever the view returned
    return int(response.status_code) not in {302, 303}


@bp.get("")
@public
def show_sign_in() -> ResponseReturnValue:
    """Ask who it is."""
    if visitor() is not None:
        return redirect(_safe_next(), 303)
    return _sign_in_page(SignInForm())


@bp.post("")
@public
@limiter.limit(TRIES, deduct_when=_has_failed)
@limiter.limit(TRIES_OF_ACCOUNT, key_func=_email_typed, deduct_when=_has_failed)
def sign_in() -> ResponseReturnValue:
    """Let in whoever knows the password, and lead on to where they wanted to go."""
    form = SignInForm()
    account = None
    if form.validate():
        account = authenticate(db.session(), form.email.data, form.password.data)
    if account is None:
        return _sign_in_page(form), 422
    return _let_in(account, _safe_next())


@bp.post("/out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session, if there is one."""
    logout_user()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/link/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Ask whoever comes by a link for a new password."""
    return _password_page(PasswordForm(), account_by_link(db.session(), token))


@bp.post("/link/<token>")
@public
@limiter.limit(TRIES, deduct_when=_has_failed)
def use_link(token: str) -> ResponseReturnValue:
    """Set the password of the link's owner, who is signed in by it."""
    account = account_by_link(db.session(), token)
    form = PasswordForm()
    if not form.validate():
        return _password_page(form, account), 422
    set_password(db.session(), account, form.password.data)
    flash(_("Your password is set, and you are signed in."), "success")
    return _let_in(account, url_for("home.index"))


def _sign_in_page(form: SignInForm) -> str:
    """Show the form; what was typed and is in order, but let nobody in, was wrong."""
    problems = _problems(form)
    if form.is_submitted() and not problems:
        text = gettext("Check the e-mail address and the password: together they let nobody in.")
        problems = [FieldProblem(text, "#email")]
    address = url_for("auth.sign_in", next=request.args.get("next"))
    return render_template("auth/sign_in.html", form=form, problems=problems, address=address)


def _password_page(form: PasswordForm, owner: Account) -> str:
    return render_template(
        "auth/set_password.html",
        form=form,
        owner=owner,
        problems=_problems(form),
        least=SHORTEST_PASSWORD,
    )


def _problems(form: FlaskForm) -> list[FieldProblem]:
    return [
        FieldProblem(str(errors[0]), f"#{name}") for name, errors in form.errors.items() if errors
    ]


def _let_in(account: Account, address: str) -> ResponseReturnValue:
    """Sign in; the account keeps the language that its owner chose by hand."""
    account.language = chosen_language() or account.language
    login_user(SignedIn(account))
    g.pop("actor", None)
    db.session.commit()
    return redirect(address, 303)


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
