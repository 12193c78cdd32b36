"""The first page: what Canopy is, what is open, what is published; and whether Canopy is well."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access import public
from app.extensions import db
from app.models.account import Account, Role
from app.models.membership import party_names
from app.models.partner import PartnerGrant
from app.services.collections import all_collections, is_open
from app.services.jobs import is_worker_alive
from app.services.partners import grants_of
from app.web.collection_pages import overview, own_submissions
from app.web.forms import form_of
from app.web.locale import language
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
        is_partner=account is not None and account.role is Role.PARTNER,
        invited=_invited(account),
        own=own_submissions(session, party) if party else [],
        opened=[found for found in every if is_open(found.collection)],
        published=[found for found in every if found.counts.submitted],
        synthetic=any(found.collection.is_synthetic for found in every),
    )


def _invited(account: Account | None) -> list[tuple[PartnerGrant, str, str, list[str]]]:
    """Return what a partner institution is invited to: with Party, title and sections."""
    if account is None or account.role is not Role.PARTNER:
        return []
    names = party_names(db.session(), language())
    found = []
    for grant in grants_of(db.session(), account):
        collection = grant.submission.collection if grant.submission else grant.collection
        form = form_of(collection) if collection else None
        titles = {section.id: section.title for section in form.sections} if form else {}
        party = names.get(grant.submission.party_code, "") if grant.submission else ""
        sections = [titles.get(each, each) for each in grant.sections]
        found.append((grant, party, form.title if form else "", sections))
    return found


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Answer "ok" when the database answers, and say whether a worker is alive; programs ask this.

    Without a worker the pages go on, and mails wait: that is no failure of the web.
    """
    worker = "alive" if is_worker_alive(db.session()) else "not seen in the last minute"
    return Response(f"ok\nworker: {worker}\n", mimetype="text/plain")
