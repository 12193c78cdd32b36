"""`distinct` gives each value of a column once."""

from app.forms.rules import Scope, parse_rule


def test_repeated_values_in_a_column_are_seen() -> None:
    rule = parse_rule("count(distinct(rows.x)) == count(rows.x)")
    assert rule.holds(Scope({}, rows=[{"x": "a"}, {"x": "b"}, {}]))
    assert rule.fails(Scope({}, rows=[{"x": "a"}, {"x": "a"}]))
