"""Before signing: who will read what, the deadline, and that what is signed is what was read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.base import clock_at
from app.models.submission import Draft, DraftPart, Revision, Submission
from app.services.events import record
from app.workflow import DraftStatus
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]

COMPLETE: dict[str, Any] = {
    "has_forest": "yes",
    "trees": "1200",
    "many.explanation": {"en": {"text": "Counted twice."}},
    "keeper": "Word for the Secretariat",
    "diary": {"en": {"text": "Word for the Party"}},
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Zebras"}}}}],
}


@pytest.fixture
def awaiting(session: Session, tiny: Form, sign_in: SignIn) -> Submission:
    """Return a draft that awaits sign-off; Kenya's publishing authority is signed in."""
    sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY))
    return make.make_submission(
        session, form=tiny, draft=COMPLETE, draft_status=DraftStatus.AWAITING_SIGN_OFF
    )


@pytest.mark.parametrize("page", ["check", "sign"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_answer_is_listed_with_its_readers(
    browse: Browse, awaiting: Submission, page: str, language: str
) -> None:
    shown = browse(f"/submissions/{awaiting.id}/{page}", language=language)
    note = shown.find("section", **{"aria-labelledby": "who-reads"})
    lists = [[link.get("href") for link in found.iter("a")] for found in note.iter("ul")]
    assert lists == [
        ["#at-forest", "#at-animals"],
        ["#at-forest-q-keeper"],
        ["#at-forest-q-diary"],
    ]
    for link in (link for found in lists for link in found):
        assert link
        assert f'id="{link[1:]}"' in shown.text
    if language == "en":
        assert "4 answers become public" in shown.words  # with the explanation of the warning


def test_an_empty_draft_has_nothing_to_publish(browse: Browse, kenya: Submission) -> None:
    assert "No answer becomes public" in browse(f"/submissions/{kenya.id}/check").words


def test_what_is_signed_is_what_was_read(
    browse: Browse, client: FlaskClient, session: Session, awaiting: Submission
) -> None:
    address = f"/submissions/{awaiting.id}/sign"
    (seen,) = [field.get("value") for field in browse(address).all("input", name="seen")]
    part = session.scalars(select(DraftPart).where(DraftPart.path == "forest")).one()
    part.answers = {**part.answers, "trees": "7"}
    page = browse(address, data={"seen": seen}, status=409)
    assert "The answers have changed since you opened this page" in page.words
    assert session.scalars(select(Revision)).all() == []
    (seen,) = [field.get("value") for field in page.all("input", name="seen")]
    assert browse(address, data={"seen": seen}).h1 == "Receipt"


def test_a_clock_that_was_put_back_is_told_in_the_history(
    browse: Browse, session: Session, awaiting: Submission
) -> None:
    record(awaiting, "edit", make.make_account(session))
    session.commit()
    last = awaiting.head_at
    assert last is not None
    with clock_at(last - timedelta(hours=3)):
        browse(f"/submissions/{awaiting.id}/sign", data={})
    session.expire_all()
    assert awaiting.revisions[0].signed_at > last
    assert "The clock of the server was put back" in browse(f"/submissions/{awaiting.id}").words


def test_the_second_of_two_signatures_is_told_that_it_is_done(
    browse: Browse, session: Session, awaiting: Submission
) -> None:
    address = f"/submissions/{awaiting.id}/sign"
    (seen,) = [field.get("value") for field in browse(address).all("input", name="seen")]
    browse(address, data={"seen": seen})
    page = browse(address, data={"seen": seen}, status=409)
    assert "is not possible while the submission is “Submitted”" in page.words
    assert len(session.scalars(select(Revision)).all()) == 1
    assert session.scalars(select(Draft)).all() == []
