"""The part of the demonstration in which somebody is invited by link, and suggests text."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form, Question, QuestionType, Repeat
from app.forms.places import Place
from app.models.account import Role
from app.models.base import today
from app.models.deadlines import end_of
from app.models.submission import DraftPart, Submission
from app.services.delegates import invite, usual_end
from app.services.people import active_people
from app.services.proposals import Wished, hand_in
from app.services.suggesting import suggest

NAME: Final = "Ministry of agriculture"
EMAIL: Final = "delegate.ken@example.org"
NEW_ROW: Final = "suggested-by-delegate"

_NOTE: Final = "Please look at what we say of farmland, and add what is missing."
_TITLE: Final = "Field margins are kept on farmland"
_TEXT: Final = "Farmland is a third of the country; without it the target cannot be met."


def let_suggest(session: Session, form: Form, submission: Submission) -> None:
    """Let a delegate suggest a new row, and a text in the first row that there is."""
    drafting = [Role.NATIONAL_AUTHORIZED_USER]
    drafters = active_people(session, submission.party_code, roles=drafting)
    section, repeat = next(
        (section, element)
        for section in form.sections
        for element in section.elements
        if isinstance(element, Repeat) and element.row_title
    )
    if not drafters:
        return
    place = Place(section.id)
    wished = Wished(
        places=[place],
        name=NAME,
        email=EMAIL,
        note=_NOTE,
        language="en",
        ends_at=end_of(usual_end(None, today())),
    )
    proposal, _secret = invite(session, submission, form, drafters[0], wished)
    new = place.child(repeat.id, NEW_ROW)
    suggest(session, proposal, form, new, {repeat.row_title: {"en": {"text": _TITLE}}})
    if (row := _first_row(session, submission, place, repeat)) is not None:
        text = next(
            element
            for element in repeat.elements
            if isinstance(element, Question)
            and element.type is QuestionType.TEXT
            and element.is_long
            and element.id != repeat.row_title
        )
        suggest(session, proposal, form, row, {text.id: {"en": {"text": _TEXT}}})
    hand_in(session, proposal)


def _first_row(
    session: Session, submission: Submission, place: Place, repeat: Repeat
) -> Place | None:
    prefix = f"{place}/{repeat.id}/"
    found = session.scalars(
        select(DraftPart.path)
        .where(DraftPart.submission_id == submission.id, DraftPart.path.startswith(prefix))
        .order_by(DraftPart.position)
    )
    keys = [path.removeprefix(prefix) for path in found]
    key = next((key for key in keys if "/" not in key), None)
    return place.child(repeat.id, key) if key else None
