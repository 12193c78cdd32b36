"""The shapes of imports and exports."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from app.api.schemas.common import ONE_OF, ProblemSchema, told
from app.files.encodings import ENCODINGS


class ExportQuery(Schema):
    """Which kind of file."""

    format = fields.String(
        load_default="csv",
        validate=OneOf(["csv", "xlsx", "jsonl"], error=ONE_OF),
        metadata=told("`csv` (a zip of files), `xlsx` or `jsonl`."),
    )


class ImportQuery(Schema):
    """How to import."""

    update = fields.Boolean(
        load_default=False,
        metadata=told("Replace answers that differ, by a new revision; else they are refused."),
    )
    good_rows_only = fields.Boolean(
        load_default=False,
        metadata=told("Import the submissions without problems; else any problem refuses all."),
    )


class FileImportQuery(ImportQuery):
    """How to import files."""

    encoding = fields.String(
        load_default="",
        validate=OneOf(["", *ENCODINGS], error=ONE_OF),
        metadata=told("Encoding of CSV files that do not say it themselves; empty: found out."),
    )


class BulkHeaders(Schema):
    """What a bulk call says of itself."""

    key = fields.String(
        data_key="Idempotency-Key",
        required=True,
        validate=Length(1, 255),
        metadata=told(
            "Chosen by the caller, new for each content. A repeated call with the same key does "
            "nothing and is answered alike.",
            example="nr6-africa-1",
        ),
    )


class ImportReportSchema(Schema):
    """What an import did."""

    new = fields.Integer(metadata=told("Submissions that had no answers before."))
    updated = fields.Integer(metadata=told("Submissions that had other answers before."))
    unchanged = fields.Integer(metadata=told("Submissions that had the same answers."))
    skipped = fields.Integer(metadata=told("Submissions left out for their problems."))
    problems = fields.List(
        fields.Nested(ProblemSchema), metadata=told("The problems of those left out.")
    )
    notes = fields.List(
        fields.Nested(ProblemSchema),
        metadata=told("What was left out, or read otherwise than it may seem."),
    )
