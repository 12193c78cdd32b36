"""Who reports, and what on: Parties with their groups as of a day, and targets."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import fields
from sqlalchemy import select

from app.access import public
from app.api.blueprint import Blueprint
from app.api.locale import language
from app.api.paging import page_of
from app.api.schemas.common import LanguagePageQuery, told
from app.api.schemas.common import page_of as page_schema
from app.api.schemas.reference import PartiesQuery, PartySchema, TargetSchema
from app.extensions import db
from app.models.base import today
from app.models.membership import members, parties_on, party_names
from app.models.party import Group, Party, Target, TargetName

bp = Blueprint("parties", "Parties and targets", "Reference data: dated, in six languages.")

PartiesPage = page_schema(
    PartySchema, "PartiesPage", on=fields.Date(metadata=told("Day of membership."))
)
TargetsPage = page_schema(TargetSchema, "TargetsPage")

REGION = "cbd_region"


@bp.operation("/parties", PartiesPage, query=PartiesQuery)
@public
def parties(query: Mapping[str, Any]) -> ResponseReturnValue:
    """List the Parties to an agreement on a day.

    With their names and groups on that day, in order of code. Membership whose dates are not known
    holds on every day.
    """
    session = db.session()
    day = query["on"] or today()
    codes = parties_on(session, query["agreement"], day)
    page = page_of(codes, lambda code: [code], limit=query["limit"], cursor=query["cursor"])
    names = party_names(session, language(), day)
    rows = {party.code: party for party in session.scalars(select(Party))}
    schemes = session.scalars(select(Group.scheme).distinct().order_by(Group.scheme)).all()
    groups = {scheme: members(session, scheme, day) for scheme in schemes}

    def told_of(code: str) -> dict[str, Any]:
        own = {scheme: list(of[code]) for scheme, of in groups.items() if code in of}
        region = own.get(REGION, [None])[0]
        return {
            "code": code,
            "iso_alpha2": rows[code].iso_alpha2,
            "m49": rows[code].m49,
            "name": names.get(code, code),
            "region": region,
            "groups": own,
        }

    return {**page, "items": [told_of(code) for code in page["items"]], "on": day}


@bp.operation("/targets", TargetsPage, query=LanguagePageQuery)
@public
def targets(query: Mapping[str, Any]) -> ResponseReturnValue:
    """List the targets that Parties report on."""
    found = db.session.execute(
        select(Target, TargetName)
        .join(TargetName, TargetName.code == Target.code)
        .where(TargetName.language == language())
        .order_by(Target.code)
    )
    page = page_of(
        found.all(),
        lambda row: [row[0].code],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    items = [
        {
            "code": target.code,
            "framework": target.framework,
            "number": target.position,
            "goal": target.goal,
            "due_year": target.due_year,
            "name": name.name,
            "name_is_official": name.is_official,
        }
        for target, name in page["items"]
    ]
    return {**page, "items": items}
