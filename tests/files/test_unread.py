"""What rests on a cell that was not understood is not told as if nobody had answered."""

import pytest

from app.files.unread import rests_on
from app.forms.checks import Problem
from app.forms.definition import Severity
from app.forms.places import parse_place
from tests.make import aichi


@pytest.mark.parametrize(
    ("question", "check", "unread", "rests"),
    [
        ("no_related_target", "", "main_targets", True),
        ("no_related_target", "", "is_aichi_target", True),
        ("no_related_target", "", "title", False),
        ("no_related_target", "mapping_given", "no_related_target", True),
        ("title", "", "targets_basis", True),
        ("title", "", "main_targets", False),
    ],
)
def test_a_problem_rests_on_what_its_rules_look_at(
    question: str,
    check: str,
    unread: str,
    rests: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    place = parse_place("targets/national_targets/one")
    code = "check" if check else "required"
    problem = Problem(code, Severity.PROBLEM, place, question, check=check)
    assert rests_on(aichi(), problem, {unread}) is rests
