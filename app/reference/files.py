"""Reads the CSV files of this folder: UTF-8, one header row, every value a string."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("ar", "en", "es", "fr", "ru", "zh")  # a column each, where there are names

_FOLDER: Final = Path(__file__).parent


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of `<name>.csv`, in the order of the file; read once, then remembered."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def text(key: str, locale: str, file: str = "texts") -> str:
    """Return a text of `<file>.csv`; raise KeyError when there is none in that language."""
    for row in rows(file):
        if row["key"] == key and row.get(locale):
            return row[locale]
    raise KeyError(key, locale)
