"""Which encoding a text file is in. What can be told for certain is read; the rest must be said.

A mark at the beginning, well-formed UTF-8 and the zeros of UTF-16 are certain. The encodings of one
byte for a sign, and that of China, are not: nearly any bytes are something in all of them. Such a
file is read as declared, or when only one reading is possible text of the six languages. Whoever
reads the report is told which one was taken.
"""

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.errors import UnreadableFileError
from app.files.source import PART, Source

# Names that people may give, and Python's.
ENCODINGS: Final = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "windows-1256": "cp1256",
    "mac-roman": "mac_roman",
    "gb18030": "gb18030",
}
_MARKS: Final = (  # the longer first
    (b"\xff\xfe\x00\x00", "utf-32", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
    (b"\xff\xfe", "utf-16", "utf-16"),
    (b"\xfe\xff", "utf-16", "utf-16"),
)
_UNCERTAIN: Final = tuple(name for name in ENCODINGS if not name.startswith("utf"))
_MOST_ZEROS: Final = 0.05  # of a text file; above, it holds something else
_FEW: Final = 4  # bytes from which UTF-16 is told

_LETTERS: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153\u0178"
_SIGNS: Final = (
    "\u00a0\u00a1\u00a3\u00a7\u00a9\u00aa\u00ab\u00ae\u00b0-\u00b3\u00b5\u00b7\u00ba\u00bb\u00bf\u00d7"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\u2116\u2122"
)
_RUSSIAN: Final = "\u0410-\u044f\u0401\u0451"
_ARABIC: Final = "\u0621-\u063a\u0640-\u0652"
_ARABIC_SIGNS: Final = "\u060c\u061b\u061f\u200c-\u200f"
_CHINESE: Final = "\u4e00-\u9fff"
_CHINESE_SIGNS: Final = (
    "\u3000-\u3020\uff01-\uff5e\uffe5\u2018\u2019\u201c\u201d\u2014\u2026\u00b7\u00d7\u00b0\u2103"
    "\u2460-\u249b\u2116"
)

# What cannot stand in a text of these letters: other signs, letters of two alphabets side by side,
# three signs in a row that no keyboard of the language gives, a capital inside a word.
_NO_LATIN: Final = re.compile(
    rf"[^\x00-\x7f{_LETTERS[6:]}{_SIGNS}]|[^\x00-\x7f\u00a0]{{3}}"
    r"|[a-z\u00df-\u00f6\u00f8-\u00ff\u0153][\u00c0-\u00d6\u00d8-\u00de\u0152\u0178]|\w\u2026\w"
    rf"|(?<![{_LETTERS}])[{_LETTERS[6:]}]{{2,}}(?![{_LETTERS}])"
)
_NO_RUSSIAN: Final = re.compile(
    rf"[^\x00-\x7f{_RUSSIAN}{_SIGNS}]|[A-Za-z][{_RUSSIAN}]|[{_RUSSIAN}][A-Za-z]"
    r"|[\u0430-\u044f\u0451][\u0410-\u042f\u0401]"
)
_NO_ARABIC: Final = re.compile(
    rf"[^\x00-\x7f{_LETTERS[6:]}{_SIGNS}{_ARABIC}{_ARABIC_SIGNS}]|[{_LETTERS}][{_ARABIC}]"
    rf"|(?<![{_ARABIC}])[\u064b-\u0652]|[{_ARABIC}][{_LETTERS}]|[{_LETTERS[6:]}]{{3}}"
    r"|[a-z\u00df-\u00f6\u00f8-\u00ff\u0153][\u00c0-\u00d6\u00d8-\u00de\u0152\u0178]|\w\u2026\w"
    rf"|(?<![{_LETTERS}])[{_LETTERS[6:]}]{{2,}}(?![{_LETTERS}])"
)
_NO_CHINESE: Final = re.compile(rf"[^\x00-\x7f{_CHINESE}{_CHINESE_SIGNS}]")
_USUAL: Final = 0.9  # share of the 3,755 most usual characters in Chinese text, at least
_FIRST_UNUSUAL: Final = 0xD8  # first byte of the others in GB 2312


class Found(NamedTuple):
    """How a file is read.

    codec       Python's name
    assumed     name of the encoding when it was neither certain nor declared; else ""
    has_marks   whether signs stand in the text that no text has: zeros, marks of byte order
    """

    codec: str
    assumed: str
    has_marks: bool


def encoding_of(source: Source, declared: str = "") -> Found:
    """Return how *source* is read; *declared* is one of `ENCODINGS`, or "".

    Raises UnreadableFileError: `not_a_table`, `unclear_encoding` with the `candidates`, or
    `wrong_encoding` with what was `declared` and the row.
    """
    head = source.head()
    for mark, name, codec in _MARKS:
        if head.startswith(mark):
            if declared not in ("", name):
                _refuse(source, "wrong_encoding", declared=declared, found=name.upper())
            return _certain(source, codec, name)
    if codec := _without_mark(head):
        return _certain(source, codec, "utf-16")
    zeros = head.count(b"\x00")
    if zeros > _MOST_ZEROS * len(head):
        _refuse(source, "not_a_table", kind="binary")
    if declared and declared not in _UNCERTAIN:
        return _certain(source, ENCODINGS[declared], declared)
    if _fails(source, "utf-8") is None:
        if declared and not all(part.isascii() for part in source.parts()):
            _refuse(source, "wrong_encoding", declared=declared, found="UTF-8")
        return Found("utf-8", "", _has_marks(source, "utf-8"))
    if declared:
        return _certain(source, ENCODINGS[declared], declared)
    name = _only_reading(source)
    return Found(ENCODINGS[name], name, _has_marks(source, ENCODINGS[name]))


def _certain(source: Source, codec: str, name: str) -> Found:
    row = _fails(source, codec)
    if row is not None:
        _refuse(source, "wrong_encoding", declared=name, found="", row=row)
    return Found(codec, "", _has_marks(source, codec))


def _refuse(source: Source, reason: str, **details: object) -> None:
    raise UnreadableFileError(reason=reason, file=source.name, **details)


def _without_mark(head: bytes) -> str:
    """Return the UTF-16 of a file without its mark: a header of ASCII shows in the zeros."""
    first = head[:_FEW]
    if len(first) < _FEW:
        return ""
    zeros = "".join("0" if byte == 0 else "x" for byte in first)
    return {"x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(zeros, "")


def _fails(source: Source, codec: str) -> int | None:
    """Return the line at which *source* is not well-formed in *codec*; None when it is."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    with source.open() as file:
        while True:
            part = file.read(PART)
            try:
                text = decoder.decode(part, final=not part)
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                held = getattr(error, "object", b"")
                return line + (held[:start] if isinstance(held, bytes) else b"").count(b"\n")
            if not part:
                return None
            line += text.count("\n")


def _has_marks(source: Source, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    with source.open() as file:
        beginning = decoder.decode(file.read(PART))
        if "\x00" in beginning or "\ufeff" in beginning:
            return True
        while part := file.read(PART):
            text = decoder.decode(part)
            if "\x00" in text or "\ufeff" in text:
                return True
    return False


@dataclass(slots=True)
class _Candidate:
    """One encoding while the file is read: whether its reading is still possible, and which."""

    name: str
    refuses: Callable[[str], object]
    is_possible: bool = True
    reading: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    usual: int = 0
    unusual: int = 0

    def read(self, part: bytes) -> None:
        """Look at one more part of the file."""
        try:
            text = part.decode(ENCODINGS[self.name])
        except UnicodeDecodeError:
            self.is_possible = False
            return
        self.is_possible = not self.refuses(text)
        if self.name == "gb18030" and self.is_possible:
            self._count(text)
        self.reading.update(text.encode())

    def _count(self, text: str) -> None:
        """Count usual and unusual characters; what is not in GB 2312 is in nobody's file."""
        for character in re.findall(f"[{_CHINESE}]", text):
            try:
                first = character.encode("gb2312")[0]
            except UnicodeEncodeError:
                first = 0xFF
            self.usual += first < _FIRST_UNUSUAL
            self.unusual += first >= _FIRST_UNUSUAL

    def is_usual(self) -> bool:
        """Tell whether the characters are those that Chinese texts are made of."""
        return self.usual >= _USUAL * (self.usual + self.unusual)


def _only_reading(source: Source) -> str:
    """Return the one encoding in which the file can be text of the six languages; else refuse."""
    candidates = [
        _Candidate("windows-1252", _NO_LATIN.search),
        _Candidate("mac-roman", _NO_LATIN.search),
        _Candidate("windows-1251", _NO_RUSSIAN.search),
        _Candidate("windows-1256", _NO_ARABIC.search),
        _Candidate("gb18030", _NO_CHINESE.search),
    ]
    for part in source.parts():
        if part.isascii():
            continue
        for candidate in candidates:
            if candidate.is_possible:
                candidate.read(part)
    possible = [c for c in candidates if c.is_possible and c.is_usual()]
    if len({candidate.reading.digest() for candidate in possible}) != 1:
        _refuse(source, "unclear_encoding", candidates=tuple(c.name for c in possible))
    return possible[0].name
