"""A page as a browser reads it, and what every page of ours keeps: the `browse` fixture.

One h1, with which the title starts; unique ids; a label for every input; lang and dir; valid HTML;
nothing inline; links inside the page that lead somewhere; the headers that keep visitors safe.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from html5lib.constants import E as HTML_ERRORS
from werkzeug.test import TestResponse

from app.web.security import HEADERS
from app.wording.languages import LANGUAGES

OK: Final = 200
NOT_LABELLED: Final = {"hidden", "submit", "button"}
LANDMARKS: Final = ("main", "header", "footer")

# html5lib knows HTML of 2016; these are valid today.
VALID_TODAY: Final[set[str]] = set()


@dataclass(frozen=True)
class Page:
    """One page that was fetched and checked."""

    response: TestResponse
    root: Element

    @property
    def text(self) -> str:
        """The source of the page."""
        return self.response.text

    @property
    def words(self) -> str:
        """What there is to read in `<main>`, with single spaces."""
        return words(self.find("main"))

    @property
    def h1(self) -> str:
        return words(self.find("h1"))

    @property
    def title(self) -> str:
        return words(self.find("title"))

    def find(self, tag: str, **attributes: str) -> Element:
        """Return the only element of this tag with these attributes; `class_` for class."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of this tag with these attributes; one class is enough."""
        return [e for e in self.root.iter(tag) if _has(e, attributes)]

    def links(self) -> dict[str, str]:
        """Return the addresses of links by what they say; the last of those that say the same."""
        return {words(a): a.get("href", "") for a in self.all("a")}


class Browse:
    """Fetches pages and checks each of them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def __call__(
        self,
        address: str,
        status: int = OK,
        language: str = "en",
        *,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Fetch *address*, or post *data* to it; return the page, where redirects lead."""
        response = self.client.open(
            address,
            method="GET" if data is None else "POST",
            data=data,
            headers={"Accept-Language": language, **(headers or {})},
            follow_redirects=True,
        )
        assert response.status_code == status, f"{response.status}\n{response.text[:2000]}"
        root = parse(response.text)
        check(Page(response, root), language)
        return Page(response, without_templates(root))


def parse(source: str) -> Element:
    """Return the tree of a page; fail on the first thing that is not valid HTML."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root: Element = parser.parse(source)
    lines = source.splitlines()
    wrong = [
        f"line {line}: {HTML_ERRORS[code] % details}\n{lines[min(line, len(lines)) - 1]}"
        for (line, _column), code, details in parser.errors
        if code not in VALID_TODAY
    ]
    assert wrong == [], "not valid HTML"
    return root


def without_templates(root: Element) -> Element:
    """Empty the templates in a page: what waits there is not shown, not read out, not posted."""
    for template in list(root.iter("template")):
        template[:], template.text = [], ""
    return root


def check(page: Page, language: str) -> None:
    """Check what every page of ours keeps."""
    shown = LANGUAGES[language]
    assert page.root.get("lang") == shown.tag
    assert page.root.get("dir") == shown.direction
    assert page.h1
    assert page.title.startswith(page.h1), f"{page.title!r} does not start with {page.h1!r}"
    for landmark in LANDMARKS:
        assert page.all(landmark), f"no <{landmark}>"
    check_ids(page)
    check_labels(page)
    check_headings(page)
    assert list(inline(page)) == []
    for name, value in HEADERS.items():
        assert page.response.headers[name] == value
    assert page.response.headers["Content-Language"] == shown.tag


def check_ids(page: Page) -> None:
    """Every id is there once, and whatever refers to an id finds it."""
    ids = [found for e in page.root.iter() if (found := e.get("id"))]
    assert len(ids) == len(set(ids)), sorted(i for i in set(ids) if ids.count(i) > 1)
    for element in page.root.iter():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
            missing = set(element.get(name, "").split()) - set(ids)
            assert not missing, f"{name} of <{element.tag}> names what is not there: {missing}"
        href = element.get("href", "")
        if element.tag == "a" and href.startswith("#"):
            assert href[1:] in ids, f"{href} leads nowhere"


def check_labels(page: Page) -> None:
    """Every input says what it is for; every button and link has words."""
    labelled = {label.get("for") for label in page.all("label")}
    inside = {id(e) for label in page.all("label") for e in label.iter()}
    for tag in ("input", "select", "textarea"):
        for field in page.all(tag):
            has_label = (
                field.get("id") in labelled
                or id(field) in inside
                or field.get("aria-label")
                or field.get("aria-labelledby")
            )
            assert field.get("type") in NOT_LABELLED or has_label, f"no label: {field.attrib}"
    for tag in ("a", "button"):
        for element in page.all(tag):
            assert words(element) or element.get("aria-label"), f"no words: {element.attrib}"
    for form in page.all("form", method="post"):
        tokens = [e for e in form.iter("input") if e.get("name") == "csrf_token"]
        assert len(tokens) == 1, f"a form without its CSRF token: {form.attrib}"


def check_headings(page: Page) -> None:
    """No level of heading is left out on the way down."""
    levels = [int(e.tag[1]) for e in page.root.iter() if e.tag in {"h1", "h2", "h3", "h4", "h5"}]
    for above, below in pairwise(levels):
        assert below <= above + 1, f"an h{below} follows an h{above}"


def inline(page: Page) -> Iterator[str]:
    """Yield what the Content-Security-Policy refuses."""
    for element in page.root.iter():
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"<{element.tag}>"
        for name in element.attrib:
            if name.startswith("on") or name == "style":
                yield f"{name} of <{element.tag}>"


def words(element: Element) -> str:
    """Return what there is to read in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _has(element: Element, attributes: Mapping[str, str]) -> bool:
    for name, value in attributes.items():
        if name == "class_":
            if value not in element.get("class", "").split():
                return False
        elif element.get(name.replace("_", "-")) != value:
            return False
    return True
