"""The pages for translators: what is missing, with context; files out, and in to be checked."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.web import texts
from tests import make
from tests.page import Browse
from tests.texts.project import FORM, contents, make_project, sources_in

SignIn = Callable[[Account], None]
FRENCH = f"/admin/texts/fr/{FORM}"


@pytest.fixture
def administrator(session: Session, sign_in: SignIn) -> Account:
    account = make.make_account(session, Role.ADMINISTRATOR)
    sign_in(account)
    return account


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of texts in place of our own."""
    make_project(tmp_path)
    monkeypatch.setattr(texts, "texts_in_use", lambda: sources_in(tmp_path))
    return tmp_path


@pytest.mark.parametrize("role", Role)
def test_reviewers_read_and_administrators_exchange(
    browse: Browse, client: FlaskClient, session: Session, sign_in: SignIn, role: Role
) -> None:
    sign_in(make.make_account(session, role))
    reads = role in (Role.REVIEWER, Role.ADMINISTRATOR)
    browse("/admin/texts/", 200 if reads else 403)
    sent = role is Role.ADMINISTRATOR
    for path in ("check", "ready"):
        answer = client.post(f"/admin/texts/files/{path}", data={"changes": "[]"})
        assert answer.status_code == (200 if sent else 403)


def test_the_list_says_what_each_language_lacks(
    browse: Browse, project: Path, administrator: Account
) -> None:
    page = browse("/admin/texts/")
    assert "A pilot on habitats (pilot/1)" in page.words
    assert "2 missing" in page.words, "Arabic, of the interface"
    assert "Complete" in page.words
    assert FRENCH in [link.get("href") for link in page.all("a")]


def test_a_text_shows_its_context(browse: Browse, project: Path, administrator: Account) -> None:
    form = project / FORM / "form.yaml"
    form.write_text(form.read_text().replace("Does the Party", "Has the Party"))
    page = browse(f"{FRENCH}?beside=ar")
    assert "English has changed Has the Party" not in page.words
    for told in (
        "has_plan.label",
        "Does the Party have a national target?",
        "Has the Party have a national target?",
        "La Partie a-t-elle un objectif national ?",
        "pilot/1 / National plan / Has the Party have",
        "national target: objectif national",
        "Nothing yet",
    ):
        assert told in page.words
    anchors = [address for address in page.links().values() if "#part" in address]
    assert anchors == ["/admin/forms/pilot/1?in=fr#part-has_plan"]
    assert "Nothing is to be done here." in browse("/admin/texts/fr/forms/choices/yes_no").words
    assert "Plan national" in browse(f"{FRENCH}?show=all&words=NATIONAL").words
    browse("/admin/texts/de/interface", 404)
    browse("/admin/texts/fr/forms/none", 404)


def test_texts_of_the_interface_name_their_pages(browse: Browse, administrator: Account) -> None:
    page = browse("/admin/texts/ar/interface?show=all&words=Open the review")
    assert "templates/review/show.html" in page.words or "app/wording/statuses.py" in page.words
    page = browse("/admin/texts/ar/interface?show=all&words=Revisions to be looked at")
    assert page.h1 == "Interface: العربية"


def test_a_file_is_checked_and_comes_back_as_files_of_the_project(
    browse: Browse, client: FlaskClient, project: Path, administrator: Account
) -> None:
    before = contents(project)
    name = f"{FORM.replace('/', '.')}.fr.po"
    answer = client.get(f"/admin/texts/files/fr/texts.po?source={FORM}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    file = answer.text.replace("Plan national", "Stratégie nationale")
    file = file.replace("Qui lui soit propre.", "<b>Propre</b>")
    page = browse("/admin/texts/files/check", data={"file": (io.BytesIO(file.encode()), name)})
    assert f"{name}, line" in page.words
    assert "Write plain text, without HTML: </b> <b>" in page.words
    assert "Stratégie nationale" in page.words
    changes = page.find("input", name="changes").get("value")
    answer = client.post("/admin/texts/files/ready", data={"changes": changes})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert sorted(files.namelist()) == [f"{FORM}/fr.yaml", "forms/translated.fr.lock"]
        text = files.read(f"{FORM}/fr.yaml").decode()
    assert "plan.title: Stratégie nationale\n" in text
    assert "has_plan.hint: Qui lui soit propre.\n" in text
    assert contents(project) == before, "the server writes none of its own files"


def test_a_workbook_of_all_texts_comes_back_the_same(
    browse: Browse, client: FlaskClient, project: Path, administrator: Account
) -> None:
    content = client.get("/admin/texts/files/fr/texts.xlsx").data
    page = browse(
        "/admin/texts/files/check",
        data={"file": (io.BytesIO(content), "canopy.fr.xlsx")},
    )
    assert "The file changes nothing." in page.words


@pytest.mark.parametrize("changes", ["", "{}", "[1]", '[{"source": 1}]', '[{"texts": [[1]]}]'])
def test_changes_that_are_none_are_refused(
    client: FlaskClient, administrator: Account, changes: str
) -> None:
    answer = client.post("/admin/texts/files/ready", data={"changes": changes})
    assert answer.status_code == 422
    assert client.post("/admin/texts/files/check").status_code == 200
