"""A chart as SVG: in a page, where title and notes stand around it; or alone, with both in it."""

from typing import Final

from app.charts.bars import draw_bars
from app.charts.canvas import SMALL, Canvas
from app.charts.chart import Chart, ChartKind, LineChart
from app.charts.heat_map import draw_heat_map
from app.charts.lines import draw_lines
from app.charts.multiples import draw_multiples

WIDE: Final = 960  # for a screen or a page of paper
NARROW: Final = 360  # for a phone
HEADING: Final = 18  # size of the title of a chart that stands alone
MARGIN: Final = 20

DRAWN_BY: Final = {
    ChartKind.BARS: draw_bars,
    ChartKind.STACKED_BARS: draw_bars,
    ChartKind.HEAT_MAP: draw_heat_map,
    ChartKind.SMALL_MULTIPLES: draw_multiples,
}


def draw(
    chart: Chart | LineChart, *, width: int = WIDE, prefix: str = "chart", is_alone: bool = False
) -> str:
    """Return *chart* as SVG, as high as it needs to be.

    prefix    begins every id in it, so that two charts can stand in one page
    is_alone  with the title above, the footer below and a margin around: for a file
    """
    canvas = Canvas(
        width,
        prefix=prefix,
        is_mirrored=chart.is_mirrored,
        margin=MARGIN if is_alone else 0,
    )
    top = 4.0
    if is_alone:
        top = canvas.paragraph(chart.title, 0, 0, width, size=HEADING, is_bold=True) + 16
    if isinstance(chart, LineChart):
        top = draw_lines(canvas, chart, top)
    else:
        top = DRAWN_BY[chart.kind](canvas, chart, top)
    if is_alone and chart.footer:
        canvas.paragraph(chart.footer, 0, top + 12, width, size=SMALL)
    return canvas.finish(title=chart.title, description=chart.description, language=chart.language)
