"""An SVG drawing that is written from its start side: for right to left, the same drawing mirrored.

Only presentation attributes, no style and no script, so that it may stand in a page under a strict
Content-Security-Policy and works alone as a file.
"""

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.charts.chart import Mark
from app.charts.text import LINE, wrap
from app.charts.tones import GRID, INK, PAPER, Tone, tone_of

FONTS: Final = "Noto Sans, Vazirmatn, Noto Sans SC, system-ui, sans-serif"
SIZE: Final = 14  # of words
SMALL: Final = 12
RTL_ISOLATE, END_ISOLATE = "\u2067", "\u2069"


class Canvas:
    """A drawing of a given width that grows downwards; all places are from the start side."""

    def __init__(
        self, width: int, *, prefix: str, is_mirrored: bool = False, margin: int = 0
    ) -> None:
        self.width = width
        self.margin = margin  # around the drawing
        self.prefix = prefix  # of ids, which are unique in a page
        self.is_mirrored = is_mirrored
        self.bottom = 0.0  # the lowest place drawn at
        self._body = Element("g")
        self._patterns: dict[Tone, str] = {}

    def box(  # one parameter for each attribute
        self,
        start: float,
        top: float,
        across: float,
        down: float,
        *,
        fill: str,
        edge: str = "",
        kind: str = "",
    ) -> None:
        """Draw a rectangle; *kind* is its class, by which tests and style sheets find it."""
        attributes = {"fill": fill}
        if edge:
            attributes |= {"stroke": edge, "stroke-width": "1"}
        if kind:
            attributes["class"] = kind
        x = self._x(start + across) if self.is_mirrored else start
        place = {"x": _n(x), "y": _n(top), "width": _n(across), "height": _n(down)}
        SubElement(self._body, "rect", place | attributes)
        self._reach(top + down)

    def line(  # one parameter for each attribute
        self,
        start: float,
        top: float,
        to_start: float,
        to_top: float,
        *,
        colour: str = GRID,
        thick: float = 1,
    ) -> None:
        """Draw a straight line."""
        ends = {"x1": _n(self._x(start)), "y1": _n(top)}
        ends |= {"x2": _n(self._x(to_start)), "y2": _n(to_top)}
        SubElement(self._body, "line", ends | {"stroke": colour, "stroke-width": _n(thick)})
        self._reach(max(top, to_top))

    def dot(self, start: float, top: float, radius: float, *, fill: str) -> None:
        """Draw a point with an edge that can be seen on any ground."""
        place = {"cx": _n(self._x(start)), "cy": _n(top), "r": _n(radius)}
        SubElement(self._body, "circle", place | {"fill": fill, "stroke": INK})
        self._reach(top + radius)

    def words(  # one parameter for each attribute
        self,
        text: str,
        start: float,
        top: float,
        *,
        size: float = SIZE,
        anchor: str = "start",
        colour: str = INK,
        is_bold: bool = False,
    ) -> None:
        """Write one line below *top*; *anchor* says which end or middle stands at *start*."""
        if self.is_mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
            text = f"{RTL_ISOLATE}{text}{END_ISOLATE}"
        place = {"x": _n(self._x(start)), "y": _n(top + size)}
        look = {"font-size": _n(size), "text-anchor": anchor, "fill": colour}
        if is_bold:
            look["font-weight"] = "600"
        SubElement(self._body, "text", place | look).text = text
        self._reach(top + size * LINE)

    def paragraph(  # one parameter for each attribute
        self,
        text: str | Sequence[str],
        start: float,
        top: float,
        room: float,
        *,
        size: float = SIZE,
        anchor: str = "start",
        is_bold: bool = False,
    ) -> float:
        """Write lines that fit into *room*; return the place below them."""
        for line in wrap(text, size, room) if isinstance(text, str) else text:
            self.words(line, start, top, size=size, anchor=anchor, is_bold=is_bold)
            top += size * LINE
        return top

    def fill_of(self, mark: Mark) -> str:
        """Return the paint of a class: its colour, or its pattern on that colour."""
        tone = tone_of(mark)
        if not tone.pattern:
            return tone.fill
        name = self._patterns.setdefault(tone, f"{self.prefix}-p{len(self._patterns)}")
        return f"url(#{name})"

    def finish(self, *, title: str, description: str, language: str) -> str:
        """Return the drawing as SVG, named and described for who cannot see it."""
        margin = self.margin
        across, down = self.width + 2 * margin, int(self.bottom) + 2 + 2 * margin
        ids = f"{self.prefix}-title {self.prefix}-desc"
        root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"{-margin} {-margin} {across} {down}",
                "width": str(across),
                "height": str(down),
                "role": "img",
                "aria-labelledby": ids,
                "lang": language,
                "direction": "ltr",  # each text says its own; anchors are those of the drawing
                "font-family": FONTS,
            },
        )
        SubElement(root, "title", {"id": f"{self.prefix}-title"}).text = title
        SubElement(root, "desc", {"id": f"{self.prefix}-desc"}).text = description
        if self._patterns:
            definitions = SubElement(root, "defs")
            for tone, name in self._patterns.items():
                definitions.append(_pattern(tone, name))
        corner = {"x": str(-margin), "y": str(-margin)}
        ground = {"width": str(across), "height": str(down), "fill": PAPER}
        SubElement(root, "rect", corner | ground)
        root.append(self._body)
        return tostring(root, encoding="unicode")

    def _x(self, start: float) -> float:
        return self.width - start if self.is_mirrored else start

    def _reach(self, down: float) -> None:
        self.bottom = max(self.bottom, down)


def _pattern(tone: Tone, name: str) -> Element:
    size = {"width": "8", "height": "8"}
    pattern = Element("pattern", {"id": name, "patternUnits": "userSpaceOnUse", **size})
    SubElement(pattern, "rect", {**size, "fill": tone.fill})
    look = {"stroke": tone.line, "stroke-width": "1.2", "fill": "none"}
    SubElement(pattern, "path", {"d": tone.pattern, **look})
    return pattern


def _n(value: float) -> str:
    """Return a number of at most two places, without zeros at its end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
