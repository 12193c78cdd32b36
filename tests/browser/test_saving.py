"""A page that saves by itself: says so only when it is true, loses nothing, sends nothing twice.

One server for all, over one draft; each test types words of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Running
from tests.browser.saving import BASIS, KEY, REASON, SENDING, Database, Typist
from tests.browser.visitors import Visitor

ASSESSMENT = "aichi_assessments/aichi_targets/aichi-11/aichi_target_assessments/add"
AUTHORITY = Visitor.AUTHORITY_OF_JORDAN


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_it_says_saved_only_when_the_server_has_confirmed(
    typist: Callable[..., Typist], database: Database, lang: str
) -> None:
    one = typist(lang=lang)
    one.page.route(SENDING, lambda _: None)  # sent, and nothing is heard
    one.type(f"Slow line {lang}")
    one.waits(1)
    one.page.wait_for_timeout(1200)
    expect(one.page.locator("[data-saving]")).not_to_have_attribute("hidden", "")
    assert "Saved" not in one.line.inner_text()
    assert database.arrived(f"Slow line {lang}") == []
    one.page.unroute(SENDING)
    one.page.reload()
    one.is_ready()
    one.waits(0)
    expect(one.reason).to_have_value(f"Slow line {lang}")
    one.type(f"Typed {lang}")
    one.is_saved()
    expect(one.reason).to_be_focused()
    assert database.arrived(f"Typed {lang}") == ["applied"]
    assert not Axe().run(one.page).violations_count
    one.type(f"Pressed {lang}")
    one.page.click("button[name=then][value=stay]:visible >> nth=-1")
    one.page.wait_for_load_state()
    one.is_ready()
    one.waits(0)
    assert database.arrived(f"Pressed {lang}") == ["applied"]


def test_a_crash_loses_nothing_and_what_was_heard_is_not_sent_twice(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.cut_the_line()
    one.type("Before the crash")
    one.waits(1)
    assert not any("crash" in row or REASON in row for row in one.waiting())
    one.crash().open()
    one.waits(0)
    expect(one.reason).to_have_value("Before the crash")
    one.lose_the_answer()
    one.type("Heard but not answered")
    one.is_not_saved()
    one.crash().open()
    one.waits(0)
    assert database.arrived("Before the crash") == ["applied"]
    assert database.arrived("Heard but not answered") == ["applied"]


def test_what_waits_survives_signing_out_and_is_nobody_elses(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.beside().sign_out()
    one.type("On a shared computer")
    expect(one.line).to_contain_text("You are no longer signed in.")
    one.waits(1)
    one.email = AUTHORITY
    one.crash().sign_in().open()
    expect(one.line).to_have_text("Your answers are saved as you type.")
    assert "shared" not in one.page.content()
    one.type("By another account")
    one.is_saved()
    one.waits(1)
    assert database.arrived("On a shared computer") == []
    one.sign_out()
    one.email = Visitor.DRAFTER_OF_JORDAN
    one.sign_in().open()
    expect(one.page.locator("fieldset.clash")).to_contain_text("On a shared computer")
    expect(one.page.locator("fieldset.clash")).to_contain_text("By another account")
    one.page.get_by_role("button", name="Keep theirs").click()
    one.waits(0)
    expect(one.reason).to_have_value("By another account")
    assert database.arrived("On a shared computer") == ["clash"]


def test_a_session_that_ends_in_the_middle_of_typing(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    database.revoke(one.email, with_key=False)
    one.type("After the end")
    expect(one.line).to_contain_text("You are no longer signed in.")
    one.waits(1)
    with one.context.expect_page() as opened:
        one.page.get_by_role("link", name="Sign in in a new tab").click()
    beside = Typist(one.context)
    beside.page = opened.value
    beside.sign_in()
    one.page.bring_to_front()
    one.page.evaluate("dispatchEvent(new Event('online'))")
    one.is_saved()
    assert database.arrived("After the end") == ["applied"]


def test_a_key_that_is_gone_is_said_to_be_gone(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.cut_the_line()
    one.type("Nobody reads this")
    one.waits(1)
    database.revoke(one.email, with_key=True)
    one.crash().sign_in().open()
    told = one.page.locator("[data-more]")
    expect(told).to_contain_text("1 answer that waited in this browser can no longer be read.")
    one.page.get_by_role("button", name="I have read this").click()
    one.waits(0)
    expect(told).to_be_empty()
    assert database.arrived("Nobody reads this") == []


def test_without_a_line_everything_waits_and_the_page_stays(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.context.set_offline(True)
    one.type("Without a line")
    one.choose("aichi_targets")
    one.choose("aichi_targets_instead")
    one.is_not_saved(2)
    expect(one.line).to_contain_text("There is no connection.")
    one.page.click("button[name=then][value=continue]")
    expect(one.reason).to_have_value("Without a line")
    one.page.click("summary:has-text('Show what is not saved')")
    expect(one.page.locator(".saving-item textarea").first).to_have_value("Without a line")
    one.context.set_offline(False)
    one.is_saved()
    one.waits(0)
    assert database.arrived("Without a line") == ["applied"]


def test_a_server_that_starts_again_gets_what_was_typed_meanwhile(
    typist: Callable[..., Typist], database: Database, running: Running
) -> None:
    one = typist()
    running.stop()
    try:
        one.type("While it was down")
        one.is_not_saved()
        expect(one.line).to_contain_text("The server does not answer.")
    finally:
        running.start()
    one.is_saved()
    assert database.arrived("While it was down") == ["applied"]


def test_two_at_one_page_merge_and_are_asked_where_they_clash(
    typist: Callable[..., Typist], database: Database
) -> None:
    one, two = typist(), typist(AUTHORITY)
    expect(two.page.locator("[data-present]")).to_contain_text("is working on this page")
    one.type("First")
    one.is_saved()
    two.look_again()
    expect(two.reason).to_have_value("First")
    two.type("Second")
    two.is_saved()
    one.reason.press("End")
    one.reason.press_sequentially(" and more")
    clash = one.page.locator("fieldset.clash")
    expect(clash.locator(".before-after")).to_contain_text("Second")
    expect(clash.locator(".before-after")).to_contain_text("First and more")
    expect(one.reason).to_be_focused()
    expect(one.page.locator("[data-announced]")).to_contain_text("changed by two people")
    assert not Axe().run(one.page).violations_count
    one.page.keyboard.press("Shift+Tab")
    one.page.keyboard.press("Shift+Tab")
    expect(one.page.get_by_role("button", name="Keep mine")).to_be_focused()
    one.page.keyboard.press("Enter")
    expect(clash).to_have_count(0)
    expect(one.reason).to_be_focused()
    one.is_saved()
    expect(two.reason).to_be_focused()
    two.look_again()
    two.page.wait_for_timeout(500)
    expect(two.reason).to_have_value("Second")
    two.reason.blur()
    expect(two.reason).to_have_value("First and more")
    assert database.arrived("First and more") == ["clash", "applied"]
    assert database.arrived("Second") == ["applied"]


@contextmanager
def waiting_for_sign_off(database: Database, submission: str) -> Iterator[None]:
    """Let a colleague have sent the draft for sign-off, and get it back."""
    status = "UPDATE draft SET status = :new WHERE submission_id = :id"
    database.run(status, id=submission, new="awaiting_sign_off")
    try:
        yield
    finally:
        database.run(status, id=submission, new="open")


def test_a_draft_that_is_sent_for_sign_off_under_the_typist(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    with waiting_for_sign_off(database, one.submission):
        one.type("Too late")
        expect(one.line).to_contain_text("Not yet saved: 1 answer. This cannot be done now.")
        one.page.click("summary:has-text('Show what is not saved')")
        expect(one.page.locator(".saving-item textarea")).to_have_value("Too late")
        one.page.goto(one.home)
        expect(one.line).to_contain_text("Not yet saved: 1 answer. This cannot be done now.")
    one.open()
    one.waits(0)
    assert database.arrived("Too late") == ["applied"]


def test_what_was_typed_last_is_kept_by_whoever_leaves_at_once(
    typist: Callable[..., Typist], database: Database
) -> None:
    """The page knows already that nothing can be sent, and so has sent nothing."""
    one = typist()
    one.page.on("dialog", lambda dialog: dialog.accept())
    with waiting_for_sign_off(database, one.submission):
        one.look_again()
        expect(one.line).to_contain_text("This cannot be done now.")
        one.type("Typed and left")
        one.page.goto(one.home)
        expect(one.line).to_contain_text("Not yet saved: 1 answer. This cannot be done now.")
    one.open()
    one.waits(0)
    assert database.arrived("Typed and left") == ["applied"]


def test_the_home_page_tells_what_waits_even_if_its_key_comes_late(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.cut_the_line()
    one.type("Waits for a key")
    one.waits(1)
    one.page.route(KEY, lambda route: route.abort())
    one.page.goto(one.home)
    one.page.wait_for_timeout(500)
    expect(one.line).to_have_text("Your answers are saved as you type.")
    expect(one.page.locator("[data-saving]")).to_be_hidden()
    one.page.unroute(KEY)
    one.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(one.line).to_contain_text("Not yet saved: 1 answer.")
    one.page.unroute(SENDING)
    one.page.evaluate("dispatchEvent(new Event('online'))")
    one.waits(0)
    assert database.arrived("Waits for a key") == ["applied"]


def test_a_new_row_is_made_once(typist: Callable[..., Typist], database: Database) -> None:
    one = typist().open(ASSESSMENT)
    one.page.check("input[name=progress][value=unknown]")
    one.is_saved()
    one.page.check("input[type=radio][name=adequacy] >> nth=0")
    one.is_saved()
    assert not one.page.url.partition("?")[0].endswith("/add")
    one.page.reload()
    one.is_ready()
    expect(one.page.locator("input[name=progress][value=unknown]")).to_be_checked()
    one.page.click("button[name=then][value=continue]")
    one.page.wait_for_load_state()
    made = "SELECT id FROM operation WHERE kind = 'add_row' AND submission_id = :id"
    rows = database.run(made, id=one.submission)
    assert len(rows) == 1


def test_a_browser_that_keeps_nothing_says_so(
    typist: Callable[..., Typist], database: Database
) -> None:
    one = typist()
    one.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'locks', {value: null})"
    )
    one.page.goto(f"{one.home}/draft/{BASIS}")
    expect(one.line).to_contain_text("This browser cannot keep what is not sent yet")
    one.type("Kept nowhere")
    one.is_saved()
    assert database.arrived("Kept nowhere") == ["applied"]
