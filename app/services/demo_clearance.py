"""The part of the demonstration in which other ministries read a draft: comments on it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form, Question
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.submission import Submission
from app.services.comments import Said, begin, reply

_ASKED = Said(text="Is this what the ministry of agriculture has agreed to?", language="en")
_ANSWERED = Said(text="Yes, by its letter of last week.", language="en")


def let_comment(session: Session, form: Form, submission: Submission) -> None:
    """Let a reader ask about the first answer of a draft, and about its first section."""
    people = {
        account.role: account
        for account in session.scalars(
            select(Account).where(Account.party_code == submission.party_code)
        )
    }
    reader, drafter = people[Role.READER], people[Role.NATIONAL_AUTHORIZED_USER]
    section = form.sections[0]
    place = Place(section.id)
    asked = next(e for e in section.elements if isinstance(e, Question) and e.is_typed)
    begin(session, submission, form, place, asked.id, _ASKED, reader)
    thread = begin(session, submission, form, place, "", _ASKED, reader)
    reply(session, thread, _ANSWERED, drafter)
