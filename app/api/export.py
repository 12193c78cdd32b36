"""Signed answers as files, in the layout that the import reads."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Response
from flask.typing import ResponseReturnValue

from app.access import can, public
from app.api.auth import caller
from app.api.forms import form_asked_for
from app.api.schemas.files import ExportQuery
from app.api.submissions import bp
from app.extensions import db, limiter
from app.files.layout import MAIN, Layout
from app.files.readers import SYNTHETIC, repeat_name
from app.files.rows import files_of
from app.files.writers import json_lines, xlsx_bytes, zip_parts
from app.forms.definition import Audience
from app.models.base import now
from app.models.engine import for_reading
from app.rights import Right
from app.services.collections import collection_of
from app.services.exports import export_tables, seen_by, signed_records

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
    records = signed_records(for_reading(db.engine), collection, form)
    name = f"{code}{SYNTHETIC}" if collection.is_synthetic else code
    if query["format"] == "jsonl":
        lines = json_lines(seen_by(form, records, reader))
        return _file((line.encode() for line in lines), f"{name}.jsonl", LINES)
    if query["format"] == "xlsx":
        content = xlsx_bytes(export_tables(form, records, reader))
        return _file(iter([content]), f"{name}.xlsx", XLSX)
    main = f"{name}.csv"
    names = {
        file: main if file == MAIN else repeat_name(main, file)
        for file in files_of(Layout(form), reader)
    }
    parts = zip_parts(names, lambda: export_tables(form, records, reader), now())
    return _file(parts, f"{name}.zip", ZIP)


def _file(parts: Iterator[bytes], name: str, kind: str) -> Response:
    """Answer with *parts* as they come."""
    response = Response(parts, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
