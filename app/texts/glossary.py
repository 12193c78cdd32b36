"""The terms of `app/translations/glossary.csv`, and which of them occur in a text."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.texts.definition import ENGLISH


@dataclass(frozen=True, slots=True)
class Term:
    """A term in English, what other languages say, and a note in English."""

    english: str
    said: Mapping[str, str]  # by language
    note: str
    pattern: re.Pattern[str]


@cache
def terms(path: Path) -> tuple[Term, ...]:
    """Return the terms of the glossary at *path*, the longest first."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    found = (
        Term(
            english=row[ENGLISH],
            said={code: row[code] for code in row if code not in {"term", "note"}},
            note=row["note"],
            pattern=_pattern(row[ENGLISH]),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda term: (-len(term.english), term.english)))


def occurring(known: tuple[Term, ...], english: str) -> list[Term]:
    """Return the terms in a text, each place counted for its longest term alone."""
    found = []
    for term in known:
        rest = term.pattern.sub("\0", english)
        if rest != english:
            found.append(term)
            english = rest
    return found


def _pattern(english: str) -> re.Pattern[str]:
    """Return what finds a term, in the singular or the plural, whatever its case."""
    stem = re.escape(english[:-1]) + "(?:y|ies)" if english.endswith("y") else re.escape(english)
    return re.compile(rf"(?<!\w){stem}(?:s|es)?(?!\w)", re.IGNORECASE)
