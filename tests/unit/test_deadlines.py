"""A day has ended when it has ended everywhere on Earth; what is late is marked, never left out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models.collection import Collection
from app.models.deadlines import Timeliness, due_at, grace_ends_at, submitted_at, timeliness
from app.models.submission import Revision

DUE = date(2018, 12, 31)
END = datetime(2019, 1, 1, 12, tzinfo=UTC)  # midnight at UTC-12
SECOND = timedelta(seconds=1)


def due(grace: int = 0, day: date | None = DUE) -> Collection:
    return Collection(code="c", due_on=day, grace_days=grace)


@pytest.mark.parametrize(
    ("grace", "moment", "found"),
    [
        (0, END - timedelta(days=300), Timeliness.ON_TIME),
        (0, END, Timeliness.ON_TIME),
        (0, END + SECOND, Timeliness.LATE),
        (14, END + SECOND, Timeliness.IN_GRACE),
        (14, END + timedelta(days=14), Timeliness.IN_GRACE),
        (14, END + timedelta(days=14) + SECOND, Timeliness.LATE),
    ],
)
def test_on_time_means_before_the_day_ends_anywhere(
    grace: int, moment: datetime, found: Timeliness
) -> None:
    assert timeliness(due(grace), moment) is found


def test_a_collection_may_stand_open_without_a_date() -> None:
    open_ended = due(day=None)
    assert timeliness(open_ended, END) is Timeliness.NO_DUE_DATE
    assert due_at(open_ended) is None
    assert grace_ends_at(open_ended) is None


def test_no_change_of_clocks_moves_the_end() -> None:
    for day in (date(2026, 3, 28), date(2026, 10, 24), date(2024, 2, 28)):
        end = due_at(due(day=day))
        assert end == datetime.combine(day + timedelta(days=1), END.timetz())


def revision(number: int, signed: int, withdrawn: int | None = None) -> Revision:
    return Revision(
        number=number,
        signed_at=END + timedelta(days=signed),
        withdrawn_at=None if withdrawn is None else END + timedelta(days=withdrawn),
    )


@pytest.mark.parametrize(
    ("revisions", "as_of", "came"),
    [
        ([], None, None),
        ([revision(1, -9), revision(2, 9)], None, -9),  # a later revision makes nothing late
        ([revision(1, -9, 1)], None, None),
        ([revision(1, -9, 1)], 0, -9),
        ([revision(1, -9, 1), revision(2, 9)], None, 9),  # taken back, and given again
        ([revision(1, -9, 1), revision(2, 9)], 8, None),
        ([revision(1, -9), revision(2, -5, 1)], None, None),
    ],
)
def test_a_submission_came_with_its_first_revision_since_a_withdrawal(
    revisions: list[Revision], as_of: int | None, came: int | None
) -> None:
    moment = None if as_of is None else END + timedelta(days=as_of)
    expected = None if came is None else END + timedelta(days=came)
    assert submitted_at(revisions, moment) == expected
