"""The shapes of the API: parameters and envelopes. Of answers it knows only that they are JSON.

Descriptions here are the OpenAPI document; `tests/api/test_openapi.py` asks for one per field.
A parameter that may be missing is loaded as an empty text (`load_default=str`): given as a
callable, it does not stand in the document as a value that could be sent.
"""

from typing import Any, Final

from flask_babel import lazy_gettext as _
from marshmallow import EXCLUDE, Schema, fields
from marshmallow.validate import Length, OneOf, Range

from app.forms.definition import LANGUAGES, Audience
from app.workflow import ReviewStatus, Status

LARGEST_PAGE: Final = 500
USUAL_PAGE: Final = 100

# Advice on a parameter; marshmallow puts in the choices and limits.
ONE_OF: Final = _("Use one of these: {choices}.")
IN_RANGE: Final = _("Use a number from {min} to {max}.")

PARTY_CODE: Final = "ISO 3166-1 alpha-3; EUR is the European Union"
HASH: Final = "SHA-256 over the hash before it, LF and the canonical JSON (RFC 8785) of the answers"

# Parts of addresses.
PATH: Final = {
    "agreement": "Agreement, such as `cbd`.",
    "code": "Code of the collection, such as `nr6`.",
    "form": "Id of the form, such as `aichi-progress`.",
    "party": f"{PARTY_CODE}.",
    "report": "Id of the report, such as `aichi-progress`.",
    "table": "Id of the table, as the report lists it.",
    "version": "Version of the form, from 1.",
}


def told(description: str, **more: object) -> dict[str, object]:
    """Return the metadata of a field: what it is, and perhaps an `example`."""
    return {"description": description, **more}


def page_of(item: type[Schema], name: str, **more: fields.Field[Any]) -> type[Schema]:
    """Return the schema of a list in parts."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), metadata=told("This part of the list.")),
            "next": fields.String(
                allow_none=True,
                metadata=told("The `cursor` of the next part; null when this is the last."),
            ),
            **more,
        },
        name=name,
    )


class ProblemSchema(Schema):
    """One thing that is wrong, and where."""

    code = fields.String(metadata=told("Stable name of what is wrong.", example="not_a_choice"))
    message = fields.String(metadata=told("What to do about it, in the language asked for."))
    severity = fields.String(
        metadata=told(
            "`problem` blocks signing, `warning` until it is explained, `note` informs.",
            enum=["problem", "warning", "note"],
        )
    )
    place = fields.String(
        metadata=told(
            "Section, then container and item or row in turn; or what of the call is wrong.",
            example="targets/national_targets/0190f1f2",
        )
    )
    question = fields.String(metadata=told("Id of the question, empty for none in particular."))
    check = fields.String(metadata=told("Id of the form's check that does not hold, or empty."))
    file = fields.String(metadata=told("Of an import: which file of the set."))
    row = fields.Integer(
        metadata=told("Of an import: row or line, from 1, a header being 1; 0: the whole file.")
    )
    column = fields.String(metadata=told("Of an import: column or member; empty: the row."))


class ProblemDetailsSchema(Schema):
    """An error, as RFC 9457 has it."""

    type = fields.String(metadata=told("Address of what `code` means."))
    title = fields.String(metadata=told("The error in few words."))
    status = fields.Integer(metadata=told("The HTTP status."))
    detail = fields.String(metadata=told("What happened this time, and what to do."))
    code = fields.String(metadata=told("Stable name of the error.", example="not_found"))
    problems = fields.List(
        fields.Nested(ProblemSchema), metadata=told("Every single thing that is wrong, if several.")
    )


class LanguageQuery(Schema):
    """The language of what is worded."""

    lang = fields.String(
        load_default=str,
        validate=OneOf(LANGUAGES, error=ONE_OF),
        metadata=told("Language of texts; else `Accept-Language` decides, else English."),
    )


class PageQuery(Schema):
    """Which part of a list."""

    limit = fields.Integer(
        load_default=USUAL_PAGE,
        validate=Range(1, LARGEST_PAGE, error=IN_RANGE),
        metadata=told("How many items at most."),
    )
    cursor = fields.String(
        load_default=str, metadata=told("`next` of the part before; without it, from the start.")
    )


class LanguagePageQuery(LanguageQuery, PageQuery):
    """Which part of a list, in which language."""


class CodebookQuery(LanguageQuery):
    """How the codebook is wanted."""

    format = fields.String(
        load_default=str,
        validate=OneOf(["json", "csv"], error=ONE_OF),
        metadata=told("`json` or `csv`; else `Accept` decides, else JSON."),
    )


class FormSchema(Schema):
    """One version of a form, as a list says it."""

    agreement = fields.String(metadata=told("Agreement that it serves.", example="cbd"))
    form = fields.String(metadata=told("Id of the form.", example="aichi-progress"))
    version = fields.Integer(metadata=told("Version; its structure never changes.", example=1))
    wording = fields.Integer(metadata=told("Number of the wording; 0: not published yet."))
    published = fields.Boolean(metadata=told("Whether its structure is frozen."))
    language = fields.String(metadata=told("Language of the texts given.", example="en"))
    languages = fields.List(fields.String(), metadata=told("Languages that it is complete in."))
    title = fields.String(metadata=told("Title, in that language."))


class FormDefinitionSchema(FormSchema):
    """A form with all its questions."""

    intro = fields.String(metadata=told("Text before the first section."))
    workflow = fields.String(metadata=told("Which workflow it follows.", example="national"))
    sections = fields.List(
        fields.Dict(),
        metadata=told(
            "Sections with their `elements`, in the order asked. An element has a `kind`: "
            "`question`, `loop` (asked for each of its `items`) or `repeat` (asked for each row "
            "that is added); loops and repeats hold `elements` again. Rules (`relevant`, "
            "`required`, `rule`) stand in the notation of the form's file."
        ),
    )


class VariableSchema(Schema):
    """One column of the flat files."""

    file = fields.String(metadata=told("Empty for the main file, else the repeat's id."))
    column = fields.String(metadata=told("Name of the column.", example="progress"))
    container = fields.String(metadata=told("Loop or repeat that the question stands in."))
    item = fields.String(metadata=told("Item of the loop."))
    question = fields.String(metadata=told("Id of the question."))
    type = fields.String(metadata=told("Type of the question; `key` for what names the row."))
    unit = fields.String(metadata=told("UCUM code of the unit."))
    codes = fields.List(
        fields.Dict(), metadata=told("Choices: what may stand there, as `code` and `label`.")
    )
    label = fields.String(metadata=told("The question."))
    hint = fields.String(metadata=told("The help under it."))
    is_required = fields.Boolean(metadata=told("Whether it must always be answered."))
    has_language = fields.Boolean(metadata=told("Whether the text has a language of its own."))
    audience = fields.String(
        metadata=told("Who may see it.", enum=[audience.value for audience in Audience])
    )
    source = fields.String(metadata=told("Key of the same field in the clearing-house."))
    provisional = fields.Boolean(metadata=told("Worded by us, to be checked with the decision."))
    note = fields.String(metadata=told("What else to know of the column."))


class CodebookSchema(Schema):
    """Every column of a form's flat files."""

    form = fields.String(metadata=told("Id of the form."))
    version = fields.Integer(metadata=told("Its version."))
    language = fields.String(metadata=told("Language of labels and hints."))
    variables = fields.List(
        fields.Nested(VariableSchema), metadata=told("The columns, in the order of the files.")
    )


class CollectionSchema(Schema):
    """One opening of a version of a form."""

    code = fields.String(metadata=told("Code of the collection.", example="nr6"))
    agreement = fields.String(metadata=told("Agreement that the form serves.", example="cbd"))
    form = fields.String(metadata=told("Form.", example="aichi-progress"))
    form_version = fields.Integer(metadata=told("Version of the form.", example=1))
    title = fields.String(metadata=told("Title of the form, in the language asked for."))
    kind = fields.String(metadata=told("Which workflow it follows.", example="national"))
    opens_on = fields.Date(metadata=told("First day on which Parties may write."))
    due_on = fields.Date(allow_none=True, metadata=told("Day it is due; closes nothing."))
    cut_off_on = fields.Date(allow_none=True, metadata=told("Data cut-off of published tables."))
    closed_at = fields.AwareDateTime(allow_none=True, metadata=told("When it was closed, if so."))
    is_open = fields.Boolean(metadata=told("Whether Parties may write today."))
    synthetic = fields.Boolean(metadata=told("Demonstration data: nothing in it is real."))
    asked = fields.Integer(metadata=told("Parties asked: the denominator of every coverage."))
    submitted = fields.Integer(metadata=told("Parties asked with a signed revision that stands."))


class DraftSchema(Schema):
    """The working draft of a submission: its Party's own."""

    status = fields.String(
        metadata=told("Where the draft stands.", enum=["open", "awaiting_sign_off"])
    )
    saved_at = fields.AwareDateTime(allow_none=True, metadata=told("When it was last saved."))
    answers = fields.Dict(metadata=told("All answers of the draft, also those not asked now."))
    problems = fields.List(
        fields.Nested(ProblemSchema), metadata=told("What stands between it and a signature.")
    )


class SubmissionSchema(Schema):
    """What one Party sends in one collection, and where it stands."""

    id = fields.String(metadata=told("Id of the submission."))
    collection = fields.String(metadata=told("Code of the collection."))
    form = fields.String(metadata=told("Form that was asked."))
    form_version = fields.Integer(metadata=told("Its version."))
    party = fields.String(metadata=told(PARTY_CODE, example="KEN"))
    in_denominator = fields.Boolean(metadata=told("False if asked without being a Party."))
    status = fields.String(
        metadata=told(
            "Where it stands. To others than its Party it is not told whether there is a working "
            "draft: `draft` means that nothing is signed, `submitted` that a revision stands.",
            enum=[status.value for status in Status],
        )
    )
    submitted_at = fields.AwareDateTime(
        allow_none=True, metadata=told("When the revision was signed: decides in what it counts.")
    )
    revision = fields.Integer(
        allow_none=True, metadata=told("Number of the signed revision; null: none stands.")
    )
    hash = fields.String(allow_none=True, metadata=told(HASH))
    previous_hash = fields.String(
        allow_none=True, metadata=told("The hash before it; of a first revision, its seed.")
    )
    language = fields.String(allow_none=True, metadata=told("Language of writing."))
    wording = fields.Integer(
        allow_none=True, metadata=told("Number of the form's wording that was shown.")
    )
    is_signed_elsewhere = fields.Boolean(
        metadata=told("True if imported as signed elsewhere, false if signed here.")
    )
    review_status = fields.String(
        allow_none=True,
        metadata=told("The Secretariat's reading.", enum=[*(r.value for r in ReviewStatus), None]),
    )
    synthetic = fields.Boolean(metadata=told("Demonstration data: nothing in it is real."))
    answers = fields.Dict(
        allow_none=True,
        metadata=told(
            "The signed answers that the caller may see; null when nothing signed stands. "
            "The hash is over all answers, also those not shown."
        ),
    )
    draft = fields.Nested(DraftSchema, metadata=told("Only with `draft=true`, and its Party's."))


class AsOfQuery(Schema):
    """The moment to look back to."""

    as_of = fields.String(
        load_default=str,
        metadata=told(
            "Data cut-off: give the revisions that counted then. A moment, or a day in UTC, which "
            "is counted with. Default now.",
            example="2020-12-31",
        ),
    )


class SubmissionsQuery(LanguagePageQuery, AsOfQuery):
    """Which submissions, and how much of each."""

    answers = fields.Boolean(
        load_default=False, metadata=told("Whether to give the signed answers as well.")
    )


class SubmissionQuery(LanguageQuery, AsOfQuery):
    """How much of one submission."""

    draft = fields.Boolean(
        load_default=False, metadata=told("Whether to give the working draft as well.")
    )


class AnswersSchema(Schema):
    """All answers of a draft."""

    answers = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata=told(
            "The whole document: `{question: answer, loop: {item: {question: answer}}, "
            'repeat: [{"row": id, "answers": {…}}]}`. What is not in it is no longer answered.'
        ),
    )
    language = fields.String(
        load_default=str,
        validate=OneOf(LANGUAGES, error=ONE_OF),
        metadata=told("Language in which the Party writes; without it, as before."),
    )


class WrittenSchema(Schema):
    """What is wrong in a draft that was saved."""

    submission = fields.Nested(SubmissionSchema, metadata=told("Where the submission stands."))
    problems = fields.List(
        fields.Nested(ProblemSchema), metadata=told("What stands between it and a signature.")
    )


class NoteSchema(Schema):
    """A word on what was done."""

    note = fields.String(
        load_default=str, validate=Length(max=10_000), metadata=told("A word to the Party's own.")
    )


class PartySchema(Schema):
    """Who reports."""

    code = fields.String(metadata=told(PARTY_CODE, example="KEN"))
    iso_alpha2 = fields.String(metadata=told("ISO 3166-1 alpha-2.", example="KE"))
    m49 = fields.String(metadata=told("UN M49 with leading zeros; empty for the European Union."))
    name = fields.String(metadata=told("UN short name on the day, in the language asked for."))
    region = fields.String(
        allow_none=True, metadata=told("Region of the Convention (`cbd_region`).", example="AFR")
    )
    groups = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata=told(
            "Codes of the groups it belongs to on the day, by scheme.",
            example={"cbd_region": ["AFR"], "ldc": ["LDC"]},
        ),
    )


class PartiesQuery(LanguagePageQuery):
    """Whose Parties, on which day."""

    on = fields.Date(
        load_default=lambda: None, metadata=told("Day of membership; default today, UTC.")
    )
    agreement = fields.String(
        load_default="cbd", metadata=told("Agreement to which they are Parties.")
    )


class TargetSchema(Schema):
    """A target that Parties report on."""

    code = fields.String(metadata=told("Code of the target.", example="aichi-11"))
    framework = fields.String(metadata=told("Where it comes from.", example="aichi"))
    number = fields.Integer(metadata=told("Its number there.", example=11))
    goal = fields.String(metadata=told("Strategic goal that it stands under.", example="C"))
    due_year = fields.Integer(metadata=told("Year in which it was due.", example=2020))
    name = fields.String(metadata=told("Short title, in the language asked for."))
    name_is_official = fields.Boolean(metadata=told("False where the wording is a translation."))


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
            "Data cut-off: a moment, or a day in UTC, which is counted with. Default now.",
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
        metadata=told("Answers left out of what was signed, because they are not asked."),
    )
