"""What we tell: reports and their tables, as JSON and CSV."""

from collections.abc import Mapping
from typing import Any, Final

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.access import public
from app.api.blueprint import Blueprint
from app.api.locale import language
from app.api.negotiation import csv_file, wants_csv
from app.api.paging import page_of
from app.api.schemas.common import LanguagePageQuery, LanguageQuery
from app.api.schemas.common import page_of as page_schema
from app.api.schemas.reports import ReportDefinitionSchema, ReportSchema, TableQuery, TableSchema
from app.extensions import db, forms_in_use
from app.reports.build import build_table, collections_for, offered_params
from app.reports.catalogue import Reports, reports_at
from app.reports.definition import Param, Report
from app.reports.exports import file_name, to_csv, to_json

bp = Blueprint("reports", "Reports", "What is published: tables over signed answers.")

ReportsPage = page_schema(ReportSchema, "ReportsPage")

OURS: Final = frozenset({"collection", "format", "lang"})  # parameters that are not the table's


@bp.operation("/reports", ReportsPage, query=LanguagePageQuery)
@public
def list_reports(query: Mapping[str, Any]) -> ResponseReturnValue:
    """List the reports."""
    page = page_of(
        _reports().names(),
        lambda name: [name.agreement, name.report],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {**page, "items": [_head(_report(n.agreement, n.report)) for n in page["items"]]}


@bp.operation(
    "/reports/<agreement>/<report>", ReportDefinitionSchema, query=LanguageQuery, errors=[404]
)
@public
def show_report(_query: Mapping[str, Any], *, agreement: str, report: str) -> ResponseReturnValue:
    """Give a report: its tables with their parameters, and the collections it can read."""
    found = _report(agreement, report)
    return {
        **_head(found),
        "intro": found.intro,
        "form": found.form,
        "form_versions": list(found.versions),
        "collections": [c.code for c in collections_for(db.session(), found)],
        "tables": [
            {
                "id": table.id,
                "title": table.title,
                "intro": table.intro,
                "measure": table.measure.value,
                "params": [_param(param) for param in _params(found, table.id)],
            }
            for table in found.tables
        ],
    }


@bp.operation(
    "/reports/<agreement>/<report>/tables/<table>",
    TableSchema,
    query=TableQuery,
    also=["text/csv"],
    errors=[404],
)
@public
def show_table(
    query: Mapping[str, Any], *, agreement: str, report: str, table: str
) -> ResponseReturnValue:
    """Compute one table over a collection.

    Counted are the signed revisions at the data cut-off `as_of`; groups are those of the day
    `members_on`. A row has every column; null where there is no figure.
    """
    found = _report(agreement, report)
    given = {name: value for name, value in request.args.items() if name not in OURS}
    built = build_table(db.session(), forms_in_use(), found, table, query["collection"], given)
    if wants_csv(query["format"]):
        return csv_file(to_csv(built), file_name(built, "csv"))
    return {**to_json(built), "chart": _chart(found, table, built.collection, given)}


def _reports() -> Reports:
    return reports_at(current_app.config["REPORTS_DIR"])


def _report(agreement: str, report: str) -> Report:
    locale = language()
    reports = _reports()
    offered = reports.languages(agreement, report)
    return reports.load(agreement, report, locale if locale in offered else "en")


def _chart(
    report: Report, table: str, collection: str, given: Mapping[str, str]
) -> dict[str, str] | None:
    """Return where the chart of a table is, as chosen; None for a table that has none."""
    definition = report.table(table)
    if definition is None or definition.chart is None:
        return None
    place: dict[str, Any] = {
        "agreement": report.agreement,
        "report_id": report.id,
        "table_id": table,
        "collection": collection,
        "lang": report.locale,
        **given,
    }
    kinds = ("svg", "png")
    return {kind: url_for(f"results.chart_{kind}", **place) for kind in kinds}


def _params(report: Report, table: str) -> tuple[Param, ...]:
    return offered_params(db.session(), forms_in_use(), report, table)


def _head(report: Report) -> dict[str, Any]:
    return {
        "agreement": report.agreement,
        "report": report.id,
        "title": report.title,
        "language": report.locale,
    }


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "label": param.label,
        "default": param.default,
        "choices": [{"code": code, "label": label} for code, label in param.choices],
    }
