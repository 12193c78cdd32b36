"""A page of a draft while somebody types: it shows at once what a save would show.

The form of the demonstration, in English and Arabic, with scripts and without.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.visitors import Visitor, sign_in

OpenPage = Callable[..., Page]
BOTH = pytest.mark.parametrize("lang", ["en", "ar"])
BASIS = "basis"
ASSESSMENT = "aichi_assessments/aichi_targets/aichi-11/aichi_target_assessments/add"
SHOWN = """form => [...form.querySelectorAll("[data-element]")]
  .filter(block => !block.hidden)
  .map(block => ({
    id: block.dataset.element,
    problems: [...block.querySelectorAll("[data-problems] > p")].map(line => [
      line.className, line.id, line.textContent.replace(/\\s+/g, " ").trim(),
    ]),
    explanations: [...block.querySelectorAll("[data-explanation]")]
      .filter(inner => !inner.hidden)
      .map(inner => [inner.dataset.explanation, inner.querySelector("textarea").value]),
    wrong: block.querySelectorAll(".field-wrong, [aria-invalid]").length,
    described: [...block.querySelectorAll("[aria-describedby]")]
      .map(input => input.getAttribute("aria-describedby").split(" ").sort().join(" ")),
    optional: block.querySelectorAll(".question-label .optional").length,
  }))"""


def open_draft(server: Server, open_page: OpenPage, lang: str, place: str) -> Page:
    page = open_page(server, lang=lang)
    sign_in(page, Visitor.DRAFTER_OF_JORDAN)
    page.click("main a[href^='/submissions/']")
    page.wait_for_url("**/submissions/*")
    draft = f"{page.url}/draft"
    if place != BASIS:
        page.goto(f"{draft}/{BASIS}")
        page.check("input[name=targets_basis][value=aichi_targets]")
        save(page)
    page.goto(f"{draft}/{place}")
    expect(page.locator("form[data-is-followed]")).to_have_count(1)
    return page


def block(page: Page, question: str) -> Locator:
    return page.locator(f"[data-element='{question}']")


def save(page: Page) -> None:
    page.click("button[name=then][value=stay]:visible >> nth=-1")
    page.wait_for_load_state()


@BOTH
def test_questions_appear_and_vanish_and_keep_what_was_typed(
    writing: Server, open_page: OpenPage, lang: str
) -> None:
    page = open_draft(writing, open_page, lang, BASIS)
    why = block(page, "not_national_reason")
    expect(why).to_have_count(0)
    page.check("input[name=targets_basis][value=aichi_targets_instead]")
    expect(why).to_be_visible()
    expect(page.locator("input[name=targets_basis]:checked")).to_be_focused()
    expect(page.locator("[data-told]")).not_to_be_empty()
    assert not Axe().run(page).violations_count
    why.locator("textarea").first.fill("They came later.")
    page.check("input[name=targets_basis][value=aichi_targets]")
    expect(why).to_be_hidden()
    page.check("input[name=targets_basis][value=aichi_targets_instead]")
    expect(why.locator("textarea").first).to_have_value("They came later.")
    page.check("input[name=targets_basis][value=aichi_targets]")
    save(page)
    expect(why).to_have_count(0)
    page.check("input[name=targets_basis][value=aichi_targets_instead]")
    expect(why.locator("textarea").first).to_have_value("They came later.")


@BOTH
def test_a_page_that_has_shown_all_leads_on_at_once(
    writing: Server, open_page: OpenPage, lang: str
) -> None:
    page = open_draft(writing, open_page, lang, BASIS)
    page.check("input[name=targets_basis][value=aichi_targets_instead]")
    block(page, "not_national_reason").locator("textarea").first.fill("They came later.")
    page.click("button[name=then][value=continue]")
    page.wait_for_url("**/draft/aichi_assessments*")


@BOTH
def test_problems_show_when_the_field_is_left_and_go_while_it_is_put_right(
    writing: Server, open_page: OpenPage, lang: str
) -> None:
    page = open_draft(writing, open_page, lang, ASSESSMENT)
    day, problems = page.locator("input[name=assessed_on]"), "[data-problems='q-assessed_on'] > p"
    day.press_sequentially("soon")
    expect(page.locator(problems)).to_have_count(0)
    day.press("Tab")
    expect(page.locator(problems)).to_have_count(1)
    expect(day).to_have_attribute("aria-invalid", "true")
    focused = page.evaluate("document.activeElement.name || document.activeElement.tagName")
    assert focused != "assessed_on"
    expect(page.locator("[data-told]")).not_to_be_empty()
    day.fill("2019-06-30")
    expect(page.locator(problems)).to_have_count(0)
    expect(day).not_to_have_attribute("aria-invalid", "true")
    day.fill("1999-01-01")
    day.press("Tab")
    expect(page.locator(problems)).to_have_count(1)


@BOTH
def test_what_shows_is_what_a_save_shows_without_scripts(
    writing: Server, open_page: OpenPage, lang: str
) -> None:
    page = open_draft(writing, open_page, lang, ASSESSMENT)
    page.check("input[name=progress][value=unknown]")
    page.check("input[name=confidence][value=comprehensive_indicators]")
    page.check("input[name=indicators_used][value=no]")
    page.check("input[name=adequacy][value=adequate]")
    page.fill("input[name=assessed_on]", "soon")
    page.locator("input[name=assessed_on]").press("Tab")
    explanation = page.locator("[data-explanation]:visible textarea").first
    explanation.fill("It is right.")
    explanation.press("Tab")
    live = page.locator("form[data-rules]").evaluate(SHOWN)
    assert any(shown["problems"] for shown in live)
    assert any(shown["explanations"] for shown in live)
    save(page)
    plain = open_page(writing, lang=lang, scripts=False)
    plain.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain.goto(page.url.partition("?")[0].partition("#")[0])
    assert plain.locator("form[data-rules]").evaluate(SHOWN) == live


def test_a_list_of_questions_waits_unseen_without_scripts(
    writing: Server, open_page: OpenPage
) -> None:
    """What is not asked is not posted, so that a save leaves it as it is."""
    page = open_page(writing, scripts=False)
    sign_in(page, Visitor.DRAFTER_OF_JORDAN)
    page.click("main a[href^='/submissions/']")
    page.goto(f"{page.url}/draft/{BASIS}")
    expect(page.locator("[name=not_national_reason]")).to_have_count(0)
    page.check("input[name=targets_basis][value=aichi_targets_instead]")
    save(page)
    expect(page.locator("[name=not_national_reason]").first).to_be_visible()
