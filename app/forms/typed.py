"""Numbers and dates as people type them, and as files carry them.

One tolerant reader for each, for the six languages: digits of any script, the language's own signs
and names. What could be read in two ways is not read at all. Files have one form only: digits
with a point and no grouping, dates as 2018-12-31.
"""

# ruff: noqa: RUF001, RUF002, RUF003 - digits, signs and names of six languages are its subject

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Final

from babel.dates import get_month_names

MOST_DIGITS: Final = 30

# Signs between groups of three digits, beside spaces and the apostrophe.
_GROUPING: Final = {"ar": ",٬،", "en": ",", "es": ".", "fr": "", "ru": "", "zh": ",，"}
_POINT: Final = {"ar": ".", "en": ".", "es": ",", "fr": ",", "ru": ",", "zh": "."}
# Every sign for grouping or the point, as the one that stands for it; Arabic has its own of each.
_SIGNS: Final = str.maketrans({"\u066c": "'", "\u066b": "#", "،": ",", "，": ",", "．": "."})
_SPACES: Final = " \u00a0\u202f\u2009'\u2019"  # space; no-break, narrow no-break and thin ones
_UNSEEN: Final = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([^0-9])[0-9]{3})(?:\1[0-9]{3})*")
_DECIMAL: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_FILE_DECIMAL: Final = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?)")
_FILE_NUMBER: Final = re.compile(r"(-?)([0-9]{1,30})(?:\.0+)?")
_FILE_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_CHINESE: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号號]")
_WORDS: Final = re.compile(r"[0-9]+|[^\W\d_]+", re.UNICODE)
_DAY_AND_YEAR: Final = re.compile(r"([0-9]{1,2}) ([0-9]{4})")
# Words around the numbers and the month: "31 de diciembre", "1er", "31st", "31 декабря 2018 г."
_FILLERS: Final = frozenset(
    {"de", "del", "er", "ero", "st", "nd", "rd", "th", "of", "г", "года", "го", "من", "le", "the"}
)
_OTHER_MONTHS: Final = {  # beside Babel's: the eastern Arab names, and short forms
    "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7,
    "آب": 8, "أيلول": 9, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12,
    "sept": 9, "setiembre": 9, "сент": 9, "сен": 9, "май": 5,
}  # fmt: skip


def clean(text: str) -> str:
    """Return *text* as it is kept: NFC, LF for line ends, no trailing space, no control signs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept).rstrip()


def whole_number(text: str, locale: str) -> str | None:
    """Read a whole number typed on a page in *locale*: "12", "1 250", "١٬٢٥٠".

    Returns it as decimal digits without grouping or leading zeros, of at most 30 digits; None when
    it is none, or when it could be another number in that language ("1.250" in English).
    """
    text = _latin(text).replace("\u2212", "-")
    sign = "-" if text.startswith("-") else ""
    text = text[1:].strip() if text[:1] in {"-", "+"} else text
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped[1] in _GROUPING.get(locale, "") + _SPACES:
        text = text.replace(grouped[1], "")
    return _number(sign, text)


def decimal_number(text: str, locale: str) -> str | None:
    """Read a number typed on a page in *locale*: "1250.5", "1 250,5", "١٬٢٥٠٫٥", "1.250,50".

    Returns it as a decimal string without grouping or leading zeros, its places as typed, of at
    most 30 digits. Two different signs are grouping and point, in this order, in any language; a
    sign that comes once before three digits is what it is in *locale*. None when it is no number,
    or when it could be another one in that language ("1.250" in French).
    """
    text = _latin(text).replace("\u2212", "-")
    sign = "-" if text.startswith("-") else ""
    text = text[1:].strip() if text[:1] in {"-", "+"} else text
    text = text.translate(_SIGNS)
    marks = [c for c in text if not c.isdigit()]
    point = "#" if "#" in marks else marks[-1] if {".", ","} <= set(marks) else None
    point = _lone_point(text, marks, locale) if point is None else point
    if point is None or marks.count(point) > 1:
        return None
    whole, _, places = text.partition(point) if point else (text, "", "")
    if point and not places:
        return None
    grouped = _GROUPED.fullmatch(whole)
    if grouped and grouped[1] in f"{_SPACES}.,":
        whole = whole.replace(grouped[1], "")
    whole = whole or ("0" if point else "")
    return _decimal(sign, f"{whole}.{places}" if point else whole)


def _lone_point(text: str, marks: list[str], locale: str) -> str | None:
    """Return which sign of *text* is its point, "" for none; None where it is not certain.

    marks   its signs: of the point and the comma, one alone
    """
    mark = next((c for c in marks if c in ".,"), "")
    if not mark or marks.count(mark) > 1:
        return ""  # two of a sign are grouping
    whole, _, places = text.partition(mark)
    could_group = len(marks) == 1 and re.fullmatch(r"[1-9][0-9]{0,2}", whole) and len(places) == 3  # noqa: PLR2004 - a group
    if mark == _POINT.get(locale, ".") or not could_group:
        return mark
    return "" if mark in _GROUPING.get(locale, "") else None


def shown_decimal(answer: str, locale: str) -> str:
    """Return a decimal string as one types it in *locale*; `decimal_number` reads it back."""
    return answer.replace(".", _POINT.get(locale, "."))


def typed_date(text: str, locale: str) -> str | None:
    """Read a date typed on a page in *locale*, and return it as 2018-12-31.

    Year first in any language; day first in all; "03/04/2018" is nothing certain in English. The
    month may be a name in *locale* or in English. None when it is no date.
    """
    text = _latin(text).rstrip(".")
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[3], match[4])
    if match := _CHINESE.fullmatch(text.replace(" ", "")):
        return _date(match[1], match[2], match[3])
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(match[1], match[3], match[4], locale)
    return _named_month(text.casefold(), locale)


def file_number(text: str) -> str | None:
    """Read a whole number of a file: "12", "-3"; also "12.0", as some programs write it."""
    match = _FILE_NUMBER.fullmatch(text.strip())
    return _number(match[1], match[2]) if match else None


def file_decimal(text: str) -> str | None:
    """Read a number of a file: "1250.50", "-3"; a point, and no grouping."""
    match = _FILE_DECIMAL.fullmatch(text.strip())
    return _decimal(match[1], match[2]) if match else None


def file_date(text: str) -> str | None:
    """Read a date of a file: 2018-12-31 and nothing else."""
    text = text.strip()
    return _date(*text.split("-")) if _FILE_DATE.fullmatch(text) else None


def month_names(locale: str) -> list[tuple[str, str]]:
    """Return names of months with their numbers, the longest first, as `typed_date` looks at them.

    "كانون الأول" comes before what it begins with.
    """
    return sorted(_months(locale).items(), key=lambda month: len(month[0]), reverse=True)


def _latin(text: str) -> str:
    """Return *text* with European digits, and without the unseen signs that set its direction."""
    text = _UNSEEN.sub("", text).strip()
    return "".join(str(unicodedata.decimal(c, c)) for c in text)


def _number(sign: str, digits: str) -> str | None:
    if not re.fullmatch(f"[0-9]{{1,{MOST_DIGITS}}}", digits):
        return None
    digits = digits.lstrip("0") or "0"
    return digits if digits == "0" else sign + digits


def _decimal(sign: str, written: str) -> str | None:
    match = _DECIMAL.fullmatch(written)
    if match is None:
        return None
    whole, places = match[1].lstrip("0") or "0", match[2] or ""
    if len(whole) + len(places) > MOST_DIGITS:
        return None
    is_zero = not (whole + places).strip("0")
    return ("" if is_zero else sign) + (f"{whole}.{places}" if places else whole)


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _year_last(first: str, second: str, year: str, locale: str) -> str | None:
    day_first = _date(year, second, first)
    if locale != "en" or first == second:
        return day_first
    month_first = _date(year, first, second)
    return None if day_first and month_first else day_first or month_first


def _named_month(text: str, locale: str) -> str | None:
    """Read "31 December 2018", in the order that people like."""
    for name, month in month_names(locale):
        before, found, after = text.partition(name)
        if not found or before[-1:].isalpha() or after[:1].isalpha():
            continue
        words = [word for word in _WORDS.findall(f"{before} {after}") if word not in _FILLERS]
        match = _DAY_AND_YEAR.fullmatch(" ".join(sorted(words, key=len)))
        if match:
            return _date(match[2], month, match[1])
    return None


@cache
def _months(locale: str) -> dict[str, str]:
    """Return numbers of months by name, in *locale* and in English, in lower case."""
    months = {name: str(number) for name, number in _OTHER_MONTHS.items()}
    for language in ("en", locale):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = get_month_names(width, context, language)
                months |= {n.casefold().rstrip("."): str(k) for k, n in names.items()}
    return months
