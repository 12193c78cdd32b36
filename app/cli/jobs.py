"""`flask jobs`: the worker, and what is in its queue."""

import logging
import signal
import sys
from types import FrameType
from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from app.extensions import db
from app.jobs.worker import Worker
from app.models.job import Job, JobState
from app.wording.jobs import told

jobs = AppGroup("jobs", help="Work in the background: mails, seals, exports.")


@jobs.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option(
    "--at-once",
    "lanes",
    type=click.IntRange(1, 32),
    default=2,
    show_default=True,
    help="Jobs at the same time; from 2 on, one place is kept for what is short.",
)
def work(*, once: bool, lanes: int) -> None:
    """Do the jobs that wait, until SIGTERM or Ctrl-C; a second one ends at once.

    Several may run, on several machines. What is being done is finished or given back; the jobs of
    a worker that was killed are taken up again by another.
    """
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    app = cast("Any", current_app)._get_current_object()  # noqa: SLF001 - as Flask's manual says
    worker = Worker(cast("Flask", app), db.engine)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _Ending(worker))
    if once:
        click.echo(f"{worker.run_once()} jobs done.")
        return
    click.echo("The worker is running (Ctrl-C ends it).")
    worker.run(lanes)
    if not worker.was_told:
        sys.exit("The worker ended because a part of it broke (above). Start it again.")


@jobs.command("list")
@click.option("--all", "every", is_flag=True, help="Also what is done and cancelled.")
def list_jobs(*, every: bool) -> None:
    """List what waits, runs and failed, the newest first: id, state, kind, attempts, problem."""
    query = select(Job).order_by(Job.id.desc())
    if not every:
        query = query.where(Job.state.notin_([JobState.DONE, JobState.CANCELLED]))
    found = db.session.scalars(query).all()
    with force_locale("en"):
        for job in found:
            progress = f"{job.done}/{job.total}" if job.total else "-"
            problem = told(job.problem)
            click.echo(
                f"{job.id}  {job.state}  {job.kind}  {job.attempts}  {progress}  {problem}".rstrip()
            )
    if not found:
        click.echo("Nothing waits, runs or has failed.")


class _Ending:
    """Tells the worker to end at the first signal; the second one ends the process."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self._worker.end()
