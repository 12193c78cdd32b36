"""The shapes of reports and their tables."""

from marshmallow import EXCLUDE, Schema, fields
from marshmallow.validate import OneOf

from app.api.schemas.common import ONE_OF, LanguageQuery, told


class ReportSchema(Schema):
    """One report, as a list says it."""

    agreement = fields.String(metadata=told("Agreement that it is about.", example="cbd"))
    report = fields.String(metadata=told("Id of the report.", example="aichi-progress"))
    title = fields.String(metadata=told("Title, in that language."))
    language = fields.String(metadata=told("Language of the texts given.", example="en"))


class ParamChoiceSchema(Schema):
    """One value that a parameter may have."""

    code = fields.String(metadata=told("What to put into the address.", example="aichi-11"))
    label = fields.String(metadata=told("What it means."))


class ParamSchema(Schema):
    """One thing to choose about a table."""

    name = fields.String(metadata=told("Name of the parameter.", example="target"))
    label = fields.String(metadata=told("What it chooses."))
    default = fields.String(metadata=told("Its value when it is not given."))
    choices = fields.List(
        fields.Nested(ParamChoiceSchema), metadata=told("All values that it may have.")
    )


class TableHeadSchema(Schema):
    """One table of a report, not computed."""

    id = fields.String(metadata=told("Id of the table.", example="progress-by-region"))
    title = fields.String(metadata=told("Title, in the language asked for."))
    intro = fields.String(metadata=told("What it shows."))
    measure = fields.String(metadata=told("Kind of table.", example="distribution"))
    params = fields.List(
        fields.Nested(ParamSchema),
        metadata=told("What can be chosen, beside `collection`, `as_of` and `members_on`."),
    )


class ReportDefinitionSchema(ReportSchema):
    """A report with its tables."""

    intro = fields.String(metadata=told("What it is about."))
    form = fields.String(metadata=told("Form whose answers it counts.", example="aichi-progress"))
    form_versions = fields.List(fields.Integer(), metadata=told("Versions that it can read."))
    collections = fields.List(fields.String(), metadata=told("Collections that it can read."))
    tables = fields.List(fields.Nested(TableHeadSchema), metadata=told("Its tables."))


class TableQuery(LanguageQuery):
    """What to compute a table of. A table has some of the parameters; the report says which."""

    class Meta:
        """The table itself refuses a parameter that it does not have."""

        unknown = EXCLUDE

    collection = fields.String(
        required=True, metadata=told("Code of the collection.", example="nr6")
    )
    target = fields.String(metadata=told("Target of a table on one target.", example="aichi-11"))
    unit = fields.String(metadata=told("What is counted: `parties` or `assessments`."))
    by = fields.String(metadata=told("Scheme of the groups in rows.", example="cbd_region"))
    group = fields.String(
        metadata=told("Count this group alone: `scheme:code`, or `world`.", example="ldc:LDC")
    )
    reviewed = fields.String(metadata=told("`reviewed` counts reviewed revisions alone; or `all`."))
    as_of = fields.String(
        metadata=told(
            "Data cut-off: a moment, or a day in UTC, which is counted with. Default: that of the "
            "collection once it is past, else now.",
            example="2020-12-31",
        )
    )
    members_on = fields.String(
        metadata=told("Day of membership in groups. Default: the due date, else the cut-off.")
    )
    format = fields.String(
        load_default=str,
        validate=OneOf(["json", "csv"], error=ONE_OF),
        metadata=told("`json` or `csv`; else `Accept` decides, else JSON."),
    )


class ColumnSchema(Schema):
    """One column of a table."""

    id = fields.String(metadata=told("Key in each row.", example="on_track"))
    label = fields.String(metadata=told("Heading, in the language asked for."))
    kind = fields.String(
        metadata=told("What stands there.", enum=["code", "label", "count", "share"])
    )
    unit = fields.String(metadata=told("Of a count: what is counted; of a share: `percent`."))


class ChartLinksSchema(Schema):
    """Where the chart of a table is. `show` in either address chooses other figures of it."""

    svg = fields.String(metadata=told("Address of the chart as SVG.", format="uri-reference"))
    png = fields.String(metadata=told("Address of the chart as PNG.", format="uri-reference"))


class TableSchema(Schema):
    """A computed table."""

    report = fields.String(metadata=told("The report.", example="cbd/aichi-progress"))
    table = fields.String(metadata=told("Id of the table."))
    collection = fields.String(metadata=told("Code of the collection."))
    params = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata=told("The parameters as used, with defaults filled in."),
    )
    as_of = fields.String(metadata=told("Data cut-off.", format="date-time"))
    members_on = fields.String(metadata=told("Day of membership.", format="date"))
    synthetic = fields.Boolean(metadata=told("Demonstration data: nothing in it is real."))
    columns = fields.List(fields.Nested(ColumnSchema), metadata=told("The columns, in order."))
    rows = fields.List(
        fields.Dict(), metadata=told("The rows: a value or null for the id of each column.")
    )
    notes = fields.List(fields.String(), metadata=told("Method, membership and what to beware of."))
    chart = fields.Nested(
        ChartLinksSchema,
        allow_none=True,
        metadata=told("Its chart, as chosen; null where the report names none."),
    )
