"""Every template parses, uses what it imports, speaks through gettext, and has nothing inline."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from jinja2 import nodes

from app.config import ROOT

TEMPLATES: Final = sorted((ROOT / "templates").rglob("*.html"))
NAMES: Final = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]

SPOKEN: Final = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
ATTRIBUTE: Final = re.compile(r"\b[a-z-]+=\"(0|true|false)\"")  # a macro may give attributes alone
NAME: Final = re.compile(r"\bCanopy\b")  # has no translation
CODES: Final = {"code", "kbd", "pre", "samp"}  # nobody translates these
BY_HAND: Final = re.compile(
    r"join\(.[,;]|loop\.(last|first) -?%}[,;]"
)  # a list that only English has
IN_CODE: Final = {"api/index.html", "forms_admin/show.html"}  # lists of codes, left to right
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


class Page(HTMLParser):
    """What a template says and holds outside of Jinja."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inline: list[str] = []
        self.codes = 0  # open elements whose text is for programs
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.codes += tag in CODES
        if tag == "style" or (tag == "script" and "src" not in told):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style" or "javascript:" in (value or ""):
                self.inline.append(f"{tag} {name}")
            is_spoken = name in SPOKEN or (
                name == "value" and tag == "input" and told.get("type") in {"submit", "button"}
            )
            if is_spoken and LETTERS.search(value or ""):
                self.said.append(f"{name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        self.codes -= tag in CODES

    def handle_data(self, data: str) -> None:
        if not self.codes and LETTERS.search(NAME.sub("", ATTRIBUTE.sub("", data))):
            self.said.append(data.strip())


def without_jinja(source: str) -> str:
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}", "0", source, flags=re.DOTALL)


@pytest.fixture(params=TEMPLATES, ids=NAMES)
def template(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_every_visible_text_is_translated(template: Path) -> None:
    page = Page(without_jinja(template.read_text()))
    assert page.said == [], 'wrap it: {{ _("…") }}'


def test_nothing_is_inline(template: Path) -> None:
    """The Content-Security-Policy refuses it, and pages could not be cached."""
    page = Page(without_jinja(template.read_text()))
    assert page.inline == [], "put it into static/css or static/js"


def test_it_parses_and_uses_every_macro_it_imports(app: Flask, template: Path) -> None:
    tree = app.jinja_env.parse(template.read_text(), filename=str(template))
    imported = {
        name if isinstance(name, str) else name[1]
        for found in tree.find_all(nodes.FromImport)
        for name in found.names
    } | {found.target for found in tree.find_all(nodes.Import)}
    used = {found.name for found in tree.find_all(nodes.Name)}
    assert imported - used == set(), "imported and never used"


@pytest.mark.parametrize("template", TEMPLATES, ids=NAMES)
def test_lists_are_joined_as_the_language_does(template: Path) -> None:
    if str(template.relative_to(ROOT / "templates")) not in IN_CODE:
        found = BY_HAND.search(template.read_text())
        assert not found, "use the filter `listed`, or a list of its own where items hold commas"


def test_there_are_templates() -> None:
    assert TEMPLATES
