"""What is counted: one observation for each Party, target or assessment, with its class."""

from dataclasses import dataclass
from typing import Any, Final

Document = dict[str, Any]  # the signed answers of one Party, as a revision holds them

NOT_REPORTED: Final = "not_reported"  # nothing signed at the data cut-off
NOT_REVIEWED: Final = "not_reviewed"  # signed, left out of a table of reviewed revisions


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
