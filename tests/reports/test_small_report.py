"""Another report is another file: questions counted by their answers, with no Python."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.reports.build import build_table
from app.reports.catalogue import Reports
from app.reports.check import check_reports
from app.reports.definition import Table
from tests.make import make_collection, make_revision, make_submission
from tests.reports.conftest import asked_alone, counts, shares

FILES = Path(__file__).parent / "files"
FORMS = Catalogue(FILES / "forms")

DOCUMENTS: dict[str, dict[str, Any]] = {
    "KEN": {
        "has_plan": "yes",
        "in_force": "no",
        "covers": ["forest", "marsh"],
        "health.forest": "yes",
        "health.marsh": "no",
        "each_habitat": {"forest": {"is_mapped": "yes"}},
    },
    "ZAF": {"has_plan": "yes", "covers": ["forest"]},
    "UGA": {"has_plan": "no", "health.marsh": {"nothing": "unknown"}},
    "POL": {"has_plan": {"nothing": "not_applicable"}},
    "JPN": {},
}


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    """The small report in a folder of its own, with what all reports share."""
    shutil.copytree(FILES / "reports", tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "reports" / "common.yaml", tmp_path)
    return Reports(tmp_path)


@pytest.fixture
def tables(session: Session, reports: Reports) -> dict[str, Table]:
    """Every table of the small report, with its defaults."""
    collection = make_collection(session, "nr6", FORMS.load("small", 1))
    asked_alone(session, collection)
    for party, document in DOCUMENTS.items():
        make_revision(session, make_submission(session, party, collection), document)
    report = reports.load("cbd", "small")
    return {
        table.id: build_table(session, FORMS, report, table.id, "nr6", {})
        for table in report.tables
    }


def test_the_files_are_in_order(reports: Reports) -> None:
    assert check_reports(reports, FORMS) == []


def test_a_question_by_region(tables: dict[str, Table]) -> None:
    found = counts(tables["plans"])
    assert found["AFR"] == {"yes": 2, "no": 1, "answered": 3, "asked": 3}
    assert found["world"] == {
        "yes": 2, "no": 1,
        "not_applicable": 1,  # Poland
        "not_answered": 1,  # Japan
        "not_reported": 3,  # Brazil, Canada, Jordan
        "answered": 3, "asked": 8,
    }  # fmt: skip


def test_what_was_not_asked_is_no_silence(tables: dict[str, Table]) -> None:
    assert counts(tables["force"])["world"] == {
        "no": 1,  # Kenya
        "not_answered": 1,  # South Africa has a plan and does not say
        "not_asked": 3,  # Uganda, Poland and Japan have told of no plan
        "not_reported": 3,
        "answered": 1,
        "asked": 8,
    }


def test_several_choices_are_shares_of_people(tables: dict[str, Table]) -> None:
    world = counts(tables["covered"])["world"]
    assert world == {
        "forest": 2, "marsh": 1, "not_answered": 3, "not_reported": 3, "answered": 2, "asked": 8,
    }  # fmt: skip
    assert shares(tables["covered"], "world", "answered") == {"forest": 100, "marsh": 50}
    assert any("do not sum to 100" in note for note in tables["covered"].notes)


def test_a_question_in_a_loop_by_item(tables: dict[str, Table]) -> None:
    found = counts(tables["mapped"])
    assert found["forest"] == {
        "yes": 1, "not_answered": 1, "not_asked": 3, "not_reported": 3, "answered": 1, "asked": 8,
    }  # fmt: skip
    assert found["marsh"] == {"not_answered": 2, "not_asked": 3, "not_reported": 3, "asked": 8}
    assert counts(tables["one-mapped"])["world"] == found["marsh"]
    assert tables["one-mapped"].title == "Marsh"


def test_a_matrix_by_item_and_one_item_of_it(tables: dict[str, Table]) -> None:
    found = counts(tables["healthy"])
    assert found["forest"] == {
        "yes": 1, "not_answered": 4, "not_reported": 3, "answered": 1, "asked": 8,
    }  # fmt: skip
    assert found["marsh"] == {
        "no": 1, "answer_unknown": 1, "not_answered": 3, "not_reported": 3,
        "answered": 1, "asked": 8,
    }  # fmt: skip
    assert counts(tables["marsh"]) == counts(tables["one-healthy"])
    assert counts(tables["marsh"])["world"] == found["marsh"]
    assert tables["one-healthy"].title == "Marsh"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("question: covers", "question: is_mapped", "'is_mapped' is not asked once of each Party"),
        ("question: covers", "question: maps.is_new", "'maps.is_new' is not asked once"),
        ("question: covers", "question: each_habitat.forest.is_mapped", "is no question of small"),
        ("question: covers", "question: remarks", "'remarks' has no choices"),
        ("question: covers", "question: health", "write 'items: health'"),
        ("question: covers", "question: each_habitat.is_mapped", "write 'items: each_habitat'"),
        ("question: health}", "question: covers}", "take 'items' and 'param' away"),
        ("items: health,", "items: habitat,", "'habitat' is no loop or matrix of small/1"),
    ],
)
def test_a_question_that_cannot_be_counted_is_named(
    reports: Reports, old: str, new: str, message: str
) -> None:
    path = reports.root / "cbd" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert message in "\n".join(str(problem) for problem in check_reports(reports, FORMS))


def test_one_question_across_another(tables: dict[str, Table]) -> None:
    found = counts(tables["both"])
    assert found["yes"] == {"no": 1, "not_answered": 1, "answered": 1, "counted": 2}
    assert found["all"]["counted"] == 3
    notes = tables["both"].notes
    assert len(notes) == len(set(notes))  # the method of both is told once


def test_coverage_needs_no_variable(tables: dict[str, Table]) -> None:
    assert counts(tables["coverage"])["world"]["answered"] == 5


def test_problems_are_named_with_file_and_line(reports: Reports) -> None:
    path = reports.root / "cbd" / "small.yaml"
    text = path.read_text(encoding="utf-8")
    wrong = (
        text.replace("question: covers}", "question: covrs}")
        .replace("question: in_force", "question: secret")
        .replace("{group: world}", "{group: mars}")
        .replace(
            "by: cbd_region, params: {habitat: marsh}", "by: cbd_regions, params: {habitat: sea}"
        )
    )
    path.write_text(wrong, encoding="utf-8")
    found = [str(problem) for problem in check_reports(reports, FORMS)]
    assert [line.split(": ")[0] for line in found] == [
        "cbd/small.yaml:8", "cbd/small.yaml:9", "cbd/small.yaml:17", "cbd/small.yaml:18",
        "cbd/small.yaml:18", "cbd/small.yaml:21",
    ]  # fmt: skip
    assert "'secret' is not for the public" in found[0]
    assert "'covrs' is no question of small/1" in found[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("report: small", "report: tiny", "the report is called as its file"),
        ("id: plans,", "id: Plans,", "lower case with hyphens"),
        ("method: answer, ids: {question: has_plan}", "method: guess", "write one of lower"),
        ("measure: coverage", "measure: average", "write one of"),
        ("variable: plan, by", "variable: plans, by", "a variable (plan, force"),
        ('caption: "{habitat}"', 'caption: "{region}"', "{region} is no parameter"),
        ("title: Plans", "titles: Plans", "did you mean 'title'"),
        ("versions: [1]", "versions: one", "list the versions"),
        ("param: habitat, ", "", "together"),
        ("intro: Made", "intro: Made\nintro: Again", "is here twice"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(
    reports: Reports, old: str, new: str, message: str
) -> None:
    path = reports.root / "cbd" / "small.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [str(problem) for problem in check_reports(reports, FORMS)]
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("cbd/small.yaml:") for problem in found)


def test_a_language_is_complete_when_every_text_is_there(reports: Reports) -> None:
    assert reports.languages("cbd", "small") == ("en",)
    common = ROOT / "reports" / "common.ar.yaml"
    shutil.copy(common, reports.root)
    assert Reports(reports.root).languages("cbd", "small") == ("en",)
    words = ["title", "intro", "param.habitat", "param.where", *(
        f"{table.id}.{key}"
        for table in reports.load("cbd", "small").tables
        for key in ("title", "caption")
    )]  # fmt: skip
    braces = {"mapped.caption": "{group}", "one-mapped.caption": "{habitat}",
                  "one-healthy.caption": "{where}"}  # fmt: skip
    lines = [f'{key}: "كلمة {braces.get(key, "")}"' for key in words]
    path = reports.root / "cbd" / "small.ar.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert Reports(reports.root).languages("cbd", "small") == ("ar", "en")
    path.write_text("\n".join(lines).replace("{group}", "{world}"), encoding="utf-8")
    assert Reports(reports.root).languages("cbd", "small") == ("en",)
    assert check_reports(Reports(reports.root), FORMS)
