"""What is open, or was: collections."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.access import public
from app.api.blueprint import Blueprint
from app.api.forms import form_asked_for
from app.api.paging import page_of
from app.api.schemas.common import LanguagePageQuery, LanguageQuery
from app.api.schemas.common import page_of as page_schema
from app.api.schemas.submissions import CollectionSchema
from app.extensions import db
from app.models.collection import Collection
from app.models.deadlines import due_at, grace_ends_at
from app.services.collections import all_collections, collection_of, is_open
from app.services.overviews import count, lines_of_collection

bp = Blueprint("collections", "Collections", "Which version of which form was opened, to whom.")

CollectionsPage = page_schema(CollectionSchema, "CollectionsPage")


@bp.operation("/collections", CollectionsPage, query=LanguagePageQuery)
@public
def list_collections(query: Mapping[str, Any]) -> ResponseReturnValue:
    """List the collections, open and closed, in order of code."""
    session = db.session()
    page = page_of(
        sorted(all_collections(session), key=lambda collection: collection.code),
        lambda collection: [collection.code],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {**page, "items": [_told(collection) for collection in page["items"]]}


@bp.operation("/collections/<code>", CollectionSchema, query=LanguageQuery, errors=[404])
@public
def show_collection(_query: Mapping[str, Any], *, code: str) -> ResponseReturnValue:
    """Give one collection, with how many were asked and how many have submitted."""
    return _told(collection_of(db.session(), code))


def _told(collection: Collection) -> dict[str, Any]:
    counts = count(lines_of_collection(db.session(), collection.code))
    return {
        "code": collection.code,
        "agreement": collection.agreement,
        "form": collection.form,
        "form_version": collection.form_version,
        "title": form_asked_for(collection.form, collection.form_version).title,
        "kind": collection.kind.value,
        "opens_on": collection.opens_on,
        "due_on": collection.due_on,
        "due_at": due_at(collection),
        "grace_days": collection.grace_days,
        "grace_ends_at": grace_ends_at(collection),
        "cut_off_on": collection.cut_off_on,
        "closed_at": collection.closed_at,
        "is_open": is_open(collection),
        "synthetic": collection.is_synthetic,
        "asked": counts.asked,
        "submitted": counts.submitted,
    }
