"""The first page: what Canopy is, what is open, what is published; and whether Canopy is well."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access import public
from app.extensions import db
from app.services.collections import all_collections, is_open
from app.services.jobs import is_worker_alive
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
    """Answer "ok" when the database answers, and say whether a worker is alive; programs ask this.

    Without a worker the pages go on, and mails wait: that is no failure of the web.
    """
    worker = "alive" if is_worker_alive(db.session()) else "not seen in the last minute"
    return Response(f"ok\nworker: {worker}\n", mimetype="text/plain")
