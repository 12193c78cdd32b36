"""Files that are kept for as long as the platform: each under the SHA-256 of its content.

A file is whole on disk before anything refers to it, is never changed, and is never deleted: a row
that refers to one always finds it, also after a crash, and a backup that reads rows first and
files later holds every file that its rows name. No name of a sender is a name on disk.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from app.errors import NotFoundError

FOLDER: Final = "sources"  # in the folder of files
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1024 * 1024  # bytes read at once


def place_of(sha256: str) -> str:
    """Return where the file of that hash lies in the folder of files; raise NotFoundError."""
    if not _HASH.fullmatch(sha256):
        raise NotFoundError(what="file", code=sha256)
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


class FileStore:
    """The files that are kept in a folder, FILES_DIR."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep *content*; return its SHA-256 once it is on disk."""
        found = hashlib.sha256(content).hexdigest()
        path = self._folder / place_of(found)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{found}.{secrets.token_hex(8)}")
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync(folder)
        return found

    def path(self, sha256: str) -> Path:
        """Return where the file lies; raise NotFoundError if it is not there."""
        path = self._folder / place_of(sha256)
        if not path.is_file():
            raise NotFoundError(what="file", code=sha256)
        return path

    def is_right(self, sha256: str) -> bool:
        """Tell whether the file holds what it held when it was kept; raise NotFoundError."""
        digest = hashlib.sha256()
        with self.path(sha256).open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest() == sha256


def _sync(folder: Path) -> None:
    """Have the names in *folder* written to disk, not only the files."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
