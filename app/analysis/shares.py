"""Whole percentages that sum to 100, by largest remainder."""

from collections.abc import Sequence


def whole_shares(counts: Sequence[int]) -> list[int | None]:
    """Return the share of each count in their sum, as whole per cent that sum to 100.

    counts   counts of classes that exclude each other and are all given
    returns  one share for each; all None when the counts sum to nothing: there is no share of
             nothing, and it is not zero

    Each share is rounded down; the points left over go to the largest remainders, and among
    equal remainders to the class that stands first. Raises ValueError on a negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError(f"a negative count: {list(counts)}")
    total = sum(counts)
    if not total:
        return [None] * len(counts)
    shares = [count * 100 // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda at: -(counts[at] * 100 % total))
    for at in by_remainder[: 100 - sum(shares)]:
        shares[at] += 1
    return list(shares)


def whole_share(count: int, total: int) -> int | None:
    """Return one share rounded alone, half up: for classes that do not exclude each other."""
    return (count * 200 + total) // (total * 2) if total else None
