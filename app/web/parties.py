"""Parties: who reports, under which names, in which groups since when, and what they submitted."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access import public
from app.errors import NotFoundError
from app.extensions import db
from app.models.base import today
from app.models.membership import parties_on, party_names
from app.models.party import Party, PartyName
from app.services.collections import collection_of
from app.services.overviews import lines_of_party, memberships_of, names_of, statuses_of
from app.web.collection_pages import phase_of
from app.web.forms import form_of
from app.web.locale import language
from app.wording.languages import LANGUAGES

bp = Blueprint("parties", __name__, url_prefix="/parties")

AGREEMENT = "cbd"


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """List the Parties of today in alphabetical order, and apart from them the others we know."""
    session = db.session()
    day = today()
    names = party_names(session, language())
    present = set(parties_on(session, AGREEMENT, day))
    return render_template(
        "parties/index.html",
        today=day,
        present=[(code, name) for code, name in names.items() if code in present],
        others=[(code, name) for code, name in names.items() if code not in present],
    )


@bp.get("/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Show one Party; raise NotFoundError for a code that is none."""
    session = db.session()
    party = session.get(Party, code)
    if party is None:
        raise NotFoundError(what="party", code=code)
    names = names_of(session, code)
    lines = lines_of_party(session, code)
    collections = {line.collection: collection_of(session, line.collection) for line in lines}
    return render_template(
        "parties/show.html",
        party=party,
        name=_name_in(names, language()),
        names=[(LANGUAGES[name.language], name) for name in names],
        statuses=statuses_of(session, code),
        memberships=memberships_of(session, code, language()),
        lines=[
            (line, collections[line.collection], form_of(collections[line.collection]).title)
            for line in lines
        ],
        phases={key: phase_of(collection) for key, collection in collections.items()},
        synthetic=any(collection.is_synthetic for collection in collections.values()),
    )


def _name_in(names: Sequence[PartyName], wished: str) -> str:
    """Return the latest name in a language; *names* hold the latest first."""
    return next(name.name for name in names if name.language == wished)
