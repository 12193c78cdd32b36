"""The Parties behind a figure: as many as the figure says, in alphabetical order."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.models.collection import Collection
from app.reports.behind import Behind, parties_behind
from tests.make import forms, make_collection
from tests.reports.conftest import KENYA, REPORTS, build, shared, sign

TABLE = "progress-by-region"


def behind(
    session: Session, row: str, column: str, table: str = TABLE, locale: str = "en", **params: str
) -> Behind:
    return parties_behind(
        session,
        forms(),
        REPORTS.load("cbd", "aichi-progress", locale),
        table,
        "nr6",
        {"target": "aichi-11", **params},
        row=row,
        column=column,
    )


def test_kenya_with_its_best_and_worst(session: Session, collection: Collection) -> None:
    found = behind(session, "AFR", "insufficient_rate")
    (kenya,) = found.entries
    assert (found.row, found.unit) == ("Africa", "parties")
    assert (kenya.name, kenya.revision, kenya.is_readable) == ("Kenya", 1, True)
    assert kenya.category.startswith("Progress towards the target")
    assert kenya.best == "On track to achieve the target"
    assert kenya.worst == kenya.category
    assert kenya.on == "2018-03-01"
    assert "partial indicators" in kenya.confidence


def test_parties_stand_in_the_alphabetical_order_of_the_reader(
    session: Session, collection: Collection
) -> None:
    english = [entry.party for entry in behind(session, "world", "asked").entries]
    assert english == ["BRA", "CAN", "JPN", "JOR", "KEN", "POL", "ZAF", "UGA"]
    arabic = [entry.party for entry in behind(session, "world", "asked", locale="ar").entries]
    assert sorted(arabic) == sorted(english)
    assert arabic[0] == "JOR"  # الأردن


def test_who_is_silent_is_named_too(session: Session, collection: Collection) -> None:
    (uganda,) = behind(session, "AFR", "not_reported").entries
    assert (uganda.party, uganda.revision, uganda.is_readable) == ("UGA", 0, False)


def test_assessments_open_to_national_targets(session: Session, collection: Collection) -> None:
    found = behind(session, "AFR", "answered", unit="assessments")
    assert [(e.party, e.row, e.title) for e in found.entries] == [
        ("KEN", "target-1", {"fr": {"text": "Cible 1"}}),
        ("KEN", "target-2", {"fr": {"text": "Cible 2"}}),
        ("ZAF", "", None),
    ]


def test_confidence_tells_the_category_beside_it(session: Session, collection: Collection) -> None:
    found = behind(session, "all", "partial_indicators", "confidence-by-progress")
    assert [(e.party, e.category) for e in found.entries] == [
        ("BRA", "On track to exceed the target"),
        ("KEN", "Progress towards the target, but at an insufficient rate"),
        ("POL", "Unknown"),
    ]


def test_what_was_withdrawn_since_is_counted_and_opened_no_more(session: Session) -> None:
    make_collection(session)
    revision = sign(session, KENYA, shared(t11="exceed"))
    revision.withdrawn_at = datetime(2020, 1, 1, tzinfo=UTC)
    (kenya,) = behind(session, "AFR", "exceed", as_of="2019-01-01").entries
    assert (kenya.revision, kenya.is_readable) == (1, False)


@pytest.mark.parametrize("unit", ["parties", "assessments"])
@pytest.mark.parametrize(
    "table",
    ["progress-by-region", "progress-by-target", "coverage-by-region", "confidence-by-progress"],
)
def test_every_figure_is_as_many_as_are_behind_it(
    session: Session, collection: Collection, table: str, unit: str
) -> None:
    params = {"unit": unit} | ({"target": "aichi-11"} if "region" in table else {})
    params = params if table != "coverage-by-region" else {"unit": unit}
    built = build(session, table, **params)
    key = built.columns[0].id
    for row in built.rows[-2:]:
        for column in built.columns:
            if column.kind == "count":
                found = parties_behind(
                    session, forms(), REPORTS.load("cbd", "aichi-progress"), table, "nr6", params,
                    row=str(row[key]), column=column.id,
                )  # fmt: skip
                assert len(found.entries) == row[column.id]


@pytest.mark.parametrize(("row", "column"), [("MARS", "asked"), ("AFR", "perhaps"), ("", "")])
def test_a_figure_that_is_not_there_is_named(
    session: Session, collection: Collection, row: str, column: str
) -> None:
    with pytest.raises(InvalidInputError):
        behind(session, row, column)
