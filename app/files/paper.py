"""What a file is in which a report came on paper: found out from its content, never from its name.

Taken are PDF, Word (.docx) and pictures of pages. Nothing of the file is opened but the directory
of a zip; what could run on a reader's machine by itself (macros) is refused.
"""

import io
import re
import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from app.errors import UnreadableFileError

LONGEST_NAME: Final = 120  # characters
_PDF_WITHIN: Final = 1024  # bytes in which a PDF begins
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_WORD: Final = "word/document.xml"
_MACROS: Final = "vbaproject.bin"
_BROKEN: Final = (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, OSError)


class PaperKind(NamedTuple):
    """A kind of file: how it is called on the web, and the ending of its name."""

    media_type: str
    ending: str


PDF: Final = PaperKind("application/pdf", ".pdf")
DOCX: Final = PaperKind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"
)
_PICTURES: Final = (
    (b"\xff\xd8\xff", PaperKind("image/jpeg", ".jpg")),
    (b"\x89PNG\r\n\x1a\n", PaperKind("image/png", ".png")),
    (b"II*\x00", PaperKind("image/tiff", ".tif")),
    (b"MM\x00*", PaperKind("image/tiff", ".tif")),
)
KINDS: Final = (PDF, DOCX, *dict.fromkeys(kind for _, kind in _PICTURES))
ENDINGS: Final = (*(kind.ending for kind in KINDS), ".jpeg", ".tiff")


def paper_kind(name: str, content: bytes) -> PaperKind:
    """Return what *content* is; raise UnreadableFileError with `reason` and `file`."""
    if not content:
        raise UnreadableFileError(reason="empty_paper", file=name)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return PDF
    for start, kind in _PICTURES:
        if content.startswith(start):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _word(name, content)
    reason = "old_paper" if content.startswith(_OLD_OFFICE) else "no_paper"
    raise UnreadableFileError(reason=reason, file=name)


def _word(name: str, content: bytes) -> PaperKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member.lower() for member in archive.namelist()}
    except _BROKEN as error:
        raise UnreadableFileError(reason="no_paper", file=name) from error
    if _WORD not in members:
        raise UnreadableFileError(reason="no_paper", file=name)
    if any(PurePosixPath(member).name == _MACROS for member in members):
        raise UnreadableFileError(reason="paper_with_macros", file=name)
    return DOCX


def paper_name(name: str, kind: PaperKind) -> str:
    """Return *name* as we show it and give it back: no path, no hidden sign, the right ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " "
    )
    shown = re.sub(r'[<>:"|?*]+', "-", shown)
    stem = re.sub(r"\.(pdf|docx?|jpe?g|png|tiff?)$", "", shown.strip(), flags=re.IGNORECASE)
    stem = stem.strip(" .")[: LONGEST_NAME - len(kind.ending)].strip(" .")
    return f"{stem or 'document'}{kind.ending}"
