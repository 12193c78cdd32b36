"""There is one clock, `now()` of `app/models/base.py`, which tests and demonstrations can stop."""

import ast
from collections.abc import Iterator

import pytest

from app.config import ROOT

APP = ROOT / "app"
CLOCK = APP / "models" / "base.py"
# What gives the present moment. How long something takes, `time.monotonic`, is no moment.
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "clock_gettime"},
    "func": {"now", "current_timestamp", "current_date"},
}


def readings(source: str) -> Iterator[int]:
    """Yield the lines that read a clock."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
                if name in CLOCKS.get(owner, ()):
                    yield node.lineno
            case ast.ImportFrom(module="time", names=names):
                if {each.name for each in names} & CLOCKS["time"]:
                    yield node.lineno


def test_nothing_but_the_clock_reads_the_time() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(APP.rglob("*.py"))
        if path != CLOCK
        for line in readings(path.read_text())
    ]
    assert not found, "use now() or today() of app/models/base.py, or be given the moment"


def test_the_clock_itself_is_where_we_look() -> None:
    assert list(readings(CLOCK.read_text()))


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("datetime.now(UTC)", 1),
        ("datetime.datetime.now(UTC)", 1),
        ("dt.date.today()", 1),
        ("default=time.time", 1),
        ("from time import time", 1),
        ("time.monotonic() + datetime.fromisoformat(x)", 0),
        ("now() - today()", 0),
    ],
)
def test_what_reads_a_clock(source: str, count: int) -> None:
    assert len(list(readings(source))) == count
