"""The holder's side of a proposal: what is typed becomes suggestions, and changes no draft.

A page carries the version of the draft and of the proposal that it shows, so that an old page of
the same holder undoes nothing. Of two texts for one answer from two pages, one asks; both are kept.

A suggestion is never changed: a newer one takes its place. It keeps the answer of the draft that
its holder saw first, so that the Party is asked where it has changed that answer since.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.forms.definition import Form
from app.forms.merging import settle
from app.forms.part_changes import is_row, repeats_of
from app.forms.places import Answers, Document, Place, elements_at, parse_place, split
from app.models.proposal import Proposal, SuggestionKind
from app.services.batches import HERE, Sent, ways_to
from app.services.operations import questions_at
from app.services.proposal_reading import keys_at, waiting_in
from app.services.proposals import need_allowed
from app.services.suggestion_desk import Desk
from app.services.suggestion_pages import Page, Shown, Told

Sources = Mapping[str, Sent]  # as which operation of a page an answer was sent, by question


def suggest(
    session: Session,
    proposal: Proposal,
    form: Form,
    place: Place,
    typed: Answers,
    shown: Shown | None = None,
    sent: Sources | None = None,
) -> list[Told]:
    """Suggest the answers at *place* that were *typed*; None clears, what is absent stays.

    shown   what the page showed; None: what there is now
    sent    the operations under which the page would have sent them by itself

    Suggests the row of a repeat that is not there yet. Raises NotFoundError for a place that the
    form does not have or the holder does not see; ProposalEndedError; IdempotencyError.
    """
    desk = Desk(session, proposal, form)
    found = suggest_at(desk, place, typed, shown, sent)
    desk.save(place)
    return found


def suggest_document(session: Session, proposal: Proposal, form: Form, document: Document) -> None:
    """Make *document* all that is suggested: what is not in it is suggested no more."""
    desk = Desk(session, proposal, form)
    parts = split(form, document)
    there = {str(part.place) for part in parts}
    for place in {parse_place(each.place) for each in waiting_in(session, proposal)}:
        if str(place) not in there:
            for each in desk.waiting_under(place):
                desk.take_back(each)
    for part in parts:
        asked = questions_at(form, part.place)
        cleared: Answers = dict.fromkeys(q for q in asked if desk.waiting(part.place, q))
        suggest_at(desk, part.place, {**cleared, **part.answers}, None)
    desk.save()


def take_back_row(session: Session, proposal: Proposal, form: Form, place: Place) -> None:
    """Take back a row that the holder has suggested, and all in it; raise NotFoundError."""
    need_allowed(proposal, place)
    desk = Desk(session, proposal, form)
    if desk.waiting(place) is None:
        raise NotFoundError(what="row", code=str(place))
    for each in desk.waiting_under(place):
        desk.take_back(each)
    desk.save(place)


def is_own_row(session: Session, proposal: Proposal, place: Place) -> bool:
    """Tell whether a row is suggested, and not in the draft."""
    return any(each.kind is SuggestionKind.ADD_ROW for each in waiting_in(session, proposal, place))


def suggest_at(
    desk: Desk, place: Place, typed: Answers, shown: Shown | None, sent: Sources | None = None
) -> list[Told]:
    """Suggest as `suggest` does, at the desk of a save that is still to be finished."""
    need_allowed(desk.proposal, place)
    questions, seen = questions_at(desk.form, place), keys_at(desk.form, desk.proposal, place)
    repeats = repeats_of(desk.form)
    around = place.parent
    for way in ways_to(around) if around else []:
        if is_row(repeats, way) and not (desk.is_there(way) or desk.is_removed(way)):
            raise NotFoundError(what="row", code=str(way))
    if is_row(repeats, place) and not (desk.is_there(place) or desk.is_removed(place)):
        _add_row(desk, place)
    wanted = {key: typed[key] for key in typed if key in questions and key in seen}
    page, from_page = Page(desk, place, shown, wanted), Sent(page=shown.page) if shown else HERE
    return [
        page.take_once(
            key, settle(questions[key], page.base(key), answer), (sent or {}).get(key, from_page)
        )
        for key, answer in wanted.items()
    ]


def _add_row(desk: Desk, place: Place) -> None:
    elements_at(desk.form, place)
    need_allowed(desk.proposal, place)
    desk.write(SuggestionKind.ADD_ROW, place)
