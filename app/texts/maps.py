"""Flat maps of text key to text in YAML: change some texts, and leave every other line as it is."""

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Final

from app.forms.strict_yaml import YamlMap, parse_yaml

_WIDTH: Final = 100
_PLAIN_KEY: Final = re.compile(r"[a-z][a-z0-9_.-]*")


def with_texts(content: str, texts: Mapping[str, str], order: Iterable[str]) -> str:
    """Return the file *content* with *texts* in it.

    content  a flat map of text keys; "" for a new file
    texts    what to say, by key; a key that says so already keeps its lines
    order    all keys in the order of the English: a new key stands after the one before it
    """
    data, _ = parse_yaml(content, "")
    present = data if isinstance(data, YamlMap) else YamlMap()
    lines = content.split("\n") if content else []
    blocks = _blocks(lines, present)
    place = -1  # of the line after which a new key goes
    changes: list[tuple[int, int, list[str]]] = []  # first line, line after the last, new lines
    for key in order:
        if key in blocks:
            first, end = blocks[key]
            if key in texts and present[key] != texts[key]:
                changes.append((first, end, entry(key, texts[key])))
            place = end
        elif key in texts:
            at = place if place >= 0 else _top(lines, blocks)
            changes.append((at, at, entry(key, texts[key])))
            place = at
    changes.sort(key=lambda change: change[:2])
    for first, end, new in reversed(changes):
        lines[first:end] = new
    return "\n".join(lines).rstrip("\n") + "\n"


def entry(key: str, text: str) -> list[str]:
    """Return the lines of one text: plain if that is read back as it is, folded, else quoted."""
    name = key if _reads(f"{key}: x", key, "x") and _PLAIN_KEY.fullmatch(key) else _quoted(key)
    plain = f"{name}: {text}"
    if len(plain) <= _WIDTH and _reads(plain, key, text):
        return [plain]
    quoted = f"{name}: {_quoted(text)}"
    if len(quoted) <= _WIDTH:
        return [quoted]
    wrapped = textwrap.wrap(text, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    folded = [f"{name}: >-", *(f"  {line}" for line in wrapped)]
    return folded if _reads("\n".join(folded), key, text) else [quoted]


def _blocks(lines: list[str], present: YamlMap) -> dict[str, tuple[int, int]]:
    """Return where each key stands, from its first line to the line after its last, from 0.

    Empty lines and comments after a text belong to what follows.
    """
    starts = sorted((line - 1, key) for key, line in present.lines.items())
    found = {}
    for number, (first, key) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        while end > first + 1 and (not lines[end - 1].strip() or lines[end - 1][0] == "#"):
            end -= 1
        found[key] = (first, end)
    return found


def _top(lines: list[str], blocks: Mapping[str, tuple[int, int]]) -> int:
    """Return where the first key goes: before what is there, after the comment on the file."""
    if blocks:
        return min(first for first, _ in blocks.values())
    while lines and not lines[-1]:
        lines.pop()
    return len(lines)


def _reads(lines: str, key: str, text: str) -> bool:
    data, errors = parse_yaml(lines, "")
    return not errors and data == {key: text}


def _quoted(text: str) -> str:
    """Return a string in double quotes, which YAML reads as JSON does."""
    told = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda c: f"\\u{ord(c[0]):04x}", told)
