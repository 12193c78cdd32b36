"""When a collection is due, and whether what was signed came in time. One rule, used everywhere.

A day has ended when it has ended everywhere on Earth: at noon UTC of the next day, when the last
clocks (UTC-12) strike midnight. What comes later is marked and never left out.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.models.collection import Collection
from app.models.counting import Dated

LAST_ON_EARTH: Final = timedelta(hours=12)  # behind UTC: where a day ends last


class Timeliness(StrEnum):
    """Whether something was signed in time."""

    NO_DUE_DATE = "no_due_date"
    ON_TIME = "on_time"
    IN_GRACE = "in_grace"  # after the due date, within the grace period
    LATE = "late"


def end_of(day: date) -> datetime:
    """Return the moment at which *day* has ended everywhere on Earth."""
    return datetime.combine(day + timedelta(days=1), time(0), UTC) + LAST_ON_EARTH


def due_at(collection: Collection) -> datetime | None:
    """Return the last moment that is on time; None without a due date."""
    return end_of(collection.due_on) if collection.due_on else None


def grace_ends_at(collection: Collection) -> datetime | None:
    """Return the last moment of the grace period; None without one."""
    if collection.due_on is None or not collection.grace_days:
        return None
    return end_of(collection.due_on + timedelta(days=collection.grace_days))


def timeliness(collection: Collection, moment: datetime) -> Timeliness:
    """Tell whether *moment* is in time, by the server's clock."""
    due, grace = due_at(collection), grace_ends_at(collection)
    if due is None:
        return Timeliness.NO_DUE_DATE
    if moment <= due:
        return Timeliness.ON_TIME
    return Timeliness.IN_GRACE if grace is not None and moment <= grace else Timeliness.LATE


def submitted_at(revisions: Iterable[Dated], as_of: datetime | None = None) -> datetime | None:
    """Return when a submission came in: when its first revision since a withdrawal was signed.

    revisions   of one submission, in their order
    as_of       as it stood at this moment; None: as it stands

    A later revision does not make late what came in time. None: nothing signed stands.
    """
    came: datetime | None = None
    for revision in revisions:
        if as_of is not None and revision.signed_at > as_of:
            break
        withdrawn_at = revision.withdrawn_at
        if withdrawn_at is not None and (as_of is None or withdrawn_at <= as_of):
            came = None
        elif came is None:
            came = revision.signed_at
    return came
