r"""PO files, read strictly and written as `make texts` writes them.

Entries know their lines, so that every problem can be named by line and a file can be changed
without touching what stays. Escapes are \\ \" \n \t \r; lines are not wrapped.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

FUZZY: Final = "fuzzy"
_KEYWORD: Final = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,2})\])?)\s+(".*)')
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"\\": "\\", '"': '"', "n": "\n", "t": "\t", "r": "\r"}
_PREVIOUS: Final = re.compile(r"#\s?\|\s*(.*)")


@dataclass(slots=True)
class Entry:
    """One message of a PO file. Lines are counted from 1; 0 where there is none."""

    line: int = 0  # of its msgid
    start: int = 0  # its first line, comments included
    first_said: int = 0  # lines of its msgstr, from the first to the last
    last_said: int = 0
    context: str = ""
    id: str = ""
    plural: str = ""
    said: dict[int, str] = field(default_factory=dict)  # by plural form; 0 when there is one
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    previous: str = ""  # msgid of which `said` is the translation, where it has changed

    @property
    def is_fuzzy(self) -> bool:
        """Whether somebody has still to look at it."""
        return FUZZY in self.flags


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no line of a PO file."""

    line: int
    found: str


def read_po(text: str) -> tuple[list[Entry], list[Broken]]:
    """Return the entries of a PO file in its order, the header first, and the lines that broke.

    Obsolete entries are left out.
    """
    reader = _Reader()
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        reader.line(number, line.strip())
    reader.finish()
    return reader.entries, reader.broken


def header_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the lines of the header by lower-case name; {} when there is none."""
    for entry in entries:
        if not entry.id:
            lines = (line.partition(":") for line in entry.said.get(0, "").split("\n"))
            return {name.strip().lower(): value.strip() for name, _, value in lines if name}
    return {}


def key_of_entry(entry: Entry) -> str:
    """Return the key of a text of the interface: a hash of its context and its English."""
    told = f"{entry.context}\x04{entry.id}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def quoted(text: str) -> str:
    """Return *text* as a string of a PO file; over several lines where it has several."""
    lines = text.split("\n")
    parts = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if len(parts) <= 1:
        return _quoted(text)
    return "\n".join(['""', *map(_quoted, parts)])


def said_lines(entry: Entry) -> Iterator[str]:
    """Yield the msgstr of an entry, one string for each plural form."""
    for form, text in sorted(entry.said.items()):
        keyword = f"msgstr[{form}]" if entry.plural else "msgstr"
        yield f"{keyword} {quoted(text)}"


def written(entry: Entry) -> str:
    """Return an entry as it stands in a file, without the empty line after it."""
    lines = [f"#. {line}" for note in entry.notes for line in note.split("\n")]
    lines += [f"#: {' '.join(entry.files)}"] if entry.files else []
    lines += [f"#, {', '.join(entry.flags)}"] if entry.flags else []
    if entry.previous:
        lines += [f"#| {line}" for line in f"msgid {quoted(entry.previous)}".split("\n")]
    lines += [f"msgctxt {quoted(entry.context)}"] if entry.context else []
    lines += [f"msgid {quoted(entry.id)}"]
    lines += [f"msgid_plural {quoted(entry.plural)}"] if entry.plural else []
    return "\n".join([*lines, *said_lines(entry)])


def replaced(text: str, changed: Iterable[Entry]) -> str:
    """Return the PO file *text* with these of its entries said anew; the rest as it is.

    changed   entries of this very text, with new `said`, `flags` and `previous`
    """
    lines = text.split("\n")
    for entry in sorted(changed, key=lambda each: each.start, reverse=True):
        lines[entry.first_said - 1 : entry.last_said] = said_lines(entry)
        before = lines[entry.start - 1 : entry.first_said - 1]
        kept = [line for line in before if not _PREVIOUS.match(line) and line[:2] != "#,"]
        at = next(i for i, line in enumerate(kept) if line.startswith(("msgctxt", "msgid")))
        told = [f"#, {', '.join(entry.flags)}"] if entry.flags else []
        if entry.previous:
            told += [f"#| {line}" for line in f"msgid {quoted(entry.previous)}".split("\n")]
        lines[entry.start - 1 : entry.first_said - 1] = [*kept[:at], *told, *kept[at:]]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    told = text.replace("\\", "\\\\").replace('"', '\\"')
    told = told.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{told}"'


class _Reader:
    """Reads line after line; an entry ends where the next begins."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.broken: list[Broken] = []
        self._entry = Entry()
        self._at = ""  # the keyword that a string on a line of its own continues
        self._form = 0
        self._is_previous = False

    def line(self, number: int, line: str) -> None:
        if not line or line.startswith("#~"):
            return
        if line.startswith("#"):
            self._begin_unless_open(number)
            self._comment(line)
            return
        found = _KEYWORD.fullmatch(line)
        string = found[3] if found else line
        if not _STRING.fullmatch(string) or not (found or self._at):
            self.broken.append(Broken(number, line[:80]))
            return
        if found:
            self._keyword(number, found[1].partition("[")[0], int(found[2] or 0))
        self._add(number, _unescaped(string[1:-1]))

    def finish(self) -> None:
        if self._entry.last_said:
            self.entries.append(self._entry)
        elif self._entry.line:
            self.broken.append(Broken(self._entry.line, "msgid"))
        self._entry, self._at = Entry(), ""

    def _begin_unless_open(self, number: int) -> None:
        if self._entry.last_said:
            self.finish()
        self._entry.start = self._entry.start or number

    def _comment(self, line: str) -> None:
        entry = self._entry
        if previous := _PREVIOUS.match(line):
            self._previous(previous[1])
        elif line.startswith("#."):
            entry.notes.append(line[2:].strip())
        elif line.startswith("#:"):
            entry.files.extend(line[2:].split())
        elif line.startswith("#,"):
            entry.flags.extend(flag.strip() for flag in line[2:].split(",") if flag.strip())

    def _previous(self, told: str) -> None:
        keyword = _KEYWORD.fullmatch(told)
        if keyword:
            self._is_previous = keyword[1] == "msgid"
        string = keyword[3] if keyword else told
        if self._is_previous and _STRING.fullmatch(string):
            self._entry.previous += _unescaped(string[1:-1])

    def _keyword(self, number: int, keyword: str, form: int) -> None:
        if keyword in {"msgctxt", "msgid"} and (self._entry.last_said or self._entry.line):
            self.finish()
        entry = self._entry
        entry.start = entry.start or number
        if keyword == "msgid":
            entry.line = number
        if keyword == "msgstr":
            entry.first_said = entry.first_said or number
            if form in entry.said:
                self.broken.append(Broken(number, f"msgstr[{form}]"))
            entry.said[form] = ""
        self._at, self._form = keyword, form

    def _add(self, number: int, text: str) -> None:
        entry = self._entry
        match self._at:
            case "msgctxt":
                entry.context += text
            case "msgid":
                entry.id += text
            case "msgid_plural":
                entry.plural += text
            case _:
                entry.said[self._form] += text
                entry.last_said = number


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[0]), text)
