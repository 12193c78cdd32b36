"""Handing a mail over: to the mail server of SMTP_URL, or without one to a folder.

What the server refuses for good (5xx, for the address or the content) is given up; what hangs on
settings or on the network is tried again.
"""

import os
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from app.jobs.outcome import GiveUpError, ProblemError, TryAgainError

PATIENCE: Final = 30  # seconds to wait for the server
PERMANENT: Final = 500  # SMTP replies from here on are final
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}

# What hangs on our settings, not on the mail: the first class that fits.
_REFUSED: Final = (
    (smtplib.SMTPAuthenticationError, "mail.login_refused"),
    (smtplib.SMTPSenderRefused, "mail.sender_refused"),
    (smtplib.SMTPNotSupportedError, "mail.not_supported"),
    (smtplib.SMTPResponseException, "mail.server_refused"),
)


def deliver(mail: EmailMessage, name: str) -> None:
    """Send *mail*, or write it as `<name>.eml`; raise a ProblemError when it is not handed over."""
    server: str = current_app.config["SMTP_URL"]
    if server:
        _send(mail, urlsplit(server))
    else:
        _write(mail, Path(current_app.config["MAIL_DIR"]) / f"{name}.eml")


def _send(mail: EmailMessage, server: SplitResult) -> None:
    smtp = None
    try:
        smtp = _connect(server)
        smtp.send_message(mail)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _problem(error) from error
    finally:
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()  # what is accepted is sent, whatever happens to the good-bye
            smtp.close()


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, port = server.hostname or "", server.port or PORTS[server.scheme]
    safe = ssl.create_default_context()
    if server.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=safe)
    else:
        smtp = smtplib.SMTP(host, port, timeout=PATIENCE)
    try:
        if server.scheme == "smtp+starttls":
            smtp.starttls(context=safe)
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _problem(error: Exception) -> ProblemError:
    """Return what a failure of the sending is, and whether another attempt may help."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, answer = next(iter(error.recipients.values()))
        return _refusal("mail.recipient_refused", status, answer)
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal("mail.content_refused", error.smtp_code, error.smtp_error)
    for kind, code in _REFUSED:
        if isinstance(error, kind):
            said: bytes | str = getattr(error, "smtp_error", b"") or str(error)
            return TryAgainError(code, answer=_text(said))
    return TryAgainError("mail.no_server", answer=str(error) or type(error).__name__)


def _refusal(code: str, status: int, answer: bytes | str) -> ProblemError:
    kind = GiveUpError if status >= PERMANENT else TryAgainError
    return kind(code, answer=f"{status} {_text(answer)}")


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _write(mail: EmailMessage, path: Path) -> None:
    """Write a mail whole or not at all, for our own account only."""
    partial = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as file:
            file.write(mail.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise TryAgainError("mail.no_folder", answer=str(error)) from error
