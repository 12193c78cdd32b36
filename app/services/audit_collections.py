"""Checking collections: each is as the act tells that opened it, and asks those that it asked."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models.audit import Act, Seal
from app.models.collection import Collection
from app.models.submission import Submission
from app.services.audit_chains import Problem, details_of, moment_of, raw_json
from app.services.collections import COLLECTION, parties_hash

_DATES: Final = ("opens_on", "due_on", "cut_off_on")


class _Told(NamedTuple):
    """What acts say of one collection."""

    opened: Mapping[str, Any] | None
    closed_at: Any


def check_collections(session: Session) -> tuple[int, list[Problem]]:
    """Return how many collections there are, and what is wrong with them."""
    told = _told(session)
    rows = session.execute(
        select(
            Collection.code,
            Collection.form,
            Collection.form_version,
            Collection.grace_days,
            Collection.is_synthetic,
            *(type_coerce(getattr(Collection, name), String).label(name) for name in _DATES),
            type_coerce(Collection.closed_at, String).label("closed_at"),
            type_coerce(Collection.created_at, String).label("created_at"),
        ).order_by(Collection.code)
    ).all()
    problems: list[Problem] = []
    first_seal = session.scalar(select(func.min(Seal.at)))
    for row in rows:
        found = told.pop(row.code, _Told(None, None))
        if found.opened is None:
            made = moment_of(row.created_at)
            if first_seal is not None and (made is None or made > first_seal):
                problems.append(f"collection {row.code}: no act tells that it was opened")
            continue  # it may be from before acts were kept
        problems += _check(session, row._asdict(), found)
    problems += [f"collection {code}: missing, an act tells that it was opened" for code in told]
    return len(rows), problems


def _check(session: Session, row: Mapping[str, Any], told: _Told) -> Iterator[Problem]:
    opened = told.opened or {}
    now: dict[str, object] = {
        "form": f"{row['form']}/{row['form_version']}",
        "grace_days": row["grace_days"],
        "synthetic": bool(row["is_synthetic"]),
        "parties": parties_hash(_asked(session, row["code"])),
        **{date: str(row[date]) if row[date] else None for date in _DATES},
    }
    wrong = [what for what in now if what in opened and now[what] != opened[what]]
    if moment_of(row["closed_at"]) != told.closed_at:
        wrong.append("closed_at")
    if wrong:
        yield f"collection {row['code']}: {', '.join(wrong)} not as the acts tell"


def _asked(session: Session, code: str) -> dict[str, bool]:
    rows = session.execute(
        select(Submission.party_code, Submission.is_in_denominator).where(
            Submission.collection_code == code
        )
    )
    return {party: bool(counts) for party, counts in rows}


def _told(session: Session) -> dict[str, _Told]:
    """Return what acts say of each collection; one that cannot be read is a problem elsewhere."""
    rows = session.execute(
        select(Act.subject, Act.action, type_coerce(Act.at, String), raw_json(session, Act.details))
        .where(Act.kind == COLLECTION, Act.action.in_(("open", "close")))
        .order_by(Act.subject, Act.number)
    )
    found: dict[str, _Told] = {}
    for subject, action, at, details in rows:
        before = found.get(subject, _Told(None, None))
        if action == "close":
            found[subject] = before._replace(closed_at=moment_of(at))
        elif before.opened is None:
            found[subject] = before._replace(opened=details_of(details))
    return found
