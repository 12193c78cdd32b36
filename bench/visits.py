"""What visitors of the benchmarks do: sign in, fetch, post, all at once; and how it is told."""

import re
import sys
from collections.abc import Callable
from http import HTTPStatus

from app.services.demo import PASSWORD
from bench.client import Timing, Visitor, measure

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

Ask = Callable[[Visitor], None]


def sign_in(url: str, email: str) -> Visitor:
    """Return a visitor who has signed in."""
    visitor = Visitor(url)
    _, page, _ = visitor.ask("GET", "/sign-in")
    fields = [("csrf_token", token(page)), ("email", email), ("password", PASSWORD)]
    status, _, _ = visitor.ask("POST", "/sign-in", fields)
    if status != HTTPStatus.SEE_OTHER:
        sys.exit(f"sign-in of {email} answered {status}")
    return visitor


def token(page: str) -> str:
    found = CSRF.search(page)
    return found[1] if found else ""


def fetch(path: str) -> Ask:
    def ask(visitor: Visitor) -> None:
        status, _, _ = visitor.ask("GET", path)
        if status != HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {status}")

    return ask


def post(path: str, fields: list[tuple[str, str]], wanted: int) -> Ask:
    def ask(visitor: Visitor) -> None:
        status, _, _ = visitor.ask("POST", path, fields)
        if status != wanted:
            raise RuntimeError(f"{path} answered {status}")

    return ask


def leave_off(visitors: list[Visitor]) -> None:
    """Close connections, which the server gives up when idle; the next call opens them."""
    for visitor in visitors:
        visitor.connection.close()


def run(ask: Callable[[int], None], visitors: list[Visitor], seconds: float) -> Timing:
    leave_off(visitors)
    for number in range(len(visitors)):
        ask(number)
    return measure(ask, visitors=len(visitors), seconds=seconds)


def alike(ask: Ask, visitors: list[Visitor], seconds: float) -> Timing:
    """Let all visitors ask the same."""
    return run(lambda number: ask(visitors[number]), visitors, seconds)


def tell(what: str, timing: Timing, bare: Timing) -> None:
    ratio = bare.per_second / timing.per_second
    print(
        f"{what:<36}{timing.per_second:>9.1f} per s"
        f"   p50 {timing.middle * 1000:>7.1f} ms   p99 {timing.late * 1000:>7.1f} ms"
        f"{ratio:>7.1f} times the bare one",
        flush=True,
    )
