"""Lists that the Secretariat manages: on the page, and in the forms that choose from them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.audit import Act
from app.models.managed_list import ListEntry
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]
LIST = "/admin/lists/organizations"
WORLD_BANK = {"code": "world_bank", "label_en": "World Bank", "label_ar": "البنك الدولي"}


@pytest.fixture
def form(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Form:
    """Return a form that chooses from a managed list, among forms that the application has."""
    root = ROOT / "tests" / "forms"
    keeper = app.extensions["canopy_forms"].keeper
    monkeypatch.setitem(app.extensions, "canopy_forms", Catalogue(root, keeper))
    monkeypatch.setitem(app.extensions, "canopy_languages", ("ar", "en"))
    return Catalogue(root).load("managed", 1)


@pytest.fixture
def reviewer(session: Session, sign_in: SignIn, form: Form) -> Account:
    account = make.make_account(session, Role.REVIEWER)
    sign_in(account)
    return account


def draft_page(session: Session, form: Form, **answers: object) -> str:
    code = f"c{len(answers)}"
    collection = make.make_collection(session, code, form=form, also=("KEN",))
    submission = make.make_submission(session, collection=collection, form=form, draft=answers)
    return f"/submissions/{submission.id}/draft/only"


@pytest.mark.parametrize("role", Role)
def test_it_is_for_the_secretariat(
    browse: Browse, session: Session, sign_in: SignIn, form: Form, role: Role
) -> None:
    sign_in(make.make_account(session, role))
    may = role in (Role.REVIEWER, Role.ADMINISTRATOR)
    browse("/admin/lists/", 200 if may else 403)
    browse(LIST, 200 if may else 403)
    browse(LIST, 200 if may else 403, data=WORLD_BANK)


def test_the_navigation_leads_to_every_list(browse: Browse, reviewer: Account) -> None:
    index = browse(browse("/").links()["Lists"])
    assert "2 entries" in index.words
    assert "United Nations Development Programme" in browse(index.links()["Organizations"]).words


def test_without_any_the_page_says_so(
    browse: Browse,
    app: Flask,
    reviewer: Account,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setitem(app.extensions, "canopy_forms", Catalogue(tmp_path))
    assert "No form chooses from such a list." in browse("/admin/lists/").words


def test_an_added_entry_is_offered_at_once_in_each_language(
    browse: Browse, session: Session, sign_in: SignIn, reviewer: Account, form: Form
) -> None:
    page = browse(LIST, data=WORLD_BANK)
    assert "Added." in page.words
    sign_in(make.make_account(session))
    address = draft_page(session, form)
    assert "World Bank" in browse(address).words
    assert "البنك الدولي" in browse(address, language="ar").words


def test_a_retired_entry_is_offered_no_more_and_stays_where_it_was_chosen(
    browse: Browse, session: Session, sign_in: SignIn, reviewer: Account, form: Form
) -> None:
    asked = browse(f"{LIST}/fao/retire")
    assert "Answers that chose it keep it" in asked.words
    assert "Retired." in browse(f"{LIST}/fao/retire", data={}).words
    sign_in(make.make_account(session))
    assert 'value="fao"' not in browse(draft_page(session, form)).text
    kept = browse(draft_page(session, form, lead="fao", partners=["fao"])).text
    assert kept.count('value="fao"') == 2
    sign_in(reviewer)
    browse(f"{LIST}/fao/restore", data={})
    acts = session.scalars(select(Act.action).where(Act.kind == "list").order_by(Act.number))
    assert acts.all() == ["retire_entry", "restore_entry"]
    assert session.get_one(ListEntry, ("organizations", "fao")).retired_at is None


def test_an_entry_of_the_file_is_worded_anew(
    browse: Browse, session: Session, reviewer: Account
) -> None:
    page = browse(f"{LIST}/undp")
    assert 'value="برنامج الأمم المتحدة الإنمائي"' in page.text
    browse(f"{LIST}/undp", data={"label_en": "UNDP", "label_ar": "البرنامج"})
    assert "UNDP" in browse(LIST).words
    assert "البرنامج" in browse(LIST, language="ar").words
    assert "Also where its country office helped." in browse(LIST).words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": ""}, "Enter a code."),
        ({"code": "World Bank"}, "Write lower-case letters, digits and “_” alone."),
        ({"code": "fao"}, "The list has this code. Choose another, or restore the entry."),
        ({"code": "title"}, "This code means the list itself. Choose another."),
        ({"label_en": " "}, "Enter a label in English."),
    ],
)
def test_what_will_not_do_is_told_and_what_was_typed_stays(
    browse: Browse, reviewer: Account, session: Session, change: dict[str, str], said: str
) -> None:
    page = browse(LIST, 422, data=WORLD_BANK | change)
    assert said in page.words
    assert 'value="البنك الدولي"' in page.text
    assert session.query(ListEntry).count() == 0


@pytest.mark.parametrize("path", ["/admin/lists/yes_no", f"{LIST}/none", f"{LIST}/none/retire"])
def test_what_is_not_there_is_not_found(browse: Browse, reviewer: Account, path: str) -> None:
    browse(path, 404)
