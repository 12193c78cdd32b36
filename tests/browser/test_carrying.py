"""What was said last time, on a page that saves by itself."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.saving import SAVED
from tests.browser.visitors import Visitor, sign_in

ASSESSMENT = "targets/national_targets/r2/national_assessments/r2-1"


def test_its_buttons_save_what_was_typed_and_the_page_goes_on_saving(
    writing: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(writing)
    sign_in(page, Visitor.DRAFTER)
    page.click("main a[href^='/submissions/']")
    page.wait_for_url("**/submissions/*")
    home = page.url.partition("?")[0]
    page.goto(f"{home}/draft/{ASSESSMENT}")
    notes = page.locator("textarea[name=assessment_notes]").first
    evidence = page.locator("textarea[name=evidence]").first
    said = page.locator("#last-evidence .text-answer").inner_text()
    notes.fill("Typed right before")
    page.click("button[value='carry:still_true:evidence']")
    expect(page.locator("#last-evidence .tag")).to_have_text("Still true")
    expect(evidence).to_have_value(said)
    expect(evidence).to_be_in_viewport()
    expect(notes).to_have_value("Typed right before")
    evidence.press("ControlOrMeta+End")
    evidence.press_sequentially(" And more.")
    expect(page.locator("[data-saving][data-state=well] [data-line]")).to_have_text(SAVED)
    page.reload()
    expect(evidence).to_have_value(f"{said} And more.")
    page.goto(f"{home}/history/{ASSESSMENT}?question=assessment_notes")
    saved = page.locator("ol.changes-made > li", has_text="Typed right before")
    expect(saved).to_have_count(1)
