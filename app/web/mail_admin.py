"""Mails, for administrators: where each stands, send again, do not send.

What a mail says is shown only where mails are written to a folder, as in the demonstration: with a
mail server a page would show links that let their owner in.
"""

import email
from email.policy import default
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import account, has_right
from app.extensions import db
from app.models.message import Message
from app.rights import Right
from app.services.jobs import is_worker_alive
from app.services.outbox import (
    count_messages,
    do_not_send,
    message_by_id,
    newest_messages,
    post,
    send_again,
)
from app.web.locale import language
from app.wording.languages import LANGUAGES
from app.wording.mail_texts import MAILS

bp = Blueprint("mail_admin", __name__, url_prefix="/admin/mail")


@bp.get("")
@has_right(Right.MANAGE_JOBS)
def index() -> ResponseReturnValue:
    """List the newest mails."""
    session = db.session()
    return render_template(
        "mail/index.html",
        messages=newest_messages(session),
        counts=count_messages(session),
        kinds=MAILS,
        is_to_folder=not current_app.config["SMTP_URL"],
        is_worker_alive=is_worker_alive(session),
    )


@bp.get("/<message_id>")
@has_right(Right.MANAGE_JOBS)
def show(message_id: str) -> ResponseReturnValue:
    """Show where a mail stands; and what it says, where there is no mail server."""
    message = message_by_id(db.session(), message_id)
    return render_template(
        "mail/show.html",
        message=message,
        kinds=MAILS,
        written=_written(message),
        is_to_folder=not current_app.config["SMTP_URL"],
    )


@bp.post("/test")
@has_right(Right.MANAGE_JOBS)
def test() -> ResponseReturnValue:
    """Post a test mail to whoever asks."""
    post(db.session(), to=account().email, kind="test", language=language(), details={})
    flash(_("A test mail to you waits for the worker."), "success")
    return _done()


@bp.post("/<message_id>/again")
@has_right(Right.MANAGE_JOBS)
def again(message_id: str) -> ResponseReturnValue:
    """Try a mail anew that failed."""
    send_again(db.session(), message_by_id(db.session(), message_id), account())
    flash(_("The mail waits for the worker."), "success")
    return _done()


@bp.post("/<message_id>/drop")
@has_right(Right.MANAGE_JOBS)
def drop(message_id: str) -> ResponseReturnValue:
    """Give up a mail, and forget what it would say."""
    do_not_send(db.session(), message_by_id(db.session(), message_id), account())
    flash(_("The mail will not be sent."), "success")
    return _done()


def _done() -> ResponseReturnValue:
    db.session.commit()
    return redirect(url_for("mail_admin.index"), 303)


def _written(message: Message) -> dict[str, Any] | None:
    """Return subject, language and paragraphs of a mail in the folder; None if it is not there."""
    path = Path(current_app.config["MAIL_DIR"]) / f"{message.id}.eml"
    if current_app.config["SMTP_URL"] or not path.is_file():
        return None
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    ours = f"{current_app.config['PUBLIC_URL']}/"
    body: str = mail.get_content().replace("\r\n", "\n")
    paragraphs = [text.strip() for text in body.split("\n\n")]
    tag = mail["Content-Language"]
    return {
        "subject": mail["Subject"],
        "language": next(spoken for spoken in LANGUAGES.values() if spoken.tag == tag),
        "paragraphs": [(text, f"{text}/".startswith(ours)) for text in paragraphs],
    }
