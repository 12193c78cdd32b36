"""Tables tell answers given anew from those taken over unchanged; numbers written out."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.analysis.answers import AnswerIds
from app.analysis.indicators import answer
from app.config import ROOT
from app.models.collection import Collection
from app.models.submission import Revision, Submission
from app.reports.behind import parties_behind
from app.reports.catalogue import Reports
from app.reports.check import check_reports
from app.reports.definition import Report, Table
from tests.make import aichi, forms
from tests.reports.conftest import CANADA, KENYA, SOUTH_AFRICA, build, counts

PROGRESS = "progress"


def carry(session: Session, party: str, *places: str, question: str = PROGRESS) -> None:
    """Let a Party have signed the answers at these places as they were last time."""
    submission = session.query(Submission).filter_by(party_code=party).one()
    revision: Revision = submission.revisions[-1]
    revision.carried = [
        {
            "place": place,
            "question": question,
            "carry": "still_true",
            "collection": "nr5",
            "submission": "x",
            "revision": "1",
            "signed_at": "2014-01-01T00:00:00Z",
            "is_carried": True,
        }
        for place in places
    ]
    revision.hash = f"{revision.hash[:-6]}{len(places):06}"  # not that of a revision remembered
    session.flush()


@pytest.fixture
def carried(session: Session, collection: Collection) -> None:
    """South Africa and one of the two assessments of Kenya are as they were last time."""
    shared = "targets/aichi_targets/aichi-11/aichi_target_assessments/on_track-1"
    carry(session, SOUTH_AFRICA, shared)
    own = "targets/national_targets/target-1/national_assessments/on_track-1"
    carry(session, KENYA, own)


def world(table: Table) -> dict[str, int]:
    return counts(table)["world"]


ALL = {
    "exceed": 1, "on_track": 1, "insufficient_rate": 1, "moving_away": 1, "unknown": 1,
    "not_assessed": 1, "no_national_target": 1, "not_reported": 1, "answered": 5, "asked": 8,
}  # fmt: skip


def progress(session: Session, freshness: str, locale: str = "en", **params: str) -> Table:
    chosen = {"target": "aichi-11", "freshness": freshness, **params}
    return build(session, "progress-by-region", locale, **chosen)


def test_all_answers_are_counted_unless_asked_otherwise(session: Session, carried: None) -> None:
    assert world(progress(session, "all")) == ALL
    assert "carried_over" not in {column.id for column in progress(session, "all").columns}


def test_of_new_answers_those_taken_over_stand_apart(session: Session, carried: None) -> None:
    # Kenya's category is given by insufficient_rate, which is new; South Africa's is not.
    expected = {**ALL, "carried_over": 1, "answered": 4}
    del expected["on_track"]
    assert world(progress(session, "fresh")) == expected


def test_of_answers_taken_over_new_ones_stand_apart(session: Session, carried: None) -> None:
    assert world(progress(session, "carried")) == {
        "on_track": 1, "answered_anew": 4, "not_assessed": 1, "no_national_target": 1,
        "not_reported": 1, "answered": 1, "asked": 8,
    }  # fmt: skip


@pytest.mark.parametrize("freshness", ["all", "fresh", "carried"])
def test_the_notes_name_both_counts(session: Session, carried: None, freshness: str) -> None:
    table = progress(session, freshness)
    assert any("4 were given anew, and 1 were taken over" in note for note in table.notes)


def test_assessments_are_told_apart_one_by_one(session: Session, carried: None) -> None:
    # Of Target 11: Kenya 2, South Africa 1, Poland 1, Brazil 2, Canada 1; Japan has none.
    table = progress(session, "fresh", unit="assessments")
    assert world(table)["carried_over"] == 2
    assert world(table)["answered"] == 5
    assert any("5 were given anew, and 2 were taken over" in note for note in table.notes)


def test_confidence_is_taken_over_where_it_was(session: Session, collection: Collection) -> None:
    place = "targets/aichi_targets/aichi-11/aichi_target_assessments/moving_away-1"
    carry(session, CANADA, place, question="confidence")
    table = build(session, "confidence-by-region", target="aichi-11", freshness="carried")
    assert world(table)["answered"] == 1
    assert world(progress(session, "carried")).get("answered") is None


def test_the_parties_behind_a_figure_are_those_counted(
    session: Session, carried: None, report: Report
) -> None:
    params = {"target": "aichi-11", "freshness": "fresh"}
    behind = parties_behind(
        session, forms(), report, "progress-by-region", "nr6", params,
        row="world", column="carried_over",
    )  # fmt: skip
    assert [(entry.party, entry.category) for entry in behind.entries] == [
        (SOUTH_AFRICA, "On track to achieve the target")
    ]


def test_every_language_tells_it(session: Session, carried: None) -> None:
    for locale in ("ar", "es", "fr", "ru", "zh"):
        notes = progress(session, "fresh", locale).notes
        assert any("4" in note and "1" in note for note in notes[1:])
        assert len(notes) == len(progress(session, "fresh").notes)


def test_an_answer_says_where_it_stands() -> None:
    document: dict[str, Any] = json.loads('{"targets_basis": "national_targets"}')
    (one,) = answer(document, aichi(), AnswerIds(question="targets_basis"))
    assert one.sources == ("targets_basis",)
    assert one.is_fresh
    (none,) = answer({}, aichi(), AnswerIds(question="targets_basis"))
    assert none.sources == ()
    assert not none.is_fresh


def test_only_a_distribution_can_be_limited_by_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "reports", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "cbd" / "aichi-progress.yaml"
    text = path.read_text(encoding="utf-8")
    coverage = text.index("id: coverage-by-region")
    changed = text[coverage:].replace("reviewed: all}", "reviewed: all, freshness: all}", 1)
    path.write_text(text[:coverage] + changed, encoding="utf-8")
    (problem,) = check_reports(Reports(tmp_path), forms())
    assert (problem.where, problem.message) == (
        "coverage-by-region",
        "only the answers in a distribution can be told apart by it; take it away",
    )
