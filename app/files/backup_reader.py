"""Reading a backup: what is truncated, altered, foreign or newer is refused, and says so."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from app.files.backups import (
    AT_ONCE,
    FORMAT,
    KIND,
    LARGEST_MANIFEST,
    LONGEST_LINE,
    MANIFEST,
    BackupError,
    Manifest,
    Part,
    Row,
)

_DAMAGED: Final = "It was cut off or changed after it was made; use another backup."


class BackupReader:
    """An open backup; `manifest` was read and fits what is in the file."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._zip = archive
        self._path = path
        self.manifest = _manifest(archive, path)

    def rows(self, part: Part) -> Iterator[Row]:
        """Yield the rows of a table; raise BackupError when they are not what they were."""
        digest, count = hashlib.sha256(), 0
        with self._entry(part) as entry:
            while line := entry.readline(LONGEST_LINE):
                digest.update(line)
                count += 1
                yield self._row(part, line)
        self._compare(part, digest.hexdigest(), count)

    def pieces(self, part: Part) -> Iterator[bytes]:
        """Yield the content of a file; raise BackupError at the end if it is not what it was."""
        digest = hashlib.sha256()
        with self._entry(part) as entry:
            while piece := entry.read(AT_ONCE):
                digest.update(piece)
                yield piece
        self._compare(part, digest.hexdigest(), part.rows)

    @contextmanager
    def _entry(self, part: Part) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(part.name) as entry:
                yield entry
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise self._damaged(part) from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise self._damaged(part) from error
            raise

    def _row(self, part: Part, line: bytes) -> Row:
        try:
            row = json.loads(line.decode("utf-8", "surrogatepass"))
        except ValueError as error:
            raise self._damaged(part) from error
        if not isinstance(row, dict) or not row.keys() <= (part.columns or {}).keys():
            raise self._damaged(part)
        return row

    def _compare(self, part: Part, digest: str, rows: int) -> None:
        if (digest, rows) != (part.sha256, part.rows):
            raise self._damaged(part)

    def _damaged(self, part: Part) -> BackupError:
        return BackupError(f"{self._path}: {part.name} is not what it was. {_DAMAGED}")


@contextmanager
def reading(path: Path) -> Iterator[BackupReader]:
    """Open a backup; raise BackupError when it is none, or not whole, or of a newer format."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BackupError(f"{path} is no backup of Canopy, or it was cut off.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    with archive:
        yield BackupReader(archive, path)


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    foreign = BackupError(f"{path} is no backup of Canopy.")
    names = archive.namelist()
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise foreign
    try:
        said = json.loads(archive.read(MANIFEST))
    except (ValueError, zipfile.BadZipFile, OSError) as error:
        raise BackupError(f"{path}: {MANIFEST} is not what it was. {_DAMAGED}") from error
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise foreign
    if not isinstance(said.get("format"), int) or said["format"] > FORMAT:
        raise BackupError(
            f"{path} was made by a newer Canopy (format {said.get('format')}; this one reads up"
            f" to {FORMAT}). Use that version, or a newer one."
        )
    try:
        manifest = _read(said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupError(f"{path}: {MANIFEST} is not what it was. {_DAMAGED}") from error
    told = sorted([MANIFEST, *(part.name for part in manifest.parts)])
    if told != sorted(names):
        raise BackupError(f"{path}: parts are missing or do not belong to it. {_DAMAGED}")
    return manifest


def _read(said: dict[str, Any]) -> Manifest:
    return Manifest(
        created_at=str(said["created_at"]),
        revision=str(said["revision"]),
        database=str(said["database"]),
        parts=tuple(_part(part) for part in said["parts"]),
    )


def _part(said: dict[str, Any]) -> Part:
    columns = said.get("columns")
    if columns is not None:
        columns = {str(name): str(kind) for name, kind in columns.items()}
    part = Part(
        name=str(said["name"]),
        sha256=str(said["sha256"]),
        bytes=int(said["bytes"]),
        columns=columns,
        rows=int(said.get("rows", 0)),
    )
    folder, *steps = PurePosixPath(part.name).parts
    is_inside = bool(steps) and ".." not in steps and not set("\\\0") & set(part.name)
    if not is_inside or folder != ("files" if columns is None else "tables"):
        raise ValueError(part.name)
    return part
