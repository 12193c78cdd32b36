"""A worker in a process of its own, which tests may kill: `flask jobs work` with work for tests.

python -m tests.jobs.process DATABASE [--once]

It says on its standard output what it does, and waits on its standard input where told.
"""

import sys
from functools import partial
from unittest.mock import patch

from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from app import create_app
from app.cli import jobs
from app.config import Config
from app.jobs.pace import Pace
from app.jobs.registry import Kind
from app.jobs.running import RunningJob
from app.jobs.worker import Worker
from app.models.job import PeriodicAct

PACE = Pace(poll=0.02, beat=0.1, silence=0.5, watch=0.4, rest=0.02)
KEY = "a key for tests alone, which is no secret"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the test reads it


def mark(session: Session, job: RunningJob) -> None:
    """Leave a row for this attempt, and say so."""
    say(f"marked {job.arguments['number']}")
    session.add(PeriodicAct(kind=f"mark-{job.arguments['number']}-{job.claim}"))


def hang(session: Session, job: RunningJob) -> None:
    """Leave a row for this attempt; the first attempt never ends."""
    session.add(PeriodicAct(kind=f"mark-{job.claim}"))
    if job.attempt == 1:
        session.flush()
        say("hanging")
        sys.stdin.read()
    say("finishing")


def go_on(session: Session, job: RunningJob) -> None:
    """Go from step to step until told to stop."""
    say("stepping")
    for number in range(1_000_000):
        job.step(number, 1_000_000)


KINDS = {"mark": Kind(mark), "hang": Kind(hang), "go_on": Kind(go_on, is_long=True)}


def main(database: str, *args: str) -> None:
    """Run the command over *database*."""
    app = create_app(Config(SECRET_KEY=KEY, SQLALCHEMY_DATABASE_URI=database, TESTING=True))
    info = ScriptInfo(create_app=lambda: app)
    with patch.object(jobs, "Worker", partial(Worker, kinds=KINDS, acts={}, pace=PACE)):
        app.cli.main(["jobs", "work", *args], obj=info)


if __name__ == "__main__":
    main(*sys.argv[1:])
