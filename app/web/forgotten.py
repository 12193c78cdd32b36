"""A password that was forgotten: a link by mail, and one answer for everybody."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import EmailField
from wtforms.validators import Length, Regexp

from app.access import public
from app.extensions import db, limiter
from app.services.resets import ask_for_link
from app.web.limits import MAILS, MAILS_OF_ADDRESS, by_email
from app.web.page_form import PageForm
from app.web.sign_in_forms import EMAIL, LONGEST, problems_of

bp = Blueprint("forgotten", __name__, url_prefix="/sign-in/forgotten")


class _EmailForm(PageForm):
    """Whose password was forgotten."""

    email = EmailField(
        _("E-mail address"),
        [Regexp(EMAIL, message=_("Enter your e-mail address.")), Length(max=LONGEST)],
    )


@bp.get("")
@public
def ask() -> ResponseReturnValue:
    """Ask for the e-mail address."""
    return _page(_EmailForm())


@bp.post("")
@public
@limiter.limit(MAILS_OF_ADDRESS)
@limiter.limit(MAILS, key_func=by_email)
def send() -> ResponseReturnValue:
    """Promise a mail to whoever has an account; do the same work if nobody has."""
    form = _EmailForm()
    if not form.validate():
        return _page(form), 422
    ask_for_link(db.session(), form.email.data)
    db.session.commit()
    flash(
        _(
            "If this address has an account, a mail with a link is on its way. It comes within a"
            " few minutes; look among unwanted mail too."
        ),
        "info",
    )
    return redirect(url_for("auth.show_sign_in"), 303)


def _page(form: _EmailForm) -> str:
    return render_template("auth/forgotten.html", form=form, problems=problems_of(form))
