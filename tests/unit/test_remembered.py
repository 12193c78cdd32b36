"""What was derived is remembered, up to a limit."""

from app.analysis.observations import Observation
from app.reports.observed import Remembered

ONE = (Observation(code="on_track"),)


def test_the_one_not_asked_for_the_longest_is_forgotten() -> None:
    remembered = Remembered(most=2)
    remembered.put("first", ONE)
    remembered.put("second", ONE)
    assert remembered.get("first") == ONE
    remembered.put("third", ())
    assert remembered.get("second") is None
    assert remembered.get("first") == ONE
    assert remembered.get("third") == ()
    assert len(remembered) == 2
