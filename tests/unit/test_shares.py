"""Whole percentages that sum to 100."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.shares import whole_share, whole_shares


def test_a_published_table_comes_out_as_printed() -> None:
    # A staff review of 41 posts printed 7, 24, 27 and 42 per cent. The exact shares are 7.32,
    # 24.39, 26.83 and 41.46: rounded down they sum to 98, and the two points left over go to the
    # largest remainders, 0.83 and 0.46. Each rounded alone would give 41, and 99 in all.
    assert whole_shares([3, 10, 11, 17]) == [7, 24, 27, 42]


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ([1, 1, 1], [34, 33, 33]),  # a tie goes to the class that stands first
        ([1, 1, 1, 1, 1, 1], [17, 17, 17, 17, 16, 16]),  # 16.67 each: four points left over
        ([0, 5], [0, 100]),
        ([1, 199], [1, 99]),  # 0.5 and 99.5: the tie goes to the first
    ],
)
def test_the_points_left_over_go_to_the_largest_remainders(
    counts: list[int], shares: list[int]
) -> None:
    assert whole_shares(counts) == shares


def test_there_is_no_share_of_nothing() -> None:
    assert whole_shares([0, 0]) == [None, None]
    assert whole_shares([]) == []
    assert whole_share(0, 0) is None


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        whole_shares([3, -1])


def test_a_share_alone_is_rounded_half_up() -> None:
    assert [whole_share(n, 200) for n in (0, 1, 2, 3, 200)] == [0, 1, 1, 2, 100]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_shares_sum_to_100_and_none_is_a_point_off(counts: list[int]) -> None:
    shares = whole_shares(counts)
    if not sum(counts):
        assert set(shares) == {None}
        return
    assert sum(share for share in shares if share is not None) == 100
    for count, share in zip(counts, shares, strict=True):
        assert share is not None
        assert abs(share - count * 100 / sum(counts)) < 1
