"""Static files: each address carries a hash of its content, so browsers may keep it for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

FOR_EVER: Final = "public, max-age=31536000, immutable"


class _NoSessionForFiles(SecureCookieSessionInterface):
    """Sessions as Flask keeps them, but for static files: those depend on no cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session's cookie, and say that the answer depends on it."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Put the hash into every address of a static file; tell browsers how long to keep it."""
    app.session_interface = _NoSessionForFiles()
    app.url_defaults(_add_hash)
    app.after_request(_keep)


def _add_hash(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        found = content_hash(str(values["filename"]))
        if found:
            values["v"] = found


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200:  # noqa: PLR2004 - HTTP's own
        view_args = request.view_args or {}
        current = content_hash(str(view_args.get("filename", "")))
        is_current = request.args.get("v") == current
        response.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
        response.direct_passthrough = False
        content = response.get_data()  # whole, so that it is compressed for every client
        response.close()
        response.set_data(content)
    return response


def content_hash(filename: str) -> str:
    """Return the hash of a static file, 12 hexadecimal digits; empty if there is no such file."""
    path = Path(current_app.static_folder or "") / filename
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ""
    return _hash(path, changed) if path.is_file() else ""


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
