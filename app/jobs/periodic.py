"""What is done again and again: each act once, however many workers look after it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.models.job import PeriodicAct
from app.models.upsert import insert_if_new
from app.services.jobs import add_job


def due_acts(session: Session, acts: Mapping[str, float], at: datetime) -> list[str]:
    """Return the kinds of *acts* (kind to seconds between two) that are due; reads only."""
    last = {row.kind: row.last_at for row in session.scalars(select(PeriodicAct))}
    return [kind for kind, seconds in acts.items() if _is_due(last.get(kind), seconds, at)]


def start_act(session: Session, kind: str, seconds: float, at: datetime) -> bool:
    """Put an act into the queue unless another worker just did; tell whether we did."""
    insert_if_new(session, PeriodicAct, kind=kind)
    taken = update(PeriodicAct).where(_due(kind, seconds, at)).values(last_at=at)
    is_ours = session.scalar(taken.returning(PeriodicAct.kind)) is not None
    if is_ours:
        add_job(session, kind, {}, key=kind)
    return is_ours


def _is_due(last: datetime | None, seconds: float, at: datetime) -> bool:
    """Tell what `_due` does."""
    return last is None or last <= at - timedelta(seconds=seconds) or last > at


def _due(kind: str, seconds: float, at: datetime) -> ColumnElement[bool]:
    """Tell whether an act is due; also when its last time lies ahead: the clock was set back."""
    last = PeriodicAct.last_at
    is_due = or_(last.is_(None), last <= at - timedelta(seconds=seconds), last > at)
    return is_due & (PeriodicAct.kind == kind)
