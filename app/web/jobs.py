"""A job of one's own: how far it is, and what came of it. Reusable for any kind of job."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import account, own_job
from app.extensions import db
from app.models.job import Job
from app.services.jobs import ENDED, cancel_job, is_worker_alive

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/<job_id>")
@own_job
def show(job: Job) -> ResponseReturnValue:
    """Show where a job stands; a script keeps the page up to date, else a link does."""
    return render_template(
        "jobs/show.html",
        job=job,
        has_ended=job.state in ENDED,
        is_worker_alive=is_worker_alive(db.session()),
    )


@bp.post("/<job_id>/cancel")
@own_job
def cancel(job: Job) -> ResponseReturnValue:
    """End a job that waits, or ask a running one to stop."""
    cancel_job(db.session(), job, account())
    flash(_("The job is cancelled. If it runs, it stops at its next step."), "success")
    db.session.commit()
    return redirect(url_for("jobs.show", job_id=job.id), 303)
