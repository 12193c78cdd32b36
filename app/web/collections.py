"""Collections: what is or was open, who was asked, who has submitted."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access import public
from app.extensions import db
from app.models.membership import party_names
from app.models.party import Party
from app.services.collections import all_collections, collection_of
from app.web.collection_pages import overview, own_submissions
from app.web.deadlines import deadline_of
from app.web.locale import language
from app.web.sessions import visitor

bp = Blueprint("collections", __name__, url_prefix="/collections")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """List all collections, the last opened first."""
    session = db.session()
    found = [overview(session, collection) for collection in all_collections(session)]
    is_synthetic = any(each.collection.is_synthetic for each in found)
    return render_template("collections/index.html", found=found, synthetic=is_synthetic)


@bp.get("/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Show one collection: dates, how many have submitted, and who."""
    session = db.session()
    collection = collection_of(session, code)
    account = visitor()
    party = account.party_code if account else None
    own = own_submissions(session, party) if party else []
    shown = overview(session, collection)
    names = party_names(session, language())
    by_party = {line.party: line for line in shown.lines}
    lines = [(name, by_party[code]) for code, name in names.items() if code in by_party]
    return render_template(
        "collections/show.html",
        collection=collection,
        overview=shown,
        deadline=deadline_of(collection, session.get(Party, party) if party else None),
        own=next((each for each in own if each.submission.collection_code == code), None),
        submitted=[(name, line) for name, line in lines if line.signed_at],
        withdrawn=[(name, line) for name, line in lines if line.is_withdrawn],
        silent=[name for name, line in lines if not line.signed_at and not line.is_withdrawn],
    )
