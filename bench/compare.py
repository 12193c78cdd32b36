"""How Canopy compares with a bare page, a bare durable post and a bare csv.writer, in one run.

    .venv/bin/python -m bench.compare [--short] [--seconds S] [--only pages|saves|sign|sizes|files]

Read the ratios; the times are of this machine, at this moment.
"""

import argparse
import tempfile
import time
from http import HTTPStatus
from pathlib import Path

from bench.client import Visitor, timing_of
from bench.files import export_and_import
from bench.large import compare_sizes
from bench.saves import PEOPLE, compare_saves
from bench.servers import serve
from bench.visits import alike, fetch, post, run, sign_in, tell, token
from bench.world import DRAFTER, SIGNATORY, World, make_world

TABLE = "/results/cbd/aichi-progress/progress-by-region?collection=nr6-demo&target=aichi-11"
SECTION = "draft/basis"
VISITORS = (1, 8)
PARTS = ("pages", "saves", "sign", "sizes", "files")
SHORT = 0.5  # seconds for each figure


def compare_pages(bare: str, canopy: str, world: World, seconds: float) -> None:
    bare_page = fetch("/page")
    drafters = {
        address: sign_in(canopy, DRAFTER.format(party.lower()))
        for party, address in list(world.drafting.items())[: max(VISITORS)]
    }
    for count in VISITORS:
        addresses = [f"{address}/{SECTION}" for address in drafters][:count]
        signed_in = list(drafters.values())[:count]
        strangers = [Visitor(canopy) for _ in range(count)]
        pages = alike(bare_page, [Visitor(bare) for _ in range(count)], seconds)
        tell(f"bare page, {count} at once", pages, pages)
        tell("first page", alike(fetch("/"), strangers, seconds), pages)
        opening = [fetch(address) for address in addresses]
        opened = run(lambda n: opening[n](signed_in[n]), signed_in, seconds)  # noqa: B023 - run now
        tell("open a section", opened, pages)
        tell("table by region", alike(fetch(TABLE), strangers, seconds), pages)


def compare_signing(bare: str, canopy: str, world: World) -> None:
    """Sign each draft that waits for it, one after the other, beside as many bare posts."""
    visitor = Visitor(bare)
    took: list[float] = []
    bare_took: list[float] = []
    for party, address in world.to_sign.items():
        signatory = sign_in(canopy, SIGNATORY.format(party.lower()))
        _, page, _ = signatory.ask("GET", f"{address}/sign")
        start = time.perf_counter()
        post(f"{address}/sign", [("csrf_token", token(page))], HTTPStatus.SEE_OTHER)(signatory)
        took.append(time.perf_counter() - start)
        start = time.perf_counter()
        post("/post", [("answers", page)], HTTPStatus.OK)(visitor)
        bare_took.append(time.perf_counter() - start)
    posts = timing_of(bare_took, sum(bare_took))
    tell("bare durable post of the answers", posts, posts)
    tell("sign", timing_of(took, sum(took)), posts)


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
            drafting=_drafting(parts),
            signing=0 if "sign" not in parts else 8 if said.short else 40,
            sizes="sizes" in parts,
        )
        with (
            serve(folder, "bench/gunicorn.conf.py", "bench.bare:app", "BARE_PORT") as bare,
            serve(folder, "gunicorn.conf.py", "bench.app:app", "PORT") as canopy,
        ):
            if "pages" in parts:
                compare_pages(bare, canopy, world, seconds)
            if "saves" in parts:
                compare_saves(bare, canopy, world.drafting, seconds)
            if "sign" in parts:
                compare_signing(bare, canopy, world)
            if "sizes" in parts:
                compare_sizes(sign_in(canopy, DRAFTER.format("ken")), world.drafts, seconds)
        if "files" in parts:
            export_and_import(folder)


def _drafting(parts: list[str] | tuple[str, ...]) -> int:
    """Return of how many Parties drafts are edited."""
    if "saves" in parts:
        return max(PEOPLE)
    return max(VISITORS) if {"pages", "files"} & set(parts) else 0


if __name__ == "__main__":
    main()
