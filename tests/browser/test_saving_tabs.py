"""Pages that save by themselves, several in a browser; what proxies, tokens and clocks do to them.

As in `test_saving`, all write in one draft, each words of its own.
"""

import json
from collections.abc import Callable

from playwright.sync_api import Locator, Route, expect

from tests.browser.saving import REASON, SENDING, Database, Typist
from tests.browser.visitors import Visitor

TooLarge = Callable[[list[dict[str, object]]], bool]
LANGUAGE = f"select[name='{REASON}.language']"


def refuse_what_is_too_large(one: Typist, is_too_large: TooLarge) -> list[int]:
    """Answer as a proxy does that takes small requests alone; return how many were in each."""
    sizes = []

    def answer(route: Route) -> None:
        operations = json.loads(route.request.post_data or "{}")["operations"]
        sizes.append(len(operations))
        if is_too_large(operations):
            route.fulfill(status=413, content_type="text/html", body="<h1>413</h1>")
        else:
            route.continue_()

    one.page.route(SENDING, answer)
    return sizes


def beside(one: Typist) -> Typist:
    """Open the same page in another tab of the same browser."""
    other = Typist(one.context, one.email)
    other.home = one.home
    return other.open()


def boxes_of(one: Typist) -> Locator:
    """Open the languages of the text; return its boxes, the last of which is empty."""
    one.page.click("details.text-languages >> nth=0 >> summary")
    return one.page.locator(f"textarea[name={REASON}]")


def test_what_is_too_large_together_is_sent_in_parts(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.context.set_offline(True)
    one.type("In parts")
    one.choose("aichi_targets")
    one.choose("aichi_targets_instead")
    one.is_not_saved(2)
    sizes = refuse_what_is_too_large(one, lambda operations: len(operations) > 1)
    one.context.set_offline(False)
    one.is_saved()
    one.waits(0)
    assert sizes[0] > 1
    assert sizes[-2:] == [1, 1]
    assert sizes == sorted(sizes, reverse=True), "what is too large is tried once"
    assert database.arrived("In parts") == ["applied"]


def test_a_text_that_is_too_large_alone_holds_up_no_other(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    refuse_what_is_too_large(one, lambda operations: "Endless" in json.dumps(operations))
    one.type("Endless")
    expect(one.line).to_contain_text("Not yet saved: 1 answer.")
    one.page.click("summary:has-text('Show what is not saved')")
    told = one.page.locator(".saving-item")
    expect(told).to_contain_text("This text is too long to be saved. Make it shorter.")
    expect(told.locator("textarea")).to_have_value("Endless")
    with one.page.expect_response(SENDING) as sent:
        one.choose("aichi_targets")
    assert sent.value.status == 200
    one.choose("aichi_targets_instead")
    one.type("Short")
    one.is_saved()
    one.waits(0)
    assert database.arrived("Short") == ["applied"]
    assert database.arrived("Endless") == []


def test_the_token_is_renewed_after_signing_in_again_in_another_tab(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.cut_the_line()
    one.type("Under a new token")
    one.waits(1)
    one.page.goto(one.home)
    expect(one.line).to_contain_text("Not yet saved: 1 answer.")
    one.context.clear_cookies(name="canopy")
    one.beside().sign_in()
    statuses: list[int] = []
    one.page.on("response", lambda answer: statuses.append(answer.status))
    one.page.unroute(SENDING)
    one.page.evaluate("dispatchEvent(new Event('online'))")
    one.waits(0)
    expect(one.page.locator("[data-saving]")).to_be_hidden()
    assert statuses[:3] == [400, 200, 200], "refused, the token renewed, sent again"
    assert database.arrived("Under a new token") == ["applied"]


def test_two_tabs_of_one_page_follow_each_other_and_ask_where_they_clash(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    two = beside(one)
    one.type("In the first tab")
    one.is_saved()
    two.look_again()
    expect(two.reason).to_have_value("In the first tab")
    one.cut_the_line()
    one.type("First of two")
    one.is_not_saved()
    two.look_again()
    two.type("Second of two")
    two.is_saved()
    one.waits(1)
    assert database.arrived("First of two") == [], "what a living tab holds is sent by no other"
    one.page.unroute(SENDING)
    one.page.evaluate("dispatchEvent(new Event('online'))")
    clash = one.page.locator("fieldset.clash")
    expect(clash.locator(".before-after")).to_contain_text("First of two")
    expect(clash.locator(".before-after")).to_contain_text("Second of two")
    one.page.get_by_role("button", name="Keep mine").click()
    one.is_saved()
    one.waits(0)
    two.reason.blur()
    two.look_again()
    expect(two.reason).to_have_value("First of two")
    assert database.arrived("First of two") == ["clash", "applied"]
    assert database.arrived("Second of two") == ["applied"]


def test_what_a_closed_tab_left_is_sent_by_the_one_that_stays(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    two = beside(one)
    one.cut_the_line()
    one.type("Left by a tab")
    one.waits(1)
    two.look_again()
    two.page.wait_for_timeout(500)
    one.page.close(run_before_unload=False)
    two.look_again()
    two.waits(0)
    expect(two.reason).to_have_value("Left by a tab")
    assert database.arrived("Left by a tab") == ["applied"]


def test_texts_in_several_languages_are_saved_and_merge(
    typist: Callable[..., Typist], database: Database
) -> None:
    one, two = typist(), typist(Visitor.AUTHORITY_OF_JORDAN)
    boxes, other_boxes = boxes_of(one), boxes_of(two)
    one.type("In English")
    one.is_saved()
    one.page.select_option(f"{LANGUAGE} >> nth=1", "ar")
    boxes.nth(1).press_sequentially("بالعربية")
    expect(boxes.nth(1)).to_have_attribute("dir", "rtl")
    one.is_saved()
    two.look_again()
    expect(other_boxes.nth(0)).to_have_value("بالعربية")
    expect(other_boxes.nth(0)).to_have_attribute("dir", "rtl")
    expect(other_boxes.nth(1)).to_have_value("In English")
    expect(two.page.locator(LANGUAGE).nth(1)).to_have_value("en")
    two.page.reload()
    two.is_ready()
    other_boxes = boxes_of(two)
    two.page.select_option(f"{LANGUAGE} >> nth=2", "fr")
    other_boxes.nth(2).press_sequentially("En français")
    two.is_saved()
    one.type("In plain English")
    one.is_saved()
    one.reason.blur()
    one.look_again()
    expect(one.page.locator("[data-more]")).to_contain_text("Colleagues have changed much")
    one.page.get_by_role("link", name="Show this page anew").click()
    one.is_ready()
    expect(boxes).to_have_count(4)
    texts = [boxes.nth(n).input_value() for n in range(4)]
    assert texts == ["بالعربية", "In plain English", "En français", ""]
    one.waits(0)


def test_a_clock_that_jumps_in_the_browser_delays_and_loses_nothing(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    for days in (400, -400):
        one.page.evaluate(
            """days => {
              const real = Date.now;
              Date.now = () => real() + days * 86400000;
              window.Date = class extends Date {
                constructor(...given) { given.length ? super(...given) : super(Date.now()); }
              };
            }""",
            days,
        )
        one.type(f"Jumped by {days}")
        one.is_saved()
        assert database.arrived(f"Jumped by {days}") == ["applied"]
