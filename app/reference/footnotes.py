"""Notes on the groups of Parties, for tables that show these groups."""

from collections.abc import Collection
from dataclasses import dataclass

from app.reference.files import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """One note; *locale* is the language in which it is worded."""

    id: str
    text: str
    locale: str
    parties: tuple[str, ...]  # codes of the Parties that it is about


def footnotes(scheme: str, locale: str, parties: Collection[str]) -> tuple[Footnote, ...]:
    """Return the notes on *scheme* about any of *parties*, in the order of the file.

    Worded in *locale*, in English where a note has no such wording; none for a scheme without.
    """
    return tuple(
        Footnote(
            id=row["id"],
            text=row.get(locale) or row["en"],
            locale=locale if row.get(locale) else "en",
            parties=tuple(row["parties"].split()),
        )
        for row in rows("footnotes")
        if row["scheme"] == scheme and not set(row["parties"].split()).isdisjoint(parties)
    )
