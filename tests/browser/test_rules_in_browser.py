"""Rules come to the same in JavaScript as in Python: shared vectors, random rules, random pages.

In Chromium, from the modules that our own pages load; in Node too where there is one. `make soak`
runs 100,000 random rules.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from itertools import islice
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from app.config import ROOT
from app.forms.catalogue import Catalogue
from tests.browser.conftest import Server
from tests.expressions import cases
from tests.random_pages import pages

NODE: Final = shutil.which("node")
ENGINES: Final = ["chromium", *(["node"] if NODE else [])]
EXPRESSIONS: Final = int(os.environ.get("CANOPY_EXPRESSIONS", "5000"))
SEED: Final = 20261121
PORTION: Final = 5000  # rules of one test, with a time limit of its own
BATCH: Final = 1000  # rules of one message to the browser
PAGES: Final = 50  # of each form
FOLDERS: Final = ("forms", "tests/forms", "tests/web/forms")
COMPARE: Final = """async given => {
  const compare = await import("/static/js/compare.mjs");
  const names = ["rules", "page"].map(name => `/static/js/${name}.js`);
  const [rules, page] = await Promise.all(names.map(name => import(name)));
  const { cases, pages } = JSON.parse(given);
  const found = cases
    ? compare.differences(rules, cases)
    : compare.differentPages(page, pages);
  return JSON.stringify(found);
}"""

Differences = Callable[..., list[Any]]


@pytest.fixture(params=ENGINES)
def differences(request: pytest.FixtureRequest) -> Differences:
    """Return a function that gives those of `cases=` or `pages=` that differ in JavaScript."""
    if request.param == "node":
        return in_node
    server: Server = request.getfixturevalue("reading")
    page: Page = request.getfixturevalue("open_page")(server)
    path = ROOT / "tests/vectors/compare.mjs"
    page.route("**/compare.mjs", lambda route: route.fulfill(path=path))
    page.goto("/sign-in")
    return lambda **given: list(json.loads(page.evaluate(COMPARE, json.dumps(given))))


def in_node(**given: list[Any]) -> list[Any]:
    command = [str(NODE), str(ROOT / "tests/vectors/run.mjs")]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


def test_the_vectors_come_to_the_same(differences: Differences) -> None:
    vectors = json.loads((ROOT / "tests/vectors/rules.json").read_text(encoding="utf-8"))
    given = [{**case, "scope": vectors["scope"]} for case in vectors["cases"]]
    assert differences(cases=given) == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("begin", range(0, EXPRESSIONS, PORTION))
def test_random_rules_come_to_the_same(differences: Differences, begin: int) -> None:
    count, compared = min(PORTION, EXPRESSIONS - begin), 0
    made = cases(SEED + begin, count)
    while batch := list(islice(made, BATCH)):
        assert differences(cases=batch) == []
        compared += len(batch)
    assert compared == count


@pytest.mark.parametrize("folder", FOLDERS)
def test_random_pages_come_to_the_same(differences: Differences, folder: str) -> None:
    forms = Catalogue(ROOT / folder)
    for name in forms.names():
        drafts = list(pages(forms.load(name.form, name.version), SEED, PAGES))
        assert differences(pages=drafts) == [], name
