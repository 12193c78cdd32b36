"""Reminders: who is concerned, what the mail says, send now or on a day, and the log."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import account, has_right
from app.errors import InvalidInputError
from app.extensions import db
from app.models.collection import Collection
from app.models.membership import party_names
from app.rights import Right
from app.services import reminders as verbs
from app.services.collections import collection_of, is_open
from app.web.locale import language
from app.web.sign_in_forms import FieldProblem
from app.wording.languages import LANGUAGES, offered
from app.wording.mails import worded

bp = Blueprint("reminders", __name__, url_prefix="/review/reminders/<code>")


@bp.get("")
@has_right(Right.RUN_REVIEW)
def index(code: str) -> ResponseReturnValue:
    """Show who is concerned, a preview of the mail, and what was sent before."""
    return _page(collection_of(db.session(), code))


@bp.post("/send")
@has_right(Right.RUN_REVIEW)
def send(code: str) -> ResponseReturnValue:
    """Remind everybody concerned at once."""
    collection = collection_of(db.session(), code)
    try:
        sent = verbs.send_now(db.session(), collection, _number(), account())
    except InvalidInputError as error:
        db.session.rollback()
        return _page(collection, _problem(error)), 422
    people = sum(party.people for party in sent.parties)
    db.session.commit()
    flash(_("Mails to people who are reminded: %(number)d. They are on their way.", number=people))
    return redirect(url_for(".index", code=code), 303)


@bp.post("/plan")
@has_right(Right.RUN_REVIEW)
def plan(code: str) -> ResponseReturnValue:
    """Plan a reminder for a day, to those who are still concerned then."""
    collection = collection_of(db.session(), code)
    try:
        verbs.plan(db.session(), collection, _number(), _day(), account())
    except InvalidInputError as error:
        db.session.rollback()
        return _page(collection, _problem(error)), 422
    db.session.commit()
    flash(_("Planned."), "success")
    return redirect(url_for(".index", code=code), 303)


@bp.post("/<reminder>/cancel")
@has_right(Right.RUN_REVIEW)
def cancel(code: str, reminder: str) -> ResponseReturnValue:
    """Drop a planned reminder."""
    verbs.cancel(db.session(), collection_of(db.session(), code), reminder, account())
    db.session.commit()
    flash(_("Dropped. Nothing is sent."), "success")
    return redirect(url_for(".index", code=code), 303)


def _page(collection: Collection, problems: Iterable[FieldProblem] = ()) -> str:
    session, names = db.session(), party_names(db.session(), language())
    found = verbs.concerned(session, collection)
    people = verbs.people_of(session, (submission.party_code for submission in found))
    shown = request.args.get("in", language())
    shown = shown if shown in offered() else language()
    number = request.form.get("notification", collection.notification)
    kind, details = verbs.mail_of(collection, number or "…", found[0].id if found else "…")
    by_name = {submission.party_code: submission for submission in found}
    return render_template(
        "review/reminders.html",
        collection=collection,
        is_open=is_open(collection),
        parties=[
            (name, len(people.get(code, []))) for code, name in names.items() if code in by_name
        ],
        mail=worded(kind, shown, details, current_app.config["PUBLIC_URL"]),
        shown=LANGUAGES[shown],
        offered=[LANGUAGES[code] for code in offered()],
        reminders=verbs.reminders_of(session, collection),
        number=number,
        day=request.form.get("day", ""),
        problems=list(problems),
    )


def _number() -> str:
    return request.form.get("notification", "")


def _day() -> date:
    typed = request.form.get("day", "").strip()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidInputError(parameter="day", value=typed, allowed="2026-12-31") from None


def _problem(error: InvalidInputError) -> list[FieldProblem]:
    parameter = str(error.details["parameter"])
    told = {
        "notification": _("Enter the number of the notification: at most 40 characters."),
        "day": _("Enter a day from today on that has no reminder yet, such as 2026-12-31."),
        "parties": _("Nobody is to be reminded: every Party that was asked has submitted."),
    }
    return [FieldProblem(told[parameter], f"#{parameter}")]
