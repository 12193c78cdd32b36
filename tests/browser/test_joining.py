"""From an invitation by mail to signing in with a code; and what is typed while a session ends."""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pyotp import TOTP

from app.models.base import now
from tests.browser.conftest import Server, run_flask, serve
from tests.browser.visitors import Visitor, sign_in
from tests.databases import Databases
from tests.make import PASSWORD

NEW = "new@example.org"

pytestmark = pytest.mark.timeout(400)  # the first test also waits for the demonstration


class Post(NamedTuple):
    """A server of this test's own, and the mails that its worker sends."""

    server: Server
    database: str
    folder: Path

    def link(self) -> str:
        """Let the worker send what waits; return the path in the one mail to who is invited."""
        run_flask(self.database, "jobs", "work", "--once")
        sent = (
            message_from_bytes(mail.read_bytes(), policy=default)
            for mail in self.folder.rglob("*.eml")
        )
        (message,) = (each for each in sent if each["To"] == NEW)
        said = str(message.get_content())
        found = re.search(r"/sign-in/link/[\w-]+", said)
        assert found, said
        return found.group()


@pytest.fixture
def post(
    demonstration: str, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Post]:
    monkeypatch.setenv("MAIL_DIR", str(tmp_path / "mail"))
    database = databases.copy(demonstration, "joining")
    with serve(database) as server:
        yield Post(server, database, tmp_path / "mail")


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_invitation_to_signing_in_with_a_code(
    post: Post, open_page: Callable[..., Page], lang: str, *, scripts: bool
) -> None:
    administrator = open_page(post.server, lang=lang, scripts=scripts)
    sign_in(administrator, Visitor.ADMINISTRATOR)
    invite(administrator, lang)
    page = open_page(post.server, lang=lang, scripts=scripts)
    join(page, post.link())
    secret = set_up_codes(page)
    look(page, scripts=scripts)
    page.click("header form button")
    page.goto("/sign-in")
    page.fill("#email", NEW)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    look(page, scripts=scripts)
    page.fill(
        "#code", TOTP(secret).at(now(), counter_offset=1)
    )  # the next one: the present one is used
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    page.goto("/account/sessions")
    expect(page.locator("main .rows > li")).to_have_count(1)


def test_what_is_typed_while_a_session_ends_is_sent_after_signing_in(
    post: Post, open_page: Callable[..., Page]
) -> None:
    page = open_page(post.server, scripts=False)
    sign_in(page, Visitor.DRAFTER_OF_JORDAN)
    page.click("main a[href^='/submissions/']")
    page.click("main a[href$='/draft/basis'] >> nth=0")
    page.check("input[name=targets_basis][value=aichi_targets]")
    run_flask(post.database, "users", "revoke-sessions", Visitor.DRAFTER_OF_JORDAN)
    page.click("button[name=then][value=continue]:visible >> nth=-1")
    look(page, scripts=False)
    page.fill("#email", Visitor.DRAFTER_OF_JORDAN)
    page.fill("#password", "canopy-demonstration")
    page.click("main button[type=submit]")
    page.click("main form[action$='/draft/basis'] button")
    page.goto(page.url.partition("/draft/")[0] + "/draft/basis")
    chosen = page.locator("input[name=targets_basis][value=aichi_targets]")
    expect(chosen).to_be_checked()


def invite(page: Page, lang: str) -> None:
    page.goto("/admin/accounts/invite")
    page.fill("#email", NEW)
    page.select_option("#role", "publishing_authority")
    page.select_option("#party", "JOR")
    page.select_option("#language", lang)
    page.fill("#from_on", "2018-01-01")
    page.fill("#letter", "Note 18/001")
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text(NEW)


def join(page: Page, link: str) -> None:
    """Open the link twice, as a program that looks through mail does before its reader."""
    page.goto(link)
    page.goto(link)
    page.fill("#name", "Somebody New")
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    expect(page.locator("header .account-name")).to_contain_text("Somebody New")


def set_up_codes(page: Page) -> str:
    page.goto("/account/second-step/set-up")
    secret = "".join((page.locator("main bdi.code").text_content() or "").split())
    page.fill("#code", TOTP(secret).at(now()))
    page.fill("#current", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    return secret


def look(page: Page, *, scripts: bool) -> None:
    """Have axe look at a page that no link leads to; it needs scripts."""
    if scripts:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
