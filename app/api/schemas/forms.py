"""The shapes of forms and codebooks."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from app.api.schemas.common import ONE_OF, LanguageQuery, told
from app.forms.definition import Audience


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
            "that is added); loops and repeats hold `elements` again. A question of a matrix has "
            "its `matrix` and its `item`. Rules (`relevant`, "
            "`required`, `rule`) stand in the notation of the form's file."
        ),
    )


class VariableSchema(Schema):
    """One column of the flat files."""

    file = fields.String(metadata=told("Empty for the main file, else the repeat's id."))
    column = fields.String(metadata=told("Name of the column.", example="progress"))
    container = fields.String(metadata=told("Matrix, loop or repeat that it stands in."))
    item = fields.String(metadata=told("Item of the matrix or loop."))
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
