"""Files that somebody sent and has not confirmed yet: an hour, for who sent them alone.

Each is a file of its own, readable by this server only, named by a hash: whoever reads the folder
cannot guess what opens one. Nothing is unpacked, and no name of a sender is a name on disk.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import NotFoundError
from app.models.base import now

KEPT_SECONDS: Final = 60 * 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: the files by name, and what was said with them."""

    files: Mapping[str, bytes]
    said: Mapping[str, str]


class KeptFiles:
    """The files that wait in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, owner: str, files: Mapping[str, bytes], said: Mapping[str, str]) -> str:
        """Keep *files* for *owner*, an account's id; return the secret that opens them."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._drop_old()
        token = secrets.token_urlsafe(32)
        sizes = [(name, len(content)) for name, content in files.items()]
        head = json.dumps({"owner": owner, "said": dict(said), "files": sizes}).encode()
        opened = os.open(self._path(token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(head + b"\n")
            for content in files.values():
                file.write(content)
        return token

    def open(self, owner: str, token: str) -> Kept:
        """Return what was kept; raise NotFoundError: unknown, somebody else's, or too old."""
        path = self._path(token)
        try:
            if path.stat().st_mtime < now().timestamp() - KEPT_SECONDS:
                raise NotFoundError(what="upload", code="")
            with path.open("rb") as file:
                head = json.loads(file.readline())
                if head["owner"] != owner:
                    raise NotFoundError(what="upload", code="")
                files = {name: file.read(size) for name, size in head["files"]}
        except OSError as error:
            raise NotFoundError(what="upload", code="") from error
        return Kept(files, head["said"])

    def forget(self, token: str) -> None:
        """Delete what was kept, if it is still there."""
        self._path(token).unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        return self._folder / hashlib.sha256(token.encode()).hexdigest()

    def _drop_old(self) -> None:
        for path in self._folder.iterdir():
            try:
                if path.stat().st_mtime < now().timestamp() - KEPT_SECONDS:
                    path.unlink()
            except FileNotFoundError:  # another worker was faster
                continue
