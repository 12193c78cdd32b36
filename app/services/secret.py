"""Secrets that let somebody in: 32 random bytes, of which the database keeps the SHA-256 alone."""

import hashlib
import secrets


def new_secret() -> str:
    """Return 32 random bytes as text for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
