"""The server's signing key: its private half is a file, its public half a row for ever.

Whoever signs reads the file each time, so that all workers follow a rotation at once.
"""

import base64
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import SigningKeyError
from app.models.account import Account
from app.models.audit import SigningKey
from app.models.base import now
from app.models.upsert import insert_if_new
from app.receipts import Key, key_id, signed_bytes, timestamp
from app.services.acts import record_act


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that can sign."""

    id: str
    public_key: str  # base64 of its 32 bytes
    private_key: Ed25519PrivateKey

    def sign(self, statement: Mapping[str, Any]) -> str:
        """Return the signature over the canonical JSON of *statement*, in base64."""
        return base64.b64encode(self.private_key.sign(signed_bytes(statement))).decode()


def read_signer(path: Path) -> Signer:
    """Read the private key; raise SigningKeyError when the file is missing or holds none."""
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SigningKeyError(path=str(path), reason=error.strerror or "unreadable") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(path=str(path), reason="no private key in PEM") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise SigningKeyError(path=str(path), reason="not an Ed25519 key")
    return _signer(found)


def make_key(path: Path) -> Signer:
    """Make the file of a new private key if there is none, readable by its owner alone."""
    if path.exists():
        return read_signer(path)
    private = Ed25519PrivateKey.generate()
    written = _write(path, private)
    try:
        os.link(written, path)  # fails if somebody else was faster; never half a file
    except FileExistsError:
        return read_signer(path)
    finally:
        written.unlink()
    return _signer(private)


def use(session: Session, path: Path) -> Signer:
    """Return the key to sign with now; a key that is new to the database ends the one before.

    Raises SigningKeyError, also for a key that was ended by a rotation.
    """
    signer = read_signer(path)
    row = session.get(SigningKey, signer.id)
    if row is None:
        _begin(session, signer, None)
    elif row.until_at is not None:
        raise SigningKeyError(path=str(path), reason=f"ended {timestamp(row.until_at)}")
    return signer


def rotate(session: Session, path: Path, account: Account) -> Signer:
    """Put a new private key in the place of the present one, whose public half stays known."""
    if path.exists():
        use(session, path)  # so that a key which has signed nothing yet is known, too
    private = Ed25519PrivateKey.generate()
    _write(path, private).replace(path)
    signer = _signer(private)
    _begin(session, signer, account)
    return signer


def public_keys(session: Session) -> tuple[Key, ...]:
    """Return every key there was, the first one first."""
    found = session.scalars(select(SigningKey).order_by(SigningKey.from_at, SigningKey.id))
    return tuple(Key(row.id, row.public_key, row.from_at, row.until_at) for row in found)


def keys_json(keys: tuple[Key, ...]) -> dict[str, Any]:
    """Return keys as `/verify/keys.json` gives them and `app.receipts.read_keys` reads them."""
    return {
        "keys": [
            {
                "id": key.id,
                "algorithm": "Ed25519",
                "public_key": key.public_key,
                "from": timestamp(key.from_at) if key.from_at else None,
                "until": timestamp(key.until_at) if key.until_at else None,
            }
            for key in keys
        ]
    }


def _begin(session: Session, signer: Signer, account: Account | None) -> None:
    moment = now()
    session.flush()
    before = session.scalars(select(SigningKey).where(SigningKey.until_at.is_(None))).all()
    for row in before:
        if row.id != signer.id:
            row.until_at = moment
            record_act(session, "key", row.id, "end_key", account, replaced_by=signer.id)
    insert_if_new(session, SigningKey, id=signer.id, public_key=signer.public_key, from_at=moment)
    record_act(session, "key", signer.id, "begin_key", account, public_key=signer.public_key)


def _signer(private: Ed25519PrivateKey) -> Signer:
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Signer(key_id(public), base64.b64encode(public).decode(), private)


def _write(path: Path, private: Ed25519PrivateKey) -> Path:
    """Write a key beside *path*, for its owner alone and to the disk; return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
