"""The first page: what Canopy is, what is open, what is published; and whether Canopy is well."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.access import public
from app.extensions import db
from app.services.collections import all_collections, is_open
from app.web.collection_pages import overview, own_submissions
from app.web.sessions import visitor

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show each kind of visitor where to go; a Party first what is open for it."""
    session = db.session()
    account = visitor()
    party = account.party_code if account else None
    every = [overview(session, collection) for collection in all_collections(session)]
    return render_template(
        "home/index.html",
        is_national=party is not None,
        own=own_submissions(session, party) if party else [],
        opened=[found for found in every if is_open(found.collection)],
        published=[found for found in every if found.counts.submitted],
        synthetic=any(found.collection.is_synthetic for found in every),
    )


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Answer "ok" when the database answers; programs ask this."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
