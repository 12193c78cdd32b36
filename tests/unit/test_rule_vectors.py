"""The shared vectors of rules, on the side of Python; tests/browser runs them in JavaScript."""

import json
from typing import Any, Final

import pytest

from app.config import ROOT
from app.forms.rules import parse_rule
from tests.expressions import as_json, scope_from

VECTORS: Final = json.loads((ROOT / "tests/vectors/rules.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["rule"]))
def test_each_rule_has_its_tree_and_comes_to_its_value(case: dict[str, Any]) -> None:
    rule = parse_rule(case["rule"], VECTORS["kinds"])
    assert rule.tree == case["tree"]
    assert as_json(rule.value(scope_from(VECTORS["scope"]))) == case["value"]
