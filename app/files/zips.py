"""A zip, measured before it is opened, and unpacked within what was measured."""

import io
import struct
import zipfile
import zlib
from collections import Counter
from typing import Final

from app.errors import UnreadableFileError

MOST_UNPACKED: Final = 100 * 1024 * 1024  # bytes
MOST_RATIO: Final = 100  # unpacked to packed; text packs at 3 to 20
MOST_MEMBERS: Final = 2_000
_SMALL: Final = 1024 * 1024  # bytes; below this the ratio does not matter
BOOKS: Final = (".xlsx", ".xlsm", ".ods")
_ENCRYPTED: Final = 0x1  # bit of a member's flags
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)


def read_zip(name: str, content: bytes) -> dict[str, bytes]:
    """Return the members of a zip by path; raise UnreadableFileError (see `app.files.readers`).

    The directory is read first: a zip that would take more than 100 MB, or unpacks to more than
    100 times its size, is refused. No member is read beyond the size that the directory says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not all(archive.namelist()):  # `is_dir` asks for the last letter of a name
                raise UnreadableFileError(reason=_broken(name), file=name)
            members = [member for member in archive.infolist() if not member.is_dir()]
            _measure(name, members, len(content))
            _refuse_doubled(members)
            return {member.filename: archive.read(member) for member in members}
    except _BROKEN as error:
        raise UnreadableFileError(reason=_broken(name), file=name) from error


def pack(members: dict[str, bytes]) -> bytes:
    """Return *members* as a zip that is not compressed: its sizes are what they say."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _measure(name: str, members: list[zipfile.ZipInfo], packed: int) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableFileError(reason="encrypted_zip", file=name)
    if any(member.compress_type not in _METHODS for member in members):
        raise UnreadableFileError(reason=_broken(name), file=name)
    if len(members) > MOST_MEMBERS:
        raise UnreadableFileError(
            reason="too_many_members", file=name, count=len(members), limit=MOST_MEMBERS
        )
    unpacked = sum(member.file_size for member in members)
    limit = MOST_UNPACKED if unpacked <= _SMALL else min(MOST_UNPACKED, MOST_RATIO * packed)
    if unpacked > limit:
        raise UnreadableFileError(
            reason="unpacked_too_large", file=name, size=unpacked, limit=limit
        )


def _refuse_doubled(members: list[zipfile.ZipInfo]) -> None:
    for path, times in Counter(member.filename for member in members).items():
        if times > 1:
            raise UnreadableFileError(reason="doubled_file", file=path)


def _broken(name: str) -> str:
    return "broken_xlsx" if name.lower().endswith(BOOKS) else "broken_zip"
