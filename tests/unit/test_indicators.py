"""How a Party's category for a target is derived from its assessments."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.assessments import AssessmentIds
from app.analysis.indicators import (
    METHODS,
    Method,
    confidence_of_assessments,
    confidence_of_category,
    latest_assessments,
    lower_middle_category,
)
from app.analysis.observations import Document, Observation
from app.config import ROOT
from app.forms.relevance import asked
from app.reports.catalogue import Reports
from tests.make import aichi

REPORTS = Reports(ROOT / "reports")
IDS: AssessmentIds = REPORTS.load("cbd", "aichi-progress").variables["category"].ids
SCALE = ["exceed", "on_track", "insufficient_rate", "no_change", "moving_away"]
EVIDENCE = ["comprehensive_indicators", "partial_indicators", "expert_opinion"]


def assessment(progress: str, on: str = "2018-01-01", confidence: str = "") -> dict[str, Any]:
    answers = {"progress": progress, "assessed_on": on, "confidence": confidence}
    return {"row": f"{on} {progress}", "answers": {k: v for k, v in answers.items() if v}}


def target(
    *assessments: dict[str, Any], main: tuple[str, ...] = ("aichi-01",), level: str = "national"
) -> dict[str, Any]:
    answers = {
        "is_aichi_target": "no",
        "title": {"en": {"text": "Ours"}},
        "level": level,
        "main_targets": list(main),
        "national_assessments": list(assessments),
    }
    return {"row": f"{level} {main}", "answers": answers}


def adopted(code: str, *assessments: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "is_aichi_target": "yes",
        "adopted_target": code,
        "national_assessments": list(assessments),
    }
    return {"row": f"adopted {code}", "answers": answers}


def national(*targets: dict[str, Any]) -> Document:
    return {"targets_basis": "national_targets", "national_targets": list(targets)}


def category(document: Document, item: str = "aichi-01") -> Observation:
    found = lower_middle_category(document, aichi(), IDS)
    return next(one for one in found if one.item == item)


def test_no_national_target_is_mapped_as_main() -> None:
    other = target(assessment("exceed"), main=("aichi-02",))
    other["answers"]["other_targets"] = ["aichi-01"]
    assert category(national(other)).code == "no_national_target"


def test_mapped_without_an_assessment_is_not_assessed() -> None:
    assert category(national(target())).code == "not_assessed"


def test_unknown_only_when_every_assessment_says_so() -> None:
    known, unknown = target(assessment("no_change")), target(assessment("unknown"))
    assert category(national(unknown, unknown)).code == "unknown"
    assert category(national(unknown, known)).code == "no_change"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["on_track"], "on_track"),
        (["on_track", "moving_away"], "moving_away"),  # the lower of two
        (["exceed", "on_track", "moving_away"], "on_track"),  # the one in the middle of three
        (["exceed", "on_track", "no_change", "moving_away"], "no_change"),  # lower of the middle
        (["exceed", "exceed", "unknown", "moving_away"], "exceed"),  # of the three known
    ],
)
def test_the_lower_of_the_two_in_the_middle(given: list[str], code: str) -> None:
    targets = [target(assessment(progress)) for progress in given]
    for order in (targets, targets[::-1]):
        assert category(national(*order)).code == code


def test_best_and_worst_stand_beside_it() -> None:
    found = category(national(*(target(assessment(p)) for p in ("no_change", "exceed", "unknown"))))
    assert (found.code, found.best, found.worst) == ("no_change", "exceed", "no_change")
    unknown = category(national(target(assessment("unknown"))))
    assert (unknown.best, unknown.worst) == ("", "")


def test_the_national_level_goes_first() -> None:
    local = target(assessment("moving_away"), level="sub_national")
    assert category(national(local, target(assessment("on_track")))).code == "on_track"
    assert category(national(local, target(assessment("unknown")))).code == "moving_away"
    assert category(national(local, target())).code == "moving_away"


def test_an_adopted_target_counts_as_main_and_national() -> None:
    local = target(assessment("moving_away"), level="regional")
    document = national(local, adopted("aichi-01", assessment("exceed")))
    assert category(document).code == "exceed"
    assert category(document, "aichi-02").code == "no_national_target"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("exceed", "2018-03-01"), ("no_change", "2016-03-01")], "exceed"),  # the latest date
        ([("exceed", "2018-03-01"), ("no_change", "2018-03-01")], "no_change"),  # the last row
        ([("exceed", ""), ("no_change", "2016-03-01")], "no_change"),  # a date goes before none
        ([("no_change", "2016-03-01"), ("", "2018-03-01")], "no_change"),  # not an assessment
    ],
)
def test_the_latest_assessment_counts(rows: list[tuple[str, str]], code: str) -> None:
    assert category(national(target(*(assessment(p, on) for p, on in rows)))).code == code


@pytest.mark.parametrize("basis", ["aichi_targets", "aichi_targets_instead"])
def test_a_party_that_reports_on_the_shared_targets_gives_it_directly(basis: str) -> None:
    rows = [assessment("exceed", "2015-01-01"), assessment("no_change", "2018-01-01")]
    shared = {"aichi-01": {"aichi_target_assessments": rows}}
    document = {"targets_basis": basis, "aichi_targets": shared}
    assert category(document).code == "no_change"
    assert category(document, "aichi-02").code == "not_assessed"


def test_the_confidence_is_that_of_the_assessments_that_give_the_category() -> None:
    document = national(
        target(assessment("exceed", confidence="expert_opinion")),
        target(assessment("on_track", "2017-05-01", confidence="comprehensive_indicators")),
        target(assessment("on_track", "2018-05-01", confidence="partial_indicators")),
    )
    found = category(document)
    assert (found.code, found.confidence, found.on) == (
        "on_track", "partial_indicators", "2018-05-01",
    )  # fmt: skip
    given = confidence_of_category(document, aichi(), IDS)
    assert [(one.code, one.category) for one in given[:2]] == [
        ("partial_indicators", "on_track"),
        ("no_national_target", ""),
    ]


def test_a_confidence_that_is_not_given_is_told_apart() -> None:
    document = national(target(assessment("on_track")), target(main=("aichi-02",)))
    assert [one.code for one in confidence_of_category(document, aichi(), IDS)[:3]] == [
        "confidence_not_given", "not_assessed", "no_national_target",
    ]  # fmt: skip


def test_assessments_count_once_for_each_target_that_they_serve() -> None:
    document = national(
        target(
            assessment("exceed", "2014-01-01"),
            assessment("no_change", "2018-01-01", "expert_opinion"),
            main=("aichi-01", "aichi-03"),
            level="sub_national",
        ),
        target(main=("aichi-03",)),
    )
    found = latest_assessments(document, aichi(), IDS)
    assert [(one.item, one.code) for one in found] == [
        ("aichi-01", "no_change"), ("aichi-03", "no_change"), ("aichi-03", "not_assessed"),
    ]  # fmt: skip
    assert [one.code for one in confidence_of_assessments(document, aichi(), IDS)] == [
        "expert_opinion", "expert_opinion", "not_assessed",
    ]  # fmt: skip


ROW = st.builds(
    assessment,
    st.sampled_from([*SCALE, "unknown", ""]),
    st.sampled_from(["2014-01-01", "2018-01-01", ""]),
    st.sampled_from([*EVIDENCE, ""]),
)
CODES = st.sampled_from(["aichi-01", "aichi-02"])
TARGET = st.fixed_dictionaries(
    {
        "is_aichi_target": st.sampled_from(["yes", "no"]),
        "adopted_target": CODES,
        "level": st.sampled_from(["national", "sub_national", "regional"]),
        "main_targets": st.lists(CODES, unique=True),
        "national_assessments": st.lists(ROW, max_size=3),
    }
)
DOCUMENT = st.fixed_dictionaries(
    {
        "targets_basis": st.sampled_from(
            ["national_targets", "aichi_targets", "aichi_targets_instead"]
        ),
        "national_targets": st.lists(TARGET, max_size=4).map(
            lambda found: [{"row": str(at), "answers": one} for at, one in enumerate(found)]
        ),
        "aichi_targets": st.dictionaries(
            CODES, st.fixed_dictionaries({"aichi_target_assessments": st.lists(ROW, max_size=3)})
        ),
    }
)


@given(DOCUMENT, st.sampled_from([m for m in METHODS.values() if m.ids is AssessmentIds]))
def test_irrelevant_answers_change_nothing(document: Document, method: Method) -> None:
    signed = asked(aichi(), document)
    observed = [method.observe(each, aichi(), IDS) for each in (document, signed)]
    assert [(one.item, one.code, one.row) for one in observed[0]] == [
        (one.item, one.code, one.row) for one in observed[1]
    ]


@given(DOCUMENT)
def test_every_target_has_one_category_within_best_and_worst(document: Document) -> None:
    found = lower_middle_category(document, aichi(), IDS)
    assert [one.item for one in found] == [f"aichi-{n:02}" for n in range(1, 21)]
    for one in found:
        if one.code in SCALE:
            places = [SCALE.index(code) for code in (one.best, one.code, one.worst)]
            assert places == sorted(places)


@pytest.mark.parametrize("name", list(METHODS))
def test_the_note_under_a_table_is_the_docstring(name: str) -> None:
    texts = REPORTS.load("cbd", "aichi-progress").texts
    assert texts[f"method.{name}"] == METHODS[name].note


@pytest.mark.parametrize("name", list(METHODS))
def test_every_method_is_explained_in_arabic(name: str) -> None:
    english, arabic = (REPORTS.load("cbd", "aichi-progress", c).texts for c in ("en", "ar"))
    assert arabic[f"method.{name}"] != english[f"method.{name}"]
