"""Counts of classes by row, with who answered and who was asked. Frames in, frames out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def count_classes(
    observations: "pd.DataFrame",
    *,
    by: str,
    rows: Sequence[str],
    classes: Sequence[str],
    answered: Sequence[str],
) -> "pd.DataFrame":
    """Count what was observed in each class, for each row.

    observations  one row for each class of each thing counted; text columns `thing` (what is
                  counted: a Party, or one of its targets), `code` (its class) and *by*
    rows          the rows of the result, in order; one that nothing falls in is all zeros
    classes       the classes, each a column of the result, in order
    answered      those of *classes* that are an answer
    returns       one row for each of *rows*: a count for each class, `answered` (things with a
                  class in *answered*) and `asked` (all things). Counts are whole numbers.

    Every thing asked must be among the observations, with a class that says so when it is silent:
    missing is not zero, and who is left out here is left out of `asked`. Raises ValueError on a
    class that is not among *classes*, which would be lost without a word.
    """
    lost = set(observations["code"]) - set(classes)
    if lost:
        raise ValueError(f"classes without a column: {', '.join(sorted(lost))}")
    counts = observations.pivot_table(index=by, columns="code", aggfunc="size", fill_value=0)
    table = counts.reindex(index=list(rows), columns=list(classes), fill_value=0)
    things = observations.groupby(by)["thing"].nunique()
    spoke = observations[observations["code"].isin(answered)].groupby(by)["thing"].nunique()
    return table.assign(
        answered=spoke.reindex(list(rows), fill_value=0),
        asked=things.reindex(list(rows), fill_value=0),
    )
