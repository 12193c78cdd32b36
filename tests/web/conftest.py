"""A tiny form with one question of each type, and people who work on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from app.services.submissions import draft_document
from tests import make
from tests.page import Browse
from tests.web.person import Person

SignIn = Callable[[Account], None]
Draft = Callable[[Submission], dict[str, Any]]


@pytest.fixture
def tiny(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Form:
    """Return the tiny form, which the application has now, in English and Arabic."""
    forms = Catalogue(Path(__file__).parent / "forms")
    monkeypatch.setitem(app.extensions, "canopy_forms", forms)
    monkeypatch.setitem(app.extensions, "canopy_languages", ("ar", "en"))
    return forms.load("tiny", 1)


@pytest.fixture
def kenya(session: Session, tiny: Form, sign_in: SignIn) -> Submission:
    """Return Kenya's submission of the tiny form; somebody who drafts for Kenya is signed in."""
    submission = make.make_submission(session, form=tiny)
    sign_in(make.make_account(session, name="Drafter"))
    return submission


@pytest.fixture
def signing(session: Session, sign_in: SignIn) -> Callable[[], Account]:
    """Return a function that signs in Kenya's publishing authority."""

    def sign_in_authority() -> Account:
        account = make.make_account(session, Role.PUBLISHING_AUTHORITY)
        sign_in(account)
        return account

    return sign_in_authority


@pytest.fixture
def draft(session: Session, tiny: Form) -> Draft:
    """Return a function that reads the draft of a submission anew."""

    def read(submission: Submission) -> dict[str, Any]:
        session.expire_all()
        return draft_document(tiny, submission)

    return read


@pytest.fixture
def people(
    browse: Browse, session: Session, sign_in: SignIn, kenya: Submission, client: FlaskClient
) -> tuple[Person, Person]:
    client.post(f"/submissions/{kenya.id}/draft/forest", data={"has_forest": "yes"})
    ann = make.make_account(session, name="Ann")
    ben = make.make_account(session, Role.PUBLISHING_AUTHORITY, name="Ben")
    return Person(browse, sign_in, ann, kenya), Person(browse, sign_in, ben, kenya)
