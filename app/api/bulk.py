"""Many submissions in one call: the import of an administrator, marked as such.

The same service as the import of files, from the same command line: matched by Party, checked as
at a sign-off, all or nothing. What is imported as signed is marked as signed elsewhere.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnsupportedMediaType

from app.access import Right, account, has_right
from app.api.forms import form_asked_for
from app.api.idempotency import answer_before, remember
from app.api.ndjson import read_lines
from app.api.problems import problem_json
from app.api.schemas import BulkHeaders, ImportQuery, ImportReportSchema
from app.api.submissions import bp
from app.errors import InvalidFileError
from app.extensions import db
from app.files.layout import Layout
from app.services.collections import collection_of
from app.services.imports import ImportReport, import_records

LINES: Final = ("application/x-ndjson", "application/jsonl")

_LINE: Final = {
    "type": "object",
    "required": ["answers"],
    "properties": {
        "party": {"type": "string", "description": "Whose answers: an ISO 3166-1 alpha-3 code."},
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
    report = import_records(session, collection, layout, records, problems, account(), **query)
    answer = report_json(report)
    remember(session, account(), headers["key"], answer)
    db.session.commit()
    return answer


def report_json(report: ImportReport) -> dict[str, Any]:
    """Return what an import did; raise InvalidFileError when it was refused."""
    if report.is_refused:
        raise InvalidFileError(problems=report.problems)
    return {
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "problems": [problem_json(problem) for problem in report.problems],
        "notes": [problem_json(problem) for problem in report.notes],
    }
