"""Every mail can be worded in every language, and reads in its direction."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from app.errors import NotFoundError
from app.wording.languages import LANGUAGES
from app.wording.mail_texts import MAILS, Mail
from app.wording.mails import APART, RIGHT_TO_LEFT, worded

URL = "https://canopy.example.org"


@pytest.fixture(autouse=True)
def context(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(app.extensions, "canopy_languages", tuple(LANGUAGES))
    with app.app_context():
        yield


def details_of(mail: Mail) -> dict[str, object]:
    """Return something for each detail that the English texts name."""
    with force_locale("en"):
        said = " ".join(str(text) for text in (mail.subject, *mail.paragraphs, *mail.after))
    names = {*re.findall(r"%\((\w+)\)s", said), *re.findall(r"{(\w+)}", mail.address)}
    return {name: _example(name) for name in names}


def _example(name: str) -> object:
    if name.endswith("_at"):
        return "2026-11-21T16:00:00+00:00"
    return "2026-11-21" if name.endswith("_on") else f"<{name}>"


@pytest.mark.parametrize("kind", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_worded_in_every_language(kind: str, language: str) -> None:
    details = details_of(MAILS[kind])
    mail = worded(kind, language, details, URL)
    assert mail.subject.strip(RIGHT_TO_LEFT)
    assert "%(" not in mail.subject + mail.body
    assert "\n" not in mail.subject
    assert mail.tag == LANGUAGES[language].tag
    assert mail.body.endswith(f"\n{URL}\n")


@pytest.mark.parametrize("kind", MAILS)
def test_arabic_reads_from_the_right_and_addresses_stay_as_they_are(kind: str) -> None:
    mail = worded(kind, "ar", details_of(MAILS[kind]), URL)
    assert mail.subject.startswith(RIGHT_TO_LEFT)
    for line in filter(None, mail.body.splitlines()):
        if line.startswith(URL):
            assert re.fullmatch(r"[!-~]+", line), "nothing unseen in an address"
        else:
            assert line.startswith(RIGHT_TO_LEFT)


def test_the_address_has_a_line_of_its_own() -> None:
    mail = worded("set_password", "en", {**details_of(MAILS["set_password"]), "secret": "a/b"}, URL)
    assert f"\n\n{URL}/sign-in/link/a%2Fb\n\n" in mail.body
    assert "until 21 November 2026, 16:00 UTC" in mail.body


def test_what_is_filled_in_keeps_to_one_line_and_its_own_direction() -> None:
    details = {**details_of(MAILS["set_password"]), "email": "a@b.org\n\nhttps://bad.example"}
    assert "for a@b.org https://bad.example." in worded("set_password", "en", details, URL).body
    assert "a@b.org".join(APART) in worded(
        "set_password", "ar", {**details, "email": "a@b.org"}, URL
    ).body  # fmt: skip


def test_a_kind_or_detail_that_is_missing_is_named() -> None:
    with pytest.raises(NotFoundError, match="no_such_mail"):
        worded("no_such_mail", "en", {}, URL)
    with pytest.raises(NotFoundError, match="email"):
        worded("set_password", "en", {}, URL)
