"""Results as they are seen: tables that fit or say that they scroll, charts that can be read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server

REPORT = "/results/cbd/aichi-progress"
WIDE, NARROW = 1100, 375  # pixels


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("table", ["progress-by-target", "confidence-by-progress"])
def test_a_table_fits_or_says_that_it_scrolls(
    reading: Server, open_page: Callable[..., Page], table: str, lang: str
) -> None:
    page = open_page(reading, lang=lang, scripts=False)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{REPORT}/{table}?lang={lang}")
        scrolls = width == NARROW
        assert page.locator(".scroll-hint").is_visible() is scrolls
        assert page.locator(".chart-narrow svg").is_visible() is scrolls
        assert page.locator(".chart-wide svg").is_visible() is not scrolls
        box = page.locator("table.results").bounding_box()
        assert box is not None
        assert (box["width"] > width) is scrolls


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_words_of_a_chart_stand_inside_it(
    reading: Server, open_page: Callable[..., Page], lang: str
) -> None:
    page = open_page(reading, lang=lang, scripts=False)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{REPORT}/progress-by-region?lang={lang}")
        drawn = page.locator("figure svg:visible")
        frame = drawn.bounding_box()
        assert frame is not None
        for text in drawn.locator("text").all():
            box = text.bounding_box()
            assert box is not None
            assert box["x"] >= frame["x"] - 2
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 2
