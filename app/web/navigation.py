"""The main navigation: where a visitor may go from every page."""

from typing import Final, NamedTuple

from flask import Flask, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.access import account, can
from app.rights import Right

# Pages that stand in a part of the navigation which another blueprint opens.
_WITHIN: Final = {
    "queries": "review",
    "reminders": "review",
    "sources": "review",
    "partners_admin": "accounts_admin",
    "on_behalf": "review",
}


class Entry(NamedTuple):
    """One entry of the navigation: the page it leads to, and whether we are in that part."""

    label: LazyString
    address: str
    is_current: bool
    is_here: bool


def init_app(app: Flask) -> None:
    """Let the layout ask for the entries."""
    app.context_processor(lambda: {"navigation": navigation})


def navigation() -> list[Entry]:
    """Return the entries for whoever asks, in their order."""
    parts: list[tuple[LazyString, str]] = [
        (_("Home"), "home.index"),
        (_("Collections"), "collections.index"),
        (_("Results"), "results.index"),
        (_("Parties"), "parties.index"),
    ]
    if can(Right.READ_REVIEW_QUEUE):
        parts.append((_("Review"), "review.index"))
    if can(Right.READ_FORMS):
        parts.append((_("Forms"), "forms_admin.index"))
    if can(Right.READ_TEXTS):
        parts.append((_("Texts"), "texts.index"))
    if can(Right.MANAGE_LISTS):
        parts.append((_("Lists"), "lists.index"))
    if can(Right.IMPORT_ANSWERS):
        parts.append((_("Import"), "imports.index"))
    if can(Right.MANAGE_ACCOUNTS):
        parts.append((_("Accounts"), "accounts_admin.index"))
    if can(Right.MANAGE_JOBS):
        parts.append((_("Jobs and mails"), "jobs_admin.index"))
    if can(Right.READ_PEOPLE):
        return [*(_entry(*part) for part in parts), _people()]
    return [_entry(label, endpoint) for label, endpoint in parts]


def _people() -> Entry:
    """Return the entry for the people of one's own Party: other Parties' pages are none of it."""
    code = account().party_code
    is_in = request.blueprint == "people" and (request.view_args or {}).get("code") == code
    address = url_for("people.index", code=code)
    return Entry(_("People"), address, is_in, is_in and request.endpoint == "people.index")


def _entry(label: LazyString, endpoint: str) -> Entry:
    blueprint = endpoint.split(".", maxsplit=1)[0]
    is_here = request.endpoint == endpoint
    here = _WITHIN.get(request.blueprint or "", request.blueprint)
    return Entry(label, url_for(endpoint), here == blueprint, is_here)
