"""Static files: each address carries a hash of its content, so browsers may keep it for ever.

A JavaScript module is served with the hashes of the modules that it imports, so that these may be
kept too, and without the lines that are comments. Its own hash is that of what is served.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

FOR_EVER: Final = "public, max-age=31536000, immutable"
MODULE: Final = ".js"
_COMMENT: Final = re.compile(rb"^ *//.*\n", re.MULTILINE)
_IMPORT: Final = re.compile(rb'(?<=from "\./)[a-z]+\.js(?=")')


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
    app.jinja_env.globals["modules_of"] = modules_of


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
        is_module = str(view_args.get("filename", "")).endswith(MODULE)
        response.set_data(_served(content, _folder(view_args)) if is_module else content)
    return response


def modules_of(filename: str) -> list[str]:
    """Return the modules that a module imports, and those that these import: each once."""
    found: dict[str, None] = {}
    waiting = [filename]
    while waiting:
        for imported in _imported(waiting.pop()):
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
    return list(found)


def content_hash(filename: str) -> str:
    """Return the hash of a static file, 12 hexadecimal digits; empty if there is no such file."""
    path = Path(current_app.static_folder or "") / filename
    if not path.is_file():
        return ""
    if path.suffix != MODULE:
        return _hash(path, path.stat().st_mtime_ns)
    modules = path.parent.glob(f"*{MODULE}")
    return _hash_of_module(path, max(module.stat().st_mtime_ns for module in modules))


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return _digest(path.read_bytes())


@lru_cache(maxsize=256)
def _hash_of_module(path: Path, _changed: int) -> str:
    folder = path.parent.relative_to(current_app.static_folder or "")
    return _digest(_served(path.read_bytes(), str(folder)))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _folder(view_args: dict[str, Any]) -> str:
    return str(Path(str(view_args["filename"])).parent)


def _served(module: bytes, folder: str) -> bytes:
    """Return a module of *folder* as it is sent: its imports with their hashes, no comments."""

    def with_hash(name: re.Match[bytes]) -> bytes:
        return name[0] + b"?v=" + content_hash(f"{folder}/{name[0].decode()}").encode()

    return _IMPORT.sub(with_hash, _COMMENT.sub(b"", module))


def _imported(filename: str) -> Iterator[str]:
    path = Path(current_app.static_folder or "") / filename
    for name in _IMPORT.findall(path.read_bytes()):
        yield f"{Path(filename).parent}/{name.decode()}"
