"""Where the pages of a draft lead: up, on, to the same page again, back to where one came from."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request, url_for

from app.extensions import db
from app.forms.definition import Form
from app.forms.places import Place, parse_place
from app.models.submission import Submission
from app.services.draft_reading import DraftReader
from app.web.carrying import anchor_after
from app.web.draft_lists import part_wished, part_with, parts_shown
from app.web.draft_pages import DraftPage, Grid, Listing, list_anchor, next_section, trail
from app.web.fields import anchor_of
from app.web.forms import form_of
from app.web.saving import MOVES
from app.web.titles import shortened


def steps_to(
    submission: Submission, form: Form, document: Mapping[str, Any], here: Place
) -> list[tuple[str, str]]:
    """Return the way up from a page: the submission, its section, the rows around."""
    home = url_for("submissions.show", submission_id=submission.id)
    around = [
        (shortened(t.text), address_of(submission, place))
        for t, place in trail(form, document, here)
    ]
    return [(form.title, home), *around]


def onwards_from(submission: Submission, form: Form, here: Place) -> str:
    """Return where to go from a page that is done: back to the list, or on to the next section."""
    if here.steps:
        return list_address(submission, here)
    following = next_section(form, _reader(submission, form).for_sections(), here)
    if following is not None:
        return address_of(submission, following)
    return url_for("signing.check", submission_id=submission.id)


def address_of(
    submission: Submission,
    place: Place | str,
    anchor: str = "",
    back: Place | None = None,
    query: Mapping[str, str] | None = None,
) -> str:
    """Return the address of the page of *place*; *back* is where its visitor came from."""
    values: dict[str, Any] = {name: value for name, value in (query or {}).items() if value}
    if back is not None:
        values["from"] = str(back)
    values |= {"submission_id": submission.id, "place": str(place), "_anchor": anchor or None}
    return url_for("entry.show", **values)


def again_at(submission: Submission, here: Place, anchor: str = "", new: Iterable[str] = ()) -> str:
    """Return the address of the same page, which still knows where the visitor came from.

    new   ids of the questions to be marked as new
    """
    shown = parts_shown(request.form)
    new_ones = ",".join(sorted(new))
    return address_of(submission, here, anchor, wished_back(here), shown | {"new": new_ones})


def list_address(submission: Submission, here: Place) -> str:
    """Return where an item or row stands in the list that the visitor came from."""
    parent, back = here.parent or here, wished_back(here)
    reader = _reader(submission, form_of(submission.collection))
    part = part_with(reader, here) if back in (None, parent) else {}
    return address_of(submission, back or parent, list_anchor(here), query=part)


def wished_back(here: Place) -> Place | None:
    """Return the page around *here* that the visitor came from, if it is known and true."""
    wished = request.values.get("from", "")
    around = here.parent
    while around is not None and str(around) != wished:
        around = around.parent
    return around


def first_new(page: DraftPage, new: frozenset[str]) -> str:
    """Return the anchor of the first block that has only just appeared."""
    for block in page.blocks:
        if isinstance(block, Listing):
            if block.container.id in new:
                return block.anchor
        elif (block.ids if isinstance(block, Grid) else {block.question.id}) & new:
            return anchor_of(block.question.id)
    return "main"


def elsewhere(submission: Submission, here: Place, verb: str, rest: str) -> str:
    """Return the address that a button leads to whatever is on its page; empty if it does not."""
    if verb == "undo":
        return url_for("draft_history.ask_to_take_back", submission_id=submission.id)
    if verb == "go":
        return address_of(submission, rest, back=here)
    if verb in MOVES:
        row = parse_place(rest.partition(":")[0])
        return again_at(submission, here, list_anchor(row))
    if anchor := anchor_after(submission, here):
        return again_at(submission, here, anchor)
    if part := part_wished(verb, rest, request.form):
        anchor = list_anchor(here, part.container)
        return address_of(submission, here, anchor, wished_back(here), part.query)
    return ""


def _reader(submission: Submission, form: Form) -> DraftReader:
    return DraftReader(db.session(), submission.id, form)
