"""How often one may try, counted over all workers. Only what fails counts, where not said else."""

from typing import Any, Final

from flask import request

from app.access import account
from app.extensions import limiter
from app.services.secret import hash_of

TRIES: Final = "10 per minute; 60 per hour"  # from one address of the network
TRIES_OF_ACCOUNT: Final = "30 per hour"  # at one account, from anywhere
MAILS: Final = "10 per hour; 30 per day"  # to one e-mail address, or asked for by one account
MAILS_OF_ADDRESS: Final = "30 per hour"  # asked for from one address of the network
COMMENTS: Final = "60 per hour"  # by one partner institution: each can be a mail to many
INVITATIONS: Final = "200 per hour"  # by one account
SAVES: Final = (
    "120 per minute; 2000 per hour"  # by one link of a delegate; what succeeds counts too
)

_FAILED: Final = 400  # the first status of HTTP that is a failure


def has_failed(response: Any) -> bool:  # noqa: ANN401 - whatever the view returned
    """Tell whether an answer refuses what was tried."""
    return int(response.status_code) >= _FAILED


def ends_at() -> float | None:
    """Return when the limit that refused this request ends, in seconds since 1970."""
    limit = limiter.current_limit
    return limit.window.reset_time if limit else None  # its `reset_at` is up to a second later


def by_account() -> str:
    """Return what the tries of whoever is signed in are counted by."""
    return f"account {account().id}"


def by_email() -> str:
    """Return what is counted by the address that was typed: a hash, however long that is."""
    return hash_of(request.form.get("email", "").strip().lower())
