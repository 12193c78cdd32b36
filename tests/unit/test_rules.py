"""The rule language: what a rule says of some answers, and what is no rule."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.rule_parser import nodes_in
from app.forms.rules import ALWAYS, NEVER, RuleError, Scope, Value, parse_rule

KINDS = {
    "n": "number",
    "m": "number",
    "absent_number": "number",
    "rows.share": "number",
    "steps.cost": "number",
    "programmes.steps.cost": "number",
    "day": "date",
    "codes": "codes",
    "programmes": "container",
    "goals": "container",
    "empty": "container",
}
ANSWERS = {
    "yes": "yes",
    "n": "12",
    "m": "0.5",
    "digits": "12",
    "day": "2018-12-31",
    "codes": ["a", "c"],
    "unknown": {"nothing": "unknown"},
    "soon": {"typed": "soon", "locale": "en", "problem": "not_a_date"},
    "title": {
        "en": {"text": "Water", "translated_by": "a translator"},
        "fr": {"text": "L'eau"},
    },
    "programmes": [
        {"row": "1", "answers": {"steps": [{"row": "a", "answers": {"cost": "10"}}]}},
        {"row": "2", "answers": {"steps": [{"row": "b", "answers": {"cost": "5"}}], "x": "yes"}},
        {"row": "3", "answers": {}},
    ],
    "goals": {"first": {"x": "no", "c": ["a"]}, "second": {"x": "yes", "c": ["a", "b"]}, "z": {}},
    "empty": [],
}
ROWS: list[dict[str, Any]] = [
    {"share": "60"},
    {"share": "40"},
    {},
    {"share": {"nothing": "unknown"}},
]


def value(source: str, answers: dict[str, Any] | None = None) -> Value:
    return parse_rule(source, KINDS).value(Scope(answers or ANSWERS, rows=ROWS))


@pytest.mark.parametrize(
    "source",
    [
        "true",
        "not false",
        'yes == "yes"',
        'yes != "no"',
        "n == 12",
        "n == 12.0",
        "n > 9",
        "9 < n <= 12",
        "n * m == 6",
        "n - 13 == -1",
        "n / 5 == 2.4",
        'digits == "12"',
        'day >= "2018-01-01"',
        'day < "2019-01-01"',
        '"a" in codes',
        '"b" not in codes',
        'codes == ["a", "c"]',
        'yes in ["yes", "no"]',
        "count(codes) == 2",
        "answered(yes) and not answered(absent)",
        "not answered(unknown) and nothing(unknown)",
        "not answered(soon) and not nothing(soon)",
        "not nothing(absent)",
        'title == "L\'eau"',
        "length(title) == 5",
        "sum(rows.share) == 100",
        "count(rows.share) == 2",
        "max(rows.share, 70) == 70",
        "min(rows.share) == 40",
        "sum(programmes.steps.cost) == 15",
        "answered(programmes) and count(programmes) == 3",
        "not answered(empty) and count(empty) == 0",
        "count(goals) == 2",
        '"yes" in goals.x',
        '"b" in goals.c',
        "count(goals.c) == 2",
        'not ("yes" in empty.x)',
        "coalesce(absent_number, n) == 12",
        'if(yes == "yes", n, m) == 12',
        "round(2.5) == 3 and round(-2.5) == -3 and round(1.005, 2) == 1.01",
        "0.1 + 0.2 == 0.3",
        "2 / 3 == 0.6666666667",
        "-n < 0",
        'yes == "no" or n > 3',
        "1990 <= 2000\n  and true",
    ],
)
def test_it_holds(source: str) -> None:
    assert value(source) is True, source


@pytest.mark.parametrize(
    "source",
    [
        'absent == "yes"',
        'absent != "yes"',
        'not (absent == "yes")',
        "absent_number > 3",
        "absent_number + 1 > 3",
        "-absent_number < 0",
        'unknown == "unknown"',
        'soon == "soon"',
        "n / 0 > 1",
        "sum(absent_number) == 0",
        "sum(empty.x) >= 0",
        "min(empty.x) >= 0",
        "length(absent) < 1",
        '"a" in absent',
        "absent in codes",
        'if(absent == "yes", true, false)',
        "digits == 12",
        "digits > 3",
        'yes > "no"',
        'absent == "x" and true',
        'absent == "x" or false',
    ],
)
def test_it_is_null_and_neither_holds_nor_fails(source: str) -> None:
    rule = parse_rule(source, KINDS)
    scope = Scope(ANSWERS, rows=ROWS)
    assert rule.value(scope) is None
    assert not rule.holds(scope)
    assert not rule.fails(scope)


def test_false_and_true_decide_beside_null() -> None:
    assert value('absent == "x" and false') is False
    assert value('absent == "x" or true') is True
    assert ALWAYS.holds(Scope({}))
    assert NEVER.fails(Scope({}))


def test_a_bare_name_looks_in_its_row_then_outwards() -> None:
    outer = Scope({"x": "out", "y": "out"})
    scope = Scope({"x": "in"}, outer)
    assert parse_rule('x == "in" and y == "out"').holds(scope)


def test_numbers_are_exact_up_to_30_digits() -> None:
    most = "9" * 30
    assert value("n == n", {"n": most}) is True
    assert value("n + 1 > 0", {"n": most}) is None
    assert value("n > 0", {"n": most + "9"}) is None
    assert value("n * 1", {"n": "0." + "1" * 29}) == Decimal("0." + "1" * 29)


@pytest.mark.parametrize("typed", ["", "1,5", "1e3", "NaN", "Infinity", "١٢", " 1", "+1", "1."])
def test_what_is_no_decimal_string_is_no_number(typed: str) -> None:
    assert value("n == n", {"n": typed}) is None


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x = 1", "cannot be read"),
        ("x ==", "cannot be read"),
        ("", "cannot be read"),
        ("before.x == 1", "earlier submission"),
        ("f(x)", "no function of rules"),
        ("x.y()", "no function of rules"),
        ("__import__('os')", "no function of rules"),
        ("round(x, ndigits=2)", "no function of rules"),
        ("round(1, 2, 3)", "takes 1 to 2 operands"),
        ("length()", "takes 1 operands"),
        ("round(1, x) > 1", "how many places"),
        ("round(1, 11) > 1", "how many places"),
        ("answered(1)", "takes the id of a question"),
        ("x ** 2", "not allowed"),
        ("x // 2", "not allowed"),
        ("x % 2", "not allowed"),
        ("x[0]", "not allowed"),
        ("(x, y)", "not allowed"),
        ("lambda: 1", "not allowed"),
        ("[y for y in x]", "not allowed"),
        ("x is y", "not allowed"),
        ("1 if x else 2", "not allowed"),
        ("1e5 > x", "not allowed"),
        ("0x10 > x", "not allowed"),
        ("None", "not allowed"),
        ("rows == 1", "write rows.x"),
        ('x == "\\n"', "no backslash"),
        ("x > " + "9" * 31, "at most 30 digits"),
        ("-" * 3000 + "x", "nested too deeply"),
        ("x" * 5000, "at most 4000 characters"),
    ],
)
def test_what_is_no_rule_is_refused(source: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        parse_rule(source)


def test_the_tree_is_plain_json_with_the_kind_of_each_name() -> None:
    rule = parse_rule('if(n >= 2.50, "a" in codes, true)', KINDS)
    assert rule.tree == {
        "f": "if",
        "a": [
            {"f": ">=", "a": [{"v": "n", "t": "number"}, {"n": "2.50"}]},
            {"f": "in", "a": [{"s": "a"}, {"v": "codes", "t": "codes"}]},
            {"b": True},
        ],
    }
    assert rule.names == {"n", "codes"}


def test_if_inside_a_text_is_left_alone() -> None:
    assert parse_rule('x == "if (a)"').holds(Scope({"x": "if (a)"}))


@given(st.text(max_size=40))
def test_any_text_is_a_rule_or_refused(source: str) -> None:
    try:
        rule = parse_rule(source)
    except RuleError:
        return
    assert all(len(node) in (1, 2) for node in nodes_in(rule.tree))


answers = st.sampled_from(
    ["1", "2.5", "yes", "", None, ["a"], {"nothing": "unknown"}, "2018-01-01"]
)


@given(answers, answers, st.sampled_from(["==", "!=", "<", "<=", "in", "not in"]))
def test_no_answer_makes_a_rule_raise(a: object, b: object, operator: str) -> None:
    for kinds in ({}, {"x": "number", "y": "number"}, {"x": "codes", "y": "code"}):
        rule = parse_rule(f"x {operator} y and sum(x, y) + length(x) > 1", kinds)
        assert rule.value(Scope({"x": a, "y": b})) in (True, False, None)


decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@given(decimals, decimals)
def test_arithmetic_agrees_with_fractions(a: Decimal, b: Decimal) -> None:
    scope = {"n": f"{a:f}", "m": f"{b:f}"}
    assert value("n + m", scope) == a + b
    assert value("n - m", scope) == a - b
    assert value("(n < m) == (m > n)", scope) is True
    assert value("n * m", scope) == a * b
    quotient = value("n / m", scope)
    if b:
        assert isinstance(quotient, Decimal)
        assert abs(quotient * b - a) <= abs(b) * Decimal("5.1e-11")
    else:
        assert quotient is None
