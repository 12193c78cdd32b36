"""Who looks: the accounts of the demonstration, and how they sign in."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from playwright.sync_api import Page
from sqlalchemy import select

from app import create_app
from app.config import Config
from app.extensions import db
from app.models.account import Account, Purpose, Role
from app.models.submission import Submission
from app.services.demo import PASSWORD
from app.services.links import make_link
from app.services.passwords import set_password
from app.services.submissions import standing
from app.workflow import Standing

LINKS: Final = {
    Purpose.INVITATION: "/sign-in/link/",
    Purpose.CONFIRM_EMAIL: "/account/email/confirm/",
    Purpose.STOP_EMAIL: "/account/email/stop/",
}


class Visitor(StrEnum):
    """One of each role, by the e-mail address; nobody has none. Jordan's form is still empty."""

    NOBODY = ""
    DRAFTER = "national-user.ken@example.org"
    AUTHORITY = "publishing-authority.ken@example.org"
    REVIEWER = "reviewer@example.org"
    ADMINISTRATOR = "administrator@example.org"
    DRAFTER_OF_JORDAN = "national-user.jor@example.org"
    AUTHORITY_OF_JORDAN = "publishing-authority.jor@example.org"


def let_in_more(uri: str) -> tuple[list[str], tuple[str, ...]]:
    """Let in the publishing authority of one Party for each place where a submission can stand.

    Returns their e-mail addresses, and links as mails hold them.
    """
    app = create_app(Config(SECRET_KEY="k" * 32, SQLALCHEMY_DATABASE_URI=uri))
    with app.app_context():
        authorities = list(one_for_each_standing())
        for account in authorities:
            set_password(db.session(), account, PASSWORD)
        links = tuple(links_in_mails(authorities[0]))
        emails = [account.email for account in authorities]
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return emails, links


def links_in_mails(account: Account) -> Iterator[str]:
    scope = {"email": "new@example.org"}
    for purpose, path in LINKS.items():
        _row, secret = make_link(db.session(), account, purpose, scope=scope)
        yield path + secret


def one_for_each_standing() -> Iterator[Account]:
    found: set[Standing] = set()
    for submission in db.session.scalars(select(Submission)):
        account = db.session.scalar(
            select(Account).where(
                Account.party_code == submission.party_code,
                Account.role == Role.PUBLISHING_AUTHORITY,
            )
        )
        if account and standing(submission) not in found:
            found.add(standing(submission))
            yield account


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
