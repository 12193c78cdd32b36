"""Long lists of items or rows, shown in parts: by number of the part, or by a word in a title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.forms.definition import Container, Form, Loop, Question
from app.forms.places import Place, elements_at
from app.forms.relevance import level_at, top
from app.services.draft_reading import DraftReader
from app.web.titles import title_of

AT_ONCE: Final = 25  # items or rows in one part
PAGE: Final = "page."  # names in an address, followed by the container; no question begins so
FIND: Final = "find."


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a list that is shown.

    keys     of its items or rows, in their order
    number   of the part, from 1, of so many *parts*
    found    how many are in all the parts: fewer than *total* where a word is looked for
    find     the word
    """

    keys: tuple[str, ...]
    number: int
    parts: int
    found: int
    total: int
    find: str = ""

    @property
    def first(self) -> int:
        """Return the number of the first that is shown, from 1."""
        return (self.number - 1) * AT_ONCE + 1

    @property
    def last(self) -> int:
        """Return the number of the last that is shown."""
        return self.first + len(self.keys) - 1


def spans_of(reader: DraftReader, place: Place, wanted: Mapping[str, str]) -> dict[str, Span]:
    """Return which part of each long list at *place* is shown, by container.

    wanted   `page.<container>` and `find.<container>`, as in an address; what is no number of a
             part is the first part
    """
    found: dict[str, Span] = {}
    for container in elements_at(reader.form, place):
        if isinstance(container, Question):
            continue
        keys = reader.keys(place, container)
        if len(keys) > AT_ONCE:
            find = wanted.get(FIND + container.id, "").strip()
            matching = _matching(reader, place, container, keys, find) if find else keys
            number = wanted.get(PAGE + container.id, "")
            found[container.id] = _span(matching, len(keys), number, find)
    return found


def keys_of(spans: Mapping[str, Span]) -> dict[str, tuple[str, ...]]:
    """Return the items or rows shown of each list, as `DraftReader.document` takes them."""
    return {container: span.keys for container, span in spans.items()}


def no_keys(form: Form, place: Place) -> dict[str, tuple[str, ...]]:
    """Return the same for a page of *place* that shows none of them."""
    elements = elements_at(form, place)
    return {element.id: () for element in elements if not isinstance(element, Question)}


class Part(NamedTuple):
    """A part of a list that somebody goes to."""

    container: str
    query: dict[str, str]  # for the address of the page


def part_wished(verb: str, rest: str, posted: Mapping[str, str]) -> Part | None:
    """Return the part of a list that a button asks for; None if it asks for none.

    verb, rest   "page" and "<container>:<number>:<word>", or "find" and "<container>"
    posted       what the page posts; a new word in it is looked for when the Enter key saves
    """
    if verb == "page":
        container, _colon, wanted = rest.partition(":")
        number, _colon, find = wanted.partition(":")
        return Part(container, {PAGE + container: number, FIND + container: find})
    if verb == "find":
        return Part(rest, {FIND + rest: posted.get(FIND + rest, "").strip()})
    if verb == "stay":
        for name, word in posted.items():
            if name.startswith(FIND) and word.strip() != posted.get(f".{name}", "").strip():
                return Part(name.removeprefix(FIND), {name: word.strip()})
    return None


def parts_shown(posted: Mapping[str, str]) -> dict[str, str]:
    """Return, for the address of a page, which parts of its lists it showed."""
    return {name: posted[name] for name in posted if name.startswith((PAGE, FIND))}


def part_with(reader: DraftReader, place: Place) -> dict[str, str]:
    """Return, for the address of its list, the part that an item or row is in."""
    container_id, key = place.steps[-1]
    container = reader.form.container(container_id)
    if container is None or place.parent is None:
        return {}
    keys = list(reader.keys(place.parent, container))
    if len(keys) <= AT_ONCE or key not in keys:
        return {}
    return {PAGE + container_id: str(keys.index(key) // AT_ONCE + 1)}


def _span(matching: Sequence[str], total: int, wanted: str, find: str) -> Span:
    parts = max(-(-len(matching) // AT_ONCE), 1)
    number = min(max(int(wanted), 1), parts) if wanted.isdecimal() and len(wanted) < 7 else 1  # noqa: PLR2004 - digits
    first = (number - 1) * AT_ONCE
    keys = tuple(matching[first : first + AT_ONCE])
    return Span(keys, number, parts, len(matching), total, find)


def _matching(
    reader: DraftReader, place: Place, container: Container, keys: Sequence[str], find: str
) -> list[str]:
    """Return the items or rows whose title, or number, is as the word says."""
    titles = _titles(reader, place, container, keys)
    word = find.casefold()
    return [
        key
        for number, (key, title) in enumerate(zip(keys, titles, strict=True), start=1)
        if word in title.casefold() or find == str(number)
    ]


def _titles(
    reader: DraftReader, place: Place, container: Container, keys: Sequence[str]
) -> list[str]:
    if isinstance(container, Loop):
        labels = {item.code: item.label for item in container.items}
        return [labels[key] for key in keys]
    document = reader.document(place)
    level = level_at(top(reader.form, document), reader.form, place)
    if level is None:
        return [""] * len(keys)
    rows = level.rows_of(container)
    return [title_of(container, n, key, rows[n]).text for n, key in enumerate(keys)]
