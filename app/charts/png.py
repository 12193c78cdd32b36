"""SVG to PNG, with the fonts of this project, so that it looks the same on every machine.

The fonts hold Latin, Cyrillic, Arabic and the Chinese characters of GB 2312.
"""

from pathlib import Path
from typing import Final
from xml.etree.ElementTree import fromstring

FONTS: Final = Path(__file__).parents[2] / "static" / "fonts"
ZOOM: Final = 2  # pixels for each unit of the drawing, sharp on paper and on dense screens
BIGGEST: Final = 16_000  # pixels, of the height; a longer chart is drawn smaller


def to_png(svg: str) -> bytes:
    """Return a drawing of our own as PNG."""
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - only a download needs it

    fonts = [str(path) for path in sorted(FONTS.glob("*.ttf"))]
    height = int(fromstring(svg).get("height", "1"))  # noqa: S314 - a drawing of our own
    zoom = max(1, min(ZOOM, BIGGEST // height))
    drawn: bytes = svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=True,
        font_files=fonts,
        font_family="Noto Sans",
        sans_serif_family="Noto Sans",
    )
    return drawn
