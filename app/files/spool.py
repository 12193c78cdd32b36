"""Rows kept aside in a file that has no name, until their turn comes: memory holds an index."""

import marshal
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from typing import Final

_IN_MEMORY: Final = 8 * 1024 * 1024  # bytes, before a file is made

Row = tuple[str, ...]


class Spool:
    """A list of numbered rows that takes eight bytes of memory for each."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - see next
        self._closed = weakref.finalize(self, self._file.close)
        self._starts = array("Q")
        self._end = 0

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, number: int, row: Row) -> int:
        """Keep a row; return its position among those kept."""
        content = marshal.dumps((number, row))
        self._file.seek(self._end)
        self._file.write(content)
        self._starts.append(self._end)
        self._end += len(content)
        return len(self._starts) - 1

    def __getitem__(self, position: int) -> tuple[int, Row]:
        start = self._starts[position]
        is_last = position + 1 == len(self._starts)
        end = self._end if is_last else self._starts[position + 1]
        self._file.seek(start)
        number, row = marshal.loads(self._file.read(end - start))  # noqa: S302 - written above
        return number, row

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return (self[position] for position in range(len(self)))

    def close(self) -> None:
        """Forget all rows; done by itself when nobody holds the spool any more."""
        self._closed()
