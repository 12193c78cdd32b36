"""What the worker can do, and what it does again and again.

To add work: a function from session and `RunningJob` to a result (or None), its line in `KINDS`,
and its name for people in `app/wording/jobs.py`. Work done again and again stands in `ACTS` too.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from app.jobs import accounts, housekeeping, mail, reminders, sealing
from app.jobs.running import RunningJob
from app.services.outbox import SEND
from app.services.resets import SEND_RESET

Handler = Callable[[Session, RunningJob], Mapping[str, Any] | None]


class Kind(NamedTuple):
    """One kind of job.

    do            gets arguments from `job.arguments`; its session is committed at the end, with the
                  job. It may be called again after a crash: it looks what is done already.
                  Returns what the job's page shows: `{"address": "/the/page/to/open"}`, or None.
    attempts      before it fails for good; they are 10 s, 20 s, 40 s … an hour apart
    is_long       may take more than a few seconds: never holds up mails and seals
    leaves_row    keeps its row when it went well; else the row is deleted
    """

    do: Handler
    attempts: int = 5
    is_long: bool = False
    leaves_row: bool = True


KINDS: Final[Mapping[str, Kind]] = {
    SEND: Kind(mail.send_mail, attempts=30, leaves_row=False),  # over 22 hours
    SEND_RESET: Kind(accounts.send_link, leaves_row=False),
    "sweep_outbox": Kind(housekeeping.sweep_outbox, leaves_row=False),
    "tidy_jobs": Kind(housekeeping.tidy_jobs, leaves_row=False),
    "seal": Kind(sealing.seal, leaves_row=False),
    "send_reminders": Kind(reminders.send_reminders, leaves_row=False),
    "remind_delegates": Kind(reminders.remind_delegates, leaves_row=False),
}

# Seconds between two, by kind.
ACTS: Final[Mapping[str, float]] = {
    "sweep_outbox": 60,
    "tidy_jobs": 3600,
    "seal": 60,
    "send_reminders": 600,
    "remind_delegates": 3600,
}
