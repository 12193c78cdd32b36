"""Lists read as each language writes them, whatever stands in them."""

from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

from app.wording.problems import shown
from app.wording.values import in_one_line, listed

NAMES = ("a.csv", "<b>.csv", "c.csv")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("language", "three", "two"),
    [
        ("ar", "A وB وC", "A وB"),
        ("en", "A, B, and C", "A and B"),
        ("es", "A, B y C", "A y B"),
        ("fr", "A, B et C", "A et B"),
        ("ru", "A, B и C", "A и B"),
        ("zh", "A、B和C", "A和B"),
    ],
)
def test_names_are_listed_as_the_language_does(language: str, three: str, two: str) -> None:
    with force_locale(language):
        assert listed("ABC") == shown(["A", "B", "C"]) == three
        assert listed("AB") == two
        assert (listed("A"), listed("")) == ("A", "")


@pytest.mark.parametrize(
    ("language", "line"),
    [("ar", "a, b؛ c"), ("en", "a, b; c"), ("ru", "a, b; c"), ("zh", "a, b；c")],  # noqa: RUF001
)
def test_what_holds_commas_is_parted_by_semicolons(language: str, line: str) -> None:
    with force_locale(language):
        assert in_one_line(["a, b", "c"]) == line


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "<bdi>a.csv</bdi> و<bdi>&lt;b&gt;.csv</bdi> و<bdi>c.csv</bdi>"),
        ("zh", "<bdi>a.csv</bdi>、<bdi>&lt;b&gt;.csv</bdi>和<bdi>c.csv</bdi>"),
    ],
)
def test_names_of_files_stand_apart_from_what_joins_them(language: str, text: str) -> None:
    with force_locale(language):
        assert render_template_string('{{ names | map("apart") | listed }}', names=NAMES) == text


def test_names_in_a_list_are_text_and_no_markup() -> None:
    said = render_template_string("{{ names | listed }}", names=NAMES)
    assert said == "a.csv, &lt;b&gt;.csv, and c.csv"
