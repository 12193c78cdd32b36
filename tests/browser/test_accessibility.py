"""axe finds nothing on any page, in any language, whoever looks; and every page is looked at."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Error, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.wording.languages import LANGUAGES, complete_languages
from tests.browser.conftest import Server
from tests.browser.looks import axe_finds, faults
from tests.browser.visitors import Visitor, sign_in

TESTED: Final = (
    complete_languages(Catalogue(ROOT / "forms"))
    if os.environ.get("CANOPY_LANGUAGES") == "all"
    else ("en", "ar")
)
NOT_PAGES: Final = re.compile(
    r"/api/v1/.+|/static/.*|/healthz|.*\.(csv|json|svg|png|po|xlsx)|/sign-in/key|.*/draft/changes"
    r"|/d/[^/]+/(changes|key)|/proposals/[^/]+/changes"
)
# No form of the project chooses from a managed list yet, and nothing makes a job for a visitor;
# `tests/web/test_lists.py` and `tests/web/test_jobs.py` read these pages.
NOT_THERE: Final = {"lists.show", "lists.show_entry", "lists.ask_to_retire", "jobs.show"}
# The pages of a delegate again, for those with an account.
THE_SAME: Final = {f"proposals.{name}" for name in ("home", "show", "add", "ask_to_remove")}
ROW_OR_ITEM: Final = re.compile(r"[0-9a-f-]{36}|aichi-[0-9]{2}")
DIFFERENT: Final = {
    "home.index",
    "submissions.show",
    "sources.index",
    "on_behalf.show",
    "people.index",
}  # to each visitor
NOWHERE: Final = "/there-is-no-such-page"


@dataclass
class Walk:
    """A walk along the links, from page to page, to one page of each kind."""

    page: Page
    routes: MapAdapter
    seen: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def start(self, path: str) -> None:
        waiting = [path]
        while waiting:
            path = waiting.pop(0)
            kind = self.kind(path)
            if kind and kind not in self.seen:
                self.seen.add(kind)
                if self.opens(path):
                    self.look(path)
                    waiting += self.links()

    def kind(self, path: str) -> str:
        """Return the route, and the place in a form; empty where there is no page of ours."""
        if NOT_PAGES.fullmatch(urlsplit(path).path):
            return ""
        try:
            endpoint, values = self.routes.match(urlsplit(path).path, method="GET")
        except HTTPException:
            return ""
        return f"{endpoint} {ROW_OR_ITEM.sub('*', values.get('place', ''))}".strip()

    def opens(self, path: str) -> bool:
        """Go there; tell whether a browser shows what is there, rather than saving it."""
        try:
            answer = self.page.goto(path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return False
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return answer.headers["content-type"].startswith("text/html")

    def look(self, path: str) -> None:
        self.found += [f"{path}\n{found}" for found in axe_finds(self.page)]
        self.found += [f"{path}\n  {fault}" for fault in faults(self.page)]

    def links(self) -> list[str]:
        hrefs = self.page.eval_on_selector_all(
            "a[href]:not([hreflang]):not([target])",
            "links => links.map(a => a.pathname + a.search)",
        )
        return [str(href) for href in hrefs]


@pytest.mark.timeout(1200)  # some hundred pages, each at several sizes
@pytest.mark.parametrize("lang", TESTED)
def test_axe_finds_nothing_on_any_page(
    app: Flask, reading: Server, open_page: Callable[..., Page], lang: str
) -> None:
    routes = app.url_map.bind("127.0.0.1")
    seen: set[str] = set()
    found: list[str] = []
    for visitor in reading.visitors:
        page = open_page(reading, lang=lang)
        walk = Walk(page, routes, seen=seen - DIFFERENT, found=found)
        page.goto(f"/?lang={lang}")
        if visitor == Visitor.NOBODY:
            for link in reading.links:
                walk.start(link)
            page.goto(NOWHERE)
            walk.look(NOWHERE)
        else:
            sign_in(page, visitor)
        if visitor in reading.starts:
            walk.start(reading.starts[visitor])
        walk.start("/")
        seen |= walk.seen
        html = page.locator("html")
        assert html.get_attribute("lang") == LANGUAGES[lang].tag
        assert html.get_attribute("dir") == LANGUAGES[lang].direction
    assert not found, "\n".join(found)
    looked_at = {kind.partition(" ")[0] for kind in seen}
    missed = sorted(pages(app) - looked_at - NOT_THERE - THE_SAME)
    assert not missed, f"no link leads there from the start page: {', '.join(missed)}"


def pages(app: Flask) -> set[str]:
    """Return the names of all routes that show a page."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not NOT_PAGES.fullmatch(rule.rule)
    }
