"""A real database for the services, without the web."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app.files.stored import FileStore
from app.forms.catalogue import Catalogue
from app.forms.categories import Category
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.audit import Seal
from app.models.engine import configure
from app.models.party import Party, PartyStatus
from app.models.sealed import seal_with
from app.models.source_file import SourceFile
from app.models.submission import Event, Revision, Submission
from app.receipts import link
from app.services import submissions
from app.services.accounts import add_account
from app.services.acts import record_act
from app.services.audit import verify
from app.services.collections import open_collection
from app.services.designations import designate
from app.services.events import event_facts
from app.services.keys import make_key
from app.services.receipts import Issuer
from app.services.seals import seal
from app.services.sources import attach
from tests.databases import Databases
from tests.services.importing import administrator, load

__all__ = ["administrator", "load"]  # fixtures of another file

FORMS = Catalogue(Path(__file__).parent / "forms")
DOCUMENT: dict[str, Any] = {
    "kind": "a",
    "things": [{"row": "one", "answers": {"thing_name": "Lamp"}}],
}


class Office:
    """A submission with a history, an auditor, and somebody who changes the database."""

    def __init__(
        self, session: Session, issuer: Issuer, submission: Submission, form: Form, person: Account
    ) -> None:
        self.session, self.issuer, self.submission = session, issuer, submission
        self.form, self.person = form, person
        self.files = FileStore(issuer.key.parent / "files")

    def attach(self, content: bytes = b"%PDF-1.7 signed on paper") -> SourceFile:
        return attach(self.session, self.submission, self.files, "report.pdf", content, self.person)

    def sign(self) -> Revision:
        args = (self.session, self.submission, self.form)
        submissions.replace_document(*args, DOCUMENT, self.person)
        submissions.send_for_sign_off(*args, self.person)
        return submissions.sign(*args, self.person, "en")

    def seal(self) -> Seal | None:
        made = seal(self.session, self.issuer, FORMS)
        self.session.commit()
        return made

    def problems(self) -> list[str]:
        self.session.commit()
        self.session.expire_all()
        return list(verify(self.session, self.issuer, self.files).problems())

    def event(self, number: int) -> Event:
        return self.session.get_one(Event, (self.submission.id, number))

    def change(self, sql: str, **values: object) -> None:
        self.session.execute(text(sql), {"id": self.submission.id, **values})

    def rehash(self) -> None:
        """Chain the events anew and put the head right, as a thorough forger does."""
        self.session.flush()
        self.session.expire_all()
        found = self.session.scalars(
            select(Event).where(Event.submission_id == self.submission.id).order_by(Event.number)
        ).all()
        previous = "0" * 64
        for number, event in enumerate(found, 1):
            if event.number != number:
                self.change(
                    "UPDATE event SET number = :to WHERE submission_id = :id AND number = :of",
                    to=number,
                    of=event.number,
                )
                self.session.expire_all()
                event = self.event(number)  # noqa: PLW2901 - the same row under its new number
            event.previous_hash = previous
            previous = event.hash = link(previous, event_facts(event))
            self.submission.head_number, self.submission.head_hash = number, previous
            self.session.flush()


@pytest.fixture
def empty_session(databases: Databases, migrated: str) -> Iterator[Session]:
    """A session on an empty database."""
    engine = create_engine(databases.copy(migrated, "services"))
    configure(engine, lambda: False)
    seal_with(engine, "a key for tests alone, which is no secret")
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def short_form() -> Form:
    """A form with each kind of place: a section, a row, a row in a row."""
    return FORMS.load("journey", 1)


@pytest.fixture
def two_parties(empty_session: Session) -> Session:
    """A session on a database that knows two Parties and an observer."""
    for code, status in (("KEN", "party"), ("JOR", "party"), ("VAT", "observer")):
        empty_session.add(Party(code=code, iso_alpha2=code[:2]))
        empty_session.flush()
        empty_session.add(
            PartyStatus(
                party_code=code,
                agreement="cbd",
                position=0,
                status=status,
                from_on=date(1994, 1, 1),
                to_on=None,
            )
        )
    empty_session.flush()
    return empty_session


@pytest.fixture
def drafter(two_parties: Session) -> Account:
    """Somebody who drafts and signs for Kenya."""
    account = add_account(two_parties, "authority@example.org", Role.PUBLISHING_AUTHORITY, "KEN")
    designate(two_parties, account, Category.PRIMARY, date(1993, 12, 29), by=None)
    return account


@pytest.fixture
def kenya(two_parties: Session, short_form: Form) -> Submission:
    """Kenya's submission in a collection that has just been opened."""
    open_collection(two_parties, "test", short_form, opens_on=date(2020, 1, 1))
    return two_parties.query(Submission).filter_by(party_code="KEN").one()


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    make_key(tmp_path / "signing-key.pem")
    return Issuer(tmp_path / "signing-key.pem", "http://127.0.0.1:8000")


@pytest.fixture
def office(
    two_parties: Session, issuer: Issuer, kenya: Submission, short_form: Form, drafter: Account
) -> Office:
    """Twice signed, and sealed after each."""
    office = Office(two_parties, issuer, kenya, short_form, drafter)
    record_act(two_parties, "collection", "test", "open", drafter)
    office.sign()
    office.seal()
    submissions.revise(two_parties, kenya, short_form, drafter)
    office.sign()
    record_act(two_parties, "collection", "test", "remind", drafter)
    office.seal()
    return office
