"""Documents that came on paper: who attaches, who reads, what is refused; no answer is touched."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]
Send = Callable[..., TestResponse]

PAPER = b"%PDF-1.7 a signed page"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    before, app.config["FILES_DIR"] = app.config["FILES_DIR"], tmp_path
    yield tmp_path
    app.config["FILES_DIR"] = before


@pytest.fixture
def kenya(session: Session, tiny: Form, folder: Path, sign_in: SignIn) -> Submission:
    """Return Kenya's submission with a draft; a reviewer is signed in."""
    submission = make.make_submission(session, form=tiny, draft={"story": {"en": {"text": "Hush"}}})
    sign_in(make.make_account(session, Role.REVIEWER))
    return submission


@pytest.fixture
def send(client: FlaskClient, kenya: Submission) -> Send:
    """Return a function that attaches files."""

    def send_files(*files: tuple[str, bytes]) -> TestResponse:
        data = {"file": [(io.BytesIO(content), name) for name, content in files]}
        return client.post(address(kenya), data=data, content_type="multipart/form-data")

    return send_files


def address(submission: Submission) -> str:
    return f"/submissions/{submission.id}/sources/"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_the_reviewer_and_of_the_party(
    browse: Browse,
    send: Send,
    kenya: Submission,
    session: Session,
    sign_in: SignIn,
    language: str,
) -> None:
    browse(address(kenya), language=language)
    send(("a.pdf", PAPER))
    browse(address(kenya), language=language)
    browse("/review/", language=language)
    sign_in(make.make_account(session))
    browse(address(kenya), language=language)
    browse(f"/submissions/{kenya.id}", language=language)


def test_a_document_comes_back_as_it_was_sent_and_only_to_be_saved(
    client: FlaskClient, send: Send, kenya: Submission, session: Session, sign_in: SignIn
) -> None:
    assert send(("../Kenya's report.html", PAPER)).status_code == 303
    sign_in(make.make_account(session))
    answer = client.get(f"{address(kenya)}1")
    assert answer.data == PAPER
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Kenya's report.html.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_party_finds_it_on_its_own_page(
    browse: Browse, send: Send, kenya: Submission, session: Session, sign_in: SignIn
) -> None:
    send(("a.pdf", PAPER), ("b.pdf", PAPER + b"2"))
    sign_in(make.make_account(session))
    assert "2 documents of your Party are here" in browse(f"/submissions/{kenya.id}").words
    page = browse(address(kenya))
    assert "Remove" not in page.words
    assert "Attach a document" not in page.words


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "Choose a file."),
        ([("a.pdf", b"<script>alert(1)</script>")], "a.pdf: This is no PDF"),
        ([("a.doc", b"\xd0\xcf\x11\xe0 Word")], "a.doc: This is an old Word document"),
        ([("a.pdf", b"")], "a.pdf: The file is empty"),
        ([("a.pdf", PAPER), ("b.pdf", PAPER)], "b.pdf: This document is here already."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    send: Send,
    browse: Browse,
    kenya: Submission,
    files: list[tuple[str, bytes]],
    told: str,
) -> None:
    answer = send(*files)
    assert answer.status_code == 422
    assert told in answer.text
    assert "No document has been attached." in browse(address(kenya)).words


def test_a_document_attached_by_mistake_is_given_to_nobody(
    browse: Browse, client: FlaskClient, send: Send, kenya: Submission
) -> None:
    send(("a.pdf", PAPER))
    assert "Removed." in browse(f"{address(kenya)}1/remove", data={}).words
    assert client.get(f"{address(kenya)}1").status_code == 404
    assert client.post(f"{address(kenya)}1/remove").status_code == 404


READERS = {
    (Role.NATIONAL_AUTHORIZED_USER, "KEN"),
    (Role.PUBLISHING_AUTHORITY, "KEN"),
    (Role.READER, "KEN"),
    (Role.REVIEWER, ""),
    (Role.ADMINISTRATOR, ""),
}


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("party", ["KEN", "JOR"])
def test_the_party_and_those_who_review_read_it_and_nobody_else(
    client: FlaskClient,
    send: Send,
    kenya: Submission,
    session: Session,
    sign_in: SignIn,
    role: Role | None,
    party: str,
) -> None:
    send(("a.pdf", PAPER))
    client.delete_cookie("canopy")
    if role:
        sign_in(make.make_account(session, role, party))
    is_reader = (role, party if role and role.is_national else "") in READERS
    for path in ("", "1"):
        answer = client.get(f"{address(kenya)}{path}")
        assert (answer.status_code == 200) == is_reader, answer.status
        assert is_reader or PAPER not in answer.data
    may_write = role is Role.REVIEWER
    assert (send(("b.pdf", PAPER + b"2")).headers.get("Location") == address(kenya)) == may_write
    assert (client.post(f"{address(kenya)}1/remove").status_code == 303) == may_write


def test_the_secretariat_learns_nothing_of_the_draft_and_changes_nothing_in_it(
    browse: Browse, send: Send, kenya: Submission, session: Session
) -> None:
    def rows() -> list[object]:
        session.commit()
        tables = ("draft", "draft_part", "operation", "revision")
        return [session.execute(text(f"SELECT * FROM {t}")).all() for t in tables]  # noqa: S608 - ours

    before = rows()
    send(("a.pdf", PAPER))
    assert "Hush" not in browse(address(kenya)).text
    browse(f"{address(kenya)}1/remove", data={})
    assert rows() == before
