"""The language of a page: the address, the cookie, the account, the browser; and how it is told."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account
from app.web.locale import COOKIE
from tests.make import make_account
from tests.page import Browse, Page, parse


def language_of(client: FlaskClient, address: str = "/", accept: str = "") -> str:
    answer = client.get(address, headers={"Accept-Language": accept})
    return str(parse(answer.text).get("lang"))


def test_the_browser_is_asked(client: FlaskClient) -> None:
    assert language_of(client, accept="ar") == "ar"
    assert language_of(client, accept="ar-EG, fr;q=0.5") == "ar"


def test_a_language_that_is_not_offered_gives_english(client: FlaskClient) -> None:
    assert language_of(client, accept="sw") == "en"
    assert language_of(client, "/?lang=sw", accept="ar") == "ar"
    assert language_of(client) == "en"


def test_the_account_comes_before_the_browser(
    session: Session, client: FlaskClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_account(session, language="ar"))
    assert language_of(client, accept="en") == "ar"


def test_the_cookie_comes_before_the_account(
    session: Session, client: FlaskClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_account(session, language="ar"))
    client.set_cookie(COOKIE, "en")
    assert language_of(client) == "en"


def test_the_address_wins_and_is_kept(client: FlaskClient) -> None:
    client.set_cookie(COOKIE, "en")
    assert language_of(client, "/?lang=ar", accept="en") == "ar"
    assert language_of(client, accept="en") == "ar"


def test_a_cookie_with_nonsense_is_not_followed(client: FlaskClient) -> None:
    client.set_cookie(COOKIE, "<script>")
    assert language_of(client) == "en"


def switch(page: Page) -> dict[str, str]:
    return {a.get("lang", ""): a.get("href", "") for a in page.all("a") if a.get("hreflang")}


def test_the_switch_keeps_the_address(browse: Browse) -> None:
    page = browse("/parties/KEN?on=2018-12-31&by=a&by=b")
    assert switch(page)["ar"] == "/parties/KEN?on=2018-12-31&by=a&by=b&lang=ar"
    assert switch(browse(switch(page)["ar"], language="ar"))["en"].endswith("by=b&lang=en")


def test_the_switch_marks_the_present_language(browse: Browse) -> None:
    current = [a.get("lang") for a in browse("/").all("a", aria_current="true")]
    assert current == ["en"]


def test_the_switch_of_a_page_that_was_posted(browse: Browse) -> None:
    page = browse("/sign-in", 422, data={})
    assert switch(page)["ar"] == "/sign-in?lang=ar"


def test_caches_are_told_what_the_page_depends_on(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "ar"})
    assert answer.headers["Content-Language"] == "ar"
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_says_the_direction(browse: Browse, language: str) -> None:
    browse("/", language=language)
