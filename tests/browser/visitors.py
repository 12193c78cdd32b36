"""Who looks: the accounts of the demonstration, and how they sign in."""

import os
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Page
from sqlalchemy import select

from app import create_app
from app.config import Config
from app.extensions import db, file_store, forms_in_use
from app.forms.catalogue import Catalogue
from app.forms.places import Place
from app.models.account import Account, Purpose, Role
from app.models.collection import Collection
from app.models.counting import latest
from app.models.proposal import Proposal, Suggestion, SuggestionKind
from app.models.submission import Revision, Submission
from app.services import queries
from app.services.accounts import account_of
from app.services.delegates import send_again
from app.services.demo import COLLECTION, PASSWORD
from app.services.demo_delegates import EMAIL
from app.services.demo_paper import send_on_paper
from app.services.links import make_link
from app.services.passwords import set_password
from app.services.queries import Asked
from app.services.submissions import standing
from app.workflow import Standing

FILES: Final = Path(tempfile.gettempdir()) / f"canopy-browser-files-{os.getuid()}"
KEY: Final = "for the browser tests alone, not a secret"
FIRST: Final = "AFG"  # the Party that lists begin with in English
SIGNATORIES: Final = "/admin/accounts/?search=publishing-authority.ken"  # the page that shows most
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
    READER = "reader.ken@example.org"
    PARTNER = "partner@example.org"
    REVIEWER = "reviewer@example.org"
    ANALYST = "analyst@example.org"
    ADMINISTRATOR = "administrator@example.org"
    DRAFTER_OF_JORDAN = "national-user.jor@example.org"
    AUTHORITY_OF_JORDAN = "publishing-authority.jor@example.org"


class LetIn(NamedTuple):
    """What `let_in_more` adds: e-mail addresses, links as mails hold them, and where one begins."""

    emails: list[str]
    links: tuple[str, ...]
    starts: dict[str, str]  # by visitor: a page that the lists do not lead to in every language


def let_in_more(uri: str) -> LetIn:
    """Let in the publishing authority of one Party for each place where a submission can stand."""
    app = create_app(Config(SECRET_KEY=KEY, SQLALCHEMY_DATABASE_URI=uri, FILES_DIR=FILES))
    with app.app_context():
        authorities = list(dict.fromkeys([*one_for_each_standing(), authority_of(FIRST)]))
        for account in authorities:
            set_password(db.session(), account, PASSWORD)
        links = (*links_in_mails(authorities[0]), comparison(), *delegate_pages())
        for account in authorities:
            ask(account, forms_in_use())
        sources = enter_on_behalf(FIRST, forms_in_use())
        emails = [account.email for account in authorities]
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return LetIn(emails, links, {Visitor.REVIEWER: sources, Visitor.ADMINISTRATOR: SIGNATORIES})


def comparison() -> str:
    """Return where the revisions of a submission that has several are compared."""
    several = select(Revision.submission_id).where(
        Revision.number > 1, Revision.withdrawn_at.is_(None)
    )
    return f"/submissions/{db.session.scalars(several).first()}/changes"


def delegate_pages() -> list[str]:
    """Return where a delegate is let in, and where it takes back the row that it suggests."""
    proposal = db.session.scalars(select(Proposal).where(Proposal.email == EMAIL)).one()
    row = db.session.scalars(
        select(Suggestion.place).where(
            Suggestion.proposal_id == proposal.id, Suggestion.kind == SuggestionKind.ADD_ROW
        )
    ).one()
    home = f"/d/{send_again(db.session(), proposal, proposal.creator)}"
    return [home, f"{home}/draft/{row}/remove"]


def ask(account: Account, forms: Catalogue) -> None:
    """Let the reviewer ask the Party of *account* about what it has signed; that sends mails."""
    reviewer = account_of(db.session(), Visitor.REVIEWER)
    for submission in db.session.scalars(
        select(Submission).where(Submission.party_code == account.party_code)
    ):
        if latest(submission):
            form = forms.load(submission.collection.form, submission.collection.form_version)
            place = Place(form.sections[0].id)
            asked = Asked(place=place, question="", text="Why?", language="en")
            queries.ask(db.session(), submission, form, asked, reviewer)


def enter_on_behalf(party: str, forms: Catalogue) -> str:
    """Let the reviewer enter, on behalf of a Party, what another one has signed.

    Returns where the documents are from which it is entered.
    """
    session, reviewer = db.session(), account_of(db.session(), Visitor.REVIEWER)
    collection = session.get_one(Collection, COLLECTION)
    form = forms.load(collection.form, collection.form_version)
    send_on_paper(session, collection, form, party, reviewer, file_store())
    submission = session.scalars(
        select(Submission).where(
            Submission.collection_code == COLLECTION, Submission.party_code == party
        )
    ).one()
    return f"/submissions/{submission.id}/sources/"


def authority_of(party: str) -> Account:
    """Return the publishing authority of a Party."""
    wanted = (Account.party_code == party, Account.role == Role.PUBLISHING_AUTHORITY)
    return db.session.scalars(select(Account).where(*wanted)).one()


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
                Account.email.startswith("publishing-authority"),  # no alternate
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
