"""Pages as they are looked at in other ways: what `looks` finds, keys alone, and paper.

The walk in `test_accessibility` looks at every page in these ways; here is what needs a journey.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.looks import faults
from tests.browser.visitors import Visitor, sign_in

OpenPage = Callable[..., Page]
BOTH = pytest.mark.parametrize("lang", ["en", "ar"])

BAD = """<!doctype html><html lang="en"><head><style>
  button { border: 0; transition: color 1s; block-size: 20px; inline-size: 20px }
  .wide { inline-size: 700px } .cut { block-size: 30px; inline-size: 200px; overflow: hidden }
  .far { overflow-x: auto; inline-size: 100px } .far b { display: block; inline-size: 300px }
  .row { display: flex; flex-direction: row-reverse } .row i { forced-color-adjust: none }
</style></head><body><div>Nowhere</div><main><h1>Page</h1><h3>Part</h3>
  <button>a</button><button>b</button><p class="wide">Wide</p>
  <p class="cut">Words that need more room than this when there is room between letters</p>
  <div class="far"><b>Far</b></div><div class="row"><i>1</i></div></main></body></html>"""
FOUND = (
    "outside of landmarks",
    "h3 after h1",
    "shown in another order",
    "too small to press",
    "no edge in forced colours",
    "lost in forced colours",
    "moves",
    "wider than the page",
    "scrolls, and no key leads there",
    "with spaced text, words are cut off",
)

# Where the focus is, and what is wrong with it; null once it has left the page.
FOCUS = """before => {
  const element = document.activeElement;
  const isRound = element === window.first && element !== window.last;
  if (!element || element === document.body || isRound) return null;
  window.first ??= element;
  const wrong = [];
  const isAfter = (window.last ?? element).compareDocumentPosition(element) & 4;
  if (!isAfter && (window.last ?? element) !== element) wrong.push("out of order");
  window.last = element; // a date has several parts
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const x = Math.min(Math.max((left + right) / 2, left + 1, 0), innerWidth - 1);
  const shown = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  const y = Math.max(Math.min(shown, innerHeight - 1), 0);
  const met = document.elementFromPoint(x, y);
  const own = [element, ...(element.labels ?? [])];
  if (!met || !own.some(each => each.contains(met) || met.contains(each))) wrong.push("hidden");
  const looks = own.map(each => getComputedStyle(each));
  const isMarked = looks.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
  if (!isMarked) wrong.push("not marked");
  return wrong.map(each => `${each}: ${element.outerHTML.slice(0, 100)}`);
}"""


def tab_through(page: Page, at_most: int = 400) -> tuple[int, list[str]]:
    """Press Tab until the focus leaves the page; return how often, and what was wrong."""
    found: list[str] = []
    for number in range(at_most):
        page.keyboard.press("Tab")
        wrong = page.evaluate(FOCUS)
        if wrong is None:
            return number, found
        found += wrong
    pytest.fail(f"the focus does not leave {page.url}")


def open_draft(page: Page, place: str) -> None:
    """Open Kenya's draft at a place; somebody of Kenya is signed in."""
    page.click("main a[href^='/submissions/']")
    page.wait_for_url("**/submissions/*")
    page.goto(f"{page.url}/draft/{place}")
    expect(page.locator("main form[data-rules]")).to_have_count(1)


def test_what_is_wrong_is_found(reading: Server, open_page: OpenPage) -> None:
    page = open_page(reading)
    page.set_content(BAD)
    told = "\n".join(faults(page))
    assert [each for each in FOUND if each not in told] == []


@BOTH
def test_keys_lead_through_a_page_in_the_order_read_and_out_again(
    reading: Server, open_page: OpenPage, lang: str
) -> None:
    page = open_page(reading, lang=lang)
    for address in ("/", "/results/cbd/aichi-progress/progress-by-region"):
        page.goto(f"{address}?lang={lang}")
        page.set_viewport_size({"width": 375, "height": 667})
        number, wrong = tab_through(page)
        assert wrong == []
        assert number > 10
    page.set_viewport_size({"width": 1280, "height": 720})
    sign_in(page, Visitor.DRAFTER)
    open_draft(page, "targets")
    number, wrong = tab_through(page)
    assert wrong == []
    row = "targets/national_targets/"
    page.click(f"main button[value^='go:{row}'], main a[href*='/draft/{row}']")
    page.wait_for_url(f"**/{row}*")
    in_row, wrong = tab_through(page)
    assert wrong == []
    assert min(number, in_row) > 20


def test_the_skip_link_is_first_and_leads_to_the_content(
    reading: Server, open_page: OpenPage
) -> None:
    page = open_page(reading)
    page.goto("/collections/")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_summary_of_problems_has_the_focus_and_leads_to_each_field(
    reading: Server, open_page: OpenPage, *, scripts: bool
) -> None:
    page = open_page(reading, scripts=scripts)
    page.goto("/sign-in")
    page.fill("input[name=email]", "somebody@example.org")
    page.click("main form button[type=submit]")
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").first.click()
    expect(page.locator("main input:focus")).to_have_count(1)


@BOTH
def test_paper_shows_all_answers_and_nothing_to_press(
    reading: Server, open_page: OpenPage, lang: str
) -> None:
    page = open_page(reading, lang=lang)
    page.goto(f"/?lang={lang}")
    sign_in(page, Visitor.DRAFTER)
    for place in ("basis", "targets"):
        page.goto("/")
        open_draft(page, place)
        page.emulate_media(media="print")
        for gone in (".masthead", ".footer", ".skip-link", ".breadcrumbs", "button"):
            expect(page.locator(f"{gone}:visible:not(.visually-hidden)")).to_have_count(0)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate(CUT_ON_PAPER) == []
        page.emulate_media(media="screen")
    page.locator(".entry-open").first.click()
    page.emulate_media(media="print")
    expect(page.locator("button.entry-open").first).to_be_visible()  # the title of a row


# A field that scrolls would print a part of its text; a link must not be printed twice.
CUT_ON_PAPER = """() => [
  ...[...document.querySelectorAll("main textarea, main .table-scroll, main .matrix-scroll")]
    .filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 2),
  ...[...document.querySelectorAll("a")].filter(
    a => /url|attr/.test(getComputedStyle(a, "::after").content)),
].map(e => e.outerHTML.slice(0, 100))"""
