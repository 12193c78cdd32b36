"""The receipt as a page and as files, and the public page on which it is checked."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.audit import Receipt
from app.models.base import now
from app.models.submission import Submission
from app.workflow import DraftStatus
from tests import make
from tests.conftest import Runner
from tests.page import Browse

SignIn = Callable[[Account], None]

SECRET_WORD = "only-for-us"
COMPLETE = {
    "has_forest": "yes",
    "trees": "12",
    "story": {"en": {"text": "A public story."}},
    "diary": {"en": {"text": SECRET_WORD}},
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Zebras"}}}}],
}


@pytest.fixture
def signed(browse: Browse, session: Session, tiny: Form, sign_in: SignIn) -> Submission:
    """Return a submission that Kenya's publishing authority, who is signed in, has just signed."""
    submission = make.make_submission(
        session, form=tiny, draft=COMPLETE, draft_status=DraftStatus.AWAITING_SIGN_OFF
    )
    sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY, email="secret@example.org"))
    page = browse(f"/submissions/{submission.id}/sign", data={})
    assert page.h1 == "Receipt"
    return submission


def files(client: FlaskClient, submission: Submission, number: int = 1) -> tuple[str, str]:
    one = f"/submissions/{submission.id}/revisions/{number}"
    return client.get(f"{one}/receipt.json").text, client.get(f"{one}/answers.json").text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_receipt_says_what_was_signed_when_and_as_what(
    browse: Browse, signed: Submission, session: Session, language: str
) -> None:
    page = browse(f"/submissions/{signed.id}/revisions/1/receipt", language=language)
    receipt = session.get_one(Receipt, (signed.id, 1))
    stated = json.loads(receipt.content)["receipt"]
    for what in ("hash", "previous_hash", "public_hash", "key"):
        assert stated[what] in page.words
    assert stated["signed_as"] == "publishing_authority"
    assert stated["in_time"] == "late"  # nr6 was due in 2018
    assert stated["platform"] == "http://127.0.0.1:8000"


def test_no_contact_data_is_in_the_files(client: FlaskClient, signed: Submission) -> None:
    assert all("example.org" not in text for text in files(client, signed))


def test_others_get_the_same_receipt_with_the_public_answers(
    client: FlaskClient, signed: Submission
) -> None:
    receipt, answers = files(client, signed)
    assert SECRET_WORD in answers
    client.post("/sign-in/out")
    public_receipt, public_answers = files(client, signed)
    assert SECRET_WORD not in public_answers
    whole, public = json.loads(receipt), json.loads(public_receipt)
    assert (public["receipt"], public["signature"]) == (whole["receipt"], whole["signature"])
    assert set(public["fingerprints"]) == {"public"}
    assert "diary" not in str(public["fingerprints"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_says_which_answer_differs(
    browse: Browse, client: FlaskClient, signed: Submission, tiny: Form, language: str
) -> None:
    receipt, answers = files(client, signed)
    client.post("/sign-in/out")
    sent: dict[str, Any] = {"receipt_text": receipt, "answers_text": answers}
    page = browse("/verify", data=sent, language=language)
    assert "(trees)" not in page.words
    sent["answers_text"] = answers.replace('"trees":"12"', '"trees":"13"')
    page = browse("/verify", data=sent, language=language)
    assert "(trees)" in page.words


@pytest.mark.parametrize("where", ["receipt", "answers"])
def test_half_a_surrogate_pair_is_answered_as_any_other_change(
    client: FlaskClient, signed: Submission, where: str
) -> None:
    receipt, answers = map(json.loads, files(client, signed))
    if where == "receipt":
        receipt["receipt"]["key"] = "\ud800"
    else:
        answers["x\ud800"] = "1"
    texts = {"receipt_text": json.dumps(receipt), "answers_text": json.dumps(answers)}
    assert client.post("/verify", data=texts).status_code == 200


def test_files_can_be_sent_and_what_is_missing_is_told(
    client: FlaskClient, browse: Browse, signed: Submission
) -> None:
    receipt, answers = files(client, signed)
    done = client.post(
        "/verify",
        data={
            "receipt": (io.BytesIO(receipt.encode()), "a.receipt.json"),
            "answers": (io.BytesIO(answers.encode()), "a.answers.json"),
        },
        content_type="multipart/form-data",
    )
    assert "Receipt and answers are right" in done.text
    page = browse("/verify", data={"receipt_text": receipt}, status=422)
    assert "The answers are missing" in page.words
    assert json.loads(receipt)["signature"] in page.words  # what was pasted is still there


def test_a_withdrawn_revision_has_its_receipt_for_the_party_alone(
    client: FlaskClient, browse: Browse, signed: Submission, session: Session
) -> None:
    client.post(f"/submissions/{signed.id}/withdraw")
    page = browse(f"/submissions/{signed.id}/revisions/1/receipt")
    assert "was withdrawn" in page.words
    client.post("/sign-in/out")
    for name in ("receipt", "receipt.json", "answers.json"):
        assert client.get(f"/submissions/{signed.id}/revisions/1/{name}").status_code == 404


def test_without_the_key_it_is_signed_and_the_receipt_comes_later(
    app: Flask,
    client: FlaskClient,
    browse: Browse,
    session: Session,
    tiny: Form,
    sign_in: SignIn,
    runner: Runner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submission = make.make_submission(
        session, form=tiny, draft=COMPLETE, draft_status=DraftStatus.AWAITING_SIGN_OFF
    )
    sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY))
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "SIGNING_KEY", Path("/nowhere/key.pem"))
        page = browse(f"/submissions/{submission.id}/sign", data={})
        assert "still being made" in page.words
        assert runner.invoke(args=["audit", "seal"]).exit_code == 1
    assert "seal 1" in runner.invoke(args=["audit", "seal"]).output
    page = browse(f"/submissions/{submission.id}/revisions/1/receipt")
    assert "still being made" not in page.words


def test_the_keys_are_public(client: FlaskClient, signed: Submission) -> None:
    (key,) = json.loads(client.get("/verify/keys.json").text)["keys"]
    assert (key["algorithm"], key["until"]) == ("Ed25519", None)
    assert key["from"] < now().isoformat()


def test_a_receipt_is_checked_on_a_machine_without_settings_or_database(
    client: FlaskClient, signed: Submission, tmp_path: Path
) -> None:
    receipt, answers = files(client, signed)
    (tmp_path / "r.json").write_text(receipt)
    (tmp_path / "a.json").write_text(answers)
    (tmp_path / "b.json").write_text(answers.replace('"12"', '"13"'))
    (tmp_path / "keys.json").write_text(client.get("/verify/keys.json").text)
    keys = ["--keys", "keys.json"]
    unchanged = offline(tmp_path, 0, "a.json", *keys)
    assert "right: The receipt is as we signed it" in unchanged
    assert "which the receipt itself holds" not in unchanged
    changed = offline(tmp_path, 1, "b.json", *keys)
    assert "wrong: Changed: " in changed
    assert "trees" in changed
    assert "/verify/keys.json" in offline(tmp_path, 0, "a.json")


def offline(folder: Path, code: int, answers: str, *more: str) -> str:
    """Run the command in a copy of the project without settings and .env; return what it says."""
    for part in ("app", "forms", "reports", "templates", "static", "migrations", "wsgi.py"):
        if not (folder / part).exists():
            (folder / part).symlink_to(ROOT / part)
    there = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    flask = Path(sys.executable).with_name("flask")
    done = subprocess.run(
        [flask, "audit", "verify-receipt", "r.json", answers, *more],
        cwd=folder,
        env=there,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout
