"""What every page keeps however it is looked at: narrow, with room between letters, in few colours.

Each function returns what is wrong with the page that is open, in words, and leaves it as it was.
"""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ZOOMED: Final = 640  # CSS pixels: 1280 at 200 per cent (WCAG 1.4.4)
NARROW: Final = 320  # and at 400 per cent (WCAG 1.4.10)
SMALLEST: Final = 24  # CSS pixels of what is pressed (WCAG 2.5.8)

CONTRAST: Final = "color-contrast"
# Of the lines of a table or list that are coloured alike, all but the first have this mark.
ALIKE: Final = """() => document.querySelectorAll("tbody, ul, ol").forEach(lines => {
  const seen = new Set();
  [...lines.children].forEach((line, at) => {
    const look = element => ["class", "style", "disabled", "aria-current", "aria-disabled"]
      .map(name => element.getAttribute(name)).join();
    const inside = [line, ...line.querySelectorAll("*")].map(e => `${e.tagName} ${look(e)}`);
    const key = [at % 2, ...inside].join("|");
    line.toggleAttribute("data-alike", seen.has(key));
    seen.add(key);
  });
})"""

# WCAG 1.4.12; a sheet made by a script is no inline style
SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
AS_BEFORE: Final = "() => { document.adoptedStyleSheets = []; }"

WIDE: Final = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const scrolls = element => {
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      if (getComputedStyle(e).overflowX !== "visible") return true;
    }
    return false;
  };
  const far = [...document.body.querySelectorAll("*")].filter(element => {
    const { left, right } = element.getBoundingClientRect();
    return (right > root.clientWidth + 1 || left < -1) && !scrolls(element);
  });
  return [`wider than the page: ${far.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(" | ")}`];
}"""

# Where something scrolls, by itself, the keyboard must get there.
STUCK: Final = """() => [...document.querySelectorAll("*")].filter(element => {
  const { overflowX, overflowY } = getComputedStyle(element);
  const scrolls = (way, inner, outer) => /auto|scroll/.test(way) && inner > outer + 1;
  if (element === document.documentElement || element.closest(".visually-hidden")) return false;
  return (scrolls(overflowX, element.scrollWidth, element.clientWidth)
      || scrolls(overflowY, element.scrollHeight, element.clientHeight))
    && element.tabIndex < 0 && !element.querySelector("a[href], button, input, select, textarea");
}).map(element => `scrolls, and no key leads there: ${element.outerHTML.slice(0, 90)}`)"""

CUT: Final = """() => [...document.querySelectorAll("main *")].filter(element => {
  const { overflowX, overflowY, position } = getComputedStyle(element);
  const isApart = element.closest(".visually-hidden, .scroll-hint, svg, table");
  if (isApart || position === "absolute") return false;
  return element.textContent.trim() && (
    (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1)
    || (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1));
}).map(element => `words are cut off: ${element.outerHTML.slice(0, 90)}`)"""

# A link in a sentence may be as low as its line; a small box counts with its label.
SMALL: Final = """smallest => {
  const shown = element => element.checkVisibility({ visibilityProperty: true })
    && !element.closest(".visually-hidden, .skip-link");
  const inSentence = element => {
    if (getComputedStyle(element).display !== "inline") return false;
    const around = element.closest("p, li, dd, td, th, label, legend, caption, h1, h2, h3");
    return around && around.textContent.trim().length > element.textContent.trim().length;
  };
  const boxOf = element => {
    const label = /checkbox|radio/.test(element.type) && element.labels?.[0];
    const boxes = [element, ...(label ? [label] : [])].map(e => e.getBoundingClientRect());
    return [Math.max(...boxes.map(b => b.width)), Math.max(...boxes.map(b => b.height))];
  };
  const places = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(e => e.type !== "hidden" && shown(e));
  const isAlone = element => {
    const own = element.getBoundingClientRect();
    const middle = box => [box.left + box.width / 2, box.top + box.height / 2];
    const [x, y] = middle(own);
    return places.every(other => {
      if (other === element) return true;
      const box = other.getBoundingClientRect();
      const away = Math.hypot(
        Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
      const [otherX, otherY] = middle(box);
      const isSmall = Math.min(box.width, box.height) < smallest;
      return away >= smallest / 2
        && (!isSmall || Math.hypot(otherX - x, otherY - y) >= smallest);
    });
  };
  return places.filter(e => {
    const [width, height] = boxOf(e);
    return Math.min(width, height) < smallest - 0.5 && !inSentence(e) && !isAlone(e);
  }).map(e => `too small to press: ${e.outerHTML.slice(0, 90)}`);
}"""

MOVES: Final = """() => [...document.querySelectorAll("*")].filter(element => {
  const { transitionDuration, animationName, animationTimeline, scrollBehavior } =
    getComputedStyle(element);
  return transitionDuration.split(", ").some(time => parseFloat(time) > 0)
    || (animationName !== "none" && (animationTimeline ?? "auto") === "auto")
    || scrollBehavior === "smooth";
}).map(element => `moves: ${element.outerHTML.slice(0, 90)}`)"""

# In forced colours a background says nothing: what is pressed, typed in or a mark has an edge.
EDGELESS: Final = """() => [
    ...document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea"),
    ...document.querySelectorAll(".tag, .flash, .error-summary"),
  ]
  .filter(element => {
    if (!element.checkVisibility() || element.closest(".visually-hidden")) return false;
    const { borderTopWidth, borderInlineStartWidth, appearance } = getComputedStyle(element);
    if (getComputedStyle(element).textDecorationLine === "underline") return false;
    const isOwn = appearance !== "none" && /checkbox|radio|file/.test(element.type ?? "");
    return !isOwn && !parseFloat(borderTopWidth) && !parseFloat(borderInlineStartWidth);
  }).map(element => `no edge in forced colours: ${element.outerHTML.slice(0, 90)}`)"""

# Words keep no colour of their own then; and the page where we are is marked by another.
COLOURED: Final = """() => {
  const words = [...document.querySelectorAll("body *:not(svg, svg *)")].filter(element =>
    getComputedStyle(element).forcedColorAdjust === "none"
    && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  const mark = link => getComputedStyle(link).borderBlockEndColor;
  const here = document.querySelector(".navigation a[aria-current]");
  const alike = [...document.querySelectorAll(".navigation a:not([aria-current])")]
    .filter(link => here && mark(link) === mark(here));
  return [...words, ...alike]
    .map(element => `lost in forced colours: ${element.outerHTML.slice(0, 90)}`);
}"""

LANDMARKS: Final = """() => {
  const found = [];
  const outside = [...document.body.querySelectorAll(":scope > *")].filter(element =>
    element.textContent.trim() && !element.querySelector("main")
    && !element.matches("script, header, footer, section[aria-label], .skip-link"));
  if (outside.length) found.push(`outside of landmarks: ${outside[0].outerHTML.slice(0, 90)}`);
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter(e => e.checkVisibility()).map(e => Number(e.tagName[1]));
  const ones = levels.filter(level => level === 1).length;
  if (ones !== 1 || levels[0] > 2) found.push("not one h1");
  const turned = [...document.body.querySelectorAll("*")].filter(element => {
    const { order, flexDirection, display } = getComputedStyle(element);
    const isFigure = element.matches("dl > div"); // the number over its label
    const isReversed = /flex/.test(display) && /reverse/.test(flexDirection) && !isFigure;
    return element.tabIndex > 0 || order !== "0" || isReversed;
  });
  found.push(...turned.map(e => `shown in another order than read: ${e.outerHTML.slice(0, 90)}`));
  levels.forEach((level, n) => {
    if (n && level > levels[n - 1] + 1) found.push(`h${level} after h${levels[n - 1]}`);
  });
  return found;
}"""


def axe_finds(page: Page) -> list[str]:
    """Return what axe finds, in its own words.

    Contrast takes most of its time, so lines that are coloured like one before are looked at once.
    """
    page.evaluate(ALIKE)
    options: tuple[tuple[dict[str, Any] | None, dict[str, Any]], ...] = (
        (None, {"rules": {CONTRAST: {"enabled": False}}}),
        ({"exclude": ["[data-alike]"]}, {"runOnly": [CONTRAST]}),
    )
    results = [
        Axe().run(page, context, {"resultTypes": ["violations"], **chosen})
        for context, chosen in options
    ]
    return [str(found.generate_report()) for found in results if found.violations_count]


def faults(page: Page) -> list[str]:
    """Return all that is wrong with the page, each kind looked at in its own way."""
    before = page.viewport_size
    found = [*page.evaluate(LANDMARKS), *page.evaluate(SMALL, SMALLEST)]
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    found += [*page.evaluate(EDGELESS), *page.evaluate(COLOURED), *page.evaluate(MOVES)]
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    page.set_viewport_size({"width": ZOOMED, "height": 800})
    found += page.evaluate(WIDE)
    page.set_viewport_size({"width": NARROW, "height": 800})
    found += [*page.evaluate(WIDE), *page.evaluate(STUCK), *page.evaluate(SMALL, SMALLEST)]
    page.evaluate(SPACED)
    found += [f"with spaced text, {each}" for each in page.evaluate(WIDE) + page.evaluate(CUT)]
    page.evaluate(AS_BEFORE)
    if before:
        page.set_viewport_size(before)
    return [str(each) for each in dict.fromkeys(found)]
