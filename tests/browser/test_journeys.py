"""Whole journeys, with scripts and without, in English and Arabic.

Fields and buttons are found by their names and addresses, so that one journey serves all languages.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visitors import Visitor, sign_in

ASSESSMENT = "aichi_assessments/aichi_targets/aichi-11/aichi_target_assessments"
BEHIND = (
    "/results/cbd/aichi-progress/progress-by-region/parties"
    "?collection=nr6-demo&target=aichi-11&row=AP&column=on_track"
)

OpenPage = Callable[..., Page]
Look = Callable[[Page], None]


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_party_drafts_and_signs_and_the_table_shows_it(
    writing: Server, open_page: OpenPage, lang: str, *, scripts: bool
) -> None:
    page = open_page(writing, lang=lang, scripts=scripts)
    sign_in(page, Visitor.DRAFTER_OF_JORDAN)
    open_own_submission(page)
    look = find_nothing_with_axe if scripts else look_at_nothing
    choose_the_basis(page, look)
    assess_one_target(page, look)
    send_for_sign_off(page, look)
    authority = open_page(writing, lang=lang, scripts=scripts)
    sign_in(authority, Visitor.AUTHORITY_OF_JORDAN)
    open_own_submission(authority)
    sign(authority, look)
    everybody = open_page(writing, lang=lang, scripts=scripts)
    everybody.goto(BEHIND)
    jordan = {"en": "Jordan", "ar": "الأردن"}[lang]
    expect(everybody.locator("main")).to_contain_text(jordan)


def open_own_submission(page: Page) -> None:
    page.click("main a[href^='/submissions/']")
    page.wait_for_url("**/submissions/*")


def choose_the_basis(page: Page, look: Look) -> None:
    """First without an answer: the problem is told, and leads to its field."""
    page.click("main a[href$='/draft/basis'] >> nth=0")
    go_on(page)
    expect(page.locator("#error-summary a")).to_have_count(1)
    look(page)
    page.click("#error-summary a")
    expect(page.locator("input[name=targets_basis][type=radio]").first).to_be_focused()
    page.check("input[name=targets_basis][value=aichi_targets]")
    go_on(page)
    expect(page.locator("#error-summary")).to_have_count(0)


def assess_one_target(page: Page, look: Look) -> None:
    """Type a date that is none: it is kept as it was typed, and can be put right."""
    submission = page.url.partition("/draft/")[0]
    page.goto(f"{submission}/draft/{ASSESSMENT}/add")
    look(page)
    page.check("input[name=progress][value=on_track]")
    page.check("input[name=confidence][value=expert_opinion]")
    page.fill("input[name=assessed_on]", "soon")
    page.click("button[name=then][value=stay]:visible >> nth=-1")
    expect(page.locator("#error-summary a")).to_have_count(1)
    expect(page.locator("input[name=assessed_on]")).to_have_value("soon")
    page.fill("input[name=assessed_on]", "2019-06-30")
    go_on(page)
    page.goto(f"{submission}/check")


def send_for_sign_off(page: Page, look: Look) -> None:
    look(page)
    expect(page.locator("#error-summary")).to_have_count(0)
    page.click("form[action$='/send'] button")
    expect(page.locator("form[action$='/send']")).to_have_count(0)
    page.goto(page.url.partition("/check")[0] + "/draft/basis")
    expect(page.locator("form input[name=targets_basis]")).to_have_count(0)


def sign(page: Page, look: Look) -> None:
    page.click("a[href$='/sign']")
    look(page)
    page.click("form[action$='/sign'] button")
    expect(page.locator("a[href*='/revisions/1']").first).to_be_visible()


def go_on(page: Page) -> None:
    page.click("button[name=then][value=continue]")


def find_nothing_with_axe(page: Page) -> None:
    """Look at pages that the walk along links does not come to."""
    results = Axe().run(page)
    assert not results.violations_count, results.generate_report()


def look_at_nothing(page: Page) -> None:
    """Let axe be: it needs scripts."""


def test_a_reviewer_opens_and_closes_a_review_and_can_do_nothing_else(
    writing: Server, open_page: OpenPage
) -> None:
    page = open_page(writing, scripts=False)
    sign_in(page, Visitor.REVIEWER)
    page.goto("/review/?review=not_started")
    page.click("main table a >> nth=0")
    page.click("form[action$='/start'] button")
    expect(page.locator("form[action$='/close']")).to_have_count(1)
    actions = page.eval_on_selector_all("main form", "forms => forms.map(f => f.action)")
    assert [action.rsplit("/", 1)[-1] for action in actions] == ["close"]
    page.click("form[action$='/close'] button")
    expect(page.locator("form[action$='/close']")).to_have_count(0)


def test_the_keyboard_is_enough(reading: Server, open_page: OpenPage) -> None:
    page = open_page(reading)
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("input[name=email]")).to_be_focused()
    page.keyboard.type(Visitor.DRAFTER)
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_visible()


def test_the_first_page_weighs_less_than_30_kb(reading: Server, open_page: OpenPage) -> None:
    page = open_page(reading)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    assert len(sizes) > 1, "the page and its style"
    assert sum(sizes) <= 30_000
