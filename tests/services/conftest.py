"""A real database for the services, without the web."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.forms.catalogue import Catalogue
from app.forms.categories import Category
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.engine import configure
from app.models.party import Party, PartyStatus
from app.models.sealed import seal_with
from app.models.submission import Submission
from app.services.accounts import add_account
from app.services.collections import open_collection
from app.services.designations import designate
from tests.databases import Databases

FORMS = Catalogue(Path(__file__).parent / "forms")


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
