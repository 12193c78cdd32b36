"""Eight Parties, whose answers on one target a reader can add up in the head."""

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.config import ROOT
from app.models.collection import Collection
from app.models.submission import Revision, Submission
from app.reports.build import build_table
from app.reports.catalogue import Reports
from app.reports.definition import Report, Table
from tests.make import forms, make_collection, make_revision, make_submission

REPORTS = Reports(ROOT / "reports")
ASKED = ("BRA", "CAN", "JOR", "JPN", "KEN", "POL", "UGA", "ZAF")
BRAZIL, CANADA, JORDAN, JAPAN, KENYA, POLAND, UGANDA, SOUTH_AFRICA = ASKED


def assessment(progress: str, confidence: str = "partial_indicators") -> dict[str, Any]:
    answers = {"progress": progress, "assessed_on": "2018-03-01", "confidence": confidence}
    return {"row": f"{progress}-1", "answers": answers}


def national(*targets: tuple[str, str, Iterable[str]]) -> dict[str, Any]:
    """Return a document of (level, progress or "", main targets)."""
    rows = [
        {
            "row": f"target-{at}",
            "answers": {
                "is_aichi_target": "no",
                "title": {"fr": {"text": f"Cible {at}"}},
                "level": level,
                "main_targets": list(main),
                "national_assessments": [assessment(progress)] if progress else [],
            },
        }
        for at, (level, progress, main) in enumerate(targets, 1)
    ]
    return {"targets_basis": "national_targets", "national_targets": rows}


def shared(**progress: str) -> dict[str, Any]:
    """Return a document of a Party that reports on the Aichi Targets: `t11="on_track"`."""
    items = {
        f"aichi-{name[1:]}": {
            "aichi_target_assessments": [assessment(code, "comprehensive_indicators")]
        }
        for name, code in progress.items()
    }
    return {"targets_basis": "aichi_targets", "aichi_targets": items}


# Of Target 11, what each Party says; Uganda says nothing at all.
DOCUMENTS = {
    KENYA: national(
        ("national", "on_track", ["aichi-11"]),
        ("national", "insufficient_rate", ["aichi-11", "aichi-12"]),
    ),  # the lower of two: insufficient_rate
    SOUTH_AFRICA: shared(t11="on_track"),
    JORDAN: national(("national", "on_track", ["aichi-01"])),  # no national target
    JAPAN: national(("national", "", ["aichi-11"])),  # not assessed
    POLAND: national(("national", "unknown", ["aichi-11"])),
    BRAZIL: national(
        ("national", "unknown", ["aichi-11"]),
        ("sub_national", "exceed", ["aichi-11"]),
    ),  # no national one is known: exceed
    CANADA: shared(t11="moving_away", t12="on_track"),
}


@pytest.fixture
def collection(session: Session) -> Collection:
    """A collection that asks eight Parties, of which seven have signed."""
    made = make_collection(session)
    asked_alone(session, made)
    for party, document in DOCUMENTS.items():
        sign(session, party, document)
    return made


@pytest.fixture
def report() -> Report:
    return REPORTS.load("cbd", "aichi-progress")


def asked_alone(session: Session, collection: Collection) -> None:
    """Ask the eight Parties alone."""
    session.execute(
        delete(Submission).where(
            Submission.collection_code == collection.code, Submission.party_code.not_in(ASKED)
        )
    )


def sign(session: Session, party: str, document: dict[str, Any]) -> Revision:
    return make_revision(session, make_submission(session, party), document)


def build(session: Session, table: str, locale: str = "en", **params: str) -> Table:
    """Return a table of the Aichi report over the collection nr6."""
    report = REPORTS.load("cbd", "aichi-progress", locale)
    return build_table(session, forms(), report, table, "nr6", params)


def counts(table: Table) -> dict[str, dict[str, int]]:
    """Return the counts of each row that are not zero, by the code of the row."""
    wanted = [column.id for column in table.columns if column.kind == "count"]
    key = table.columns[0].id
    return {
        str(row[key]): {name: n for name in wanted if isinstance(n := row[name], int) and n}
        for row in table.rows
    }


def shares(table: Table, row: str, whole: str) -> dict[str, Any]:
    """Return the shares of one row in one whole, without that of all who answered."""
    found = next(line for line in table.rows if line[table.columns[0].id] == row)
    return {
        column.opens: found[column.id]
        for column in table.columns
        if column.of == whole and column.opens != "answered"
    }
