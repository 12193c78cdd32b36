"""Results: the tables of reports, for everybody; each figure opens to the Parties behind it.

The address of a page holds all that was chosen, so that it can be shared and quoted. Names in an
address that a table does not know are left alone: mail programs and the like add them.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, json, render_template, request
from flask.typing import ResponseReturnValue

from app.access import public
from app.charts.draw import draw
from app.charts.png import to_png
from app.errors import NotFoundError
from app.extensions import db, forms_in_use
from app.models.collection import Collection
from app.reports.behind import parties_behind
from app.reports.build import build_table, collections_for, offered_params
from app.reports.catalogue import ENGLISH, ReportName, Reports, reports_at
from app.reports.charts import chart_of
from app.reports.definition import Param, Report, Table, TableDefinition
from app.reports.exports import file_name, to_csv, to_json
from app.reports.history import has_history
from app.reports.params import MOMENTS
from app.web.locale import language
from app.web.result_pages import (
    COUNTS,
    SHOWS,
    chart_shown,
    columns_shown,
    details_shown,
    entries_shown,
    rows_shown,
)
from app.wording.languages import LANGUAGES

bp = Blueprint("results", __name__, url_prefix="/results")


def reports_in_use() -> Reports:
    """Return the reports of the running application."""
    return reports_at(current_app.config["REPORTS_DIR"])


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """List all reports, with the collections that each can be read for."""
    found = [load_report(name) for name in reports_in_use().names()]
    listed = [(report, collections_for(db.session(), report)) for report in found]
    return render_template(
        "results/index.html",
        listed=listed,
        synthetic=any(each.is_synthetic for _, those in listed for each in those),
    )


@bp.get("/<agreement>/<report_id>")
@public
def report(agreement: str, report_id: str) -> ResponseReturnValue:
    """Show what a report holds: its tables, and the collections to choose from."""
    found = load_report(ReportName(agreement, report_id))
    collections = collections_for(db.session(), found)
    return render_template(
        "results/report.html",
        report=found,
        collections=collections,
        synthetic=any(each.is_synthetic for each in collections),
    )


@bp.get("/<agreement>/<report_id>/<table_id>")
@public
def table(agreement: str, report_id: str, table_id: str) -> ResponseReturnValue:
    """Show one table, with the form to choose what it shows."""
    found = load_report(ReportName(agreement, report_id))
    definition = _definition(found, table_id)
    collections = collections_for(db.session(), found)
    common = {
        "report": found,
        "report_language": LANGUAGES[found.locale],
        "definition": definition,
        "collections": collections,
        "lang": request.args.get("lang", ""),
    }
    if not collections:
        return render_template("results/no_collection.html", **common)
    collection = request.args.get("collection") or collections[0].code
    built = _build(found, definition, collection)
    show = request.args.get("show", COUNTS)
    show = show if show in SHOWS else COUNTS
    columns = columns_shown(built, show)
    return render_template(
        "results/table.html",
        **common,
        table=built,
        chart=chart_shown(found, definition, built, request.args.get("show", "")),
        synthetic=built.synthetic,
        cut_off=next((c.cut_off_on for c in collections if c.code == built.collection), None),
        collection_choices=[(each.code, each.code) for each in collections],
        columns=columns,
        rows=rows_shown(built, columns, _place(found, definition, collection)),
        params=_params(found, definition, built),
        show=show,
        shows=SHOWS,
        given={name: request.args.get(name, "") for name in MOMENTS},
        place=_place(found, definition, collection),
        chart_place=_chart_place(found, definition, collection),
        fixed={**_place(found, definition, collection), "as_of": _written(built.as_of)},
        others=[(each, _place(found, each, collection)) for each in found.tables],
    )


@bp.get("/<agreement>/<report_id>/<table_id>/table.csv")
@public
def table_csv(agreement: str, report_id: str, table_id: str) -> ResponseReturnValue:
    """Send a table as CSV."""
    built = _asked_for(agreement, report_id, table_id)
    return file_answer(to_csv(built), "text/csv", file_name(built, "csv"))


@bp.get("/<agreement>/<report_id>/<table_id>/table.json")
@public
def table_json(agreement: str, report_id: str, table_id: str) -> ResponseReturnValue:
    """Send a table as JSON, in the shape of the API."""
    built = _asked_for(agreement, report_id, table_id)
    content = json.dumps(to_json(built), ensure_ascii=False, indent=2, sort_keys=False)
    return file_answer(content, "application/json", file_name(built, "json"))


@bp.get("/<agreement>/<report_id>/<table_id>/chart.svg")
@public
def chart_svg(agreement: str, report_id: str, table_id: str) -> ResponseReturnValue:
    """Show the chart of a table as SVG that stands alone; `?download=1` saves it."""
    content, built = _chart_asked_for(agreement, report_id, table_id)
    return file_answer(content, "image/svg+xml", file_name(built, "svg"), is_shown=is_shown())


@bp.get("/<agreement>/<report_id>/<table_id>/chart.png")
@public
def chart_png(agreement: str, report_id: str, table_id: str) -> ResponseReturnValue:
    """Show the chart of a table as PNG; `?download=1` saves it."""
    content, built = _chart_asked_for(agreement, report_id, table_id)
    return file_answer(to_png(content), "image/png", file_name(built, "png"), is_shown=is_shown())


@bp.get("/<agreement>/<report_id>/<table_id>/parties")
@public
def parties(agreement: str, report_id: str, table_id: str) -> ResponseReturnValue:
    """List the Parties behind one figure, in alphabetical order."""
    found = load_report(ReportName(agreement, report_id))
    definition = _definition(found, table_id)
    collection = _collection(found)
    behind = parties_behind(
        db.session(),
        forms_in_use(),
        found,
        table_id,
        collection,
        _given(definition),
        row=request.args.get("row", ""),
        column=request.args.get("column", ""),
    )
    entries = entries_shown(behind.entries, language())
    return render_template(
        "results/parties.html",
        report=found,
        report_language=LANGUAGES[found.locale],
        definition=definition,
        behind=behind,
        entries=entries,
        details=details_shown(entries),
        synthetic=behind.synthetic,
        has_history=has_history(found),
        place=_place(found, definition, collection),
    )


def load_report(name: ReportName) -> Report:
    """Return a report in the reader's language, in English while it is not complete in that."""
    reports, reader = reports_in_use(), language()
    if name not in reports.names():
        raise NotFoundError(what="report", code=str(name))
    languages = reports.languages(name.agreement, name.report)
    return reports.load(name.agreement, name.report, reader if reader in languages else ENGLISH)


def _definition(report: Report, table_id: str) -> TableDefinition:
    found = report.table(table_id)
    if found is None:
        raise NotFoundError(what="table", code=f"{report.name}/{table_id}")
    return found


def _collection(report: Report) -> str:
    """Return the collection in the address; the last one opened if there is none."""
    if chosen := request.args.get("collection"):
        return chosen
    found: list[Collection] = collections_for(db.session(), report)
    if not found:
        raise NotFoundError(what="collection", code="")
    return found[0].code


def _given(definition: TableDefinition) -> dict[str, str]:
    """Return what the address says of the table's parameters."""
    names = (*definition.params, *MOMENTS)
    return {name: value for name in names if (value := request.args.get(name))}


def _build(report: Report, definition: TableDefinition, collection: str) -> Table:
    return build_table(
        db.session(), forms_in_use(), report, definition.id, collection, _given(definition)
    )


def _asked_for(agreement: str, report_id: str, table_id: str) -> Table:
    report = load_report(ReportName(agreement, report_id))
    return _build(report, _definition(report, table_id), _collection(report))


def _chart_asked_for(agreement: str, report_id: str, table_id: str) -> tuple[str, Table]:
    """Return the chart of a table as SVG, and the table; raise NotFoundError if it has none."""
    report = load_report(ReportName(agreement, report_id))
    definition = _definition(report, table_id)
    if definition.chart is None:
        raise NotFoundError(what="chart", code=f"{report.name}/{table_id}")
    built = _build(report, definition, _collection(report))
    chart = chart_of(report, definition.chart, built, request.args.get("show", ""))
    return draw(chart, is_alone=True), built


def is_shown() -> bool:
    """Tell whether a file is to be shown in the browser, rather than saved."""
    return not request.args.get("download")


def _chart_place(report: Report, definition: TableDefinition, collection: str) -> dict[str, str]:
    """Return what the address of a chart is made of: that of the table, figures and language."""
    names = ("show", "lang")
    given = {name: value for name in names if (value := request.args.get(name))}
    return {**_place(report, definition, collection), "lang": language(), **given}


def _place(report: Report, definition: TableDefinition, collection: str) -> dict[str, str]:
    """Return what the address of a table is made of, with all that was chosen."""
    return {
        "agreement": report.agreement,
        "report_id": report.id,
        "table_id": definition.id,
        "collection": collection,
        **_given(definition),
    }


def _params(report: Report, definition: TableDefinition, built: Table) -> list[Param]:
    """Return the parameters on offer, each with what is chosen as its default."""
    offered = offered_params(db.session(), forms_in_use(), report, definition.id)
    return [replace(param, default=built.params[param.name]) for param in offered]


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def file_answer(
    content: str | bytes, mimetype: str, name: str, *, is_shown: bool = False
) -> Response:
    """Return a file to be saved under *name*, or to be shown in the browser."""
    kind = "inline" if is_shown else "attachment"
    headers: dict[str, Any] = {"Content-Disposition": f'{kind}; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
