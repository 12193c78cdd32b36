"""Many submissions in one call: the import of an administrator, marked as such.

The same service as the import of files, from the same command line: matched by Party, checked as
at a sign-off, all or nothing. What is imported as signed is marked as signed elsewhere.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnsupportedMediaType

from app.access import account, has_right
from app.api.forms import form_asked_for
from app.api.idempotency import answer_before, remember
from app.api.locale import worded
from app.api.ndjson import read_lines
from app.api.problems import problem_json
from app.api.schemas.files import (
    BulkHeaders,
    FileImportQuery,
    ImportQuery,
    ImportReportSchema,
)
from app.api.submissions import bp
from app.errors import InvalidFileError, UnreadableFileError
from app.extensions import db
from app.files.layout import Layout
from app.files.readers import read_upload, tables_of_set
from app.files.record import Table
from app.forms.variables import repeats
from app.rights import Right
from app.services.collections import collection_of
from app.services.imports import ImportReport, Options, import_answers, import_records

LINES: Final = ("application/x-ndjson", "application/jsonl")

_LINE: Final = {
    "type": "object",
    "required": ["answers"],
    "properties": {
        "party": {"type": "string", "description": "Whose answers, by ISO 3166-1 alpha-3."},
        "submission": {"type": "string", "description": "Or the id of the submission."},
        "status": {
            "type": "string",
            "enum": ["draft", "awaiting_sign_off", "submitted"],
            "description": "How far it is; default draft. `submitted` was signed elsewhere.",
        },
        "submitted_at": {"type": "string", "description": "When it was signed; default now."},
        "language": {"type": "string", "description": "Language of writing."},
        "answers": {"type": "object", "description": "All answers, as typed JSON."},
    },
}
# Kinds of file sent as they are, and what such a file is called.
FILES: Final = {
    "text/csv": "answers.csv",
    "application/zip": "answers.zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "answers.xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "answers.ods",
}

_FILES: Final = {
    "required": True,
    "description": "One file as it is, or files as parts of a form, whatever the parts are called.",
    "content": {
        **{kind: {"schema": {"type": "string"}} for kind in FILES},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "string",
                        "contentMediaType": "application/octet-stream",
                        "description": "A main CSV file, a zip, XLSX or ODS.",
                    }
                },
            }
        },
    },
}
_BODY: Final = {
    "required": True,
    "description": "One submission to a line.",
    "content": {
        LINES[0]: {
            "schema": _LINE,
            "example": '{"party": "KEN", "status": "submitted", '
            '"submitted_at": "2018-12-31", "answers": {"targets_basis": "aichi_targets"}}\n',
        }
    },
}


@bp.operation(
    "/collections/<code>/submissions",
    ImportReportSchema,
    method="POST",
    query=ImportQuery,
    headers=BulkHeaders,
    errors=[403, 404, 409],
    doc={"requestBody": _BODY},
)
@has_right(Right.IMPORT_ANSWERS)
def import_lines(
    query: Mapping[str, Any], headers: Mapping[str, str], *, code: str
) -> ResponseReturnValue:
    """Import submissions, one JSON object to a line.

    For administrators alone, with a token of scope `admin`. All or nothing, unless
    `good_rows_only`. The same answers as before change nothing.
    """
    if request.mimetype not in LINES:
        raise UnsupportedMediaType
    session = db.session()
    if before := answer_before(session, account(), headers["key"]):
        return before
    collection = collection_of(session, code)
    layout = Layout(form_asked_for(collection.form, collection.form_version))
    records, problems = read_lines(layout, request.get_data())
    report = import_records(
        session, collection, layout, records, problems, account(), Options(**query)
    )
    answer = report_json(report)
    remember(session, account(), headers["key"], answer)
    db.session.commit()
    return answer


@bp.operation(
    "/collections/<code>/import",
    ImportReportSchema,
    method="POST",
    query=FileImportQuery,
    errors=[403, 404],
    doc={"requestBody": _FILES},
)
@has_right(Right.IMPORT_ANSWERS)
def import_files(query: Mapping[str, Any], *, code: str) -> ResponseReturnValue:
    """Import flat files: a main CSV file, a zip of a main file and its repeats, XLSX or ODS.

    For administrators alone, with a token of scope `admin`. The codebook says what the columns
    are. All or nothing, unless `good_rows_only`. The same answers as before change nothing.
    """
    session = db.session()
    encoding = query["encoding"]
    options = {name: value for name, value in query.items() if name != "encoding"}
    collection = collection_of(session, code)
    form = form_asked_for(collection.form, collection.form_version)
    tables = _tables([repeat.id for repeat, _, _ in repeats(form)], encoding)
    report = import_answers(session, collection, form, tables, account(), Options(**options))
    answer = report_json(report)
    db.session.commit()
    return answer


def _tables(repeat_ids: list[str], encoding: str) -> dict[str, Table]:
    """Return the tables of the file or files sent; raise UnreadableFileError."""
    if request.mimetype in FILES:
        return read_upload(
            FILES[request.mimetype], request.get_data(), repeat_ids, encoding=encoding
        )
    files: dict[str, bytes] = {}
    for file in chain.from_iterable(request.files.listvalues()):
        name = file.filename or "answers.csv"
        if name in files:
            raise UnreadableFileError(reason="doubled_file", file=name)
        files[name] = file.read()
    if request.mimetype != "multipart/form-data" or not files:
        raise UnsupportedMediaType
    if len(files) == 1:
        ((name, content),) = files.items()
        return read_upload(name, content, repeat_ids, encoding=encoding)
    return tables_of_set(files, repeat_ids, encoding)


def report_json(report: ImportReport) -> dict[str, Any]:
    """Return what an import did; raise InvalidFileError when it was refused."""
    if report.is_refused:
        raise InvalidFileError(
            problems=report.problems, more=report.more, unchecked=report.unchecked
        )
    with worded():
        problems, notes = (
            [problem_json(problem) for problem in told] for told in (report.problems, report.notes)
        )
    return {
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "problems": problems,
        "notes": notes,
    }
