"""The second step of signing in: one-time codes (TOTP, RFC 6238) and codes to recover with.

A code counts once: the step of the last one is kept, and none from before it is taken again. The
secret is sealed in the database; of recovery codes only hashes are kept.
"""

import hmac
import secrets
import unicodedata
from base64 import b32encode
from typing import Final

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.models.account import Account
from app.models.base import now
from app.models.sign_in import RecoveryCode
from app.services.secret import hash_of

ISSUER: Final = "Canopy"
RECOVERY_CODES: Final = 10
_STEP: Final = 30  # seconds
_DRIFT: Final = (0, -1, 1)  # steps by which the owner's clock may differ
_RECOVERY_BYTES: Final = 10  # 80 bits: too many to guess, even from the hashes


def new_totp_secret() -> str:
    """Return a secret for an authenticator app, which is not set up yet."""
    return pyotp.random_base32()


def totp_address(account: Account, secret: str) -> str:
    """Return the address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def switch_on(session: Session, account: Account, secret: str, code: str) -> list[str]:
    """Ask for a code at each sign-in from now on; return new recovery codes.

    Raises InvalidInputError when *code* is not one of *secret* now.
    """
    step = _step_of(secret, code)
    if step is None:
        raise InvalidInputError(parameter="code", value="", allowed="the code that the app shows")
    account.totp = {"secret": secret}
    account.totp_since, account.totp_step = now(), step
    return renew_recovery_codes(session, account)


def switch_off(session: Session, account: Account) -> None:
    """Let the password be enough again."""
    account.totp, account.totp_since = {}, None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def renew_recovery_codes(session: Session, account: Account) -> list[str]:
    """Make new recovery codes, to be shown once; those before end."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account.id, hash=hash_of(_letters(code))) for code in codes
    )
    session.flush()
    return codes


def recovery_codes_left(session: Session, account: Account) -> int:
    """Return how many recovery codes can still be used."""
    found = session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    )
    return found or 0


def accept_code(session: Session, account: Account, typed: str) -> bool:
    """Tell whether a one-time or a recovery code is right, and use it up.

    Of two who send the same code at once, one is let in.
    """
    session.flush()
    step = _step_of(account.totp.get("secret", ""), typed)
    if step is not None:
        return _advance(session, account, step)
    used = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.hash == hash_of(_letters(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.hash)
    )
    return used is not None


def _advance(session: Session, account: Account, step: int) -> bool:
    """Take the code of a step that is later than the last one taken."""
    taken = session.scalar(
        update(Account)
        .where(Account.id == account.id, Account.totp_step < step)
        .values(totp_step=step)
        .returning(Account.id)
    )
    return taken is not None


def _step_of(secret: str, typed: str) -> int | None:
    """Return the step of a code that is right now or nearly so; None for any other."""
    code = _digits(typed)
    if not secret or not code:
        return None
    present = int(now().timestamp()) // _STEP
    totp = pyotp.TOTP(secret)
    for drift in _DRIFT:
        if hmac.compare_digest(totp.generate_otp(present + drift), code):
            return present + drift
    return None


def _digits(typed: str) -> str:
    """Return what was typed as Western digits, without spaces; empty if anything else is in it."""
    plain = "".join(typed.split())
    digits = [unicodedata.digit(sign, None) for sign in plain]
    return "" if None in digits else "".join(str(digit) for digit in digits)


def _new_code() -> str:
    letters = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _letters(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())
