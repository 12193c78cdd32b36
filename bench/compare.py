"""How Canopy compares with a bare page, a bare durable post and a bare csv.writer, in one run.

    .venv/bin/python -m bench.compare [SECONDS]

Read the ratios; the times are of this machine, at this moment.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from bench.client import Timing, Visitor, measure
from bench.files import export_and_import
from bench.servers import flask, serve

EMAIL = "national-user.ken@example.org"
PASSWORD = "canopy-demonstration"  # noqa: S105 - of the demonstration, printed for everybody
TABLE = "/results/cbd/aichi-progress/progress-by-region?collection=nr6-demo&target=aichi-11"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ANSWER = ("targets_basis", "national_targets")
VISITORS = (1, 8)

Ask = Callable[[Visitor], None]


def sign_in(visitor: Visitor) -> str:
    """Sign in as one who drafts for Kenya; return the address of the first section."""
    _, page, _ = visitor.ask("GET", "/sign-in")
    fields = [("csrf_token", token(page)), ("email", EMAIL), ("password", PASSWORD)]
    status, _, _ = visitor.ask("POST", "/sign-in", fields)
    if status != HTTPStatus.SEE_OTHER:
        sys.exit(f"sign-in answered {status}")
    _, page, _ = visitor.ask("GET", "/")
    found = re.search(r'href="(/submissions/[^"]+)"', page)
    if found is None:
        sys.exit("no submission is open to Kenya")
    return f"{found[1]}/draft/basis"


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


def run(ask: Ask, visitors: list[Visitor], seconds: float) -> Timing:
    for visitor in visitors:
        visitor.connection.close()  # the server has given up one that was idle meanwhile
        ask(visitor)
    return measure(lambda number: ask(visitors[number]), visitors=len(visitors), seconds=seconds)


def compare_pages(bare: str, canopy: str, seconds: float) -> None:
    bare_page, bare_post = fetch("/page"), post("/post", [ANSWER], HTTPStatus.OK)
    for count in VISITORS:
        signed_in = [Visitor(canopy) for _ in range(count)]
        section = sign_in(signed_in[0])
        _, page, _ = signed_in[0].ask("GET", section)
        for visitor in signed_in:  # one account in one browser, as many windows
            visitor.cookies = dict(signed_in[0].cookies)
        strangers = [Visitor(canopy) for _ in range(count)]
        pages = run(bare_page, [Visitor(bare) for _ in range(count)], seconds)
        posts = run(bare_post, [Visitor(bare) for _ in range(count)], seconds)
        typed = [("csrf_token", token(page)), ANSWER, ("then", "stay")]
        saving = post(section, typed, HTTPStatus.SEE_OTHER)
        tell(f"bare page, {count} at once", pages, pages)
        tell("first page", run(fetch("/"), strangers, seconds), pages)
        tell("open a section", run(fetch(section), signed_in, seconds), pages)
        tell("table by region", run(fetch(TABLE), strangers, seconds), pages)
        tell(f"bare durable post, {count} at once", posts, posts)
        tell("save a section", run(saving, signed_in, seconds), posts)


def tell(what: str, timing: Timing, bare: Timing) -> None:
    ratio = bare.per_second / timing.per_second
    print(
        f"{what:<36}{timing.per_second:>9.1f} per s {timing.middle * 1000:>9.1f} ms"
        f"{ratio:>9.1f} times the bare one"
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flask(folder, "db", "upgrade")
        flask(folder, "seed", "reference")
        flask(folder, "seed", "demo")
        with (
            serve(folder, "bench/gunicorn.conf.py", "bench.bare:app", "BARE_PORT") as bare,
            serve(folder, "gunicorn.conf.py", "wsgi:app", "PORT") as canopy,
        ):
            compare_pages(bare, canopy, seconds)
        export_and_import(folder)


if __name__ == "__main__":
    main()
