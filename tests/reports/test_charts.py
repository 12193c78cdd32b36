"""A chart shows figures of its table and nothing else; what is wrong in a report is named."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.charts.chart import Chart, ChartKind
from app.models.collection import Collection
from app.reports.catalogue import Reports
from app.reports.charts import chart_of
from app.reports.check import check_reports
from app.reports.definition import Report, Table
from tests.reports.conftest import build
from tests.reports.test_small_report import FORMS, reports

__all__ = ["reports"]  # the fixture


def drawn(report: Report, table: Table, figures: str = "") -> Chart:
    definition = report.table(table.table)
    assert definition is not None
    assert definition.chart is not None
    return chart_of(report, definition.chart, table, figures)


def values(chart: Chart) -> dict[str, list[int | None]]:
    return {row.label: [figure.value for figure in row.figures] for row in chart.rows}


def test_shares_are_those_of_the_table(
    session: Session, collection: Collection, report: Report
) -> None:
    table = build(session, "progress-by-region", target="aichi-11")
    chart = drawn(report, table)
    shares = [c.id for c in table.columns if c.of == "asked" and c.opens != "answered"]
    assert values(chart) == {
        str(row["name"]): [row[column] for column in shares] for row in table.rows
    }
    assert all(sum(row) == 100 for row in values(chart).values() if None not in row)  # type: ignore[arg-type]
    assert chart.rows[-1].figures[0].text == f"{table.rows[-1][shares[0]]}%"


def test_a_reader_chooses_other_figures(
    session: Session, collection: Collection, report: Report
) -> None:
    table = build(session, "progress-by-region", target="aichi-11")
    counts = drawn(report, table, "counts")
    assert "World" not in values(counts)  # beside it the regions could not be seen
    assert sum(v or 0 for row in values(counts).values() for v in row) == 8
    assert counts.ticks[0].value == 0
    assert counts.end >= max(sum(v or 0 for v in row) for row in values(counts).values())
    answered = drawn(report, table, "answered")
    assert len(answered.marks) == 6
    assert drawn(report, table, "whatever") == drawn(report, table)


def test_what_has_no_place_on_the_scale_stands_apart(
    session: Session, collection: Collection, report: Report
) -> None:
    chart = drawn(report, build(session, "progress-by-region", target="aichi-11"))
    apart = [mark.label for mark in chart.marks if mark.is_apart]
    assert apart == ["Unknown", "Not assessed", "No national target", "Not reported"]
    assert [mark.step for mark in chart.marks if not mark.is_apart] == [0, 1, 2, 3, 4]


def test_bars_show_the_one_column(session: Session, collection: Collection, report: Report) -> None:
    table = build(session, "coverage-by-region")
    chart = drawn(report, table)
    assert (chart.kind, len(chart.marks)) == (ChartKind.BARS, 1)
    assert values(chart)["World"] == [88]  # seven of eight
    assert drawn(report, table, "answered") == chart


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{kind: pie}", "write one of bars, stacked-bars"),
        ("{kind: lines}", "write one of bars, stacked-bars"),
        ("{kind: bars}", "bars show one column"),
        ("{kind: bars, columns: [none]}", "'none' is no column"),
        ("{kind: heat-map, columns: answered}", "list the classes"),
        ("{kind: heat-map, figures: all}", "write one of counts, answered, asked"),
        ("{kind: heat-map, by: rows}", "only small-multiples"),
        ("{kind: heat-map, colour: red}", "'colour' is not a key here"),
        ("heat-map", "'chart' has keys of its own"),
    ],
)
def test_a_wrong_chart_is_named_with_its_line(
    reports: Reports, tmp_path: Path, written: str, message: str
) -> None:
    assert_named(reports, tmp_path, "plans", written, message)


def test_classes_that_overlap_are_not_stacked(reports: Reports, tmp_path: Path) -> None:
    assert_named(reports, tmp_path, "covered", "{kind: stacked-bars}", "cannot be stacked")


def test_classes_that_overlap_stand_beside_each_other(reports: Reports, tmp_path: Path) -> None:
    assert check_reports(with_chart(tmp_path, "covered", "{kind: heat-map}"), FORMS) == []


def assert_named(reports: Reports, folder: Path, table: str, written: str, message: str) -> None:
    found = check_reports(with_chart(folder, table, written), FORMS)
    lines = (folder / "cbd" / "small.yaml").read_text().splitlines()
    line = next(at for at, text in enumerate(lines, 1) if "chart:" in text)
    assert [(p.file, p.line, p.where) for p in found if message in p.message] == [
        ("cbd/small.yaml", line, table)
    ], found


def with_chart(folder: Path, table: str, written: str) -> Reports:
    """Return the reports with a chart for one table of the small report."""
    path = folder / "cbd" / "small.yaml"
    lines = path.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"  - {{id: {table}, title"))
    lines[at] = lines[at].removesuffix("}") + ","
    lines.insert(at + 1, f"     chart: {written}}}")
    path.write_text("\n".join(lines) + "\n")
    return Reports(folder)
