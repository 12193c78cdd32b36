"""Forms of 50 and of 5,000 questions, lists of 10 and of 1,000 items and rows: how they compare.

One visitor opens and saves a page of the small draft and of the large one in turn, so that what
else the machine does falls on both alike. The ratio is that of the middle times.
"""

import re
import statistics
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus

from bench.client import Visitor

PAIRS = (  # what, small draft, its page, large draft, its page
    ("a section of 50 and of 5,000 questions", "sections-small", "s3", "sections-large", "s251"),
    ("an item of 10 and of 1,000", "loop-few", "sites/places/i5", "loop-many", "sites/places/i500"),
    ("a row of 10 and of 1,000", "rows-few", "sites/places/r5", "rows-many", "sites/places/r500"),
    ("a list of 10 and of 1,000 items", "loop-few", "sites", "loop-many", "sites"),
    ("a list of 10 and of 1,000 rows", "rows-few", "sites", "rows-many", "sites"),
    ("all sections of 50 and of 5,000", "sections-small", "", "sections-large", ""),
)
FEWEST_ROUNDS = 8


@dataclass
class Timed:
    """Seconds that each opening and each save took."""

    opened: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)


def compare_sizes(visitor: Visitor, drafts: dict[str, str], seconds: float) -> None:
    """Open and save each pair of pages for some seconds; print what comes of it."""
    for what, small, small_page, large, large_page in PAIRS:
        addresses = (_address(drafts[small], small_page), _address(drafts[large], large_page))
        timed = (Timed(), Timed())
        end, rounds = time.perf_counter() + seconds, 0
        while rounds < FEWEST_ROUNDS or time.perf_counter() < end:
            for address, times in zip(addresses, timed, strict=True):
                visit(visitor, address, times, rounds, saves=bool(small_page))
            rounds += 1
        tell(f"open {what}", timed[0].opened, timed[1].opened)
        if small_page and timed[0].saved:
            tell(f"save {what}", timed[0].saved, timed[1].saved)


def _address(draft: str, page: str) -> str:
    return f"{draft}/draft/{page}" if page else draft


def visit(visitor: Visitor, address: str, timed: Timed, number: int, *, saves: bool) -> None:
    """Open a page, change an answer in it and save it; note how long both took."""
    start = time.perf_counter()
    status, page, _ = visitor.ask("GET", address)
    timed.opened.append(time.perf_counter() - start)
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {status}")
    fields = changed(fields_of(page), number) if saves else []
    if fields:
        start = time.perf_counter()
        status, said, _ = visitor.ask("POST", address, [*fields, ("then", "stay")])
        timed.saved.append(time.perf_counter() - start)
        if status != HTTPStatus.SEE_OTHER:
            raise RuntimeError(f"{address} answered {status} to a save: {said[:500]}")


def changed(fields: list[tuple[str, str]], number: int) -> list[tuple[str, str]]:
    """Return the fields with another answer in one that takes any text; none where none does."""
    free = [name for name, _ in fields if re.fullmatch(r"g[0-9]+|office", name)]
    return [(n, f"Office {number}" if n in free else v) for n, v in fields] if free else []


def tell(what: str, small: list[float], large: list[float]) -> None:
    one, other = statistics.median(small), statistics.median(large)
    print(
        f"{what:<52}{one * 1000:>9.1f} ms {other * 1000:>9.1f} ms"
        f"{other / one:>8.2f} times the small one"
    )


def fields_of(page: str) -> list[tuple[str, str]]:
    """Return what the page's own form posts, as a browser would."""
    reader = _Fields()
    reader.feed(page)
    return reader.fields


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.inside = False
        self.waiting = 0  # depth of templates, which post nothing
        self.area = ""  # name of the textarea that is being read
        self.choice = ""  # name of the select

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and "data-rules" in given:
            self.inside = True
        self.waiting += tag == "template"
        if tag == "option" and "selected" in given and self.choice:
            self.fields.append((self.choice, given.get("value", "")))
        if not self.inside or self.waiting or not given.get("name"):
            return
        if tag == "input" and (
            given.get("type") not in ("radio", "checkbox") or "checked" in given
        ):
            self.fields.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self.area = given["name"]
            self.fields.append((self.area, ""))
        elif tag == "select":
            self.choice = given["name"]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[-1] = (self.area, self.fields[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        self.waiting -= tag == "template"
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.choice = ""
        if tag == "form":
            self.inside = False
