"""What was changed in a draft since a version, by others: answers as they stand now, and rows."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.forms.places import Answers, Place, parse_place
from app.models.operation import Kind, Operation, State
from app.models.submission import Submission
from app.services.drafts import Parts

MOST: Final = 1000  # more than a page can follow: it is opened anew


class Changes(NamedTuple):
    """The last operation on each answer, with the answers of its place now, and those on rows."""

    answers: Sequence[tuple[Operation, Place, Answers]]
    rows: Sequence[Operation]
    is_long: bool


def changes_since(
    session: Session,
    submission: Submission,
    version: int,
    *,
    place: str = "",
    besides: tuple[str, str] = ("", ""),
) -> Changes:
    """Return what was changed after *version*.

    place     at which, or in it for rows; empty: everywhere
    besides   account and page whose own changes are left out
    """
    wanted = [
        Operation.submission_id == submission.id,
        Operation.number > version,
        Operation.state == State.APPLIED,
        or_(Operation.account_id != besides[0], Operation.page != besides[1]),
    ]
    if place:
        inside = Operation.place.startswith(f"{place}/", autoescape=True)
        is_row = Operation.kind.in_((Kind.ADD_ROW, Kind.REMOVE_ROW, Kind.MOVE_ROW))
        around = [str(way) for way in _around(parse_place(place))]
        wanted.append(
            or_(Operation.place == place, is_row & (inside | Operation.place.in_(around)))
        )
    found = session.scalars(
        select(Operation)
        .where(*wanted)
        .order_by(Operation.number)
        .limit(MOST + 1)
        .options(joinedload(Operation.account))
    ).all()
    parts = Parts(session, submission.id)
    last = {(op.place, op.question): op for op in found if op.kind is Kind.ANSWER}
    return Changes(
        [(op, here := parse_place(op.place), parts.answers(here)) for op in last.values()],
        [op for op in found if op.kind in (Kind.ADD_ROW, Kind.REMOVE_ROW, Kind.MOVE_ROW)],
        len(found) > MOST,
    )


def _around(place: Place) -> list[Place]:
    return [Place(place.section, place.steps[:n]) for n in range(1, len(place.steps))]
