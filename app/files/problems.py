"""What is wrong with a file, row by row, and what to do about it.

Pages, API and command line give the same report: file or sheet, row as a spreadsheet counts,
column, code, and a sentence. The sentences are in English, the language of the files' columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LONGEST_VALUE: Final = 80  # characters of a cell that a sentence repeats


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to put right in a file.

    file    name of the file or sheet
    row     number as a spreadsheet counts, the header being 1; 0 for the file as a whole
    column  name of the column; "" for the row as a whole
    code    stable; the keys of `ADVICE`
    """

    file: str
    row: int
    column: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def what_to_do(self) -> str:
        """Say what to do about it, in English."""
        advice = ADVICE.get(self.code, self.code)
        details = _Details(self.details)
        if "value" in details:
            details["value"] = _cut(details["value"])
        return advice.format_map(details)


def _cut(value: object) -> str:
    """Return a value that stood in the file as a sentence can hold it."""
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


class _Details(dict[str, object]):
    """Details of a problem; one that is missing reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


ADVICE: Final[Mapping[str, str]] = {
    # The file as a whole
    "empty_file": "The file is empty. Write a header and one row per submission.",
    "no_rows": "There is a header and nothing under it. Write one row per submission.",
    "not_utf8": "The file is not UTF-8 ({guess}). Save it again as CSV UTF-8.",
    "not_a_table": "This is {guess}. Give a CSV file, an XLSX file, a folder or a zip.",
    "unclear_delimiter": "The columns are not separated by commas for certain ({found})."
    " Write commas; semicolons and tabs are read too, one of them throughout.",
    "broken_csv": "The CSV cannot be read from here on: a quotation mark opens and is not closed,"
    " or stands inside a cell. Double it inside a cell, and quote the whole cell.",
    "broken_xlsx": "The workbook cannot be opened. Save it again as XLSX, or write CSV.",
    "no_value": "Cell {cell} holds a formula without a value, or an error. Write the value in its"
    " place, or calculate and save the workbook in a spreadsheet program.",
    "broken_zip": "The zip cannot be opened. Pack it again.",
    "encrypted_zip": "The zip has a password. Pack it without one.",
    "unpacked_too_large": "Unpacked, it would take {size} bytes; at most {limit} are read."
    " Split it by Parties.",
    "too_large": "The file has {size} bytes; at most {limit} are read. Split it by Parties.",
    "no_main_file": "There is no main file, with one row per submission.",
    "unclear_main_file": "These could all be the main file: {files}. Leave one.",
    "unknown_file": "The form has no repeat of this name. Name the file after one of: {known};"
    " or leave it out.",
    "not_json": "This line is no JSON object. Write one object to a line, in UTF-8.",
    "missing_member": "Every line has this member. Add it.",
    "unknown_member": "A line has no member of this name. Use {known}.",
    "doubled_file": "This file or sheet is there twice. Leave one.",
    # Columns
    "unknown_column": "The form has no such column. See its codebook, or leave the column out.",
    "doubled_column": "This column is there twice. Leave one.",
    "missing_column": "This column is missing. Add it.",
    # Rows
    "wrong_width": "The row has {cells} cells, the header {columns}. Quote cells with commas.",
    "missing_party": "Say whose row this is: an ISO 3166-1 alpha-3 code; EUR for the EU.",
    "unknown_party": "There is no Party of code {value}. Use ISO 3166-1 alpha-3; EUR for the EU.",
    "party_not_asked": "{value} is not asked in this collection.",
    "unknown_submission": "There is no submission of id {value} in this collection.",
    "other_party": "This submission belongs to {party}. Correct the party or the submission.",
    "doubled_party": "{value} has a row already, row {first}. Leave one.",
    "parent_missing": "There is no parent {value} in this submission. Correct it, or add its row.",
    "no_such_submission": "The main file has no row of {value}. Add it there.",
    "doubled_row": "The id {value} is used already, in row {first}. Give another, or leave it"
    " empty.",
    "bad_row": "An id has letters, digits, _ and -, at most 64.",
    "other_value": "This is not what is imported here ({expected}). Correct it or leave it empty.",
    "not_importable": "A withdrawal cannot be imported. Leave the row out.",
    # Cells
    "not_a_choice": "{value} is no choice here. Use one of: {allowed}.",
    "not_a_whole_number": "{value} is no whole number. Write digits, without grouping.",
    "not_a_number": "{value} is no number. Write digits, with a point and without grouping.",
    "not_a_date": "{value} is no date. Write it as 2018-12-31.",
    "not_a_moment": "{value} is no moment. Write it as 2018-12-31 or 2018-12-31T12:00:00Z.",
    "not_offered": "{value} is not offered here as an answer.",
    "not_a_text": "This cannot be read as a text.",
    "doubled_text": "The text in this language is there twice, in {other} too. Leave one.",
    "damaged_text": "The text holds a sign that stands for one that was lost. Write it again from"
    " the source, as UTF-8.",
    # Answers, as at sign-off
    "required": "This must be answered for a submission that is signed.",
    "too_few_rows": "There are {rows} rows; at least {least} are needed.",
    "too_many_rows": "There are {rows} rows; at most {most} are possible.",
    "not_in_range": "Write something from {least} to {most}.",
    "below_range": "Write {least} or more.",
    "above_range": "Write {most} or less.",
    "too_early": "Write {least} or a later day.",
    "too_late": "Write {most} or an earlier day.",
    "exclusive_choice": "“{choice}” goes with no other choice. Leave it, or the others.",
    "too_few_choices": "{chosen} are chosen; at least {least} are needed.",
    "too_many_choices": "{chosen} are chosen; at most {most} are possible.",
    "check": "{message}",
    "explain": "{message} Correct it, or explain it in column {explanation}.",
    # Submissions
    "different": "{party} has other answers already. Give --update to replace them.",
    "being_revised": "{party} is revising its submission. It must sign or discard that first.",
    "file_lost": "There are rows of {repeat} that would be lost. Add its file, with a header"
    " alone if they shall go.",
    "column_lost": "There are answers in column {column} that would be lost. Add the column, empty"
    " if they shall go.",
    "awaiting_sign_off": "{party} has sent its draft for sign-off. It must come back first.",
    "in_the_future": "{value} lies in the future.",
    "before_last_revision": "The revision before was signed at {last}, not before {value}.",
    "calculated": "The form computes this itself, as {computed}; {value} was left out.",
    "not_asked": "By the other answers this is not asked; it was left out.",
    "closed": "The collection is closed: only what was signed can be imported.",
}
