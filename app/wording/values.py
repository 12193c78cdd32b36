"""Values as text in the reader's language: days, moments, numbers, shares.

Digits are always Latin ones, in Arabic too, so that figures can be copied and compared.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Final

from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from flask_babel import get_locale, gettext

from app.reports.notes import day_in_words
from app.reports.notes import sentences as in_sentences

EMPTY: Final = ""
_PARTED: Final = {"ar": "؛ ", "zh": "；"}  # noqa: RUF001 - semicolons of these scripts


def _locale() -> str:
    return str(get_locale() or "en")


def day(value: date | str | None) -> str:
    """Return a day such as "31 December 2018"; text is ISO 8601; empty for None."""
    if not value:
        return EMPTY
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return day_in_words(found, _locale())


def day_of(value: datetime | None) -> str:
    """Return the day, in UTC, of a moment; empty for None."""
    return day(value.astimezone(UTC).date()) if value else EMPTY


def moment(value: datetime | None) -> str:
    """Return a moment such as "31 December 2018, 14:05 UTC"; empty for None."""
    if value is None:
        return EMPTY
    utc = value.astimezone(UTC)
    clock = format_datetime(utc, "HH:mm", tzinfo=UTC, locale=_locale())
    return str(gettext("%(day)s, %(clock)s UTC", day=day(utc.date()), clock=clock))


def moment_in(value: datetime, zone: tzinfo) -> str:
    """Return a moment as clocks in *zone* show it, such as "31 December 2018, 14:05"."""
    local = value.astimezone(zone)
    clock = format_datetime(local, "HH:mm", tzinfo=zone, locale=_locale())
    return str(gettext("%(day)s, %(clock)s", day=day(local.date()), clock=clock))


def number(value: float | Decimal | str | None) -> str:
    """Return a number with the reader's grouping and point; text is a decimal; empty for None."""
    if value is None or value == "":
        return EMPTY
    exact = Decimal(value) if isinstance(value, str) else value
    return str(format_decimal(exact, locale=_locale(), decimal_quantization=False))


def listed(names: Iterable[str]) -> str:
    """Return names as a list, as the reader's language joins them."""
    return format_list([str(name) for name in names], style="standard", locale=_locale())


def in_one_line(texts: Iterable[str]) -> str:
    """Return texts that may hold commas in one line, parted as the reader's language does it."""
    return _PARTED.get(_locale(), "; ").join(str(text) for text in texts)


def percent(value: float | Decimal | None, digits: int = 0) -> str:
    """Return a share from 0 to 1 as a percentage with so many *digits*; empty for None."""
    if value is None:
        return EMPTY
    pattern = "#,##0%" if digits == 0 else f"#,##0.{'0' * digits}%"
    return str(format_percent(value, pattern, locale=_locale()))


def sentences(said: Iterable[str]) -> str:
    """Return *said* with a full stop after each, as the reader's language sets it."""
    return in_sentences(said, _locale())
