"""Every code has words; values read as people write them; a language is offered when complete."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.forms.accept import PROBLEMS
from app.forms.catalogue import Catalogue
from app.forms.checks import Problem
from app.forms.definition import Audience, Severity
from app.forms.places import Place
from app.forms.publish import publish
from app.models.account import Role
from app.reports.catalogue import Reports
from app.reports.notes import moment_in_words, sentences
from app.wording import statuses
from app.wording.languages import LANGUAGES, accepted, complete_languages, is_translated
from app.wording.problems import WORDING, sentence, sentence_of
from app.wording.values import day, day_of, moment, number, percent
from app.workflow import Action, ReviewAction, ReviewStatus, Status

FORMS = Path("app/forms")
CODE = re.compile(r"Problem\(\s*\"(\w+)\"|_refuse\(\"(\w+)\"")

RECORDED = re.compile(r"\b(?:record|save)\((?:[\w.]+, )?\"(\w+)\"")


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    with app.test_request_context(headers={"Accept-Language": request.param}):
        yield request.param


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def codes_of_forms() -> set[str]:
    """Return the problem codes that the code of forms names."""
    texts = [path.read_text() for path in FORMS.glob("*.py")]
    named = {code for text in texts for found in CODE.findall(text) for code in found if code}
    return named | set(PROBLEMS.values())


def test_every_problem_of_a_form_has_a_sentence() -> None:
    assert {"required", "too_few_rows", "unknown_question"} <= codes_of_forms()
    assert codes_of_forms() - WORDING.keys() == set(), "add them to app/wording/problems.py"


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (statuses.STATUSES, Status),
        (statuses.REVIEW_STATUSES, ReviewStatus),
        (statuses.ACTIONS, [*Action, *ReviewAction]),
        (statuses.EVENTS, [*Action, *ReviewAction]),
        (statuses.ROLES, Role),
        (statuses.SEVERITIES, Severity),
        (statuses.AUDIENCES, Audience),
    ],
)
def test_every_code_has_a_name(names: Mapping[Any, Any], codes: Iterator[StrEnum]) -> None:
    assert set(codes) - names.keys() == set(), "add it to app/wording/statuses.py"


def test_every_event_has_a_name() -> None:
    texts = [path.read_text() for path in Path("app/services").glob("*.py")]
    recorded = {action for text in texts for action in RECORDED.findall(text)}
    assert recorded >= {"remove_row", "sign_elsewhere"}
    assert recorded - statuses.EVENTS.keys() == set(), "add it to app/wording/statuses.py"


@pytest.mark.usefixtures("english")
def test_a_sentence_names_details() -> None:
    told = sentence_of("too_few_rows", {"least": 1000, "rows": 2})
    assert told == "Add rows until there are at least 1,000. There are 2."
    assert sentence_of("not_offered", {"value": ["a", "b"]}).startswith("Leave this empty")


@pytest.mark.usefixtures("english")
def test_a_detail_that_is_missing_does_no_harm() -> None:
    assert sentence_of("too_few_rows", {}) == "Add rows until there are at least . There are ."


@pytest.mark.usefixtures("english")
def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert sentence_of("no_such_code", {}) == "no_such_code"


@pytest.mark.usefixtures("english")
def test_a_check_of_the_form_speaks_for_itself() -> None:
    place = Place("targets")
    check = Problem("check", Severity.NOTE, place, "title", {}, "c", "100 % of it is too much.")
    assert sentence(check) == "100 % of it is too much."


def test_days_and_moments(language: str) -> None:
    signed = datetime(2018, 12, 31, 23, 5, tzinfo=UTC)
    shown = {"en": "31 December 2018", "ar": "31 ديسمبر 2018"}[language]
    assert day(date(2018, 12, 31)) == shown
    assert day("2018-12-31") == shown
    assert day_of(signed) == shown
    assert moment(signed) == shown + {"en": ", ", "ar": "، "}[language] + "23:05 UTC"
    assert [day(None), day(""), day_of(None), moment(None)] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("ar", "31 ديسمبر 2018، 23:05:00 UTC"),
        ("en", "31 December 2018, 23:05:00 UTC"),
        ("es", "31 de diciembre de 2018, 23:05:00 UTC"),
        ("fr", "31 décembre 2018, 23:05:00 UTC"),
        ("ru", "31 декабря 2018 года, 23:05:00 UTC"),
        ("zh", "2018年12月31日 23:05:00 UTC"),
    ],
)
def test_a_moment_in_each_language(locale: str, shown: str) -> None:
    assert moment_in_words(datetime(2018, 12, 31, 23, 5, tzinfo=UTC), locale) == shown


def test_a_filter_of_a_constant_is_asked_for_each_reader(app: Flask) -> None:
    template = app.jinja_env.from_string('{{ "not_answered" | nothing }}, {{ "1.5" | number }}')
    shown = []
    for language in ("en", "ru", "en"):
        with app.test_request_context(), force_locale(language):
            shown.append(template.render())
    assert shown == ["Not answered, 1.5", "Ответа нет, 1,5", "Not answered, 1.5"]


def test_sentences_end_as_their_language_has_it() -> None:
    assert sentences(("Figures", "Counts"), "en") == "Figures. Counts."
    assert sentences(("数字", "数目"), "zh") == "数字。数目。"


@pytest.mark.usefixtures("english")
def test_a_moment_is_told_in_utc() -> None:
    assert moment(datetime.fromisoformat("2019-01-01T01:30:00+02:00")).startswith("31 December")


@pytest.mark.usefixtures("language")
def test_digits_are_latin_in_every_language() -> None:
    shown = "".join(
        [day("2018-12-31"), number(1234567), percent(0.5), number("1250.50"), percent(0.125, 1)]
    )
    digits = {c for c in shown if c.isdigit()}
    assert digits <= set("0123456789")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("1250.50"), "1,250.5"),
        ("0.123456789", "0.123456789"),
        ("12345678901234567890", "12,345,678,901,234,567,890"),
        (None, ""),
        ("", ""),
    ],
)
def test_numbers(value: int | Decimal | str | None, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.usefixtures("english")
def test_shares() -> None:
    assert [percent(0), percent(0.333), percent(1), percent(None)] == ["0%", "33%", "100%", ""]
    assert percent(Decimal("0.125"), 1) == "12.5%"


PILOT = """
form: pilot
version: 1
agreement: cbd
title: A pilot
sections:
  - id: plan
    title: Plan
    elements:
      - {id: plan_name, type: text, label: What is it called?}
"""


def write_catalogue(folder: Path, *entries: str) -> Path:
    path = folder / "LC_MESSAGES"
    path.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    (path / "messages.po").write_text("\n".join([head, *entries]))
    return folder


@pytest.mark.parametrize(
    ("entries", "is_complete"),
    [
        (['msgid "Draft"\nmsgstr "مسودة"\n'], True),
        (['msgid "Draft"\nmsgstr ""\n'], False),
        (['msgid "Draft"\nmsgstr "مسودة"\n', 'msgid "Sign"\nmsgstr ""\n'], False),
        (['msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "س"\nmsgstr[1] ""\n'], False),
        (['#, fuzzy\nmsgid "Draft"\nmsgstr "مسودة"\n'], False),
        ([], False),
    ],
)
def test_a_catalogue_is_complete_or_not(
    tmp_path: Path, entries: list[str], *, is_complete: bool
) -> None:
    assert is_translated(write_catalogue(tmp_path / "ar", *entries)) is is_complete


def test_a_language_without_a_catalogue_is_not_offered(tmp_path: Path) -> None:
    assert is_translated(tmp_path / "fr") is False
    nothing = Catalogue(tmp_path / "forms")
    assert complete_languages(nothing, Reports(tmp_path / "reports"), tmp_path) == ("en",)


def test_a_language_with_a_complete_catalogue_is_offered(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "ar", 'msgid "Draft"\nmsgstr "مسودة"\n')
    nothing = Catalogue(tmp_path / "forms")
    assert complete_languages(nothing, Reports(tmp_path / "reports"), tmp_path) == ("ar", "en")


def test_a_published_form_that_lacks_a_language_keeps_it_from_being_offered(
    tmp_path: Path,
) -> None:
    write_catalogue(tmp_path / "fr", 'msgid "Draft"\nmsgstr "Brouillon"\n')
    folder = tmp_path / "forms" / "cbd" / "pilot" / "1"
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(PILOT)
    forms, reports = Catalogue(tmp_path / "forms"), Reports(tmp_path / "reports")
    assert complete_languages(forms, reports, tmp_path) == ("en", "fr")
    publish(forms, forms.find("pilot", 1))
    assert complete_languages(Catalogue(forms.root), reports, tmp_path) == ("en",)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ar", "ar"),
        ("ar-EG, fr;q=0.5", "ar"),  # a region is no reason to take the second choice
        ("zh-Hant-TW, en;q=0.1", "zh"),
        ("de, fr;q=0.3, es;q=0.7", "es"),
        ("fr;q=0, de", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_language_that_a_browser_prefers(header: str, language: str) -> None:
    wishes = parse_accept_header(header, LanguageAccept)
    assert accepted(wishes, tuple(LANGUAGES)) == language


def test_the_six_languages_have_their_own_names() -> None:
    assert list(LANGUAGES) == ["ar", "en", "es", "fr", "ru", "zh"]
    assert LANGUAGES["ar"].direction == "rtl"
    assert {each.direction for code, each in LANGUAGES.items() if code != "ar"} == {"ltr"}
