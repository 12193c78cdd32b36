"""The part of the demonstration in which others read: comments, and a partner institution."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from app.forms.definition import Form, Question
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.base import now
from app.models.partner import GrantLevel
from app.models.submission import Submission
from app.services.comments import Said, begin, reply
from app.services.partners import MOST_YEARS, Invited, invite_to_draft, invite_to_signed
from app.services.people import active_people

_ASKED = Said(text="Is this what the ministry of agriculture has agreed to?", language="en")
_ANSWERED = Said(text="Yes, by its letter of last week.", language="en")
_OF_PARTNER = Said(text="Our figures differ. Shall we write a sentence?", language="en")


def let_others_read(
    session: Session, form: Form, submission: Submission, of_no_party: Iterable[Account]
) -> None:
    """Let a reader comment on a draft; let a partner draft in it, and read what is signed.

    of_no_party   accounts, among them one of a partner and one of an administrator
    """
    of_party = active_people(session, submission.party_code)
    people = {account.role: account for account in (*of_party, *of_no_party)}
    section = form.sections[0]
    place = Place(section.id)
    asked = next(e for e in section.elements if isinstance(e, Question) and e.is_typed)
    begin(session, submission, form, place, asked.id, _ASKED, people[Role.READER])
    thread = begin(session, submission, form, place, "", _ASKED, people[Role.READER])
    reply(session, thread, _ANSWERED, people[Role.NATIONAL_AUTHORIZED_USER])
    partner = people[Role.PARTNER]
    last_day = date(now().year + MOST_YEARS, 12, 31)
    invited = Invited(email=partner.email, name=partner.email, ends_on=last_day)
    grant = invite_to_draft(
        session,
        submission,
        form,
        invited,
        people[Role.PUBLISHING_AUTHORITY],
        level=GrantLevel.DRAFT,
        sections=[section.id],
    )
    begin(session, submission, form, place, "", _OF_PARTNER, partner, grant)
    invite_to_signed(session, submission.collection, invited, people[Role.ADMINISTRATOR])
