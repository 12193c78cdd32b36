"""How one Party assessed its targets over time: page, and chart as SVG and PNG."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.access import public
from app.charts.draw import draw
from app.charts.png import to_png
from app.errors import NotFoundError
from app.extensions import db, forms_in_use
from app.reports.catalogue import ReportName
from app.reports.definition import Report
from app.reports.history import History, history_of
from app.web.locale import language
from app.web.result_pages import shown_twice
from app.web.results import file_answer, is_shown, load_report
from app.wording.languages import LANGUAGES

bp = Blueprint("history", __name__, url_prefix="/results")

PLACE: Final = "/<agreement>/<report_id>/over-time/<collection>/<party>"


@bp.get(PLACE)
@public
def show(agreement: str, report_id: str, collection: str, party: str) -> ResponseReturnValue:
    """Show every assessment that a Party signed, by target and date."""
    report, found = _history(agreement, report_id, collection, party)
    return render_template(
        "results/history.html",
        report=report,
        report_language=LANGUAGES[report.locale],
        history=found,
        chart=shown_twice(found.chart) if found.chart else None,
        synthetic=found.synthetic,
        place={**(request.view_args or {}), "lang": language()},
    )


@bp.get(f"{PLACE}/chart.svg")
@public
def chart_svg(agreement: str, report_id: str, collection: str, party: str) -> ResponseReturnValue:
    """Show the lines of a Party as SVG that stands alone; `?download=1` saves it."""
    content, name = _drawn(agreement, report_id, collection, party)
    return file_answer(content, "image/svg+xml", f"{name}.svg", is_shown=is_shown())


@bp.get(f"{PLACE}/chart.png")
@public
def chart_png(agreement: str, report_id: str, collection: str, party: str) -> ResponseReturnValue:
    """Show the lines of a Party as PNG; `?download=1` saves it."""
    content, name = _drawn(agreement, report_id, collection, party)
    return file_answer(to_png(content), "image/png", f"{name}.png", is_shown=is_shown())


def _history(agreement: str, report_id: str, collection: str, party: str) -> tuple[Report, History]:
    report = load_report(ReportName(agreement, report_id))
    return report, history_of(db.session(), forms_in_use(), report, collection, party)


def _drawn(agreement: str, report_id: str, collection: str, party: str) -> tuple[str, str]:
    """Return the drawing, and the name of its file; raise NotFoundError if nothing has a date."""
    report, found = _history(agreement, report_id, collection, party)
    if found.chart is None:
        raise NotFoundError(what="chart", code=party)
    mark = ".synthetic" if found.synthetic else ""
    name = f"{report.agreement}-{report.id}.over-time.{found.collection}.{party}{mark}"
    return draw(found.chart, is_alone=True), name
