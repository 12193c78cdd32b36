"""The pages of a delegate, who has no account: the link in the address lets in, and to no more."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from app.access import by_link
from app.extensions import limiter
from app.services.secret import hash_of
from app.web.limits import SAVES, TRIES
from app.web.proposal_pages import add_views

bp = Blueprint("delegate", __name__, url_prefix="/d/<link>")


def _is_unknown(_response: Any) -> bool:  # noqa: ANN401 - whatever the view returned
    """Tell whether somebody tried a link that never was; a page of an older link tries none."""
    return bool(g.get("link_is_unknown"))


def _link() -> str:
    return f"link {hash_of(str((request.view_args or {}).get('link', '')))}"


def check_link(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Let in by the link; few may be tried out, and by each only so much be saved."""
    guarded: Callable[..., ResponseReturnValue] = limiter.limit(TRIES, deduct_when=_is_unknown)(
        limiter.limit(SAVES, key_func=_link, methods=["POST"])(by_link(view))
    )
    return guarded


add_views(bp, check_link)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Let nobody keep these pages: whoever has their address can write."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
