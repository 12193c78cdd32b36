"""Draws that look random and depend on a seed alone: alike on every machine, in every process."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Draws:
    """Draws that look random and depend on *seed* alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, end: int) -> int:
        """Return a whole number from 0 to *end* - 1."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}:{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % end

    def chance(self, percent: int) -> bool:
        """Tell whether something happens that happens in *percent* of all cases."""
        return self.below(100) < percent

    def one(self, options: Sequence[Option]) -> Option:
        """Return one of the options, each as often as the others."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[Option, int]]) -> Option:
        """Return one of the options, each as often as its weight says."""
        drawn = self.below(sum(weight for _, weight in options))
        for option, weight in options:
            if drawn < weight:
                return option
            drawn -= weight
        raise ValueError("no options")

    def some(self, options: Sequence[Option], count: int) -> list[Option]:
        """Return *count* of the options, each at most once, in their order."""
        left = list(range(len(options)))
        taken = [left.pop(self.below(len(left))) for _ in range(count)]
        return [options[index] for index in sorted(taken)]

    def shuffled(self, options: Sequence[Option]) -> list[Option]:
        """Return all the options in another order."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]
