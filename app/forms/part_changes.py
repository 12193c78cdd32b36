"""What leads from one document to another, step by step: rows first, then answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.forms.definition import Form, Repeat
from app.forms.places import Part, Place, parse_place


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step. *kind* is "answer", "add_row", "remove_row" or "move_row".

    before, after   of an answer: the answer. Of a row: `{"after": key of the row before it}`, with
                    `parts` for one that is removed: all that stood in it
    """

    kind: str
    place: Place
    question: str = ""
    before: Any = None
    after: Any = None


def repeats_of(form: Form) -> frozenset[str]:
    """Return the ids of all repeats of a form: a place that ends in one of them is a row."""
    return form.once("repeats", _repeats)


def _repeats(form: Form) -> frozenset[str]:
    return frozenset(element.id for element in form.elements() if isinstance(element, Repeat))


def is_row(repeats: frozenset[str], place: Place) -> bool:
    """Tell whether *place* is a row of one of the *repeats* of its form."""
    return bool(place.steps) and place.steps[-1][0] in repeats


def list_of(place: Place) -> str:
    """Return the list in which a row stands, as text: the place around it and the repeat."""
    return str(place).rpartition("/")[0]


def kept_parts(parts: Iterable[Part]) -> dict[str, Any]:
    """Return *parts* as an operation keeps them."""
    return {
        str(part.place): {"position": str(part.position), "answers": part.answers} for part in parts
    }


def part_changes(form: Form, before: Sequence[Part], after: Sequence[Part]) -> list[Change]:
    """Return the steps that lead from *before* to *after*, each all the parts of a document."""
    old, new = {p.place: p for p in before}, {p.place: p for p in after}
    repeats = repeats_of(form)
    there, wanted = _rows(repeats, before), _rows(repeats, after)
    changes = list(_removals(repeats, before, set(new), there))
    for name, keys in wanted.items():
        changes += _added_and_moved(name, there.get(name, []), keys)
    gone = [change.place for change in changes if change.kind == "remove_row"]
    for place in [*old, *(place for place in new if place not in old)]:
        if not any(is_within(place, row) for row in gone):
            changes += _answers(place, _plain(old, place), _plain(new, place))
    return changes


def is_within(place: Place, around: Place) -> bool:
    """Tell whether *place* is *around*, or stands in it."""
    steps = around.steps
    return place.section == around.section and place.steps[: len(steps)] == steps


def _rows(repeats: frozenset[str], parts: Sequence[Part]) -> dict[str, list[str]]:
    """Return the keys of the rows of each list, in order."""
    found: dict[str, list[str]] = {}
    for part in sorted(parts, key=lambda part: part.position):
        if is_row(repeats, part.place):
            found.setdefault(list_of(part.place), []).append(part.place.steps[-1][1])
    return found


def _removals(
    repeats: frozenset[str],
    before: Sequence[Part],
    kept: set[Place],
    there: Mapping[str, list[str]],
) -> Iterator[Change]:
    """Yield the removal of each row that goes, but not of those that go with a row around them."""
    gone = {p.place for p in before if p.place not in kept and is_row(repeats, p.place)}
    for place in [p.place for p in before if p.place in gone]:
        around = place.parent
        while around is not None and around not in gone:
            around = around.parent
        if around is None:
            inside = [part for part in before if is_within(part.place, place)]
            after = key_before(there[list_of(place)], place.steps[-1][1])
            yield Change(
                kind="remove_row", place=place, before={"after": after, "parts": kept_parts(inside)}
            )


def _added_and_moved(name: str, there: Sequence[str], wanted: Sequence[str]) -> Iterator[Change]:
    """Yield what puts the rows of one list into the order *wanted*."""
    known, kept = set(there), set(wanted)
    present = [key for key in there if key in kept]
    for position, key in enumerate(wanted):
        place = parse_place(f"{name}/{key}")
        after = {"after": wanted[position - 1] if position else ""}
        if key not in known:
            yield Change(kind="add_row", place=place, after=after)
            present.insert(position, key)
        elif present[position] != key:
            before = {"after": key_before(present, key)}
            yield Change(kind="move_row", place=place, before=before, after=after)
            present.remove(key)
            present.insert(position, key)


def key_before(keys: Sequence[str], key: str) -> str:
    """Return the key that stands before *key*; empty for the first."""
    position = list(keys).index(key)
    return keys[position - 1] if position else ""


def _plain(parts: Mapping[Place, Part], place: Place) -> Mapping[str, Any]:
    return parts[place].answers if place in parts else {}


def _answers(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for question in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(question), new.get(question)
        if before != after:
            yield Change(kind="answer", place=place, question=question, before=before, after=after)
