"""Settings for mail are checked at the start, and each that is wrong is named."""

import pytest
from environs.exceptions import EnvValidationError

from app.config import Config


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x.db")
    for name in ("SMTP_URL", "MAIL_FROM", "MAIL_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    "url",
    [
        "smtp://127.0.0.1:2525",
        "smtp://user:word@localhost",
        "smtp+starttls://user:word@mail.example.org:587",
        "smtps://user:word@mail.example.org",
    ],
)
def test_a_mail_server_is_taken(environment: pytest.MonkeyPatch, url: str) -> None:
    environment.setenv("SMTP_URL", url)
    environment.setenv("MAIL_FROM", "Canopy <canopy@example.org>")
    assert url == Config.from_env().SMTP_URL


@pytest.mark.parametrize(
    ("url", "sender", "named"),
    [
        ("mail.example.org", "a@b.org", "SMTP_URL"),
        ("http://mail.example.org", "a@b.org", "SMTP_URL"),
        ("smtp://", "a@b.org", "SMTP_URL"),
        ("smtp://user:word@mail.example.org", "a@b.org", "SMTP_URL"),
        ("smtps://mail.example.org", "nobody", "MAIL_FROM"),
        ("smtps://mail.example.org", None, "MAIL_FROM"),
    ],
)
def test_what_is_wrong_is_named(
    environment: pytest.MonkeyPatch, url: str, sender: str | None, named: str
) -> None:
    environment.setenv("SMTP_URL", url)
    if sender is not None:
        environment.setenv("MAIL_FROM", sender)
    with pytest.raises(EnvValidationError, match=named):
        Config.from_env()
