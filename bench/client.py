"""A closed-loop client: so many visitors, each asking again as soon as it is answered."""

import http.client
import json
import math
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Timing:
    """What a run gave: answers per second over all visitors, and the time of one, in seconds.

    middle   that half of the answers did not take (p50)
    late     that one in a hundred took, or longer (p99)
    """

    per_second: float
    middle: float
    late: float


class Visitor:
    """One connection with its cookies."""

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        self.connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, fields: list[tuple[str, str]] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Return status, text and headers of a page, or of a post of *fields*."""
        if fields is None:
            return self._ask(method, path, None, {})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask(method, path, urlencode(fields), kind)

    def send(self, path: str, body: object, token: str) -> tuple[int, str, Mapping[str, str]]:
        """Post *body* as JSON, as a script of the page does."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        return self._ask("POST", path, json.dumps(body), headers)

    def _ask(
        self, method: str, path: str, body: str | None, more: Mapping[str, str]
    ) -> tuple[int, str, Mapping[str, str]]:
        """Return status, text and headers; keep what cookies are set."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, **more}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers


def measure(ask: Callable[[int], None], *, visitors: int, seconds: float) -> Timing:
    """Call *ask* with the number of the visitor, over and over, from each visitor's thread."""
    took: list[float] = []
    failed: list[BaseException] = []
    end = time.perf_counter() + seconds

    def visit(number: int) -> None:
        try:
            while (start := time.perf_counter()) < end:
                ask(number)
                took.append(time.perf_counter() - start)
        except Exception as error:  # noqa: BLE001 - told below, in the main thread
            failed.append(error)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(visitors)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return timing_of(took, time.perf_counter() - start)


def timing_of(took: list[float], seconds: float) -> Timing:
    """Return what answers that *took* so long, in *seconds* together, come to."""
    late = sorted(took)[math.ceil(len(took) * 0.99) - 1]
    return Timing(len(took) / seconds, statistics.median(took), late)
