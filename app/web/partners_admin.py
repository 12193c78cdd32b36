"""Partner institutions that the Secretariat lets read what is signed, for administrators."""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, has_right
from app.errors import InvalidInputError, NotFoundError
from app.extensions import db, limiter
from app.models.base import now
from app.models.collection import Collection
from app.models.partner import PartnerGrant
from app.rights import Right
from app.services import partners as verbs
from app.services.collections import all_collections
from app.web.forms import form_of
from app.web.limits import INVITATIONS, by_account
from app.web.partner_form import problems_of, typed
from app.web.sign_in_forms import FieldProblem

bp = Blueprint("partners_admin", __name__, url_prefix="/admin/partners")

ASKED: Final = ("email", "name", "collection", "ends_on")


@bp.get("/")
@has_right(Right.OPEN_SIGNED)
def index() -> ResponseReturnValue:
    """List the partner institutions that read, or have read, what is signed."""
    present, grants = now(), verbs.grants_to_signed(db.session())
    return render_template(
        "partners_admin/index.html",
        grants=[(grant, grant.is_live(present)) for grant in grants],
    )


@bp.get("/invite")
@has_right(Right.OPEN_SIGNED)
def show_invite() -> ResponseReturnValue:
    """Ask whom to invite, to which collection, until when."""
    return _invite_page()


@bp.post("/invite")
@has_right(Right.OPEN_SIGNED)
@limiter.limit(INVITATIONS, key_func=by_account)
def invite() -> ResponseReturnValue:
    """Invite a partner institution; or say what is lacking, with all that was typed."""
    wished = typed()
    try:
        collection = _collection(wished.fields.get("collection", ""))
        verbs.invite_to_signed(
            db.session(),
            collection,
            wished.invited(),
            account(),
            sees_secretariat=wished.sees_secretariat,
        )
    except InvalidInputError as error:
        db.session.rollback()
        return _invite_page(problems_of(error, wished, ASKED)), 422
    db.session.commit()
    flash(_("Invited. The institution is told by mail."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/<grant_id>/end")
@has_right(Right.OPEN_SIGNED)
def end(grant_id: str) -> ResponseReturnValue:
    """Let a partner institution in no more."""
    grant = db.session.get(PartnerGrant, grant_id)
    if grant is None or grant.collection_code is None:
        raise NotFoundError(what="grant", code=grant_id)
    verbs.end(db.session(), grant, account())
    db.session.commit()
    flash(_("Ended. The institution sees what is public, like everybody."), "success")
    return redirect(url_for(".index"), 303)


def _collection(code: str) -> Collection:
    found = db.session.get(Collection, code)
    if found is None:
        raise InvalidInputError(parameter="collection", value=code, allowed="a collection")
    return found


def _invite_page(problems: Iterable[FieldProblem] = ()) -> str:
    collections = all_collections(db.session())
    return render_template(
        "partners_admin/invite.html",
        collections=[(each.code, form_of(each).title) for each in collections],
        typed=typed(),
        problems=list(problems),
    )
