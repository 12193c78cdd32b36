"""From signed revisions to observations: one method, run once for each revision and remembered.

A revision never changes, so what a method derives from it never changes either: the observations
are kept by the hash of the revision, in a bounded store that forgets the oldest first.
"""

import json
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from app.analysis.indicators import Unit
from app.analysis.observations import (
    ANSWERED_ANEW,
    CARRIED_OVER,
    NOT_REPORTED,
    NOT_REVIEWED,
    Observation,
    is_carried,
)
from app.analysis.scales import items_of
from app.forms.audience import visible
from app.forms.definition import Audience, Form
from app.reports.definition import ALL, CARRIED, FRESH, Variable
from app.reports.signed import Asked, carried, contents

_MOST: Final = 2000  # revisions remembered: 196 Parties, five variables, two cut-offs


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One observation, with the Party asked that it is of."""

    asked: Asked
    observation: Observation

    @property
    def thing(self) -> str:
        """What is counted: the Party or one of its targets, for one item."""
        return f"{self.asked.party}/{self.observation.row}/{self.observation.item}"


class Remembered:
    """A bounded store of what was derived; safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Observation, ...]] = OrderedDict()

    def get(self, key: Hashable) -> tuple[Observation, ...] | None:
        """Return what is kept under *key*, and keep it longer."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, observations: tuple[Observation, ...]) -> None:
        """Keep *observations*; forget what was not asked for the longest."""
        with self._lock:
            self._kept[key] = observations
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


_remembered: Final = Remembered(_MOST)


def observe(
    session: Session,
    form: Form,
    variable: Variable,
    asked: list[Asked],
    *,
    is_reviewed_only: bool,
    freshness: str = ALL,
) -> Iterator[Counted]:
    """Yield all observations of *variable*, for every item, of all who were asked.

    A Party with nothing to count is there with the class that says why, where Parties are
    counted; where assessments are counted it has none.

    freshness   "fresh" or "carried": which answers alone are counted in their class
    """
    counting = [one for one in asked if one.is_reviewed or not is_reviewed_only]
    found = _derive(session, form, variable, {one.hash for one in counting if one.hash})
    counted = {one.party for one in counting if one.hash}
    items = items_of(form, variable.items) if variable.items else ("",)
    for one in asked:
        if one.party in counted:
            for observation in found[one.hash]:
                yield Counted(asked=one, observation=_limited(observation, freshness))
        elif variable.method.unit is Unit.PARTIES:
            code = NOT_REVIEWED if one.hash else NOT_REPORTED
            for item in items:
                yield Counted(asked=one, observation=Observation(item=item, code=code))


def _limited(one: Observation, freshness: str) -> Observation:
    """Put an answer that is not wanted into the class that says so."""
    if freshness == FRESH and one.is_carried:
        return replace(one, code=CARRIED_OVER, category=one.category or one.code)
    if freshness == CARRIED and one.is_fresh:
        return replace(one, code=ANSWERED_ANEW, category=one.category or one.code)
    return one


def _derive(
    session: Session, form: Form, variable: Variable, hashes: set[str]
) -> Mapping[str, tuple[Observation, ...]]:
    """Return the observations of each revision, by hash; read only what is not remembered."""
    what = (form.agreement, form.name, variable.method.name, variable.ids)
    found = {}
    for key in hashes:
        kept = _remembered.get((key, *what))
        if kept is not None:
            found[key] = kept
    new = sorted(hashes - found.keys())
    taken_over = carried(session, new)
    for key, content in contents(session, new).items():
        document = visible(form, json.loads(content), Audience.PUBLIC)
        observed = variable.method.observe(document, form, variable.ids)
        found[key] = tuple(
            replace(one, is_carried=is_carried(one, taken_over.get(key, frozenset())))
            for one in observed
        )
        _remembered.put((key, *what), found[key])
    return found
