"""What to do about each problem of a file, in the reader's language.

A problem of an answer has a wording of its own here when the advice for a file is another than on
a page. Names of columns, codes and marks such as `__na` are the same in every language.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _

from app.files.problems import FileProblem
from app.wording.problems import fill, sentence_of, shown
from app.wording.values import listed, number

LONGEST_VALUE: Final = 80  # characters of a cell that a sentence repeats

# What a file is that is no table.
KINDS: Final[Mapping[str, LazyString]] = {
    "old_office": _("a file of an old office program"),
    "pdf": _("a PDF file"),
    "gzip": _("a gzip file"),
    "image": _("an image"),
    "database": _("a database"),
    "parquet": _("a Parquet file"),
    "zip": _("a zip file"),
    "rar": _("a RAR file"),
    "7z": _("a 7z file"),
    "json": _("JSON"),
    "xml": _("XML or a web page"),
    "binary": _("a binary file"),
    "document": _("a document without a table"),
}
SIGNS: Final[Mapping[str, LazyString]] = {
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("vertical bar"),
}
# Names of encodings as people know them; the names to give are in app/files/encodings.py.
ENCODINGS: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "windows-1252": "Windows-1252",
    "windows-1251": "Windows-1251",
    "windows-1256": "Windows-1256",
    "mac-roman": "Mac Roman",
    "gb18030": "GB18030",
}

WORDING: Final[Mapping[str, LazyString]] = {
    # The file as a whole
    "empty_file": _("There is nothing in it. Write a header, and a row for each submission."),
    "no_rows": _("There is a header and nothing under it. Write a row for each submission."),
    "not_utf8": _("This is not UTF-8. Save it again as UTF-8."),
    "not_a_table": _("This is %(kind)s. Give a CSV, XLSX or ODS file, or a zip of CSV files."),
    "unclear_encoding": _(
        "The letters of this file can be read in several ways, or in none: %(candidates)s. Save it"
        " again as CSV UTF-8, or say with “encoding” which one it is in."
    ),
    "wrong_encoding": _(
        "The file cannot be read as %(declared)s. %(found)s Save it again as CSV UTF-8, or say"
        " another encoding."
    ),
    "encoding_assumed": _(
        "The file does not say its encoding. It was read as %(encoding)s, the only one in which it"
        " makes sense. Look whether the letters with accents are right."
    ),
    "unclear_delimiter": _(
        "What stands between the columns is not clear: %(found)s. Use commas, semicolons, tabs or"
        " vertical bars, one of them throughout."
    ),
    "broken_csv": _(
        "From this row on the file cannot be read: a quotation mark opens and is not closed, or"
        " stands inside a cell. Double it inside a cell, and put the whole cell in quotation marks."
    ),
    "cell_too_long": _(
        "A cell of this row is too long to be read, perhaps since a quotation mark is not closed."
        " Close it, or shorten the text."
    ),
    "broken_xlsx": _("The workbook cannot be opened. Save it again as XLSX, or as CSV UTF-8."),
    "old_workbook": _("This is an old Excel file (.xls). Save it as XLSX."),
    "binary_workbook": _("This is a binary Excel file (.xlsb). Save it as XLSX."),
    "encrypted_workbook": _("The workbook has a password. Save it without one."),
    "empty_paper": _("The file is empty. Look whether it can be opened, then choose it again."),
    "no_paper": _("This is no PDF, no Word document (.docx) and no picture. Save it as PDF."),
    "old_paper": _("This is an old Word document (.doc). Save it as DOCX or PDF."),
    "paper_with_macros": _("The document holds macros, which are programs. Save it as PDF."),
    "entities": _(
        "The workbook holds definitions (“%(part)s”) that no spreadsheet program writes. It was"
        " not opened. Save it again as XLSX."
    ),
    "broken_zip": _("The zip cannot be opened. Pack it again."),
    "encrypted_zip": _("The zip has a password. Pack it without one."),
    "nested_file": _("A zip or workbook stands inside the zip. Send it by itself."),
    "unpacked_too_large": _(
        "Unpacked, it would take %(size)s bytes or cells; at most %(limit)s are read. Split it by"
        " Parties."
    ),
    "too_large": _("The file has %(size)s bytes; at most %(limit)s are read. Split it by Parties."),
    "no_main_file": _("There is no main file or sheet, with a row for each submission. Add it."),
    "unclear_main_file": _("These could all be the main file: %(files)s. Leave one."),
    "unknown_file": _(
        "The form has no repeat of this name. Use one of these names, or leave it out: %(known)s."
    ),
    "doubled_file": _("This file or sheet is there twice. Leave one."),
    "not_read": _("This is no CSV file and was not read."),
    "not_json": _("This line is no JSON object. Write one object to a line, in UTF-8."),
    "missing_member": _("Every line has this member. Add it."),
    "unknown_member": _("A line has no member of this name. Use: %(known)s."),
    # Sheets
    "hidden_sheet": _(
        "This sheet is hidden, so it is not read. Show it if it counts, else delete it."
    ),
    "hidden_sheet_left": _("This sheet is hidden and was not read."),
    "merged_cells": _(
        "The cells %(cells)s are merged into one. Separate them, and write into each what it says."
    ),
    "no_value": _(
        "This formula has no value. Write the value in its place, or calculate and save the"
        " workbook in a spreadsheet program."
    ),
    "error_value": _("The cell shows an error (%(value)s). Write the value in its place."),
    "percent": _(
        "The cell is shown as a percentage and holds %(value)s. Write the number that is meant,"
        " without a percent sign, and format the cell as a plain number."
    ),
    "digits_lost": _(
        "A number as long as this loses digits in a spreadsheet. Format the cell as text, then"
        " write the number again."
    ),
    # Columns
    "header_not_first": _(
        "The header stands in row %(header)s; above it stands “%(text)s”. Delete the rows above the"
        " header."
    ),
    "unknown_column": _("The form has no such column. See its codebook, or leave the column out."),
    "unknown_column.near": _("The form has no such column. Is “%(near)s” meant?"),
    "unnamed_column": _(
        "This column has no name and holds “%(value)s”. The cells of the row may stand under the"
        " wrong columns. Move them, or give the column its name."
    ),
    "doubled_column": _("This column is there more than once: %(columns)s. Leave one."),
    "missing_column": _("This column is missing. Add it."),
    # Rows
    "missing_party": _("Say whose row this is: an ISO 3166-1 alpha-3 code; EUR for the EU."),
    "unknown_party": _(
        "There is no Party of code %(value)s. Use ISO 3166-1 alpha-3; EUR for the EU."
    ),
    "party_not_asked": _("%(value)s is not asked in this collection. Leave the row out."),
    "unknown_submission": _(
        "There is no submission of id %(value)s in this collection. Correct the id, or leave it"
        " empty and name the Party."
    ),
    "other_party": _("This submission belongs to %(party)s. Correct the Party or the submission."),
    "doubled_party": _("%(value)s has a row already, row %(first)s. Leave one."),
    "parent_missing": _(
        "There is no parent “%(value)s” in this submission. Correct it, or add its row."
    ),
    "no_such_submission": _("The main file has no row of %(value)s. Add it there."),
    "doubled_row": _(
        "The id %(value)s is used already, in row %(first)s. Give another, or leave it empty."
    ),
    "bad_row": _("Write an id with letters, digits, _ and -, at most 64 of them."),
    "other_value": _(
        "What is imported here is “%(expected)s”. Correct the cell, or leave it empty."
    ),
    "not_importable": _("A withdrawal cannot be imported. Leave the row out."),
    # Cells
    "not_a_choice": _("“%(value)s” is no choice here. Use one of: %(allowed)s."),
    "not_a_choice.form": _("“%(value)s” is no choice here. Use one of the codes of the form."),
    "not_a_whole_number": _("“%(value)s” is no whole number. Write digits, without grouping."),
    "not_a_number": _("“%(value)s” is no number. Write digits, with a point and without grouping."),
    "not_a_date": _("“%(value)s” is no date. Write it as 2018-12-31."),
    "not_a_moment": _(
        "“%(value)s” is no moment. Write it as 2018-12-31 or as 2018-12-31T12:00:00Z."
    ),
    "not_offered": _("“%(value)s” is not offered here as an answer."),
    "not_a_text": _("This cannot be read as a text. Write it again."),
    "doubled_text": _(
        "The text in this language is there twice, in %(other)s too. Leave one of them."
    ),
    "damaged_text": _(
        "The text holds a sign that stands for one that was lost. Write it again from the source."
    ),
    "zero_byte": _(
        "The cell holds a sign without a meaning (a zero byte). Delete it, or save the file again."
    ),
    "mark_inside": _(
        "The cell holds the mark that begins a file (U+FEFF): two files may have been put together."
        " Delete it."
    ),
    # Answers, as at sign-off
    "required": _("This must be answered in a submission that is signed."),
    "not_in_range": _("Write something from %(least)s to %(most)s."),
    "below_range": _("Write %(least)s or more."),
    "above_range": _("Write %(most)s or less."),
    "too_early": _("Write %(least)s or a later day."),
    "too_late": _("Write %(most)s or an earlier day."),
    "exclusive_choice": _("“%(choice)s” goes with no other choice. Leave it, or the others."),
    "check": _("%(message)s"),
    "explain": _("%(message)s Correct it, or explain it in column %(explanation)s."),
    # Submissions
    "different": _(
        "%(party)s has other answers already. Choose to update, if they are to be replaced."
    ),
    "typed_in": _(
        "%(party)s has typed answers in its draft, and they stay. Leave this row out, or import it"
        " as “submitted” if it was signed elsewhere."
    ),
    "being_revised": _("%(party)s is revising its submission. It must sign or discard that first."),
    "file_lost": _(
        "There are rows of %(repeat)s that would be lost. Add its file; with a header alone, if"
        " they are to go."
    ),
    "column_lost": _(
        "There are answers in column %(column)s that would be lost. Add the column; empty, if they"
        " are to go."
    ),
    "awaiting_sign_off": _("%(party)s has sent its draft for sign-off. It must come back first."),
    "in_the_future": _("%(value)s lies in the future. Correct it."),
    "before_last_revision": _(
        "The revision before was signed at %(last)s, not before %(value)s. Correct it."
    ),
    "calculated": _("The form computes this itself, as %(computed)s; “%(value)s” was left out."),
    "calculated.nothing": _(
        "The form computes this itself, and finds nothing; “%(value)s” was left out."
    ),
    "not_asked": _("By the other answers this is not asked; it was left out."),
    "closed": _("The collection is closed: only what was signed can be imported."),
}

# Those that count something; of which word depends on the number.
COUNTED: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "wrong_width": lambda d: ngettext(
        "The row has %(cells)s cell, the header %(columns)s. Put cells that hold the sign between"
        " columns into quotation marks.",
        "The row has %(cells)s cells, the header %(columns)s. Put cells that hold the sign between"
        " columns into quotation marks.",
        d["cells"],
        cells=number(d["cells"]),
        columns=number(d["columns"]),
    ),
    "too_many_members": lambda d: ngettext(
        "The zip holds %(count)s file; at most %(limit)s are read. Leave out what is no table.",
        "The zip holds %(count)s files; at most %(limit)s are read. Leave out what is no table.",
        d["count"],
        count=number(d["count"]),
        limit=number(d["limit"]),
    ),
    "formulas": lambda d: ngettext(
        "%(count)s cell holds a formula, the first being %(cell)s. The value that was saved with it"
        " was taken.",
        "%(count)s cells hold formulas, the first being %(cell)s. The values that were saved with"
        " them were taken.",
        d["count"],
        count=number(d["count"]),
        cell=d["cell"],
    ),
    "hidden_rows": lambda d: ngettext(
        "%(count)s row is hidden. It was read too.",
        "%(count)s rows are hidden. They were read too.",
        d["count"],
        count=number(d["count"]),
    ),
    "hidden_columns": lambda d: ngettext(
        "%(count)s column is hidden: %(columns)s. It was read too.",
        "%(count)s columns are hidden: %(columns)s. They were read too.",
        d["count"],
        count=number(d["count"]),
        columns=shown(d["columns"]),
    ),
    "too_few_rows": lambda d: ngettext(
        "There is %(rows)s row; at least %(least)s are needed.",
        "There are %(rows)s rows; at least %(least)s are needed.",
        d["rows"],
        rows=number(d["rows"]),
        least=shown(d["least"]),
    ),
    "too_many_rows": lambda d: ngettext(
        "There is %(rows)s row; at most %(most)s are possible.",
        "There are %(rows)s rows; at most %(most)s are possible.",
        d["rows"],
        rows=number(d["rows"]),
        most=shown(d["most"]),
    ),
    "too_few_choices": lambda d: ngettext(
        "%(chosen)s choice is made; at least %(least)s are needed.",
        "%(chosen)s choices are made; at least %(least)s are needed.",
        d["chosen"],
        chosen=number(d["chosen"]),
        least=shown(d["least"]),
    ),
    "too_many_choices": lambda d: ngettext(
        "%(chosen)s choice is made; at most %(most)s are possible.",
        "%(chosen)s choices are made; at most %(most)s are possible.",
        d["chosen"],
        chosen=number(d["chosen"]),
        most=shown(d["most"]),
    ),
}


def file_sentence(problem: FileProblem) -> str:
    """Say what to do about *problem*, in the reader's language.

    A code that is not known here is one of answers; one that is nowhere is shown as it is.
    """
    details = {key: _worded(key, value) for key, value in problem.details.items()}
    if counted := COUNTED.get(problem.code):
        return counted(details)
    code = _precise(problem)
    return fill(WORDING[code], details) if code in WORDING else sentence_of(code, details)


def _precise(problem: FileProblem) -> str:
    """Return the code of the wording that fits the details best."""
    details = problem.details
    if problem.code == "unknown_column" and details.get("near"):
        return "unknown_column.near"
    if problem.code == "not_a_choice" and not details.get("allowed"):
        return "not_a_choice.form"
    if problem.code == "calculated" and details.get("computed") is None:
        return "calculated.nothing"
    return problem.code


def _worded(key: str, value: object) -> object:
    """Return a detail as people read it: names for codes, a long text cut short."""
    if key == "kind":
        return str(KINDS.get(str(value), value))
    if key in {"encoding", "declared"}:
        return ENCODINGS.get(str(value), str(value))
    if key == "candidates" and isinstance(value, tuple):
        return listed(ENCODINGS.get(name, name) for name in value) or "-"
    if key == "found" and isinstance(value, tuple):
        return listed(str(SIGNS.get(sign, sign)) for sign in value) or "-"
    if key == "found":
        return fill(_("It is %(encoding)s."), {"encoding": value}) if value else ""
    if key in {"value", "text"}:
        text = str(value)
        return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
    return value
