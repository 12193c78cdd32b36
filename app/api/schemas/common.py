"""The shapes of the API: parameters and envelopes. Of answers it knows only that they are JSON.

Descriptions here are the OpenAPI document; `tests/api/test_openapi.py` asks for one per field.
A parameter that may be missing is loaded as an empty text (`load_default=str`): given as a
callable, it does not stand in the document as a value that could be sent.
"""

from datetime import datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _
from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from app.forms.definition import LANGUAGES

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


class Moment(fields.AwareDateTime):
    """A moment in UTC, ending in Z: it can stand in an address as it is."""

    def _serialize(
        self,
        value: datetime | None,
        attr: str | None,
        obj: object,
        **kwargs: Any,  # noqa: ANN401 - marshmallow's
    ) -> str | float | None:
        text = super()._serialize(value, attr, obj, **kwargs)
        return text.replace("+00:00", "Z") if isinstance(text, str) else text


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
    letter = fields.String(metadata=told("Of an import: the column's letter; empty: none."))


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
    more = fields.Integer(metadata=told("Of an import: problems beyond those that are listed."))
    unchecked = fields.Integer(
        metadata=told("Of an import: submissions not looked at, since so much else is wrong.")
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
