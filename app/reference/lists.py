"""Choice lists that forms take from the reference data: `choices: {from: parties}`.

Pure: reads the CSV files beside it, no database. The code of an entry is what is stored; it never
changes and never depends on the language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.reference.files import LANGUAGES, rows, text
from app.reference.order import sort_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEntry:
    """One entry of a reference list, worded in one language."""

    code: str
    label: str
    source: str = ""  # identifier of the same thing in the clearing-house
    hint: str = ""
    is_official: bool = True  # false where the wording in this language is our own


@cache
def choices(list_name: str, locale: str) -> tuple[ReferenceEntry, ...]:
    """Return the entries of a list in the order in which they are shown.

    Lists: `aichi_targets` and `aichi_goals` in the order of the Strategic Plan, `parties` (those
    to the Convention as last known) in alphabetical order. Raises KeyError when there is no such
    list, or not in that language.
    """
    if locale not in LANGUAGES:
        raise KeyError(locale)
    return _LISTS[list_name](locale)


def names() -> tuple[str, ...]:
    """Return the names of all lists, in alphabetical order."""
    return tuple(sorted(_LISTS))


def _targets(locale: str) -> tuple[ReferenceEntry, ...]:
    worded = _worded()
    return tuple(
        ReferenceEntry(
            code=target["code"],
            label=text("target_label", locale).format(
                number=target["number"], name=worded[target["code"]][locale]
            ),
            source=target["source"],
            hint=text("target_due", locale).format(year=target["due_year"]),
            is_official=locale in worded[target["code"]]["official"].split(),
        )
        for target in rows("targets")
    )


def _goals(locale: str) -> tuple[ReferenceEntry, ...]:
    worded = _worded()
    letters = dict.fromkeys(target["goal"] for target in rows("targets"))
    return tuple(
        _goal(letter, worded[f"aichi-goal-{letter.lower()}"], locale) for letter in letters
    )


def _goal(letter: str, worded: Mapping[str, str], locale: str) -> ReferenceEntry:
    return ReferenceEntry(
        code=worded["code"],
        label=text("goal_label", locale).format(letter=letter, name=worded[locale]),
        is_official=locale in worded["official"].split(),
    )


def _parties(locale: str) -> tuple[ReferenceEntry, ...]:
    in_force = {
        row["party"]
        for row in rows("party_statuses")
        if row["agreement"] == "cbd" and row["status"] == "party" and not row["to"]
    }
    entries = (
        ReferenceEntry(code=row["party"], label=row[locale])
        for row in rows("party_names")
        if row["party"] in in_force and not row["to"]
    )
    return tuple(sorted(entries, key=lambda entry: sort_key(entry.label, locale)))


def _worded() -> dict[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("target_names")}


_LISTS: Final[dict[str, Callable[[str], tuple[ReferenceEntry, ...]]]] = {
    "aichi_goals": _goals,
    "aichi_targets": _targets,
    "parties": _parties,
}
