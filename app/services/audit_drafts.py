"""Checking open drafts: what stands in them is what their history gives.

The history is carried out again, one operation after the other. Whatever the draft holds beside
that was put there by nobody of whom we know.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.operation import Kind, Operation, State
from app.models.submission import DraftPart
from app.services.audit_chains import Problem, json_of, raw_json

Answers = Mapping[str, Any]


def check_draft(session: Session, subject: str, history: Iterable[Operation]) -> Iterator[Problem]:
    """Compare the draft of *subject*, if there is one, with its history in order of number."""
    parts = _parts(session, subject)
    if not parts:
        return
    replay = Replay()
    replay.carry_out(history)
    name = f"submission {subject} draft"
    for path in sorted({*parts, *replay.answers}):
        present, told = parts.get(path, {}), replay.answers.get(path, {})
        if present is None:
            yield f"{name} {path}: cannot be read"
        elif wrong := [key for key in {*present, *told} if present.get(key) != told.get(key)]:
            yield f"{name} {path}: {', '.join(sorted(wrong))} changed, no operation tells of it"
    for path in sorted(replay.lists):
        if _keys(parts, path) != replay.order.get(path, []):
            yield f"{name} {path}: its rows are not those, or not in the order, of its history"


class Replay:
    """What a history gives: answers by path, and the rows of each list in their order."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.order: dict[str, list[str]] = {}
        self.lists: set[str] = set()  # paths to which rows were added one by one

    def carry_out(self, history: Iterable[Operation]) -> None:
        """Carry out what was applied."""
        for op in history:
            if op.state is not State.APPLIED:
                continue
            if op.kind is Kind.ANSWER:
                self._answer(op)
            elif op.kind is Kind.ADD_ROW:
                self._add(op)
            elif op.kind is Kind.REMOVE_ROW:
                self._remove(op)
            elif op.kind is Kind.MOVE_ROW:
                keys, key = self._row(op)
                self._put(keys, key, op.after)

    def _answer(self, op: Operation) -> None:
        found = self.answers.setdefault(op.place, {})
        found.pop(op.question, None)
        if op.after is not None:
            found[op.question] = op.after

    def _add(self, op: Operation) -> None:
        keys, key = self._row(op)
        self._put(keys, key, op.after)
        self.lists.add(op.place.rpartition("/")[0])
        self.answers[op.place] = {}
        inside = (op.after or {}).get("parts", {})
        for path, part in sorted(inside.items(), key=lambda each: each[1]["position"]):
            self.answers[path] = dict(part["answers"])
            inner, _slash, inner_key = path.rpartition("/")
            if path != op.place:
                self.order.setdefault(inner, []).append(inner_key)

    def _remove(self, op: Operation) -> None:
        keys, key = self._row(op)
        if key in keys:
            keys.remove(key)
        inside = f"{op.place}/"
        for path in [path for path in self.answers if f"{path}/".startswith(inside)]:
            del self.answers[path]
        for path in [path for path in self.order if path.startswith(inside)]:
            del self.order[path]

    def _row(self, op: Operation) -> tuple[list[str], str]:
        path, _slash, key = op.place.rpartition("/")
        return self.order.setdefault(path, []), key

    @staticmethod
    def _put(keys: list[str], key: str, where: Answers | None) -> None:
        """Put *key* behind the one that *where* names, or first."""
        if key in keys:
            keys.remove(key)
        before = (where or {}).get("after", "")
        keys.insert(keys.index(before) + 1 if before in keys else 0, key)


def _parts(session: Session, subject: str) -> dict[str, Answers | None]:
    """Return the answers of each part in the order of positions; None where they are unreadable."""
    rows = session.execute(
        select(DraftPart.path, raw_json(session, DraftPart.answers))
        .where(DraftPart.submission_id == subject)
        .order_by(DraftPart.position, DraftPart.path)
    )
    return {path: _read(answers) for path, answers in rows}


def _read(text: str) -> Answers | None:
    try:
        found = json_of(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _keys(parts: Iterable[str], path: str) -> list[str]:
    """Return the keys of the rows of the list *path*."""
    prefix = f"{path}/"
    rows = (part.removeprefix(prefix) for part in parts if part.startswith(prefix))
    return [key for key in rows if "/" not in key]
