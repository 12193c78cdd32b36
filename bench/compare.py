"""How Canopy compares with a bare page, a bare durable post and a bare csv.writer, in one run.

    .venv/bin/python -m bench.compare [--short] [--seconds S] [--only pages|sign|sizes|files]

Read the ratios; the times are of this machine, at this moment.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from app.services.demo import PASSWORD
from bench.client import Timing, Visitor, measure
from bench.files import export_and_import
from bench.large import compare_sizes, fields_of
from bench.servers import serve
from bench.world import DRAFTER, SIGNATORY, World, make_world

TABLE = "/results/cbd/aichi-progress/progress-by-region?collection=nr6-demo&target=aichi-11"
SECTION = "draft/basis"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VISITORS = (1, 8)
PARTS = ("pages", "sign", "sizes", "files")
SHORT = 0.5  # seconds for each figure

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


def run(ask: Callable[[int], None], visitors: list[Visitor], seconds: float) -> Timing:
    for number, visitor in enumerate(visitors):
        visitor.connection.close()  # the server has given up one that was idle meanwhile
        ask(number)
    return measure(ask, visitors=len(visitors), seconds=seconds)


def alike(ask: Ask, visitors: list[Visitor], seconds: float) -> Timing:
    """Let all visitors ask the same."""
    return run(lambda number: ask(visitors[number]), visitors, seconds)


def compare_pages(bare: str, canopy: str, world: World, seconds: float) -> None:
    bare_page = fetch("/page")
    bare_post = post("/post", [("targets_basis", "national_targets")], HTTPStatus.OK)
    drafters = {
        address: sign_in(canopy, DRAFTER.format(party.lower()))
        for party, address in list(world.drafting.items())[: max(VISITORS)]
    }
    for count in VISITORS:
        addresses = [f"{address}/{SECTION}" for address in drafters][:count]
        signed_in = list(drafters.values())[:count]
        strangers = [Visitor(canopy) for _ in range(count)]
        pages = alike(bare_page, [Visitor(bare) for _ in range(count)], seconds)
        posts = alike(bare_post, [Visitor(bare) for _ in range(count)], seconds)
        tell(f"bare page, {count} at once", pages, pages)
        tell("first page", alike(fetch("/"), strangers, seconds), pages)
        opening = [fetch(address) for address in addresses]
        opened = run(lambda n: opening[n](signed_in[n]), signed_in, seconds)  # noqa: B023 - run now
        tell("open a section", opened, pages)
        tell("table by region", alike(fetch(TABLE), strangers, seconds), pages)
        tell(f"bare durable post, {count} at once", posts, posts)
        saving = [Saving(v, address) for v, address in zip(signed_in, addresses, strict=True)]
        saved = run(lambda n: saving[n].save(), signed_in, seconds)  # noqa: B023 - run now
        tell("save a section", saved, posts)


class Saving:
    """One who saves a section over and over, each time with another answer."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self.visitor = visitor
        self.address = address
        self.fields = fields_of(visitor.ask("GET", address)[1])
        self.bases = ("national_targets", "aichi_targets")
        self.saves = 0

    def save(self) -> None:
        """Post the page with the other of two answers."""
        self.saves += 1
        basis = self.bases[self.saves % 2]
        kept = [each for each in self.fields if each[0] != "targets_basis"]
        fields = [*kept, ("targets_basis", basis), ("then", "stay")]
        status = HTTPStatus.SERVICE_UNAVAILABLE
        while status == HTTPStatus.SERVICE_UNAVAILABLE:  # the database was busy: one tries again
            status = HTTPStatus(self.visitor.ask("POST", self.address, fields)[0])
        if status != HTTPStatus.SEE_OTHER:
            raise RuntimeError(f"{self.address} answered {status} to a save")


def compare_signing(bare: str, canopy: str, world: World) -> None:
    """Sign each draft that waits for it, one after the other, beside as many bare posts."""
    visitor, took, bare_took = Visitor(bare), 0.0, 0.0
    for party, address in world.to_sign.items():
        signatory = sign_in(canopy, SIGNATORY.format(party.lower()))
        _, page, _ = signatory.ask("GET", f"{address}/sign")
        start = time.perf_counter()
        post(f"{address}/sign", [("csrf_token", token(page))], HTTPStatus.SEE_OTHER)(signatory)
        took += time.perf_counter() - start
        start = time.perf_counter()
        post("/post", [("answers", page)], HTTPStatus.OK)(visitor)
        bare_took += time.perf_counter() - start
    count = len(world.to_sign)
    posts = Timing(count / bare_took, bare_took / count)
    tell("bare durable post of the answers", posts, posts)
    tell("sign", Timing(count / took, took / count), posts)


def tell(what: str, timing: Timing, bare: Timing) -> None:
    ratio = bare.per_second / timing.per_second
    print(
        f"{what:<36}{timing.per_second:>9.1f} per s {timing.middle * 1000:>9.1f} ms"
        f"{ratio:>9.1f} times the bare one",
        flush=True,
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--seconds", type=float, default=5.0, help="for each figure")
    reader.add_argument("--short", action="store_true", help="a quick look; figures are rough")
    reader.add_argument("--only", choices=PARTS, action="append", help="one part, or several")
    said = reader.parse_args()
    seconds, parts = SHORT if said.short else said.seconds, said.only or PARTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = make_world(
            folder,
            drafting=max(VISITORS) if {"pages", "files"} & set(parts) else 0,
            signing=0 if "sign" not in parts else 8 if said.short else 40,
            sizes="sizes" in parts,
        )
        with (
            serve(folder, "bench/gunicorn.conf.py", "bench.bare:app", "BARE_PORT") as bare,
            serve(folder, "gunicorn.conf.py", "bench.app:app", "PORT") as canopy,
        ):
            if "pages" in parts:
                compare_pages(bare, canopy, world, seconds)
            if "sign" in parts:
                compare_signing(bare, canopy, world)
            if "sizes" in parts:
                compare_sizes(sign_in(canopy, DRAFTER.format("ken")), world.drafts, seconds)
        if "files" in parts:
            export_and_import(folder)


if __name__ == "__main__":
    main()
