"""Where the bytes of a file come from: memory or disk. Read in parts, as often as needed."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

PART: Final = 1024 * 1024  # bytes
_NEVER_SECOND: Final = bytes(range(0x30))  # signs that are no part of another one, in any encoding


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name, and its content or where it lies on disk."""

    name: str
    content: bytes | Path

    def open(self) -> BinaryIO:
        """Return the file, to be read from its beginning."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        return self.content.open("rb")

    def head(self, size: int = 64 * 1024) -> bytes:
        """Return the first bytes."""
        with self.open() as file:
            return file.read(size)

    def parts(self) -> Iterator[bytes]:
        """Yield the file in parts that cut no sign in two, as far as that can be told."""
        left = b""
        with self.open() as file:
            while read := file.read(PART):
                whole = left + read
                kept = len(whole.rstrip(_ANY_OTHER)) if len(whole) < 4 * PART else len(whole)
                yield whole[:kept]
                left = whole[kept:]
        if left:
            yield left


_ANY_OTHER: Final = bytes(sorted(set(range(256)) - set(_NEVER_SECOND)))
