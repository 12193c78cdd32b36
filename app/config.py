"""Settings, read from the environment (and `.env`) once, at start."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from environs import Env
from marshmallow import ValidationError
from marshmallow.validate import Length, Range
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT: Final = Path(__file__).parent.parent
SQLITE: Final = "sqlite:///"
DRIVER: Final = "postgresql+psycopg://"
POSTGRESQL: Final = ("postgresql://", DRIVER)
EXAMPLES: Final = "sqlite:///instance/canopy.db, postgresql://user:password@host:5432/canopy"
LARGEST_REQUEST: Final = 20 * 1024 * 1024  # bytes; larger files go by the command line


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting the platform has; upper case because Flask wants it so."""

    SECRET_KEY: str
    SQLALCHEMY_DATABASE_URI: str
    PUBLIC_URL: str = "http://127.0.0.1:8000"  # decides Secure cookies, HSTS, absolute links
    LIMITS_URL: str = "memory://"  # where rate limits are counted
    LIMITS_ENABLED: bool = True
    TRUSTED_PROXIES: int = 0  # how many proxies of our own stand before us
    SIGNING_KEY: Path = ROOT / "instance" / "signing-key.pem"  # private: signs receipts and seals
    SMTP_URL: str = ""  # the mail server; empty: mails are written to MAIL_DIR
    MAIL_FROM: str = "Canopy <canopy@localhost>"
    MAIL_DIR: Path = ROOT / "instance" / "mail"
    FILES_DIR: Path = ROOT / "instance" / "files"  # documents of Parties; what waits for an import
    FORMS_DIR: Path = ROOT / "forms"
    REPORTS_DIR: Path = ROOT / "reports"
    MAX_CONTENT_LENGTH: int = LARGEST_REQUEST
    MAX_FORM_MEMORY_SIZE: int = LARGEST_REQUEST
    MAX_FORM_PARTS: int = 20_000
    SESSION_IDLE_HOURS: int = 168  # a session ends after so long without a request
    SESSION_LONGEST_HOURS: int = 720  # and at the latest after so long
    SESSION_COOKIE_NAME: str = "canopy"
    SESSION_COOKIE_SECURE: bool = False
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    WTF_CSRF_TIME_LIMIT: int | None = None  # a page may stay open for days; nothing is lost
    SQLALCHEMY_TRACK_MODIFICATIONS: bool = False
    TESTING: bool = False

    @classmethod
    def from_env(cls) -> Self:
        """Read the settings; raise EnvValidationError naming every missing or wrong one."""
        env = Env(eager=False)
        env.read_env(str(ROOT / ".env"), recurse=False)
        port = env.int("PORT", 8000)
        secret = env.str("SECRET_KEY", validate=Length(min=32))
        database = env.str("DATABASE_URL", validate=_is_database)
        public = env.str("PUBLIC_URL", "")
        limits = env.str("LIMITS_URL", "")
        proxies = env.int("TRUSTED_PROXIES", 0)
        signing_key = env.str("SIGNING_KEY", "")
        server = env.str("SMTP_URL", "", validate=_check_server)
        if server:
            sender = env.str("MAIL_FROM", validate=_check_sender)
        else:
            sender = env.str("MAIL_FROM", "Canopy <canopy@localhost>", validate=_check_sender)
        folder = env.path("MAIL_DIR", ROOT / "instance" / "mail")
        files = env.path("FILES_DIR", ROOT / "instance" / "files")
        idle = env.int("SESSION_IDLE_HOURS", 168, validate=Range(min=1))
        longest = env.int("SESSION_LONGEST_HOURS", 720, validate=Range(min=1))
        env.seal()
        public_url = (public or f"http://127.0.0.1:{port}").rstrip("/")
        return cls(
            SECRET_KEY=secret,
            SQLALCHEMY_DATABASE_URI=database_uri(database),
            PUBLIC_URL=public_url,
            LIMITS_URL=limits or f"sqlite://{ROOT}/instance/limits.db",
            TRUSTED_PROXIES=proxies,
            SIGNING_KEY=ROOT / (signing_key or "instance/signing-key.pem"),
            SMTP_URL=server,
            MAIL_FROM=sender,
            MAIL_DIR=ROOT / folder,
            FILES_DIR=ROOT / files,
            SESSION_IDLE_HOURS=idle,
            SESSION_LONGEST_HOURS=longest,
            SESSION_COOKIE_SECURE=urlsplit(public_url).scheme == "https",
        )

    @classmethod
    def without_database(cls) -> Self:
        """Return settings for commands that read files alone, on a machine with no settings."""
        return cls(SECRET_KEY=secrets.token_urlsafe(48), SQLALCHEMY_DATABASE_URI="sqlite://")


def has_settings() -> bool:
    """Tell whether this machine is set up: whether there is a database to look for."""
    env = Env()
    env.read_env(str(ROOT / ".env"), recurse=False)
    return bool(env.str("DATABASE_URL", "")) and bool(env.str("SECRET_KEY", ""))


def _check_server(url: str) -> None:
    """Refuse what is no mail server, and a password that would travel in the clear."""
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
        raise ValidationError("Write smtp[+starttls]:// or smtps://, then user:password@host:port")
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.password and parts.scheme == "smtp" and not is_here:
        raise ValidationError("A password needs smtp+starttls:// or smtps://")


def _check_sender(sender: str) -> None:
    if not re.search(r"[^@\s<>]+@[^@\s<>]+>?$", sender):
        raise ValidationError("Write an e-mail address, or: Name <address>")


def database_uri(url: str) -> str:
    """Return *url* as SQLAlchemy wants it: with our driver, and a file by its whole path.

    A relative SQLite path starts at the project's root, whoever starts the program.
    """
    if url.startswith(POSTGRESQL):
        return DRIVER + url.partition("://")[2]
    path = url.removeprefix(SQLITE)
    return url if path.startswith("/") or path == url else f"{SQLITE}{ROOT / path}"


def _is_database(url: str) -> None:
    """Raise ValidationError, with what to write instead, unless *url* names a database."""
    if not url.startswith((SQLITE, *POSTGRESQL)):
        raise ValidationError(f"Begin with {SQLITE} or {POSTGRESQL[0]} ({EXAMPLES}).")
    try:
        named = make_url(url).database
    except (ArgumentError, ValueError) as error:
        raise ValidationError(f"This is no address of a database ({EXAMPLES}).") from error
    if not named:
        raise ValidationError(f"Name the database at the end ({EXAMPLES}).")
