"""What every answer carries to keep visitors safe: policy, headers, how long it may be kept."""

import math
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from app.models.base import now
from app.web import rate_limits
from app.web.limits import ends_at

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR: Final = 365 * 24 * 60 * 60  # seconds

# Flask-Limiter finds the storage by its address; naming the class here keeps the import honest.
STORAGE: Final = rate_limits.SqliteStorage


def init_app(app: Flask) -> None:
    """Add the headers to every answer, error pages included."""
    app.after_request(_protect)
    app.after_request(_forget_private)
    app.after_request(_say_when_to_come_back)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if urlsplit(current_app.config["PUBLIC_URL"]).scheme == "https":
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    return response


def _forget_private(response: Response) -> Response:
    """Let no shared cache keep a page made for somebody, and no browser show an old page as new."""
    if "Cache-Control" not in response.headers:
        is_failing = g.get("is_failing")  # then nobody asks the database who it is for
        for_somebody = (
            is_failing or response.headers.get("Set-Cookie") or current_user.is_authenticated
        )
        response.headers["Cache-Control"] = "private, no-cache" if for_somebody else "no-cache"
    return response


def _say_when_to_come_back(response: Response) -> Response:
    if response.status_code == 429 and (moment := ends_at()):  # noqa: PLR2004 - HTTP's own
        response.headers["Retry-After"] = str(max(1, math.ceil(moment - now().timestamp())))
    return response


def is_from_our_pages() -> bool:
    """Tell whether a browser says that one of our own pages sent this request."""
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    return origin in {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}
