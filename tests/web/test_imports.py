"""Import by an administrator: every problem on the page, a look at what changes, a confirmation."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.submission import Revision
from tests import make
from tests.page import Browse, Page, words

SignIn = Callable[[Account], None]
ADDRESS = "/admin/imports/nr6"
MAIN = b"party,status,submitted_at,targets_basis\n"
KENYA = b"KEN,submitted,2018-12-31,aichi_targets\n"


@pytest.fixture(autouse=True)
def folder(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setitem(app.config, "FILES_DIR", tmp_path)
    return tmp_path / "imports"


@pytest.fixture
def administrator(session: Session, sign_in: SignIn) -> Account:
    make.make_collection(session)
    account = make.make_account(session, Role.ADMINISTRATOR)
    sign_in(account)
    return account


def send(
    browse: Browse, content: bytes, status: int = 200, name: str = "a.csv", **said: str
) -> Page:
    data = {"file": (io.BytesIO(content), name), **said}
    return browse(ADDRESS, status, data=data)


def fields(page: Page, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that is sent to *action*."""
    form = next(each for each in page.all("form") if each.get("action", "").endswith(action))
    inputs = (each for each in form.iter() if each.tag.endswith("input"))
    return {each.get("name", ""): each.get("value", "") for each in inputs}


def revisions(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Revision)) or 0


@pytest.mark.parametrize("role", Role)
def test_it_is_for_administrators(
    browse: Browse, session: Session, sign_in: SignIn, role: Role
) -> None:
    make.make_collection(session)
    sign_in(make.make_account(session, role))
    status = 200 if role is Role.ADMINISTRATOR else 403
    browse("/admin/imports/", status)
    browse(ADDRESS, status)


def test_without_a_collection_the_page_says_how_to_open_one(
    browse: Browse, session: Session, sign_in: SignIn
) -> None:
    sign_in(make.make_account(session, Role.ADMINISTRATOR))
    assert "flask collections open" in browse("/admin/imports/").words


def test_files_are_looked_at_then_imported(
    browse: Browse, session: Session, administrator: Account, folder: Path
) -> None:
    page = send(browse, MAIN + KENYA)
    assert "Nothing has changed yet. a.csv New 1 Changed 0 As before 0 Left out 0" in page.words
    assert revisions(session) == 0
    assert len(list(folder.iterdir())) == 1
    page = browse(f"{ADDRESS}/confirm", data=fields(page, "/confirm"))
    assert "1 submission was imported." in page.text
    assert revisions(session) == 1
    assert list(folder.iterdir()) == []
    assert "There is nothing to import." in send(browse, MAIN + KENYA).words


def test_every_problem_is_told_with_its_place_and_nothing_is_kept(
    browse: Browse, session: Session, administrator: Account, folder: Path
) -> None:
    page = send(browse, MAIN + b"KEN,submitted,soon,maybe\nXXX,,,\n", 422)
    assert "Nothing was imported: there are 3 problems" in page.words
    assert "a.csv · row 2 · column D targets_basis “maybe” is no choice here." in page.words
    assert "a.csv · row 2 · column C submitted_at “soon” is no moment." in page.words
    assert "a.csv · row 3 · column A party There is no Party of code XXX." in page.words
    assert revisions(session) == 0
    assert not folder.exists()


def test_good_rows_can_be_imported_alone(
    browse: Browse, session: Session, administrator: Account
) -> None:
    page = send(browse, MAIN + KENYA + b"XXX,,,\n", good_rows_only="1")
    assert "New 1 Changed 0 As before 0 Left out 1" in page.words
    browse(f"{ADDRESS}/confirm", data=fields(page, "/confirm"))
    assert revisions(session) == 1


def test_what_came_between_is_shown_before_anything_is_done(
    browse: Browse, session: Session, administrator: Account
) -> None:
    page = send(browse, MAIN + KENYA)
    make.make_revision(session, make.make_submission(session), {"targets_basis": "aichi_targets"})
    page = browse(f"{ADDRESS}/confirm", 409, data=fields(page, "/confirm"))
    assert "Something has changed meanwhile." in page.text
    assert "As before 1" in page.words
    assert revisions(session) == 1


def test_what_was_sent_can_be_deleted(
    browse: Browse, session: Session, administrator: Account, folder: Path
) -> None:
    page = send(browse, MAIN + KENYA)
    browse(f"{ADDRESS}/cancel", data=fields(page, "/cancel"))
    assert list(folder.iterdir()) == []
    browse(f"{ADDRESS}/confirm", 404, data=fields(page, "/confirm"))
    assert revisions(session) == 0


def test_what_was_sent_opens_to_the_sender_alone_and_not_for_ever(
    browse: Browse,
    session: Session,
    administrator: Account,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = fields(send(browse, MAIN + KENYA), "/confirm")
    sign_in(make.make_account(session, Role.ADMINISTRATOR))
    browse(f"{ADDRESS}/confirm", 404, data=sent)
    sign_in(administrator)
    monkeypatch.setattr("app.web.kept_files.KEPT_SECONDS", -10)
    browse(f"{ADDRESS}/confirm", 404, data=sent)
    assert revisions(session) == 0


def test_without_a_file_the_form_says_so(browse: Browse, administrator: Account) -> None:
    page = browse(ADDRESS, 422, data={"encoding": ""})
    assert "Choose a file." in page.words


def test_over_20_mb_the_page_names_the_command_line(
    client: FlaskClient, administrator: Account
) -> None:
    kind = "multipart/form-data; boundary=x"
    response = client.post(ADDRESS, data=b"x" * (20 * 1024 * 1024 + 1), content_type=kind)
    assert response.status_code == 413
    assert "flask import answers" in response.text


def test_the_report_is_in_the_readers_language(browse: Browse, administrator: Account) -> None:
    data = {"file": (io.BytesIO(MAIN + b"XXX,,,\n"), "a.csv")}
    page = browse(ADDRESS, 422, data=data, language="ar")
    assert page.find("html").get("dir") == "rtl"
    assert "XXX" in page.words


def test_an_encoding_can_be_declared(browse: Browse, administrator: Account) -> None:
    content = MAIN.rstrip() + b",national_targets\nKEN,,,,l\x92eau\n"
    assert "Mac Roman" in send(browse, content, 422).words
    page = send(browse, content, 422, encoding="windows-1252")
    assert "Mac Roman" not in words(page.find("section", **{"aria-labelledby": "problems"}))
    assert "The form has no such column." in page.words
