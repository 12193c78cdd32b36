"""Ids for rows of repeats that a file gives none."""

from collections.abc import Mapping
from typing import Any, Final

from uuid6 import uuid7

from app.files.record import Record
from app.forms.places import Answers

NEW_ROW: Final = "new:"  # begins the id of a row that has none yet; no id of a file can


def name_new_rows(record: Record, existing: Mapping[str, Any]) -> None:
    """Give an id to every row of *record* that has none.

    A new row takes the id of a row of the *existing* document that stands among the same
    siblings and that the file does not name, in order; so the same file read twice is the same.
    """
    _name_rows(record, record.document, existing)


def _name_rows(record: Record, answers: Answers, existing: Mapping[str, Any]) -> None:
    for key, held in answers.items():
        there = existing.get(key)
        if isinstance(held, dict):
            for item, inside in held.items():
                if isinstance(inside, dict):
                    there_too = there.get(item) if isinstance(there, Mapping) else None
                    known = there_too if isinstance(there_too, Mapping) else {}
                    _name_rows(record, inside, known)
        elif isinstance(held, list) and held and isinstance(held[0], dict):
            _name_among(record, key, held, there if isinstance(there, list) else [])


def _name_among(record: Record, repeat: str, rows: list[Answers], existing: list[Answers]) -> None:
    free = iter([row["row"] for row in existing if (repeat, row["row"]) not in record.lines])
    inside = {row["row"]: row["answers"] for row in existing}
    for row in rows:
        if row["row"].startswith(NEW_ROW):
            _rename(record, repeat, row, next(free, None) or str(uuid7()))
        _name_rows(record, row["answers"], inside.get(row["row"], {}))


def _rename(record: Record, repeat: str, row: Answers, new: str) -> None:
    old, row["row"] = row["row"], new
    record.lines[repeat, new] = record.lines.pop((repeat, old))
    for file, key, column in [name for name in record.unread if name[:2] == (repeat, old)]:
        record.unread[file, new, column] = record.unread.pop((file, key, column))
