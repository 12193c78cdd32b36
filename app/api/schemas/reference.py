"""The shapes of Parties and targets."""

from marshmallow import Schema, fields

from app.api.schemas.common import PARTY_CODE, LanguagePageQuery, told


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
