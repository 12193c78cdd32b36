"""Workbooks for translators: a sheet for each source, a row for each text and plural form.

The first row says which source and language the sheet is for; the second names the columns. All
is protected, without a password, but the translations and the column that says whether a stale
text still holds.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from app.errors import UnreadableFileError
from app.files.zips import pack, read_zip
from app.texts.check import Checked, Proposal, TextProblem, check, placeholders
from app.texts.definition import EXAMPLES, Source, State, Text, plural_forms
from app.texts.glossary import Term, occurring, terms

COLUMNS: Final[tuple[str, ...]] = (
    *("key", "number", "english", "translation", "state"),
    *("english before", "where", "glossary", "keep", "note"),
)
DONE: Final = "holds"  # in the column `state`: the translation is right as it is
_WIDTHS: Final = (16, 14, 60, 60, 12, 40, 40, 40, 20, 30)
_TRANSLATION: Final = COLUMNS.index("translation")
_STATE: Final = COLUMNS.index("state")
_HEAD: Final = 2  # rows above the texts
_LONGEST_NAME: Final = 31  # characters of a sheet's name, by the format
_MOST_ROWS: Final = 100_000  # of a sheet that comes back
_MOST_COLUMNS: Final = "AZ"
_CELL: Final = re.compile(rb"""\br=["']\s*([A-Za-z]{1,9})([0-9]{1,19})["']""")
_STRANGE: Final = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that came back: what it says it is for, and its proposals."""

    name: str
    source: str
    language: str
    proposals: tuple[Proposal, ...]
    missing: tuple[str, ...] = ()  # columns that are not there


def to_xlsx(
    sources: Iterable[Source], language: str, glossary: Path, *, is_mirrored: bool
) -> bytes:
    """Return a workbook with all texts of *sources* in a language.

    is_mirrored  the language is written from right to left, and so are the sheets
    """
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    known = terms(glossary)
    taken: set[str] = set()
    with xlsxwriter.Workbook(content, options) as workbook:
        for source in sources:
            sheet = workbook.add_worksheet(_title(source.id, taken))
            if is_mirrored:
                sheet.right_to_left()
            _write(workbook, sheet, source, language, known)
    return content.getvalue()


def sheets_in(name: str, content: bytes) -> list[Sheet]:
    """Return the sheets of a workbook that came back; raise UnreadableFileError."""
    found = [_sheet(title, rows) for title, rows in _cells(name, content) if rows]
    if not found:
        raise UnreadableFileError(reason="empty_file", file=name)
    return found


def check_sheet(source: Source, sheet: Sheet) -> Checked:
    """Return what a sheet changes in its language, and what is wrong with it."""
    checked = check(source, sheet.language, sheet.proposals, sheet.name)
    lacking = [
        TextProblem(code="missing_column", file=sheet.name, line=_HEAD, details={"name": name})
        for name in sheet.missing
    ]
    return Checked(
        source=source,
        language=sheet.language,
        changes=checked.changes,
        problems=(*lacking, *checked.problems),
        same=checked.same,
        empty=checked.empty,
    )


def _write(
    workbook: "xlsxwriter.Workbook",
    sheet: "xlsxwriter.worksheet.Worksheet",
    source: Source,
    language: str,
    known: tuple[Term, ...],
) -> None:
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    open_cell = workbook.add_format({"text_wrap": True, "valign": "top", "locked": False})
    bold = workbook.add_format({"bold": True})
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, bold)
    sheet.write_string(0, 0, source.id, bold)
    sheet.write_string(0, 1, language, bold)
    sheet.write_string(0, 2, "Write in the column “translation”; keep every name in “keep”.")
    row = _HEAD
    for text in source.texts:
        for cells in _rows(source, language, text, known):
            for column, cell in enumerate(cells):
                is_open = column in (_TRANSLATION, _STATE)
                sheet.write_string(row, column, cell, open_cell if is_open else wrapped)
            row += 1
    states = {"validate": "list", "source": [*State, DONE], "ignore_blank": True}
    sheet.data_validation(_HEAD, _STATE, max(row, _HEAD + 1) - 1, _STATE, states)
    sheet.freeze_panes(_HEAD, 1)
    sheet.autofilter(1, 0, max(row, _HEAD + 1) - 1, len(COLUMNS) - 1)
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})


def _rows(
    source: Source, language: str, text: Text, known: tuple[Term, ...]
) -> Iterator[Sequence[str]]:
    said = source.says(language, text)
    forms = said.forms or ("",) * plural_forms(language, text)
    found = occurring(known, text.english)
    for number, form in enumerate(forms):
        yield (
            text.key,
            EXAMPLES[language][number] if text.plural else "",
            text.plural if number else text.english,
            form,
            source.state(language, text).value,
            said.previous,
            "\n".join(" > ".join((f"{p.form}/{p.version}", *p.trail)) for p in text.places)
            or "\n".join((*([text.part] if text.part else []), *text.files)),
            "\n".join(f"{term.english} = {term.said.get(language, '')}" for term in found),
            " ".join(placeholders(text)),
            "\n".join(note for note in (text.plural, text.context, *text.notes) if note),
        )


def _cells(name: str, content: bytes) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield every sheet by name, with its cells as texts; raise UnreadableFileError."""
    members = read_zip(name, content)
    _refuse_wide(name, members)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(pack(members)))
        for title in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
            yield title, [tuple(str(cell) for cell in row) for row in rows]
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(reason="broken_xlsx", file=name) from error


def _refuse_wide(name: str, members: Mapping[str, bytes]) -> None:
    """Refuse cells so far from the others that the sheet would not fit into memory."""
    for path, content in members.items():
        if path.startswith("xl/worksheets/"):
            for letters, row in _CELL.findall(content):
                column = letters.decode().upper()
                if int(row) > _MOST_ROWS or (len(column), column) > (2, _MOST_COLUMNS):
                    raise UnreadableFileError(reason="unpacked_too_large", file=name)


def _sheet(title: str, rows: Sequence[Sequence[str]]) -> Sheet:
    head = [*rows[0], "", ""]
    names = [name.strip().lower() for name in rows[1]] if len(rows) > 1 else []
    at: dict[str, int] = {name: names.index(name) for name in COLUMNS if name in names}
    missing = tuple(name for name in ("key", "english", "translation") if name not in at)
    proposals = () if missing else tuple(_proposals(rows, at))
    return Sheet(title, head[0].strip(), head[1].strip(), proposals, missing)


def _proposals(rows: Sequence[Sequence[str]], at: Mapping[str, int]) -> Iterator[Proposal]:
    """Yield a proposal for each run of rows with one key: a row for each plural form."""
    run: list[tuple[int, dict[str, str]]] = []
    for number, row in enumerate(rows[_HEAD:], start=_HEAD + 1):
        cells = {name: row[column] if column < len(row) else "" for name, column in at.items()}
        if not any(cells.values()):
            continue
        is_form = run and run[0][1]["key"] == cells["key"] and _number(cells) and _number(run[0][1])
        if run and not is_form:
            yield _proposal(run)
            run = []
        run.append((number, cells))
    if run:
        yield _proposal(run)


def _number(cells: Mapping[str, str]) -> str:
    return cells.get("number", "").strip()


def _proposal(run: Sequence[tuple[int, Mapping[str, str]]]) -> Proposal:
    line, first = run[0]
    return Proposal(
        line=line,
        key=first["key"].strip(),
        english=first["english"],
        forms={form: cells["translation"] for form, (_, cells) in enumerate(run)},
        is_done=first.get("state", "").strip().lower() == DONE,
    )


def _title(source_id: str, taken: set[str]) -> str:
    """Return the name of a source's sheet: its end, as far as it fits, each another."""
    plain = _STRANGE.sub(" ", source_id.partition("/")[2] or source_id)[-_LONGEST_NAME:]
    title, number = plain.strip(), 2
    while title.lower() in taken:
        end = f" {number}"
        title, number = plain[: _LONGEST_NAME - len(end)].strip() + end, number + 1
    taken.add(title.lower())
    return title
