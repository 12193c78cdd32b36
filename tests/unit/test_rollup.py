"""Counts of classes by row: missing is not zero, and the regions add up to the world."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.rollup import count_classes

CLASSES = ["good", "bad", "silent"]


def frame(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["region", "thing", "code"], dtype="str")


def count(rows: list[tuple[str, str, str]], regions: list[str]) -> pd.DataFrame:
    return count_classes(
        frame(rows), by="region", rows=regions, classes=CLASSES, answered=["good", "bad"]
    )


def test_who_is_silent_is_asked_and_has_not_answered() -> None:
    table = count([("A", "1", "good"), ("A", "2", "silent"), ("B", "3", "silent")], ["A", "B"])
    assert table.loc["A"].to_dict() == {
        "good": 1, "bad": 0, "silent": 1, "answered": 1, "asked": 2,
    }  # fmt: skip
    assert table.loc["B", "answered"] == 0


def test_a_row_that_nothing_falls_in_is_all_zeros() -> None:
    table = count([("A", "1", "good")], ["A", "B"])
    assert table.loc["B"].sum() == 0


def test_without_any_observation_every_row_is_zero() -> None:
    assert count([], ["A", "B"]).to_numpy().sum() == 0


def test_one_that_is_in_two_classes_is_asked_once() -> None:
    table = count([("A", "1", "good"), ("A", "1", "bad")], ["A"])
    assert table.loc["A"].to_dict() == {
        "good": 1, "bad": 1, "silent": 0, "answered": 1, "asked": 1,
    }  # fmt: skip


def test_a_class_without_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="sideways"):
        count([("A", "1", "sideways")], ["A"])


def test_the_frame_is_left_as_it_was() -> None:
    rows = frame([("A", "1", "good")])
    before = rows.copy()
    count_classes(rows, by="region", rows=["A"], classes=CLASSES, answered=["good"])
    pd.testing.assert_frame_equal(rows, before)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(CLASSES)), max_size=30))
def test_the_regions_add_up_to_the_world(drawn: list[tuple[str, str]]) -> None:
    rows = [(region, str(at), code) for at, (region, code) in enumerate(drawn)]
    regions = count(rows, ["A", "B", "C"])
    world = count([("world", thing, code) for _, thing, code in rows], ["world"])
    assert regions.sum().to_dict() == world.loc["world"].to_dict()
    assert world.loc["world", CLASSES].sum() == world.loc["world", "asked"] == len(rows)
