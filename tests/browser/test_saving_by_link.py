"""A delegate's page saves by itself: no account, and nothing typed is lost or sent twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select

from app import create_app
from app.config import Config
from app.extensions import db, forms_in_use
from app.forms.places import Place
from app.models.account import Account
from app.models.proposal import Proposal
from app.models.submission import Submission
from app.services.accounts import account_of
from app.services.delegates import invite, send_again
from app.services.demo import COLLECTION
from app.services.proposals import Wished, close
from tests.browser.conftest import Running
from tests.browser.saving import BASIS, REASON, Database, Typist
from tests.browser.visitors import FILES, KEY, Visitor


@dataclass
class Party:
    """The Party that invites: links and their end, without its pages."""

    url: str
    ids: list[str] = field(default_factory=list)

    def invite(self) -> str:
        """Return the link of a new invitation."""
        with self._session() as (submission, by):
            collection = submission.collection
            form = forms_in_use().load(collection.form, collection.form_version)
            until = datetime.now(UTC) + timedelta(days=9)
            wished = Wished(
                places=[Place(BASIS)], name="Ama", email="ama@example.org", ends_at=until
            )
            proposal, secret = invite(db.session(), submission, form, by, wished)
            self.ids.append(proposal.id)
        return f"/d/{secret}"

    def send_again(self) -> str:
        with self._session() as (submission, by):
            return f"/d/{send_again(db.session(), self._last(submission), by)}"

    def end(self) -> None:
        with self._session() as (submission, by):
            close(db.session(), self._last(submission), by)

    def _last(self, submission: Submission) -> Proposal:
        return db.session.get_one(Proposal, (submission.id, self.ids[-1]))

    @contextmanager
    def _session(self) -> Iterator[tuple[Submission, Account]]:
        config = Config(SECRET_KEY=KEY, SQLALCHEMY_DATABASE_URI=self.url, FILES_DIR=FILES)
        with create_app(config).app_context():
            by = account_of(db.session(), Visitor.DRAFTER_OF_JORDAN)
            found = select(Submission).where(
                Submission.party_code == by.party_code, Submission.collection_code == COLLECTION
            )
            try:
                yield db.session.scalars(found).one(), by
                db.session.commit()
            finally:
                db.session.remove()
                db.engine.dispose()


class Delegate(Typist):
    """One browser, in which nobody is signed in, at the page behind a link."""

    sending = "**/d/*/operations?*"

    def __init__(self, context: BrowserContext, home: str) -> None:
        super().__init__(context)
        self.home = home

    def is_ready(self) -> "Delegate":
        expect(self.line).not_to_be_empty()
        return self

    def follow(self, link: str) -> "Delegate":
        self.home = link
        self.open()
        if not self.reason.is_visible():
            self.choose()
            self.is_saved()
            self.open()
        return self


@pytest.fixture
def party(running: Running) -> Party:
    return Party(running.url)


@pytest.fixture
def delegate(running: Running, browser: Browser, party: Party) -> Iterator[Delegate]:
    with browser.new_context(base_url=f"http://127.0.0.1:{running.port}") as context:
        yield Delegate(context, party.invite()).follow(party.send_again())


def suggested(database: Database, words: str) -> list[str]:
    """Return in which states a text was suggested: one for each time."""
    query = "SELECT state, answer FROM suggestion WHERE question = :question ORDER BY at, number"
    found = database.run(query, question=REASON)
    return [state for state, answer in found if f'"{words}"' in str(answer).replace("'", '"')]


def test_a_delegates_text_is_saved_as_it_is_typed_and_survives_a_crash_and_a_newer_link(
    delegate: Delegate, party: Party, database: Database
) -> None:
    delegate.type("Typed by a delegate")
    delegate.is_saved()
    assert suggested(database, "Typed by a delegate") == ["waiting"]
    assert not Axe().run(delegate.page).violations_count
    delegate.cut_the_line()
    delegate.type("Before the crash")
    delegate.waits(1)
    assert not any("crash" in row or REASON in row for row in delegate.waiting())
    delegate.crash()
    delegate.follow(party.send_again())
    delegate.waits(0)
    expect(delegate.reason).to_have_value("Before the crash")
    assert suggested(database, "Before the crash") == ["waiting"]
    delegate.lose_the_answer()
    delegate.type("Heard but not answered")
    delegate.is_not_saved()
    delegate.crash().open()
    delegate.waits(0)
    assert suggested(database, "Heard but not answered") == ["waiting"]


def test_a_link_that_ends_while_somebody_types_leaves_the_text_to_copy_and_no_key(
    delegate: Delegate, party: Party, database: Database
) -> None:
    party.end()
    delegate.type("After the end")
    expect(delegate.line).to_contain_text("This invitation has ended")
    delegate.waits(1)
    delegate.page.get_by_text("Show what is not saved").click()
    expect(delegate.page.locator(".saving-item textarea")).to_have_value("After the end")
    assert suggested(database, "After the end") == []
    delegate.crash().page.goto(delegate.home)
    assert delegate.page.locator("h1").inner_text() == "This invitation has ended"
    assert delegate.page.request.get(f"{delegate.home}/key").status == 410


def test_two_tabs_of_one_link_are_asked_where_they_clash(
    delegate: Delegate, database: Database
) -> None:
    other = Delegate(delegate.context, delegate.home).follow(delegate.home)
    other.cut_the_line()
    delegate.type("First tab")
    delegate.is_saved()
    other.type("Second tab")
    other.is_not_saved()
    other.page.unroute(other.sending)
    other.page.evaluate("dispatchEvent(new Event('online'))")
    other.page.get_by_role("button", name="Keep mine").click()
    other.is_saved()
    assert suggested(database, "Second tab") == ["clash", "waiting"]
    delegate.reason.blur()
    delegate.look_again()
    expect(delegate.reason).to_have_value("Second tab")
    expect(delegate.page.locator("[data-announced]")).to_contain_text("Changed from another page")
