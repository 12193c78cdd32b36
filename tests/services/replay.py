"""Carrying out the history of a draft again, one operation after the other."""

from collections.abc import Iterator
from typing import Any

from app.forms.definition import Form
from app.forms.places import Part, assemble, parse_place
from app.models.operation import Operation, State
from tests.services.conftest import FORMS

FORM: Form = FORMS.load("journey", 1)


class Replay:
    """Carries out a history one by one, as if each had been alone; each finds what it says."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.order: dict[str, list[str]] = {}
        self.words: dict[tuple[str, str], Any] = {}  # what is said of last time

    def document(self, history: list[Operation]) -> dict[str, Any]:
        for op in history:
            if op.state is State.APPLIED:
                getattr(self, op.kind.value)(op)
        parts = []
        for path, found in self.answers.items():
            list_name, _slash, key = path.rpartition("/")
            keys = self.order.get(list_name, [])
            position = keys.index(key) if key in keys else 0
            parts.append(Part(parse_place(path), position, found))
        return assemble(FORM, parts)

    def answer(self, op: Operation) -> None:
        found = self.answers.setdefault(op.place, {})
        assert found.get(op.question) == op.before, op.number
        found[op.question] = op.after
        if op.after is None:
            del found[op.question]

    def add_row(self, op: Operation) -> None:
        keys, key = self._keys(op)
        assert key not in keys, op.number
        keys.insert(_behind(keys, op.after["after"]), key)
        self.answers[op.place] = {}
        for path, part in op.after.get("parts", {}).items():
            self.answers[path] = dict(part["answers"])
            inner, _slash, inner_key = path.rpartition("/")
            if path != op.place:
                self.order.setdefault(inner, []).append(inner_key)

    def remove_row(self, op: Operation) -> None:
        keys, key = self._keys(op)
        inside = {path: part["answers"] for path, part in op.before["parts"].items()}
        there = {
            p: found for p, found in self.answers.items() if f"{p}/".startswith(f"{op.place}/")
        }
        assert inside == there, op.number
        keys.remove(key)
        for path in inside:
            del self.answers[path]
        for name in [name for name in self.order if name.startswith(f"{op.place}/")]:
            del self.order[name]

    def carry(self, op: Operation) -> None:
        assert self.words.get((op.place, op.question)) == op.before, op.number
        self.words[op.place, op.question] = op.after

    def move_row(self, op: Operation) -> None:
        keys, key = self._keys(op)
        keys.remove(key)
        keys.insert(_behind(keys, op.after["after"]), key)

    def _keys(self, op: Operation) -> tuple[list[str], str]:
        list_name, _slash, key = op.place.rpartition("/")
        return self.order.setdefault(list_name, []), key


def by_language(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - any answer
    """Return the parts of an answer that merge each alone."""
    is_texts = isinstance(answer, dict) and not answer.keys() & {"typed", "nothing"}
    return dict(answer) if is_texts else {"": answer}


def _behind(keys: list[str], key: str) -> int:
    return keys.index(key) + 1 if key else 0


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
