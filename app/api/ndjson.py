"""Submissions as lines of JSON to the records that the import of files works on.

From there on lines and files go the same way: the same matching, checks and report.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.files.layout import MAIN, Layout
from app.files.problems import FileProblem
from app.files.record import Record, Unread
from app.forms.accept import accept_document
from app.forms.definition import LANGUAGES
from app.forms.places import split

# As the export writes them, so that its lines can be sent back without a difference.
TEXTS: Final = (
    *("submission", "collection", "form", "version", "party", "respondent_group"),
    *("language", "status", "submitted_at"),
)
MEMBERS: Final = (*TEXTS, "answers")


def read_lines(layout: Layout, body: bytes) -> tuple[list[Record], list[FileProblem]]:
    """Return a record for each line of *body*, and the problems of lines that are none.

    What is wrong inside a record stands in the record. Problems beside those of files:
    "not_json", "unknown_member", "missing_member", "doubled_party", and those of `accept_document`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [FileProblem("", 0, "", "not_utf8")]
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return [], [FileProblem("", 0, "", "empty_file")]
    records: list[Record] = []
    problems: list[FileProblem] = []
    for number, line in lines:
        members = _object(line)
        if members is None:
            problems.append(FileProblem("", number, "", "not_json"))
        elif not _text(members, "party") and not _text(members, "submission"):
            problems.append(FileProblem("", number, "party", "missing_party"))
        else:
            records.append(_record(layout, number, members))
    _refuse_doubled(records)
    return records, problems


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _record(layout: Layout, number: int, members: Mapping[str, Any]) -> Record:
    document, refused = accept_document(layout.form, members.get("answers", {}))
    record = Record(party="", document=document)
    for name in TEXTS:
        setattr(record, name, _text(members, name))
    record.lines[MAIN, ""] = ("", number)
    for part in split(layout.form, document):
        record.lines.setdefault(layout.row_at(part.place), ("", number))
    record.problems += _of_members(number, members)
    if record.language not in ("", *LANGUAGES):
        allowed = {"value": record.language, "allowed": LANGUAGES}
        record.problems.append(FileProblem("", number, "language", "not_a_choice", allowed))
        record.language = ""
    for problem in refused:
        where = layout.column_at(problem.place, problem.question)
        told = FileProblem("", number, where, problem.code, problem.details)
        cell = (*layout.row_at(problem.place), where)
        if problem.question and cell not in record.unread:
            record.unread[cell] = Unread({}, problem.question, "", told)
        else:
            record.problems.append(told)
    return record


def _of_members(number: int, members: Mapping[str, Any]) -> Iterator[FileProblem]:
    if "answers" not in members:
        yield FileProblem("", number, "answers", "missing_member")
    for name, value in members.items():
        if name not in MEMBERS:
            details = {"known": MEMBERS}
            yield FileProblem("", number, name, "unknown_member", details)
        elif name != "answers" and not isinstance(value, str | None):
            yield FileProblem("", number, name, "not_a_text")


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _refuse_doubled(records: list[Record]) -> None:
    """Give each later line of a Party or submission a problem, and the first one too."""
    first: dict[tuple[str, str], Record] = {}
    for record in records:
        for column, value in (("party", record.party), ("submission", record.submission)):
            known = first.setdefault((column, value), record) if value else record
            if known is not record:
                here, there = record.lines[MAIN, ""], known.lines[MAIN, ""]
                for each, line, other in ((record, here, there), (known, there, here)):
                    details = {"value": value, "first": other[1]}
                    each.problems.append(FileProblem(*line, column, "doubled_party", details))
