"""YAML without surprises: what it gives, what it refuses, and on which line."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.forms.strict_yaml import StrictYamlError, YamlMap, load_yaml, parse_yaml, read_yaml


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("012", "012"),
        ("0o14", "0o14"),
        ("0x1f", "0x1f"),
        ("12:30", "12:30"),
        ("1e5", "1e5"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("1.50", Decimal("1.50")),
        ("2018-12-31", "2018-12-31"),
        ('"12"', "12"),
        ("'true'", "true"),
        ('""', ""),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object) -> None:
    found, errors = parse_yaml(f"key: {written}", "file")
    assert found == {"key": value}
    assert type(found["key"]) is type(value)
    assert errors == []


def test_keys_are_texts() -> None:
    found, errors = parse_yaml("no: 1\n12: 2\ntrue: 3", "file")
    assert (found, errors) == ({"no": 1, "12": 2, "true": 3}, [])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "first in line 1"),
        ("a: {b: 1,\n  b: 2}", 2, "here twice"),
        ("a: &x 1\n", 1, "anchors are not used"),
        ("a: *x\n", 1, "aliases are not used"),
        ("a:\n  <<: {b: 1}", 2, "write it out"),
        ("a: 1\nb: !!str 2", 2, "tags such as"),
        ("a: 1\n---\nb: 2", 2, "one document"),
        ("? [a, b]\n: 1", 1, "a key is a word"),
        ("a: [1\nb: 2", 2, "correct the YAML here"),
        ("a: 1\n\tb: 2", 2, "tab"),
    ],
)
def test_surprises_are_refused_with_their_line(text: str, line: int, words: str) -> None:
    _, errors = parse_yaml(text, "forms/x.yaml")
    assert errors[0].line == line
    assert words in errors[0].message
    assert str(errors[0]).startswith(f"forms/x.yaml:{line}: ")


def test_every_surprise_is_reported_and_the_rest_is_read() -> None:
    found, errors = parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\nd: 4", "file")
    assert [error.line for error in errors] == [2, 3]
    assert found == {"a": 1, "b": {"c": 1}, "d": 4}


def test_lines_of_keys_and_entries_are_known() -> None:
    found, _ = parse_yaml("a: 1\nb:\n  - x\n  - y: 2\n    z: 3\n", "file")
    assert isinstance(found, YamlMap)
    assert found.line_of("b") == 2
    assert found.line_of("not there") == 1
    assert found["b"].lines == [3, 4]
    assert found["b"][1].line_of("z") == 5


def test_an_empty_file_is_none_and_a_missing_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("")
    assert load_yaml(tmp_path / "empty.yaml") is None
    with pytest.raises(StrictYamlError, match="there is no such file"):
        load_yaml(tmp_path / "missing.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: é".encode("latin-1"))
    assert read_yaml(tmp_path / "latin.yaml", "latin.yaml")[1][0].message.startswith(
        "the file is not UTF-8"
    )


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.dictionaries(texts, texts | st.lists(texts)))
def test_what_yaml_writes_in_quotes_is_read_back(value: dict[str, object]) -> None:
    written = yaml.safe_dump(value, default_style='"', allow_unicode=True)
    assert parse_yaml(written, "file") == (value, [])


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    parse_yaml(text, "file")
