"""Filling in a draft: what people type, in which language, and what the page tells them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.submission import Submission
from app.services.submissions import draft_document
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]


@pytest.fixture
def submission(session: Session, sign_in: SignIn) -> Submission:
    """Return Kenya's submission of the Aichi form; somebody who drafts for Kenya is signed in."""
    submission = make.make_submission(session)
    sign_in(make.make_account(session, name="Drafter"))
    return submission


def draft(session: Session, submission: Submission) -> dict[str, Any]:
    session.expire_all()
    return draft_document(make.aichi(), submission)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_a_draft(browse: Browse, submission: Submission, language: str) -> None:
    home = f"/submissions/{submission.id}"
    browse(home, language=language)
    browse(f"{home}/draft/basis", language=language)
    browse(f"{home}/draft/targets", language=language)
    browse(f"{home}/check", language=language)
