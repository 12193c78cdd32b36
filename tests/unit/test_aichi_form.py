"""The Aichi progress form: one question per field of the clearing-house, and its checks."""

from pathlib import Path
from typing import Any

import pytest

from app.forms.catalogue import Catalogue
from app.forms.checks import blocking, check_form
from app.forms.definition import Audience, Form, Loop, Question, QuestionType, Repeat, walk
from app.forms.places import Document

CATALOGUE = Catalogue(Path(__file__).parents[2] / "forms")

NATIONAL_TARGET = {  # fields of a national target, and in which of our questions they stand
    "isAichiTarget": ["is_aichi_target"],
    "aichiTargets": ["adopted_target", "main_targets"],  # one field, used in two ways
    "otherAichiTargets": ["adopted_components", "other_targets"],  # likewise
    "title": ["title"],
    "description": ["rationale"],
    "jurisdiction": ["level"],
    "jurisdictionInfo": ["area"],
    "noOtherAichiTargets": ["no_related_target"],
    "noOtherAichiTargetsDescription": ["no_related_target_reason"],
    "relevantInformation": ["further_information"],
    "relevantDocuments": ["national_target_links"],
    "notes": ["target_notes"],
    "nationalTarget": ["national_assessments"],  # which target: the row it stands in
}
ASSESSMENT = {
    "progress": ["progress"],
    "date": ["assessed_on"],
    "assessmentText": ["evidence"],
    "nationalIndicatorsUsed": ["indicators_used"],
    "nationalIndicators": ["indicators"],
    "documentText": ["other_tools"],
    "confidence": ["confidence"],
    "confidenceInfo": ["confidence_reason"],
    "adequacy": ["adequacy"],
    "adequacyDescription": ["adequacy_description"],
    "notes": ["assessment_notes"],
}


@pytest.fixture(scope="module")
def form() -> Form:
    return CATALOGUE.load("aichi-progress", 1)


def sources(container: Loop | Repeat) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in container.elements:
        if element.source:
            found.setdefault(element.source, []).append(element.id)
    return found


def repeat(form: Form, container_id: str) -> Repeat:
    found = form.container(container_id)
    assert isinstance(found, Repeat)
    return found


def assessment(**answers: Any) -> dict[str, Any]:  # noqa: ANN401 - any answer
    given = {"progress": "on_track", "assessed_on": "2018-05-01", "confidence": "expert_opinion"}
    return {"row": "a1", "answers": given | answers}


def own_target(row: str = "t1", **answers: Any) -> dict[str, Any]:  # noqa: ANN401 - any answer
    given = {
        "is_aichi_target": "no",
        "title": {"en": {"text": f"Rivers run free ({row})"}},
        "rationale": {"en": {"text": "Few do."}},
        "level": "national",
        "main_targets": ["aichi-05"],
    }
    kept = {key: answer for key, answer in (given | answers).items() if answer is not None}
    return {"row": row, "answers": kept}


def on_national(*targets: dict[str, Any]) -> Document:
    return {"targets_basis": "national_targets", "national_targets": list(targets)}


def codes(form: Form, document: Document) -> list[str]:
    return [problem.check or problem.code for problem in blocking(check_form(form, document))]


def noted(form: Form, document: Document) -> set[str]:
    return {p.check for p in check_form(form, document) if p.severity == "note"}


def test_each_field_of_the_clearing_house_has_its_question(form: Form) -> None:
    assert sources(repeat(form, "national_targets")) == NATIONAL_TARGET
    for kind in ("national", "aichi"):
        name = "national_assessments" if kind == "national" else "aichi_target_assessments"
        links = {
            "documentLinks": [f"{kind}_assessment_links"],
            "otherRelevantDocuments": [f"{kind}_monitoring_links"],
        }
        assert sources(repeat(form, name)) == ASSESSMENT | links


def test_it_is_complete_in_six_languages() -> None:
    assert CATALOGUE.languages("aichi-progress", 1) == ("ar", "en", "es", "fr", "ru", "zh")


def test_no_wording_gives_all_targets_the_same_deadline() -> None:
    for locale in CATALOGUE.languages("aichi-progress", 1):
        form = CATALOGUE.load("aichi-progress", 1, locale)
        for key, words in form.texts.items():
            if "2020" in words and not key.startswith("assessed_until_2020"):
                assert "2015" in words, key


def test_private_notes_are_for_the_party_alone(form: Form) -> None:
    private = {q.id for q in form.questions() if q.audience is not Audience.PUBLIC}
    assert private == {"target_notes", "assessment_notes"}


def test_labels_that_are_not_verified_are_marked(form: Form) -> None:
    questions = {q.id: q for q in form.questions()}
    assert all(choice.is_provisional for choice in questions["confidence"].choices)
    assert not any(choice.is_provisional for choice in questions["progress"].choices)
    assert questions["progress"].choices[-1].outside_scale


def test_both_ways_of_reporting_ask_the_same_of_an_assessment(form: Form) -> None:
    def asked(name: str) -> list[Question]:
        elements = repeat(form, name).elements
        return [e for e in elements if isinstance(e, Question)]

    assert asked("national_assessments") == asked("aichi_target_assessments")


def test_every_link_is_an_address_with_a_title(form: Form) -> None:
    for container in ("national_target_links", "aichi_monitoring_links"):
        found = [e.id for e in walk(repeat(form, container).elements)]
        assert found == ["address", "link_title"]


def test_the_smallest_whole_report(form: Form) -> None:
    assert codes(form, on_national(own_target(national_assessments=[assessment()]))) == []
    aichi = {"aichi-11": {"aichi_target_assessments": [assessment()]}}
    assert codes(form, {"targets_basis": "aichi_targets", "aichi_targets": aichi}) == []


def test_national_targets_must_be_named(form: Form) -> None:
    assert codes(form, {"targets_basis": "national_targets"}) == ["too_few_rows"]
    assert codes(form, {}) == ["required"]
    assert codes(form, {"targets_basis": "aichi_targets_instead"}) == ["required"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"main_targets": None}, ["required"]),
        ({"main_targets": None, "other_targets": ["aichi-06"]}, []),
        ({"main_targets": None, "no_related_target": "no"}, ["mapping_given"]),
        ({"main_targets": None, "no_related_target": "yes"}, ["required"]),
        ({"other_targets": ["aichi-05"]}, ["main_and_other_differ"]),
        ({"level": "sub_national"}, ["required"]),
    ],
)
def test_a_target_is_related_to_aichi_targets_or_says_why_not(
    form: Form, answers: dict[str, Any], expected: list[str]
) -> None:
    assert codes(form, on_national(own_target(**answers))) == expected


def test_a_warning_is_settled_by_a_word_of_explanation(form: Form) -> None:
    said = {"en": {"text": "Two parts of one target."}}
    target = own_target(other_targets=["aichi-05"])
    target["answers"]["main_and_other_differ.explanation"] = said
    assert codes(form, on_national(target)) == []


def test_an_aichi_target_adopted_twice_is_noticed(form: Form) -> None:
    adopted = {"is_aichi_target": "yes", "adopted_target": "aichi-11"}
    twice = [{"row": row, "answers": adopted} for row in ("t1", "t2")]
    assert codes(form, on_national(*twice)) == ["adopted_once"]
    assert codes(form, on_national(*twice[:1])) == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"assessed_on": "2009-12-31"}, ["assessed_since_2010"]),
        ({"assessed_on": "2010-01-01"}, []),
        ({"assessed_on": "2021-02-01"}, []),
        (
            {"confidence": "comprehensive_indicators", "indicators_used": "no"},
            ["confidence_fits_indicators"],
        ),
        ({"indicators_used": "yes"}, ["required"]),
    ],
)
def test_what_an_assessment_must_meet(
    form: Form, answers: dict[str, Any], expected: list[str]
) -> None:
    target = own_target(national_assessments=[assessment(**answers)])
    assert codes(form, on_national(target)) == expected


def test_notes_inform_and_block_nothing(form: Form) -> None:
    silent = on_national(
        own_target(), own_target("t2", title={"en": {"text": "Rivers run free (t1)"}})
    )
    assert noted(form, silent) == {"national_target_assessed", "titles_differ"}
    late = assessment(assessed_on="2021-02-01")
    again = late | {"row": "a2"}
    assert noted(form, on_national(own_target(national_assessments=[late, again]))) == {
        "assessed_until_2020",
        "evidence_given",
        "confidence_explained",
        "national_assessment_dates_differ",
    }


def test_questions_about_targets_offer_the_twenty(form: Form) -> None:
    kinds = {QuestionType.REFERENCE, QuestionType.SELECT_MULTIPLE}
    offered = [q for q in form.questions() if q.type in kinds]
    assert {len(q.choices) for q in offered} == {20}
