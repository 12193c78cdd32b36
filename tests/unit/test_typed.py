# ruff: noqa: RUF001 - digits and names of six languages are the subject
from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.forms.definition import LANGUAGES
from app.forms.typed import (
    clean,
    decimal_number,
    file_date,
    file_decimal,
    file_number,
    shown_decimal,
    typed_date,
    whole_number,
)

LOCALES = st.sampled_from(LANGUAGES)
DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("typed", "locale", "number"),
    [
        ("12", "en", "12"),
        (" 007 ", "en", "7"),
        ("-0", "en", "0"),
        ("+5", "en", "5"),
        ("\u22123", "fr", "-3"),
        ("1,250", "en", "1250"),
        ("1.250", "es", "1250"),
        ("1 250 000", "fr", "1250000"),
        ("1\u202f250", "fr", "1250"),
        ("1\u00a0250", "ru", "1250"),
        ("1’250", "fr", "1250"),
        ("١٬٢٥٠", "ar", "1250"),
        ("\u200f-١٢", "ar", "-12"),
        ("۱۲", "ar", "12"),
        ("１２", "zh", "12"),
        ("9" * 30, "en", "9" * 30),
    ],
)
def test_a_whole_number_is_read_as_people_type_it(typed: str, locale: str, number: str) -> None:
    assert whole_number(typed, locale) == number


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("", "en"),
        ("soon", "en"),
        ("1.250", "en"),
        ("1,250", "fr"),
        ("1,250", "es"),
        ("12,50", "en"),
        ("1,2500", "en"),
        ("1,250 000", "en"),
        ("1.5", "en"),
        ("1e3", "en"),
        ("--1", "en"),
        ("NaN", "en"),
        ("½", "en"),
        ("²", "en"),
        ("一", "zh"),
        ("9" * 31, "en"),
    ],
)
def test_what_is_no_whole_number_or_could_be_two_is_not_read(typed: str, locale: str) -> None:
    assert whole_number(typed, locale) is None


@given(st.integers(-(10**12), 10**12), LOCALES)
def test_a_number_as_the_language_writes_it_is_read_back(number: int, locale: str) -> None:
    assert whole_number(format_decimal(number, locale=locale), locale) == str(number)
    assert whole_number(format_decimal(number, "#0", locale=locale), locale) == str(number)


def test_arabic_digits_are_read_back() -> None:
    shown = format_decimal(1234567, locale="ar_EG", numbering_system="default")
    assert whole_number(shown, "ar") == "1234567"


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("2018-12-31", "ar"),
        ("2018/12/31", "zh"),
        ("2018.12.31", "ru"),
        ("٣١/١٢/٢٠١٨", "ar"),
        ("31/12/2018", "en"),
        ("12/31/2018", "en"),
        ("31.12.2018", "ru"),
        ("31-12-2018", "es"),
        ("2018年12月31日", "zh"),
        ("31 December 2018", "en"),
        ("December 31, 2018", "en"),
        ("31st of December 2018", "en"),
        ("31 DEC. 2018", "en"),
        ("31 décembre 2018", "fr"),
        ("31 déc. 2018", "fr"),
        ("31 de diciembre de 2018", "es"),
        ("31 декабря 2018 г.", "ru"),
        ("31 декабря 2018 года", "ru"),
        ("٣١ ديسمبر ٢٠١٨", "ar"),
        ("31 كانون الأول 2018", "ar"),
        ("31 December 2018", "fr"),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, locale: str) -> None:
    assert typed_date(typed, locale) == "2018-12-31"


def test_the_first_in_french() -> None:
    assert typed_date("1er mai 2018", "fr") == "2018-05-01"


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("", "en"),
        ("soon", "en"),
        ("2018", "en"),
        ("03/04/2018", "en"),
        ("12/31/2018", "fr"),
        ("31/12/18", "fr"),
        ("2018-02-30", "en"),
        ("31 Decembr 2018", "en"),
        ("31 December 2018 at noon", "en"),
        ("31/12-2018", "en"),
        ("0000-01-01", "en"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_not_read(typed: str, locale: str) -> None:
    assert typed_date(typed, locale) is None


@given(DATES, LOCALES, st.sampled_from(["long", "medium"]))
def test_a_date_as_the_language_writes_it_is_read_back(day: date, locale: str, width: str) -> None:
    shown = format_date(day, width, locale=locale)
    assert typed_date(shown, locale) == day.isoformat()


@given(st.text(), LOCALES)
def test_any_text_is_read_or_left(text: str, locale: str) -> None:
    number, day = whole_number(text, locale), typed_date(text, locale)
    assert number is None or number == str(int(number))
    assert day is None or day == date.fromisoformat(day).isoformat()


@given(DATES, st.integers(-(10**29), 10**29))
def test_files_have_one_form_for_each(day: date, number: int) -> None:
    assert file_date(str(day)) == str(day)
    assert file_number(str(number)) == file_number(f"{number}.0") == str(number)


@pytest.mark.parametrize("text", ["1,250", "1 250", "12.5", "١٢", "1e3", "+5", ""])
def test_a_file_has_no_grouping_and_no_other_digits(text: str) -> None:
    assert file_number(text) is None


@pytest.mark.parametrize("text", ["31/12/2018", "2018-1-1", "2018-02-30", "20181231", ""])
def test_a_file_has_dates_of_one_form(text: str) -> None:
    assert file_date(text) is None


@given(st.text())
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


def test_a_text_keeps_its_lines_and_loses_what_is_no_text() -> None:
    assert clean("\ta\r\nb\rc\x00\ud800 \n ") == "\ta\nb\nc"
    assert clean("e\u0301") == "é"


@pytest.mark.parametrize(
    ("typed", "locale", "number"),
    [
        ("1250.50", "en", "1250.50"),
        ("007.5", "en", "7.5"),
        (".5", "en", "0.5"),
        ("-0.00", "en", "0.00"),
        ("\u22123,5", "fr", "-3.5"),
        ("1.250,50", "es", "1250.50"),
        ("1,250.50", "es", "1250.50"),
        ("1\u202f250,5", "fr", "1250.5"),
        ("1\u00a0250,5", "ru", "1250.5"),
        ("1'250.5", "fr", "1250.5"),
        ("1.5", "fr", "1.5"),
        ("1,5", "en", "1.5"),
        ("0,250", "en", "0.250"),
        ("1.250", "en", "1.250"),
        ("1,250", "en", "1250"),
        ("1,250", "ru", "1.250"),
        ("1.250", "es", "1250"),
        ("1.250.000", "fr", "1250000"),
        ("١٬٢٥٠٫٥", "ar", "1250.5"),
        ("1,250", "ar", "1250"),
        ("１，２５０．５", "zh", "1250.5"),
        ("9" * 29 + ".9", "en", "9" * 29 + ".9"),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, locale: str, number: str) -> None:
    assert decimal_number(typed, locale) == number


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("1.250", "fr"),  # grouping in one country, a point in another
        ("1.250", "ru"),
        *(
            (typed, "en")
            for typed in ("", "-", "5.", "1e5", "NaN", "1.2.3", "1 25.5", "1,,5", "1,25,000.5")
        ),
        ("9" * 30 + ".9", "en"),
    ],
)
def test_what_is_no_number_for_certain_is_not_read(typed: str, locale: str) -> None:
    assert decimal_number(typed, locale) is None


@given(st.decimals(-(10**12), 10**12, places=3), LOCALES)
def test_a_number_shown_in_an_input_is_read_back(number: Decimal, locale: str) -> None:
    kept = file_decimal(f"{number:f}")
    assert kept is not None
    assert decimal_number(shown_decimal(kept, locale), locale) == kept


@given(st.decimals(-(10**12), 10**12, places=2), LOCALES)
def test_a_number_as_babel_writes_it_is_read_back(number: Decimal, locale: str) -> None:
    written = format_decimal(number, "#,##0.00", locale=locale)
    assert decimal_number(written, locale) == file_decimal(f"{number:f}")


@given(st.text(), LOCALES)
def test_no_text_breaks_the_reader_of_numbers(text: str, locale: str) -> None:
    found = decimal_number(text, locale)
    assert found is None or file_decimal(found) == found
