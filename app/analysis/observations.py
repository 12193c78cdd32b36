"""What is counted: one observation for each Party, target or assessment, with its class."""

from dataclasses import dataclass
from typing import Any, Final

Document = dict[str, Any]  # the signed answers of one Party, as a revision holds them

NOT_REPORTED: Final = "not_reported"  # nothing signed at the data cut-off
NOT_REVIEWED: Final = "not_reviewed"  # signed, left out of a table of reviewed revisions
CARRIED_OVER: Final = "carried_over"  # unchanged since last time, in a table of new answers
ANSWERED_ANEW: Final = "answered_anew"  # in a table of answers that are unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing counted in one class. Empty text means that there is no such detail."""

    code: str  # the class
    item: str = ""  # the item it is about, such as a target
    row: str = ""  # the row it is about, such as a national target; empty: the Party itself
    title: Any = None  # the row's title, a text answer
    best: str = ""  # of several assessments: the code of the best one counted
    worst: str = ""
    on: str = ""  # ISO date of the assessment that gives the class
    confidence: str = ""  # code of its confidence
    category: str = ""  # code of its category, where the class is something else
    sources: tuple[str, ...] = ()  # answers that give the class: `container/key/…/question`
    is_carried: bool = False  # all of them were taken over unchanged from an earlier collection

    @property
    def is_fresh(self) -> bool:
        """Whether an answer gives the class, and one of these was given anew."""
        return bool(self.sources) and not self.is_carried


def is_carried(one: Observation, carried: frozenset[str]) -> bool:
    """Tell whether all answers that give the class of *one* are among those *carried*."""
    return bool(one.sources) and carried.issuperset(one.sources)
