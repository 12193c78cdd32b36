"""What somebody posted and we could not take: carried along until it can be sent again.

It is signed, so that no other page can make ours send something, or send it somewhere else. It
travels in hidden fields, never in an address, and is sent only by a button that says so. Secrets
and files are never kept.
"""

from dataclasses import dataclass
from typing import Final, Self

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from app.web.security import is_from_our_pages
from app.web.sessions import last_owner

FIELD: Final = "kept"
SECRETS: Final = frozenset({"password", "again", "current", "code", "setup"})
OURS: Final = frozenset({"csrf_token", FIELD})


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of one form: where they were meant to go, and whose session it was."""

    address: str  # a path of ours
    fields: tuple[tuple[str, str], ...]
    account: str  # an id; empty if it is not known

    @classmethod
    def from_request(cls) -> Self | None:
        """Return what this request posted; None when there is nothing, or nothing to keep.

        Only when a browser says that one of our pages sent it: nobody else's page may fill it in.
        """
        if request.method != "POST" or not is_from_our_pages() or request.files:
            return None
        if SECRETS & set(request.form):
            return None
        fields = tuple(
            (name, value) for name, value in request.form.items(multi=True) if name not in OURS
        )
        return cls(request.full_path.rstrip("?"), fields, last_owner()) if fields else None

    @classmethod
    def carried(cls) -> Self | None:
        """Return what the page that sent this request carried along, if that was ours."""
        text = request.form.get(FIELD, "")
        if not text:
            return None
        try:
            address, fields, account = _serializer().loads(text)
        except BadSignature:
            return None
        return cls(address, tuple((name, value) for name, value in fields), account)

    def sealed(self) -> str:
        """Return it for a hidden field."""
        text: str | bytes = _serializer().dumps([self.address, self.fields, self.account])
        return text if isinstance(text, str) else text.decode()

    @property
    def texts(self) -> list[str]:
        """What a person wrote in words, to be shown; codes and numbers are carried unseen."""
        return [value for _, value in self.fields if " " in value.strip() or "\n" in value.strip()]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="what was typed")
