"""What the worker does, for administrators: what waits, runs and failed; retry and cancel."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import account, has_right
from app.extensions import db
from app.models.job import JobState
from app.rights import Right
from app.services.jobs import (
    cancel_job,
    is_worker_alive,
    job_by_id,
    jobs_in,
    periodic_acts,
    retry_job,
)
from app.services.outbox import SEND, count_messages

bp = Blueprint("jobs_admin", __name__, url_prefix="/admin/jobs")


@bp.get("")
@has_right(Right.MANAGE_JOBS)
def index() -> ResponseReturnValue:
    """List jobs by state. Those that send a mail show as mails, on a page of their own."""
    session = db.session()
    return render_template(
        "jobs/index.html",
        running=jobs_in(session, JobState.RUNNING, but=SEND),
        waiting=jobs_in(session, JobState.WAITING, but=SEND),
        failed=jobs_in(session, JobState.FAILED, but=SEND),
        ended=jobs_in(session, JobState.DONE, JobState.CANCELLED, but=SEND)[:20],
        acts=periodic_acts(session),
        mails=count_messages(session),
        is_worker_alive=is_worker_alive(session),
    )


@bp.post("/<job_id>/retry")
@has_right(Right.MANAGE_JOBS)
def retry(job_id: str) -> ResponseReturnValue:
    """Let a job begin anew."""
    retry_job(db.session(), job_by_id(db.session(), job_id), account())
    flash(_("The job waits for the worker."), "success")
    return _done()


@bp.post("/<job_id>/cancel")
@has_right(Right.MANAGE_JOBS)
def cancel(job_id: str) -> ResponseReturnValue:
    """End a job that waits, or ask a running one to stop."""
    cancel_job(db.session(), job_by_id(db.session(), job_id), account())
    flash(_("The job is cancelled. If it runs, it stops at its next step."), "success")
    return _done()


def _done() -> ResponseReturnValue:
    db.session.commit()
    return redirect(url_for("jobs_admin.index"), 303)
