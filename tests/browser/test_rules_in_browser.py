"""Rules come to the same in JavaScript as in Python: shared vectors, then random expressions.

In Chromium, from the modules that our own pages load; in Node too where there is one. `make soak`
runs 100,000 expressions.
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
from tests.browser.conftest import Server
from tests.expressions import cases

NODE: Final = shutil.which("node")
ENGINES: Final = ["chromium", *(["node"] if NODE else [])]
EXPRESSIONS: Final = int(os.environ.get("CANOPY_EXPRESSIONS", "5000"))
SEED: Final = 20261121
BATCH: Final = 1000
COMPARE: Final = """async cases => {
  const compare = await import("/static/js/compare.mjs");
  const modules = ["/static/js/rules.js", "/static/js/decimal.js"];
  const [rules, decimal] = await Promise.all(modules.map(name => import(name)));
  return JSON.stringify(compare.differences(rules, decimal, JSON.parse(cases)));
}"""

Differences = Callable[[list[Any]], list[Any]]


@pytest.fixture(params=ENGINES)
def differences(request: pytest.FixtureRequest) -> Differences:
    """Return a function that gives the cases with another value in JavaScript."""
    if request.param == "node":
        return in_node
    server: Server = request.getfixturevalue("reading")
    page: Page = request.getfixturevalue("open_page")(server)
    path = ROOT / "tests/vectors/compare.mjs"
    page.route("**/compare.mjs", lambda route: route.fulfill(path=path))
    page.goto("/sign-in")
    return lambda given: list(json.loads(page.evaluate(COMPARE, json.dumps(given))))


def in_node(given: list[Any]) -> list[Any]:
    command = [str(NODE), str(ROOT / "tests/vectors/run.mjs")]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


def test_the_vectors_come_to_the_same(differences: Differences) -> None:
    vectors = json.loads((ROOT / "tests/vectors/rules.json").read_text(encoding="utf-8"))
    given = [{**case, "scope": vectors["scope"]} for case in vectors["cases"]]
    assert differences(given) == []


@pytest.mark.timeout(900)
def test_random_rules_come_to_the_same(differences: Differences) -> None:
    made, compared = cases(SEED, EXPRESSIONS), 0
    while batch := list(islice(made, BATCH)):
        assert differences(batch) == []
        compared += len(batch)
    assert compared == EXPRESSIONS
