"""A table as CSV and JSON: the same cells, in the shapes that other programs read."""

import csv
import io
import json
from dataclasses import replace

from sqlalchemy.orm import Session

from app.models.collection import Collection
from app.reports.exports import file_name, to_csv, to_json
from tests.reports.conftest import build


def test_json_has_the_shape_of_the_api(session: Session, collection: Collection) -> None:
    table = build(session, "progress-by-region", target="aichi-11", as_of="2019-01-01T00:00:00Z")
    found = json.loads(json.dumps(to_json(table)))
    assert list(found) == [
        "report", "table", "collection", "params", "as_of", "members_on", "synthetic", "columns",
        "rows", "notes",
    ]  # fmt: skip
    assert found["report"] == "cbd/aichi-progress"
    assert found["table"] == "progress-by-region"
    assert found["params"] == {
        "target": "aichi-11", "by": "cbd_region", "unit": "parties", "reviewed": "all",
        "freshness": "all",
    }  # fmt: skip
    assert (found["as_of"], found["members_on"]) == ("2019-01-01T00:00:00Z", "2018-12-31")
    assert found["synthetic"] is False
    assert found["columns"][2] == {
        "id": "exceed", "label": "On track to exceed the target", "kind": "count",
        "unit": "parties",
    }  # fmt: skip
    assert found["rows"][1]["exceed_of_answered"] is None  # nobody of this region has answered
    assert all(list(row) == [column["id"] for column in found["columns"]] for row in found["rows"])


def test_csv_has_the_same_cells(session: Session, collection: Collection) -> None:
    table = build(session, "progress-by-region", target="aichi-11")
    lines = list(csv.DictReader(io.StringIO(to_csv(table))))
    assert [line["group"] for line in lines] == ["AFR", "AP", "CEE", "GRULAC", "WEOG", "world"]
    for line, row in zip(lines, table.rows, strict=True):
        assert line == {key: "" if cell is None else str(cell) for key, cell in row.items()}


def test_no_cell_is_a_formula(session: Session, collection: Collection) -> None:
    table = build(session, "coverage-by-region")
    risky = replace(table, rows=({**table.rows[0], "name": "=1+1"},))
    assert "'=1+1" in to_csv(risky)


def test_the_file_says_that_data_is_synthetic(session: Session, collection: Collection) -> None:
    name = "cbd-aichi-progress.coverage-by-region.nr6"
    assert file_name(build(session, "coverage-by-region"), "csv") == f"{name}.csv"
    collection.is_synthetic = True
    session.flush()
    marked = build(session, "coverage-by-region")
    assert marked.synthetic
    assert file_name(marked, "csv") == f"{name}.synthetic.csv"
    assert any("Synthetic data" in note for note in marked.notes)
