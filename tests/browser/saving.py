"""Somebody at a page that saves by itself, and the operations that arrive."""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Locator, Route, expect
from sqlalchemy import create_engine, text

from tests.browser.visitors import Visitor, sign_in

BASIS: Final = "basis"
CHOICE: Final = "targets_basis"
REASON: Final = "not_national_reason"
SAVED: Final = re.compile(r"[0-9]{2}:[0-9]{2}")
SENDING: Final = "**/draft/operations?*"
KEY: Final = "**/sign-in/key"
WAITING: Final = """async () => {
  const found = request =>
    new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
  const database = await found(indexedDB.open("canopy", 1));
  const rows = await found(database.transaction("waiting").objectStore("waiting").getAll());
  database.close();
  return rows.map(({ data, ...row }) => JSON.stringify(row) + new TextDecoder().decode(data));
}"""


class Typist:
    """One browser profile, one account, and the page that is open."""

    sending = SENDING

    def __init__(self, context: BrowserContext, email: str = Visitor.DRAFTER_OF_JORDAN) -> None:
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.email = email
        self.home = ""

    def sign_in(self) -> "Typist":
        sign_in(self.page, self.email)
        return self

    def open(self, place: str = BASIS) -> "Typist":
        if not self.home:
            self.page.click("main a[href^='/submissions/']")
            self.page.wait_for_url("**/submissions/*")
            self.home = self.page.url.partition("?")[0]
        self.page.goto(f"{self.home}/draft/{place}")
        return self.is_ready()

    def is_ready(self) -> "Typist":
        expect(self.line).not_to_be_empty()
        expect(self.page.locator("form[data-is-followed]")).to_have_count(1)
        return self

    @property
    def line(self) -> Locator:
        return self.page.locator("[data-line]")

    @property
    def reason(self) -> Locator:
        return self.page.locator(f"textarea[name={REASON}]").first

    @property
    def submission(self) -> str:
        return self.home.rpartition("/")[2]

    def choose(self, code: str = "aichi_targets_instead") -> None:
        self.page.check(f"input[name={CHOICE}][value={code}]")

    def type(self, words: str) -> None:
        """Type in the place of what is there, and stay in the field."""
        self.reason.press("ControlOrMeta+a")
        self.reason.press_sequentially(words)

    def is_saved(self) -> None:
        expect(self.page.locator("[data-saving][data-state=well] [data-line]")).to_have_text(SAVED)

    def waiting(self) -> list[str]:
        return list(self.page.evaluate(WAITING))

    def waits(self, count: int) -> None:
        """Wait until so many operations wait in the browser."""
        for _ in range(300):
            found = len(self.waiting())
            if found == count:
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"{found} operations wait in the browser, not {count}")

    def is_not_saved(self, count: int = 1) -> None:
        words = "1 answer" if count == 1 else f"{count} answers"
        expect(self.line).to_contain_text(f"Not yet saved: {words}.")

    def cut_the_line(self) -> None:
        self.page.route(self.sending, lambda route: route.abort())

    def lose_the_answer(self) -> None:
        """Let the server carry out what is sent, and never hear of it."""

        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        self.page.route(self.sending, lose)

    def crash(self) -> "Typist":
        """Take the page away without any of its events; have a new one."""
        self.page.close(run_before_unload=False)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        return self

    def look_again(self) -> None:
        """Let the page ask now what others have changed, as when it comes back into sight."""
        event = "new PageTransitionEvent('pageshow', {persisted: true})"
        self.page.evaluate(f"dispatchEvent({event})")

    def beside(self) -> "Typist":
        """Return another tab of the same browser, at the home page."""
        other = Typist(self.context, self.email)
        other.page.goto("/")
        return other

    def sign_out(self) -> None:
        self.page.click("form[action$='/sign-in/out'] button")
        self.page.wait_for_url("**/")


class Database:
    """What has arrived, and what administrators and colleagues do meanwhile."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)

    def run(self, sql: str, **values: str) -> list[Any]:
        with self.engine.begin() as connection:
            result = connection.execute(text(sql), values)
            return list(result) if result.returns_rows else []

    def arrived(self, words: str) -> list[str]:
        """Return in which states a text is in the history: one for each operation."""
        found = self.run(
            "SELECT state, after FROM operation WHERE question = :question ORDER BY number",
            question=REASON,
        )
        return [state for state, after in found if f'"{words}"' in str(after).replace("'", '"')]

    def revoke(self, email: str, *, with_key: bool) -> None:
        """End the sessions of an account; its owner, who revokes one, also drops the key."""
        (account,) = self.run("SELECT id FROM account WHERE email = :email", email=email)
        at = "2026-01-01 00:00:00.000000"
        self.run(
            "UPDATE user_session SET revoked_at = :at WHERE account_id = :id", at=at, id=account[0]
        )
        if with_key:
            self.run("DELETE FROM browser_key WHERE account_id = :id", id=account[0])
