"""A forgotten password, from the page to signing in; nobody learns who has an account."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.job import Job
from app.models.message import Message
from app.services.resets import send_reset_link
from tests.make import PASSWORD, make_account
from tests.page import Browse

NEW = "another few words"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_is_linked_from_signing_in(browse: Browse, language: str) -> None:
    links = browse("/sign-in", language=language).links()
    assert "/sign-in/forgotten" in links.values()
    browse("/sign-in/forgotten", language=language)


def test_everybody_gets_the_same_answer(session: Session, browse: Browse) -> None:
    make_account(session, email="known@example.org", password=PASSWORD)
    pages = [
        browse("/sign-in/forgotten", data={"email": email})
        for email in ("known@example.org", "nobody@example.org")
    ]
    assert pages[0].words == pages[1].words
    assert "If this address has an account" in pages[0].words
    assert session.scalars(select(Message)).all() == [], "the worker looks for the account"
    assert len(session.scalars(select(Job)).all()) == 2


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@c", "a b@example.org"])
def test_what_is_no_address(session: Session, browse: Browse, typed: str) -> None:
    page = browse("/sign-in/forgotten", 422, data={"email": typed})
    assert "Enter your e-mail address." in page.words
    assert session.scalars(select(Job)).all() == []


def test_the_link_in_the_mail_lets_in_who_was_locked_out(
    session: Session, browse: Browse, client: FlaskClient
) -> None:
    account = make_account(session, email="known@example.org", password=PASSWORD)
    wrong = {"email": account.email, "password": "a guess"}
    for _ in range(10):
        client.post("/sign-in", data=wrong)
    assert client.post("/sign-in", data={**wrong, "password": PASSWORD}).status_code == 429
    browse("/sign-in/forgotten", data={"email": account.email})
    send_reset_link(session, account.email)
    secret = session.scalars(select(Message)).one().details["secret"]
    browse(f"/sign-in/link/{secret}", data={"password": NEW, "again": NEW})
    assert client.get("/sign-in").status_code == 303


def test_nobody_is_flooded_with_mails(client: FlaskClient) -> None:
    answers = [
        client.post("/sign-in/forgotten", data={"email": "known@example.org"}).status_code
        for _ in range(11)
    ]
    assert answers == [303] * 10 + [429]
