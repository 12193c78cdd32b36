"""Tables over the API, and a recount of them from the API's own raw answers."""

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.api.conftest import Caller, problem_of
from tests.make import make_collection, make_revision, make_submission

REPORT = "/reports/cbd/aichi-progress"
TABLE = f"{REPORT}/tables/progress-by-region"
NUMBER_OF_AFRICANS = 54


def assessed(progress: str) -> dict[str, Any]:
    """Return answers that assess Aichi Target 1, and nothing else."""
    answers = {"progress": progress, "assessed_on": "2018-06-01", "confidence": "expert_opinion"}
    rows = [{"row": "one", "answers": answers}]
    return {
        "targets_basis": "aichi_targets",
        "aichi_targets": {"aichi-01": {"aichi_target_assessments": rows}},
    }


@pytest.fixture
def signed(session: Session) -> None:
    """Three Parties of Africa and one of Western Europe have signed."""
    for party, progress in (
        ("KEN", "on_track"),
        ("UGA", "on_track"),
        ("RWA", "unknown"),
        ("FRA", "exceed"),
    ):
        make_revision(session, make_submission(session, party), assessed(progress))


def test_reports_are_listed_and_say_what_can_be_chosen(signed: None, call: Caller) -> None:
    (listed,) = call("/reports").get_json()["items"]
    report = call(REPORT).get_json()
    assert listed.items() <= report.items()
    assert (report["form"], report["collections"]) == ("aichi-progress", ["nr6"])
    tables = {table["id"]: table for table in report["tables"]}
    target = next(p for p in tables["progress-by-region"]["params"] if p["name"] == "target")
    assert [choice["code"] for choice in target["choices"]][:2] == ["aichi-01", "aichi-02"]
    assert call(f"{REPORT}?lang=ar").get_json()["language"] == "ar"


def test_a_table_has_the_shape_that_was_promised(signed: None, call: Caller) -> None:
    table = call(f"{TABLE}?collection=nr6&target=aichi-01&as_of=2018-12-31").get_json()
    assert list(table) == [
        *("report", "table", "collection", "params", "as_of", "members_on", "synthetic"),
        *("columns", "rows", "notes", "chart"),
    ]
    assert (table["report"], table["table"]) == ("cbd/aichi-progress", "progress-by-region")
    assert table["params"]["target"] == "aichi-01"
    assert table["as_of"].startswith("2018-12-31T23:59:59")
    assert (table["members_on"], table["synthetic"]) == ("2018-12-31", False)
    assert all(column.keys() == {"id", "label", "kind", "unit"} for column in table["columns"])
    ids = [column["id"] for column in table["columns"]]
    assert all(list(row) == ids for row in table["rows"])


def test_a_table_says_where_its_chart_is(signed: None, call: Caller, client: FlaskClient) -> None:
    table = call(f"{TABLE}?collection=nr6&target=aichi-02&as_of=2018-12-31&lang=ar").get_json()
    for kind, content in (("svg", "image/svg+xml"), ("png", "image/png")):
        address = table["chart"][kind]
        assert "target=aichi-02" in address
        assert "as_of=2018-12-31" in address
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, content)
    assert 'lang="ar"' in client.get(table["chart"]["svg"]).text


def test_a_table_is_csv_when_asked_for(signed: None, call: Caller) -> None:
    path = f"{TABLE}?collection=nr6&target=aichi-01"
    table = call(f"{path}&as_of=2018-12-31").get_json()
    answer = call(f"{path}&as_of=2018-12-31&format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "progress-by-region" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(StringIO(answer.text)))
    as_text = [{k: "" if v is None else str(v) for k, v in row.items()} for row in table["rows"]]
    assert lines == as_text
    by_header = call(f"{path}&as_of=2018-12-31", headers={"Accept": "text/csv"})
    assert by_header.text == answer.text


def test_a_recount_from_raw_answers_gives_the_same_figures(signed: None, call: Caller) -> None:
    """Count Africa by hand: raw answers, and the Parties of the day of membership."""
    members = {
        party["code"]
        for party in call("/parties?on=2018-12-31&limit=500").get_json()["items"]
        if party["region"] == "AFR"
    }
    counted: dict[str, int] = {}
    for item in call("/collections/nr6/submissions?answers=true&limit=500").get_json()["items"]:
        if item["party"] in members and item["answers"]:
            loop = item["answers"]["aichi_targets"]["aichi-01"]
            (row,) = loop["aichi_target_assessments"]
            progress = row["answers"]["progress"]
            counted[progress] = counted.get(progress, 0) + 1
    assert counted == {"on_track": 2, "unknown": 1}

    table = call(f"{TABLE}?collection=nr6&target=aichi-01").get_json()
    (africa,) = [row for row in table["rows"] if "AFR" in row.values()]
    assert (africa["on_track"], africa["unknown"]) == (2, 1)
    assert (africa["not_reported"], africa["asked"]) == (NUMBER_OF_AFRICANS - 3, NUMBER_OF_AFRICANS)
    assert len(members) == NUMBER_OF_AFRICANS


def test_a_cut_off_before_the_signature_counts_nothing(session: Session, call: Caller) -> None:
    signed_at = datetime(2019, 3, 1, tzinfo=UTC)
    make_revision(session, make_submission(session), assessed("on_track"), signed_at=signed_at)
    for day, count in (("2019-02-28", 0), ("2019-03-01", 1)):
        table = call(f"{TABLE}?collection=nr6&target=aichi-01&as_of={day}").get_json()
        assert sum(row["on_track"] for row in table["rows"] if "AFR" in row.values()) == count


def test_synthetic_data_is_marked(session: Session, call: Caller) -> None:
    make_collection(session, is_synthetic=True)
    assert call(f"{TABLE}?collection=nr6").get_json()["synthetic"] is True
    disposition = call(f"{TABLE}?collection=nr6&format=csv").headers["Content-Disposition"]
    assert ".synthetic.csv" in disposition


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/reports/cbd/nothing", 404, "not_found"),
        ("/reports/cbd/aichi-progress/tables/nothing?collection=nr6", 404, "not_found"),
        (f"{TABLE}?collection=nothing", 404, "not_found"),
        (TABLE, 422, "unprocessable"),
        (f"{TABLE}?collection=nr6&target=aichi-21", 422, "invalid_input"),
        (f"{TABLE}?collection=nr6&colour=green", 422, "invalid_input"),
        (f"{TABLE}?collection=nr6&as_of=yesterday", 422, "invalid_input"),
        (f"{TABLE}?collection=nr6&members_on=2018", 422, "invalid_input"),
        (f"{TABLE}?collection=nr6&format=pdf", 422, "unprocessable"),
    ],
)
def test_what_is_not_there_or_not_understood(
    session: Session, call: Caller, path: str, status: int, code: str
) -> None:
    make_collection(session)
    problem_of(call(path), status, code)
