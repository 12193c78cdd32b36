"""A column that the database alone cannot read: JSON encrypted with a key of the server's.

For what must wait in the database and would let its reader in, such as the address in a mail that
has not been sent. The key comes from SECRET_KEY, which is neither in the database nor in a backup
of it. A row written under another key is `Unreadable`: never an error while rows are loaded.
"""

import base64
import json
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Engine, Text, TypeDecorator

_PURPOSE: Final = b"canopy: columns that only the server can read"
_KEY: Final = "canopy_sealing_key"  # where an engine's dialect keeps it


class NoSealingKeyError(RuntimeError):
    """The engine was given no key: a mistake of the program."""


class Unreadable(dict[str, Any]):
    """Stands for details that cannot be read any more, and holds nothing."""


def seal_with(engine: Engine, secret: str) -> None:
    """Let columns of *engine* be sealed with a key made from *secret*."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    setattr(engine.dialect, _KEY, Fernet(base64.urlsafe_b64encode(derived)))


class Sealed(TypeDecorator[dict[str, Any]]):
    """A JSON object, encrypted; the empty one is stored as empty text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str:
        """Encrypt *value*; raise NoSealingKeyError when the engine was given no key."""
        if not value:
            return ""
        return _fernet(dialect).encrypt(json.dumps(value).encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any]:
        """Decrypt what is stored; `Unreadable` if it was sealed with another key."""
        if not value:
            return {}
        try:
            found: dict[str, Any] = json.loads(_fernet(dialect).decrypt(value))
        except InvalidToken:
            return Unreadable()
        return found


def _fernet(dialect: Dialect) -> Fernet:
    found: Fernet | None = getattr(dialect, _KEY, None)
    if found is None:
        raise NoSealingKeyError("see seal_with")
    return found
