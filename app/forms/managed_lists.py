"""Lists that the Secretariat manages: what a form may choose from grows while it is open.

A list begins as a file, `forms/lists/<list>.yaml`, and a form names it like a shared list. From
then on the Secretariat adds entries, words them anew and retires them on a page; what it did is
kept by a Keeper, outside the forms. So the codes of such a list are not frozen with a version of a
form.

No entry is ever taken away, because somebody may have chosen it: a retired one is offered no more,
and stays worded where it was chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from app.forms.definition import Choice
from app.forms.wording import ENGLISH

LISTS: Final = "lists"  # their folder, under forms/
TITLE: Final = "title"
INTRO: Final = "intro"
ENTRIES: Final = "entries"
RESERVED: Final = (TITLE, INTRO)  # text keys of the list itself: no entry has these codes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEntry:
    """What the Secretariat did to an entry of the file, or an entry that it added."""

    code: str
    labels: Mapping[str, str] = field(default_factory=dict)  # by language; none: as in the file
    hints: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    is_retired: bool = False


class Keeper(Protocol):
    """Where the Secretariat's changes are kept."""

    def changes(self, names: Iterable[str]) -> Mapping[str, int]:
        """Return how often each of these lists was changed; a list never changed may lack."""

    def entries(self, name: str) -> Sequence[KeptEntry]:
        """Return what was done to the entries of a list, in the order in which they are shown."""


def managed_names(root: Path) -> list[str]:
    """Return the names of the managed lists of forms folder *root*, in alphabetical order."""
    found = (path.stem for path in (root / LISTS).glob("*.yaml"))
    return sorted(name for name in found if "." not in name)


def merged(of_file: Sequence[Choice], kept: Iterable[KeptEntry], locale: str) -> tuple[Choice, ...]:
    """Return the entries of the file as they stand now, then those that were added.

    A text that the Secretariat gave in English alone, such as a name, stands for all languages.
    """
    found = {choice.code: choice for choice in of_file}
    for entry in kept:
        choice = found.get(entry.code, Choice(code=entry.code, label=entry.code))
        found[entry.code] = replace(
            choice,
            label=worded(entry.labels, locale) or choice.label,
            hint=worded(entry.hints, locale) or choice.hint,
            source=entry.source or choice.source,
            is_retired=entry.is_retired,
        )
    return tuple(found.values())


def worded(texts: Mapping[str, str], locale: str) -> str:
    """Return a text in *locale*, else in English; "" when there is neither."""
    return texts.get(locale) or texts.get(ENGLISH, "")
