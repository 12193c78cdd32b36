"""Who looks: the accounts of the demonstration, and how they sign in."""

from typing import Final

from playwright.sync_api import Page

NOBODY: Final = ""
VISITORS: Final = (NOBODY, "drafter", "authority", "reviewer", "administrator")


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
