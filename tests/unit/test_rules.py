

def test_distinct_gives_each_value_once() -> None:
    rule = parse_rule("count(distinct(rows.x)) == count(rows.x)")
    assert rule.holds(Scope({}, rows=[{"x": "a"}, {"x": "b"}, {}]))
    assert rule.fails(Scope({}, rows=[{"x": "a"}, {"x": "a"}]))
