"""Forms that differ in nothing but their size: in sections, in items of a loop, in rows.

Each section asks ten questions of several types, with rules that look at the section, at the one
before and at the first. Each item and row asks six.
"""

from pathlib import Path
from typing import Final

SMALL: Final = 5  # sections of ten questions: a form of 50
LARGE: Final = 500  # a form of 5,000
FEW: Final = 10  # items of a loop, rows of a repeat
MANY: Final = 1_000
FORMS: Final = ("sections-small", "sections-large", "loop-few", "loop-many", "rows")

_HEAD = """form: {name}
version: 1
agreement: cbd
title: {name}
sections:
"""
_SECTION = """  - id: s{n}
    title: Section {n}
{relevant}    elements:
      - {{id: a{n}, type: select_one, choices: yes_no, label: Any plan {n}?, required: true}}
      - {{id: b{n}, type: text, long: true, label: What does it say?, relevant: a{n} == "yes"}}
      - {{id: c{n}, type: integer, label: How many sites?, required: true, range: {{least: 0}}}}
      - id: d{n}
        type: integer
        label: How many of them are protected?
        checks: [{{id: d{n}_fits, rule: d{n} <= c{n}, message: More than there are.}}]
      - {{id: e{n}, type: calculated, label: Not protected, rule: c{n} - d{n}}}
      - {{id: f{n}, type: date, label: Since when?}}
      - {{id: g{n}, type: text, language: none, label: Which office?}}
      - {{id: h{n}, type: select_one, choices: yes_no, label: Enough?, relevant: {before} == "yes"}}
      - {{id: i{n}, type: text, label: Why not?, relevant: h{n} == "no", required: true}}
      - {{id: j{n}, type: text, long: true, label: Anything else?}}
"""
_ROW = """          - {id: name, type: text, label: Name, required: true}
          - {id: area, type: decimal, label: Area, unit: km2, range: {least: 0}}
          - {id: is_safe, type: select_one, choices: yes_no, label: Protected?, required: true}
          - {id: since, type: date, label: Since when?, relevant: is_safe == "yes"}
          - {id: office, type: text, language: none, label: Which office?}
          - {id: more, type: text, long: true, label: Anything else?}
"""
_LIST = """  - id: sites
    title: Sites
    elements:
      - id: places
"""


def write_forms(root: Path, shared: Path) -> None:
    """Write the forms under *root*, with the choice lists of *shared*, the project's own forms."""
    (root / "choices").symlink_to(shared / "choices")
    for name, count in (("sections-small", SMALL), ("sections-large", LARGE)):
        _write(root, name, "".join(_section(number) for number in range(1, count + 1)))
    for name, count in (("loop-few", FEW), ("loop-many", MANY)):
        items = ", ".join(f"{{code: i{n}, label: Site {n}}}" for n in range(1, count + 1))
        loop = f"        type: loop\n        label: Sites\n        items: [{items}]\n"
        _write(root, name, f"{_LIST}{loop}        elements:\n{_ROW}")
    repeat = "        type: repeat\n        label: Sites\n        row_label: Site\n"
    limits = f"        row_title: name\n        most: {MANY + 10}\n"
    _write(root, "rows", f"{_LIST}{repeat}{limits}        elements:\n{_ROW}")


def _section(number: int) -> str:
    before = f"a{max(number - 1, 1)}"
    relevant = "" if number % 10 else '    relevant: a1 == "yes"\n'
    return _SECTION.format(n=number, before=before, relevant=relevant)


def _write(root: Path, name: str, content: str) -> None:
    folder = root / "cbd" / name / "1"
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(_HEAD.format(name=name) + content, encoding="utf-8")
