"""Names of jobs and their states, and what to do about their problems."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from app.models.job import JobState
from app.models.message import MessageState
from app.wording.errors import ERRORS
from app.wording.problems import fill

JOBS: Final[Mapping[str, LazyString]] = {
    "send_mail": _("Send a mail"),
    "send_reset_link": _("Send a link to set a password"),
    "sweep_outbox": _("Look after mails that wait"),
    "tidy_jobs": _("Remove what ended long ago"),
    "seal": _("Make receipts and seal what is new"),
    "send_reminders": _("Send the reminders of the day"),
    "remind_delegates": _("Remind delegates of their due dates"),
}

JOB_STATES: Final[Mapping[JobState, LazyString]] = {
    JobState.WAITING: _("Waiting"),
    JobState.RUNNING: _("Running"),
    JobState.DONE: _("Done"),
    JobState.FAILED: _("Failed"),
    JobState.CANCELLED: _("Cancelled"),
}

MESSAGE_STATES: Final[Mapping[MessageState, LazyString]] = {
    MessageState.WAITING: _("Waiting"),
    MessageState.SENT: _("Sent"),
    MessageState.FAILED: _("Failed"),
    MessageState.CANCELLED: _("Not to be sent"),
}

# What happened, and what to do. `%(answer)s` is what the mail server or the system said.
PROBLEMS: Final[Mapping[str, LazyString]] = {
    "job.crashed": _("A fault of the program: %(error)s. If it stays, tell who runs this server."),
    "job.worker_lost": _(
        "The worker ended in the middle of it. If it happens again, look at its memory and its log."
    ),
    "job.replaced": _("A newer job does the same work."),
    "mail.recipient_refused": _(
        "The mail server does not take mail for this address: %(answer)s. Check the address."
    ),
    "mail.content_refused": _("The mail server refused this mail: %(answer)s."),
    "mail.sender_refused": _(
        "The mail server does not let us write as this sender: %(answer)s. Check MAIL_FROM."
    ),
    "mail.login_refused": _(
        "The mail server did not let us in: %(answer)s. Check user and password in SMTP_URL."
    ),
    "mail.not_supported": _(
        "The mail server lacks what we need: %(answer)s. Check the beginning of SMTP_URL."
    ),
    "mail.server_refused": _("The mail server refused us: %(answer)s. We try again."),
    "mail.no_server": _(
        "The mail server cannot be reached: %(answer)s. Check SMTP_URL; we try again."
    ),
    "mail.no_folder": _(
        "The folder for mails cannot be written: %(answer)s. Check MAIL_DIR; we try again."
    ),
    "mail.unreadable": _(
        "SECRET_KEY was changed before this mail was sent. Do again what it was about."
    ),
    "mail.not_worded": _(
        "The program has no text for this mail: %(missing)s. Tell who runs this server."
    ),
    "mail.too_old": _("It could not be sent for two weeks. Do again what it was about."),
}


def told(problem: Mapping[str, Any]) -> str:
    """Return what happened and what to do, in the reader's language; empty without a problem."""
    if not problem:
        return ""
    code, details = problem["code"], problem["details"]
    if code in PROBLEMS:
        return fill(PROBLEMS[code], details)
    words = ERRORS.get(f"{code}.{details.get('what', '')}") or ERRORS.get(code) or ERRORS["error"]
    return f"{fill(words.title, details)}. {fill(words.advice, details)}"


def job_name(kind: str) -> str:
    """Return what a kind of job is called; its own word for one that only newer workers know."""
    return str(JOBS[kind]) if kind in JOBS else gettext("Other work: %(kind)s", kind=kind)
