"""`flask jobs` and `flask mail`: what waits and failed, with what to do."""

from sqlalchemy.orm import Session

from app.models.job import JobState
from app.models.message import Message, MessageState
from app.services.jobs import add_job
from tests.conftest import Runner


def test_jobs_are_listed_with_progress_and_what_to_do(runner: Runner, session: Session) -> None:
    assert "Nothing waits, runs or has failed." in runner.invoke(args=["jobs", "list"]).output
    job, done = add_job(session, "tidy_jobs", {}), add_job(session, "tidy_jobs", {})
    job.state, job.attempts, job.done, job.total = JobState.FAILED, 5, 3, 10
    job.problem = {"code": "job.worker_lost", "details": {}}
    done.state = JobState.DONE
    listed = runner.invoke(args=["jobs", "list"]).output
    assert f"{job.id}  failed  tidy_jobs  5  3/10  The worker ended in the middle" in listed
    assert done.id not in listed
    assert done.id in runner.invoke(args=["jobs", "list", "--all"]).output


def test_a_test_mail_is_posted_and_listed(runner: Runner, session: Session) -> None:
    assert "No mail waits or has failed." in runner.invoke(args=["mail", "list"]).output
    posted = runner.invoke(args=["mail", "test", "someone@example.org", "--language", "ar"])
    assert (posted.exit_code, posted.output[:7]) == (0, "Posted ")
    listed = runner.invoke(args=["mail", "list"]).output
    assert "waiting  test  someone@example.org  0" in listed
    session.query(Message).update({"state": MessageState.SENT})
    assert "someone@example.org" not in runner.invoke(args=["mail", "list"]).output
    assert "someone@example.org" in runner.invoke(args=["mail", "list", "--all"]).output


def test_a_word_that_is_no_address_is_refused(runner: Runner) -> None:
    done = runner.invoke(args=["mail", "test", "nobody"])
    assert done.exit_code == 1
    assert "an e-mail address" in done.output
