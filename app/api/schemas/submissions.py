"""The shapes of collections and submissions. Of answers they know only that they are JSON."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from app.api.schemas.common import (
    HASH,
    ONE_OF,
    PARTY_CODE,
    LanguagePageQuery,
    LanguageQuery,
    Moment,
    ProblemSchema,
    told,
)
from app.forms.definition import LANGUAGES
from app.models.deadlines import Timeliness
from app.workflow import ReviewStatus, Status


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
    due_at = Moment(
        allow_none=True,
        metadata=told("When the due date has ended everywhere on Earth: the last moment on time."),
    )
    grace_days = fields.Integer(metadata=told("Days of grace after the due date; 0: none."))
    grace_ends_at = Moment(allow_none=True, metadata=told("The last moment of the grace period."))
    cut_off_on = fields.Date(allow_none=True, metadata=told("Data cut-off of published tables."))
    closed_at = Moment(allow_none=True, metadata=told("When it was closed, if so."))
    is_open = fields.Boolean(metadata=told("Whether Parties may write today."))
    synthetic = fields.Boolean(metadata=told("Demonstration data: nothing in it is real."))
    asked = fields.Integer(metadata=told("Parties asked: the denominator of every coverage."))
    submitted = fields.Integer(metadata=told("Parties asked with a signed revision that stands."))


class DraftSchema(Schema):
    """The working draft of a submission: its Party's own."""

    status = fields.String(
        metadata=told("Where the draft stands.", enum=["open", "awaiting_sign_off"])
    )
    saved_at = Moment(allow_none=True, metadata=told("When it was last saved."))
    answers = fields.Dict(metadata=told("All answers of the draft, also those not asked now."))
    problems = fields.List(
        fields.Nested(ProblemSchema), metadata=told("What stands between it and a signature.")
    )


class CarriedSchema(Schema):
    """An answer that was taken over from an earlier collection, and signed unchanged."""

    place = fields.String(
        metadata=told("Section, then container and key in turn.", example="targets/acts/a1")
    )
    question = fields.String(metadata=told("Id of the question."))
    collection = fields.String(metadata=told("Code of the earlier collection."))
    signed_at = fields.String(
        metadata=told("When it was signed there.", example="2014-03-31T12:00:00Z")
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
    submitted_at = Moment(
        allow_none=True, metadata=told("When the revision was signed: decides in what it counts.")
    )
    in_time = fields.String(
        allow_none=True,
        metadata=told(
            "Whether the submission came in time: when its first revision since a withdrawal was "
            "signed. Late ones count like the others. Null: nothing signed stands.",
            enum=[*(t.value for t in Timeliness), None],
        ),
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
    carried = fields.List(
        fields.Nested(CarriedSchema),
        metadata=told(
            "With the answers: which of those shown were taken over from an earlier collection "
            "and signed unchanged. All others were given anew."
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
            'repeat: [{"row": id, "answers": {…}}]}`. What is not in it is no longer answered.',
            example={"targets_basis": "aichi_targets"},
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
