"""Who looks: the accounts of the demonstration, and how they sign in."""

from enum import StrEnum

from playwright.sync_api import Page

from app.services.demo import PASSWORD


class Visitor(StrEnum):
    """One of each role, by the e-mail address; nobody has none. Jordan's form is still empty."""

    NOBODY = ""
    DRAFTER = "national-user.ken@example.org"
    AUTHORITY = "publishing-authority.ken@example.org"
    REVIEWER = "reviewer@example.org"
    ADMINISTRATOR = "administrator@example.org"
    DRAFTER_OF_JORDAN = "national-user.jor@example.org"
    AUTHORITY_OF_JORDAN = "publishing-authority.jor@example.org"


def sign_in(page: Page, visitor: Visitor) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", visitor)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
