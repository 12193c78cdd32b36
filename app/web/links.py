"""Links that let somebody in: an invitation, or a forgotten password.

A link is opened by GET as often as one likes; only what is posted uses it up.
"""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import public
from app.extensions import db, limiter
from app.models.account import Link, Purpose
from app.services.account_changes import change_password, join
from app.services.links import link_by, use_link
from app.services.passwords import SHORTEST_PASSWORD
from app.web.auth import go_on
from app.web.limits import TRIES, has_failed
from app.web.locale import chosen_language
from app.web.sign_in_forms import JoinForm, PasswordForm, problems_of

bp = Blueprint("links", __name__, url_prefix="/sign-in/link")


@bp.get("/<token>")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
def show_link(token: str) -> ResponseReturnValue:
    """Ask whoever comes by a link for a new password."""
    link = link_by(db.session(), token, Purpose.INVITATION, Purpose.SET_PASSWORD)
    return _page(_form_for(link), link)


@bp.post("/<token>")
@public
@limiter.limit(TRIES, deduct_when=has_failed)
def take_link(token: str) -> ResponseReturnValue:
    """Set the password of the link's owner, who is let in by it; sessions before it end."""
    link = link_by(db.session(), token, Purpose.INVITATION, Purpose.SET_PASSWORD)
    form = _form_for(link)
    if not form.validate():
        return _page(form, link), 422
    account = use_link(db.session(), token, Purpose.INVITATION, Purpose.SET_PASSWORD).account
    if isinstance(form, JoinForm):
        join(db.session(), account, form.name.data, form.password.data)
    else:
        change_password(db.session(), account, form.password.data)
    account.language = chosen_language() or account.language
    flash(_("Your password is set."), "success")
    return go_on(account, url_for("home.index"))


def _form_for(link: Link) -> PasswordForm:
    owner = link.account
    if link.purpose == Purpose.INVITATION:
        return JoinForm(owner.email, owner.name, obj=owner)
    return PasswordForm(owner.email, owner.name)


def _page(form: PasswordForm, link: Link) -> str:
    return render_template(
        "auth/set_password.html",
        form=form,
        link=link,
        is_invited=link.purpose == Purpose.INVITATION,
        problems=problems_of(form),
        least=SHORTEST_PASSWORD,
    )
