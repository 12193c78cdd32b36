"""Which answers of a draft may be changed, where a Party revises only what it was asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.forms.places import Place

OTHER: Final = ".other"
EXPLANATION: Final = ".explanation"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Answers, and whole places with all that stands in them, by place and question.

    An empty question stands for the place as a whole. What "other" is goes with its question, and
    explanations of warnings can be given wherever a question of their place is unlocked.
    """

    entries: frozenset[tuple[str, str]]

    def allows(self, place: Place, question: str = "") -> bool:
        """Tell whether an answer may be changed; without *question*, the place and its rows."""
        path = str(place)
        if any(not q and (path == p or path.startswith(f"{p}/")) for p, q in self.entries):
            return True
        here = {q for p, q in self.entries if p == path}
        return bool(question) and (
            question.removesuffix(OTHER) in here or (bool(here) and question.endswith(EXPLANATION))
        )

    def written(self) -> list[dict[str, str]]:
        """Return it as JSON, in order."""
        return [{"place": place, "question": question} for place, question in sorted(self.entries)]


def read_unlocked(entries: Iterable[Mapping[str, str]] | None) -> Unlocked | None:
    """Return what JSON says; None where everything may be changed."""
    if entries is None:
        return None
    return Unlocked(frozenset((entry["place"], entry["question"]) for entry in entries))
