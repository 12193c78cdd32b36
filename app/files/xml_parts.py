"""XML of workbooks, read piece by piece: nothing is expanded, nothing is fetched."""

from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from app.errors import UnreadableFileError

Start = Callable[[str, Mapping[str, str]], None]
_FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")  # UTF-16 could hide the first two


class BrokenXmlError(ValueError):
    """A part of a workbook is no well-formed XML."""


def refuse_entities(name: str, members: Mapping[str, bytes]) -> None:
    """Raise UnreadableFileError when a part defines entities, which could grow without end."""
    for path, content in members.items():
        if path.lower().endswith((".xml", ".rels", ".vml")) and any(
            mark in content for mark in _FORBIDDEN
        ):
            raise UnreadableFileError(reason="entities", file=name, part=path)


def scan(
    content: bytes,
    start: Start,
    end: Callable[[str], None] = lambda _name: None,
    text: Callable[[str], None] = lambda _text: None,
) -> None:
    """Call *start*, *end* and *text* for what stands in *content*; names without their prefix.

    It is read as UTF-8, whatever it declares: ISO/IEC 29500-2 allows nothing else but UTF-16.

    Raises BrokenXmlError.
    """
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(
        _local(name), {_local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own
    except expat.ExpatError as error:
        raise BrokenXmlError(str(error)) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]
