"""A bulk call that is repeated with the same key is answered alike, and does nothing twice."""

import hashlib
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.errors import IdempotencyError
from app.models.account import Account
from app.models.submission import IdempotentCall


def answer_before(session: Session, account: Account, key: str) -> dict[str, Any] | None:
    """Return what was answered to this call before, or None when it is new.

    Raises IdempotencyError when the key was used with another address or content.
    """
    call = session.get(IdempotentCall, (account.id, key))
    if call is None:
        return None
    if call.content_hash != _content_hash():
        raise IdempotencyError(key=key)
    return call.answer


def remember(session: Session, account: Account, key: str, answer: dict[str, Any]) -> None:
    """Keep what is answered; committed with what the call does, or not at all."""
    call = IdempotentCall(
        account_id=account.id, key=key, content_hash=_content_hash(), answer=answer
    )
    session.add(call)


def _content_hash() -> str:
    """Return a hash over address and content."""
    head = f"{request.method} {request.full_path}\n".encode()
    return hashlib.sha256(head + request.get_data(cache=True)).hexdigest()
