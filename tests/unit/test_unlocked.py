"""What may be changed in a revision that is of some answers alone."""

import pytest

from app.forms.places import parse_place
from app.forms.unlocked import Unlocked, read_unlocked

ASKED = Unlocked(
    frozenset({("plan", "year"), ("targets/national/r1", ""), ("targets/aichi/aichi-01", "state")})
)


@pytest.mark.parametrize(
    ("place", "question", "is_allowed"),
    [
        ("plan", "year", True),
        ("plan", "year.other", True),
        ("plan", "any_check.explanation", True),
        ("plan", "name", False),
        ("plan", "", False),
        ("targets/national/r1", "name", True),
        ("targets/national/r1", "", True),
        ("targets/national/r1/steps/s1", "step", True),
        ("targets/national/r11", "name", False),
        ("targets/national/r2", "", False),
        ("targets", "", False),
        ("targets/aichi/aichi-01", "state", True),
        ("targets/aichi/aichi-02", "state", False),
        ("other", "any_check.explanation", False),
    ],
)
def test_what_was_asked_about_and_what_stands_in_it(
    place: str,
    question: str,
    is_allowed: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert ASKED.allows(parse_place(place), question) is is_allowed


def test_it_is_written_and_read_again() -> None:
    assert read_unlocked(ASKED.written()) == ASKED
    assert read_unlocked(None) is None
    assert read_unlocked([]) == Unlocked(frozenset())
