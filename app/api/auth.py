"""Who calls: known by the token in the `Authorization` header alone, never by a cookie."""

from typing import Final

from flask import Blueprint, current_app, g, request
from flask_limiter.util import get_remote_address

from app.access import permission_of, require
from app.errors import InvalidTokenError, NotSignedInError
from app.extensions import SAFE_METHODS, csrf, db, limiter
from app.rights import Actor, Allowed, Right
from app.services.accounts import account_by_token
from app.workflow import Action, ReviewAction

# Generous: enough to read all of a collection in parts, or to write 196 submissions in a minute.
READS: Final = "600 per minute"
WRITES: Final = "240 per minute"

NAMED: Final[dict[str, Allowed]] = {
    allowed.value: allowed for kind in (Action, ReviewAction, Right) for allowed in kind
}


def identify() -> None:
    """Find out who calls. A token that is none is remembered, and refused later."""
    g.actor, g.token_is_refused = Actor(), False
    header = request.headers.get("Authorization", "")
    if not header:
        return
    scheme, _, secret = header.partition(" ")
    token = account_by_token(db.session(), secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        g.token_is_refused = True
    else:
        g.actor = Actor(token.account, token.scope)


def check_caller() -> None:
    """Refuse a token that is none, a call that writes without one, and one without the right.

    A call with an old token must not be answered as if nobody had asked: half of the answers
    would be missing and nobody would be told. Whether the right holds for this Party is for the
    view to check; what somebody without it sends is not even read.
    """
    if "token_is_refused" not in g:
        identify()
    if g.token_is_refused:
        raise InvalidTokenError
    if request.method not in SAFE_METHODS and g.actor.account is None:
        raise NotSignedInError
    view = current_app.view_functions[request.endpoint or ""]
    if allowed := NAMED.get(permission_of(view) or ""):
        require(allowed)


def caller() -> str:
    """Return whose calls are counted together: an account's, else those of an address."""
    if "token_is_refused" not in g:
        identify()
    account = g.actor.account
    return f"account {account.id}" if account else f"address {get_remote_address()}"


def limit_calls(bp: Blueprint) -> None:
    """Limit how often one caller may read and write; free the blueprint of CSRF tokens.

    A CSRF token guards what a cookie allows, and here no cookie allows anything.
    """
    csrf.exempt(bp)
    limiter.shared_limit(READS, "api reads", key_func=caller, methods=[*sorted(SAFE_METHODS)])(bp)
    limiter.shared_limit(WRITES, "api writes", key_func=caller, methods=["POST", "PUT"])(bp)
