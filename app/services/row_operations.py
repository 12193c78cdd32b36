"""Rows of a draft, added, removed, moved and brought back, beside what colleagues do to them.

A row moves past a neighbour, not to a number. What was removed is kept in the operation, and can
be brought back whole.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.errors import NotFoundError
from app.forms.part_changes import kept_parts, key_before
from app.forms.places import Place, elements_at, parse_place
from app.models.operation import Kind, Operation, State
from app.models.submission import DraftPart
from app.services.batches import HERE, Batch, Outcome, Sent, removal_of
from app.services.drafts import part_of


def add_row(batch: Batch, place: Place, sent: Sent = HERE) -> None:
    """Make an empty row, behind those that are there."""
    batch.need_unlocked(place)
    last = batch.parts.last_row(place)
    batch.parts.add(place, last.position + 1 if last else 0)
    batch.write(Kind.ADD_ROW, place, after={"after": _key(last)}, sent=sent)


def remove_row(
    batch: Batch, place: Place, *, since: int | None = None, sent: Sent = HERE
) -> Outcome:
    """Take a row, and all in it, out of the draft.

    since   the version that the page shows; None: the present one

    A clash where colleagues have written in it since: it stays. Raises NotFoundError for a row
    that is not there, unless it was removed since.
    """
    elements_at(batch.form, place)
    if batch.parts.get(place) is None or not batch.is_row(place):
        if removal_of(batch.since(place, since), place) is None:
            raise NotFoundError(what="row", code=str(place))
        batch.write(Kind.REMOVE_ROW, place, state=State.SAME, sent=sent)
        return Outcome(state=State.SAME)
    theirs = written_by_others(batch, place, since)
    if theirs is not None:
        batch.write(Kind.REMOVE_ROW, place, state=State.CLASH, sent=sent)
        return Outcome(state=State.CLASH, theirs=theirs)
    take_away(batch, place, sent)
    return Outcome(state=State.APPLIED)


def take_away(batch: Batch, place: Place, sent: Sent = HERE, of: int | None = None) -> None:
    """Remove a row that is there, whoever has written in it."""
    batch.need_unlocked(place)
    keys = [_key(row) for row in batch.parts.rows(place)]
    gone = batch.parts.under(place)
    parts = kept_parts(part_of(part) for part in gone)
    before = {"after": key_before(keys, _key_of(place)), "parts": parts}
    batch.parts.remove(gone)
    batch.write(Kind.REMOVE_ROW, place, before=before, of=of, sent=sent)


def move_row(
    batch: Batch, place: Place, by: int, neighbour: str = "", *, sent: Sent = HERE
) -> Outcome:
    """Move a row up (*by* below 0) or down among its siblings; at an end it stays.

    neighbour   key of the row to go past, as the page showed it: colleagues may have moved and
                added others. Empty, or no longer there: past as many rows as *by* says

    Raises NotFoundError for a row that is not there.
    """
    rows, here = _found(batch, place)
    keys = [_key(row) for row in rows]
    there = min(max(here + by, 0), len(rows) - 1)
    if neighbour in keys:
        past = keys.index(neighbour)
        there = past if (past > here) == (by > 0) else here  # or it is past that row already
    return _put(batch, rows, here, there, sent)


def put_row_after(
    batch: Batch, place: Place, after: str, *, of: int | None = None, sent: Sent = HERE
) -> Outcome:
    """Put a row behind that of the key *after*; first where that is empty or not there."""
    rows, here = _found(batch, place)
    others = [_key(row) for row in rows if row is not rows[here]]
    there = others.index(after) + 1 if after in others else 0
    return _put(batch, rows, here, there, sent, of)


def bring_back(
    batch: Batch, removal: Operation, *, of: int | None = None, sent: Sent = HERE
) -> None:
    """Put a removed row, and all that stood in it, back where it was; nothing if it is there.

    Raises NotFoundError when a row around it is not there.
    """
    place = parse_place(removal.place)
    if batch.parts.get(place) is not None:
        return
    batch.need_unlocked(place)
    if batch.missing(place.parent):
        raise NotFoundError(what="row", code=removal.place)
    rows, after = batch.parts.rows(place), removal.before["after"]
    keys = [_key(row) for row in rows]
    position = keys.index(after) + 1 if after in keys else len(rows) if after else 0
    kept = removal.before["parts"]
    added = {
        path: batch.parts.add(parse_place(path), int(part["position"]), part["answers"])
        for path, part in kept.items()
    }
    rows.insert(position, added[removal.place])
    batch.parts.put_in_order(rows)
    batch.came_back.append(place)
    told = {"after": keys[position - 1] if position else "", "parts": kept}
    batch.write(Kind.ADD_ROW, place, after=told, of=of or removal.number, sent=sent)


def _found(batch: Batch, place: Place) -> tuple[list[DraftPart], int]:
    """Return the rows of the list in which *place* stands, and where it does."""
    elements_at(batch.form, place)
    rows = batch.parts.rows(place) if batch.is_row(place) else []
    here = next((i for i, row in enumerate(rows) if row.path == str(place)), None)
    if here is None:
        raise NotFoundError(what="row", code=str(place))
    return rows, here


def _put(
    batch: Batch,
    rows: list[DraftPart],
    here: int,
    there: int,
    sent: Sent,
    of: int | None = None,
) -> Outcome:
    place = parse_place(rows[here].path)
    batch.need_unlocked(place)
    before = {"after": _key(rows[here - 1] if here else None)}
    if here == there:
        batch.write(
            Kind.MOVE_ROW, place, before=before, after=before, state=State.SAME, of=of, sent=sent
        )
        return Outcome(state=State.SAME)
    rows.insert(there, rows.pop(here))
    batch.parts.put_in_order(rows)
    after = {"after": _key(rows[there - 1] if there else None)}
    batch.write(Kind.MOVE_ROW, place, before=before, after=after, of=of, sent=sent)
    return Outcome(state=State.APPLIED)


def written_by_others(batch: Batch, place: Place, since: int | None) -> Operation | None:
    """Return the last operation of somebody else in a row, after a version; moves do not count."""
    if since is None:
        return None
    path = str(place)
    found = batch.session.scalars(
        select(Operation)
        .where(
            Operation.submission_id == batch.submission.id,
            Operation.number > since,
            Operation.account_id != batch.account.id,
            Operation.state == State.APPLIED,
            or_(Operation.place == path, Operation.place.startswith(f"{path}/", autoescape=True)),
        )
        .order_by(Operation.number.desc())
    )
    answered = (op for op in found if (op.kind, op.place) != (Kind.MOVE_ROW, path))
    return next(answered, None)


def _key(row: DraftPart | None) -> str:
    """Return the key of a row; empty where there is none."""
    return row.path.rpartition("/")[2] if row else ""


def _key_of(place: Place) -> str:
    return place.steps[-1][1]


def keys_of(rows: Sequence[DraftPart]) -> list[str]:
    """Return the keys of *rows*."""
    return [_key(row) for row in rows]
