"""On which pages a text of the interface shows: the addresses whose views use its file.

A template counts for every view that names it, itself or by what it includes, extends or imports;
a module of pages for all its addresses. A text in many pages, or in none, is told by its files.
"""

import inspect
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, current_app
from jinja2 import meta

from app.config import ROOT

MOST: Final = 6  # addresses that are told; a text on more pages is everywhere
_NAMED: Final = re.compile(r"""["']([\w/-]+\.html)["']""")


def appearances(file: str) -> list[str]:
    """Return the addresses of the pages that use *file*, such as "templates/entry/page.html"."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Flask has no other way to the object
    found = _by_file(app).get(file, set())
    return sorted(found) if len(found) <= MOST else []


@cache
def _by_file(app: Flask) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rules: dict[str, list[str]] = defaultdict(list)
    for rule in app.url_map.iter_rules():
        rules[rule.endpoint].append(rule.rule)
    for endpoint, view in app.view_functions.items():
        plain = inspect.unwrap(view)
        module = inspect.getmodule(plain)
        path = Path(inspect.getsourcefile(plain) or "")
        if module is None or not path.is_relative_to(ROOT / "app"):
            continue
        found[path.relative_to(ROOT).as_posix()].update(rules[endpoint])
        named = set(_NAMED.findall(inspect.getsource(plain)))
        for template in named or set(_NAMED.findall(inspect.getsource(module))):
            for used in _used(app, template):
                found[f"templates/{used}"].update(rules[endpoint])
    return found


def _used(app: Flask, template: str) -> set[str]:
    """Return a template and all that it includes, extends and imports."""
    found: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        path = ROOT / "templates" / name
        if name not in found and path.is_file():
            found.add(name)
            tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
            waiting += [each for each in meta.find_referenced_templates(tree) if each]
    return found
