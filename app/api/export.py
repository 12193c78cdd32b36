"""Signed answers as files, in the layout that the import reads."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from flask import Response
from flask.typing import ResponseReturnValue

from app.access import Right, can, public
from app.api.auth import caller
from app.api.forms import form_asked_for
from app.api.schemas.files import ExportQuery
from app.api.submissions import bp
from app.extensions import db, limiter
from app.files.layout import MAIN
from app.files.readers import SYNTHETIC, repeat_name
from app.files.record import Table
from app.files.writers import csv_text, json_lines, xlsx_bytes
from app.forms.definition import Audience
from app.services.collections import collection_of
from app.services.exports import export_records, export_tables, seen_by
from app.workflow import Status

EXPORTS: Final = "30 per minute"  # each takes a second or more

ZIP: Final = "application/zip"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES: Final = "application/x-ndjson"


@bp.operation(
    "/collections/<code>/export", query=ExportQuery, also=[ZIP, XLSX, LINES], errors=[404]
)
@public
@limiter.limit(EXPORTS, key_func=caller)
def export(query: Mapping[str, Any], *, code: str) -> ResponseReturnValue:
    """Give the signed answers of a collection as files, a row or line for each submission.

    Only what is signed and stands, and only answers that the caller may see. `csv` is a zip of the
    main file and a file for each repeat. Files of synthetic data say so in their names.
    """
    collection = collection_of(db.session(), code)
    form = form_asked_for(collection.form, collection.form_version)
    reader = Audience.SECRETARIAT if can(Right.READ_REVIEW_QUEUE) else Audience.PUBLIC
    records = export_records(db.session(), collection, form, with_drafts=False)
    for record in records:
        record.status = Status.SUBMITTED.value  # whether it is being revised is the Party's
    name = f"{code}{SYNTHETIC}" if collection.is_synthetic else code
    if query["format"] == "jsonl":
        return _file(json_lines(seen_by(form, records, reader)), f"{name}.jsonl", LINES)
    tables = export_tables(form, records, reader)
    if query["format"] == "xlsx":
        return _file(xlsx_bytes(tables), f"{name}.xlsx", XLSX)
    return _file(_zipped(tables, f"{name}.csv"), f"{name}.zip", ZIP)


def _zipped(tables: Mapping[str, Table], main: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for file, table in tables.items():
            packed.writestr(main if file == MAIN else repeat_name(main, file), csv_text(table))
    return content.getvalue()


def _file(content: Any, name: str, kind: str) -> Response:  # noqa: ANN401 - bytes or parts
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
