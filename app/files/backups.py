"""The file of a backup: a zip of one part for each table and each file, and a manifest.

It is the same whichever database it comes from, so that a backup of SQLite restores into PostgreSQL
and back. A part of a table has a JSON object on each line: a row by the names of its columns, NULL
left out. The manifest tells what each part holds, with its SHA-256. Both ends are streams: neither
the file nor a table is ever in memory as a whole.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

KIND: Final = "canopy-backup"
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 64 * 1024 * 1024  # bytes
LONGEST_LINE: Final = 256 * 1024 * 1024  # bytes; ten times the largest submission we take
AT_ONCE: Final = 1024 * 1024  # bytes

Row = dict[str, Any]


class BackupError(Exception):
    """The backup cannot be written, or not be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the zip: the rows of a table, or a file.

    name      in the zip: `tables/event.jsonl`, `files/imports/…`
    columns   of a table: the kind of each by name, such as `{"at": "moment"}`; in their order
    rows      of a table; 0 for a file
    """

    name: str
    sha256: str
    bytes: int
    columns: dict[str, str] | None = None
    rows: int = 0

    @property
    def table(self) -> str:
        """The name of the table; empty for a file."""
        return PurePosixPath(self.name).stem if self.columns is not None else ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    created_at: str
    revision: str  # of the migrations: which tables and columns there were
    database: str  # kind of database that it was made from
    parts: tuple[Part, ...]

    @property
    def tables(self) -> tuple[Part, ...]:
        """Parts of tables, each after those that it refers to."""
        return tuple(part for part in self.parts if part.table)

    @property
    def files(self) -> tuple[Part, ...]:
        """Parts of files."""
        return tuple(part for part in self.parts if not part.table)


class BackupWriter:
    """Writes a backup beside *path*; `finish` puts it there, whole and on disk."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise BackupError(f"{path} exists already: choose another name.")
        self.path = path
        self._draft = path.with_name(f".{path.name}.part")
        self._parts: list[Part] = []
        try:
            self._file = os.fdopen(os.open(self._draft, os.O_CREAT | os.O_WRONLY, 0o600), "wb")
        except OSError as error:
            raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
        self._file.truncate()
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add_table(self, table: str, columns: dict[str, str], rows: Iterable[Row]) -> Part:
        """Write the rows of a table; those that it refers to were written before."""
        name, count, digest, size = f"tables/{table}.jsonl", 0, hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as entry:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode(
                    "utf-8", "surrogatepass"
                )
                entry.write(line + b"\n")
                digest.update(line + b"\n")
                count, size = count + 1, size + len(line) + 1
        return self._add(Part(name, digest.hexdigest(), size, columns, count))

    def add_file(self, name: str, source: IO[bytes]) -> Part:
        """Write a file under its path in the folder of files."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(f"files/{name}", "w", force_zip64=True) as entry:
            while piece := source.read(AT_ONCE):
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        return self._add(Part(f"files/{name}", digest.hexdigest(), size))

    def _add(self, part: Part) -> Part:
        self._parts.append(part)
        return part

    def finish(self, *, created_at: str, revision: str, database: str) -> Manifest:
        """Add the manifest, and put the whole in its place."""
        manifest = Manifest(created_at, revision, database, tuple(self._parts))
        self._zip.writestr(MANIFEST, json.dumps(_manifest_json(manifest), indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return manifest

    def discard(self) -> None:
        """Leave nothing behind of a backup that was not finished."""
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        self._draft.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[BackupWriter]:
    """Give a writer; whatever goes wrong leaves no file behind."""
    writer = BackupWriter(path)
    try:
        yield writer
    except OSError as error:  # a disk that is full, say
        writer.discard()
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    except BaseException:
        writer.discard()
        raise


def _manifest_json(manifest: Manifest) -> dict[str, Any]:
    parts = []
    for part in manifest.parts:
        told: dict[str, Any] = {"name": part.name, "sha256": part.sha256, "bytes": part.bytes}
        if part.columns is not None:
            told |= {"rows": part.rows, "columns": part.columns}
        parts.append(told)
    return {
        "kind": KIND,
        "format": FORMAT,
        "created_at": manifest.created_at,
        "revision": manifest.revision,
        "database": manifest.database,
        "parts": parts,
    }
