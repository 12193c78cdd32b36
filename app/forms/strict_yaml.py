"""YAML without surprises, and with the line of everything.

Of YAML we keep mappings, sequences, texts, whole numbers, decimals, `true`, `false` and `null`.
`yes`, `NO`, `on`, `2018-12-31`, `012` and `12:30` are texts, as they look. Keys are always texts.
Doubled keys, anchors, aliases, merges, tags and several documents in a file are refused.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictYamlError(ValueError):
    """A file is not the YAML we take; knows the file, the line (from 1) and what to do."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message


class YamlMap(dict[str, Any]):
    """A mapping that knows the line on which it and each of its keys begin."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Return the line of *key*; that of the mapping if the key is not there."""
        return self.lines.get(key, self.line)


class YamlList(list[Any]):
    """A sequence that knows the line on which it and each of its entries begin."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def load_yaml(path: Path, file: str = "") -> Any:  # noqa: ANN401 - YAML holds anything
    """Return what *path* holds; raise StrictYamlError for the first thing that is wrong.

    file  how messages name the file; by default its path
    """
    value, errors = read_yaml(path, file)
    if errors:
        raise errors[0]
    return value


def read_yaml(path: Path, file: str = "") -> tuple[Any, list[StrictYamlError]]:
    """Return what *path* holds, as far as it can be read, and everything that is wrong."""
    name = file or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None, [StrictYamlError(name, 1, "the file is not UTF-8; save it as UTF-8")]
    except OSError:
        return None, [StrictYamlError(name, 1, "there is no such file, or it cannot be read")]
    return parse_yaml(text, name)


def parse_yaml(text: str, file: str) -> tuple[Any, list[StrictYamlError]]:
    """Return what *text* holds, as far as it can be read, and everything that is wrong.

    An empty text is None. Mappings are YamlMap, sequences YamlList.
    """
    reader = _Reader(file)
    try:
        return reader.document(iter(yaml.parse(text, Loader=_LOADER))), reader.errors
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = error.problem or error.context or "this is no YAML"
        reader.wrong(mark.line + 1 if mark else 1, f"{told}; correct the YAML here")
    except (yaml.YAMLError, RecursionError) as error:
        reader.wrong(1, f"{str(error).splitlines()[0]}; correct the YAML")
    return None, reader.errors


class _Reader:
    """Builds values from the events of the parser; collects what is wrong, and goes on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[StrictYamlError] = []

    def wrong(self, line: int, message: str) -> None:
        self.errors.append(StrictYamlError(self.file, line, message))

    def document(self, events: Iterator[yaml.Event]) -> Any:  # noqa: ANN401
        next(events)  # the stream begins
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        value = self.value(next(events), events)
        next(events)  # the document ends
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.wrong(_line(after), "a file holds one document; remove '---'")
        return value

    def value(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Any:  # noqa: ANN401
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            self.wrong(line, f"*{event.anchor}: aliases are not used; write it out")
            return None
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            self.wrong(line, f"&{event.anchor}: anchors are not used; remove it")
        if tag := getattr(event, "tag", None):
            self.wrong(line, f"tags such as {tag} are not used; remove it")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(YamlMap(line), events)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(YamlList(line), events)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def mapping(self, found: YamlMap, events: Iterator[yaml.Event]) -> YamlMap:
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            key = event.value if isinstance(event, yaml.ScalarEvent) else None
            if key is None:
                self.value(event, events)  # read past it
                self.wrong(line, "a key is a word or a text; write one")
            elif key in found:
                first = found.lines[key]
                self.wrong(line, f"{key!r} is here twice, first in line {first}; remove one")
            elif key == "<<":
                self.wrong(line, "'<<' is not used; write it out")
            value = self.value(next(events), events)
            if key is not None and key not in found:
                found[key] = value
                found.lines[key] = line
        return found

    def sequence(self, found: YamlList, events: Iterator[yaml.Event]) -> YamlList:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.lines.append(_line(event))
            found.append(self.value(event, events))
        return found


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | int | Decimal | bool | None:
    text: str = event.value
    if event.style:  # quoted, or a block
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
