"""Adds a line to CHANGELOG.md: under "Unreleased", under a heading of its own, as the last one."""

from typing import Final

UNRELEASED: Final = "## Unreleased"


def with_line(text: str, heading: str, line: str) -> str:
    """Return the changelog *text* with the bullet *line* under "### *heading*" of "Unreleased".

    Headings that are missing are added.
    """
    lines = text.rstrip("\n").splitlines() or ["# Changes"]
    if UNRELEASED not in lines:
        lines[1:1] = ["", UNRELEASED]
    start = lines.index(UNRELEASED) + 1
    end = _next(lines, start, ("## ",))
    title = f"### {heading}"
    if title not in lines[start:end]:
        at = _before_blanks(lines, end)
        lines[at:at] = ["", title]
        end = _next(lines, start, ("## ",))
    first = lines.index(title, start, end) + 1
    at = _before_blanks(lines, _next(lines, first, ("## ", "### ")))
    lines[at:at] = ["", f"- {line}"] if at == first else [f"- {line}"]
    return "\n".join(lines) + "\n"


def _next(lines: list[str], start: int, beginnings: tuple[str, ...]) -> int:
    """Return the index of the next line that begins so; the number of lines if there is none."""
    found = (n for n in range(start, len(lines)) if lines[n].startswith(beginnings))
    return next(found, len(lines))


def _before_blanks(lines: list[str], end: int) -> int:
    while not lines[end - 1].strip():
        end -= 1
    return end
