"""The part of the demonstration in which Parties are asked again: they signed the form before.

A few Parties signed in it. Two of them say that all of it is still true, and sign; one has begun.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.carrying import Carry, Kept, said_at
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.forms.places import walk_places
from app.models.base import clock_at
from app.models.collection import Collection
from app.models.operation import Cause
from app.models.submission import Submission
from app.services.batches import HERE, Batch
from app.services.carrying import LastTime, bring_over, carry, last_time
from app.services.collections import close_collection, open_collection
from app.services.rehearsal import Fate, Plan, accounts_for, language_of, rehearse
from app.services.submissions import choose_language, drafting, send_for_sign_off, sign

EARLIER: Final = "interim-demo"
CARRYING: Final = ("FJI", "PER")  # Parties that take over all that they said

_OPENS_ON: Final = date(2015, 6, 1)
_DUE_ON: Final = date(2016, 3, 31)
_SIGNED_AT: Final = datetime(2018, 11, 5, 9, tzinfo=UTC)
_DRAFTING: Final = timedelta(days=6)


def ask_before(
    session: Session, forms: Catalogue, form: Form, plan: Plan, begun: str
) -> Collection:
    """Let Parties sign the form in an earlier collection: those that carry, and one that began."""
    collection = open_collection(
        session, EARLIER, form, opens_on=_OPENS_ON, due_on=_DUE_ON, is_synthetic=True
    )
    asked = session.scalars(
        select(Submission.party_code).where(Submission.collection_code == EARLIER)
    )
    then = replace(
        plan,
        first_signed=datetime(2016, 1, 11, 8, tzinfo=UTC),
        signing_days=60,
        until=date(2015, 12, 31),
        fates={p: Fate.SIGNED if p in {begun, *CARRYING} else Fate.SILENT for p in asked},
    )
    rehearse(session, forms, collection, then)
    close_collection(collection)
    return collection


def carry_forward(session: Session, forms: Catalogue, collection: Collection, begun: str) -> None:
    """Let Parties take over what they said: all of it, and sign; one answer, where one began."""
    form = forms.load(collection.form, collection.form_version)
    for submission in session.scalars(
        select(Submission)
        .where(
            Submission.collection_code == collection.code,
            Submission.party_code.in_({begun, *CARRYING}),
        )
        .order_by(Submission.party_code)
    ).all():
        last = last_time(session, submission, forms, "en")
        if last is None:
            continue
        if submission.party_code == begun:
            _begin(session, form, submission, last)
        else:
            _carry_all(session, form, submission, last)


def _begin(session: Session, form: Form, submission: Submission, last: LastTime) -> None:
    drafter, _signatory = accounts_for(session, submission.party_code)
    batch = drafting(session, submission, form, drafter, Cause.CARRIED)
    _take_over(batch, last, most=1)
    batch.save("carry")


def _carry_all(session: Session, form: Form, submission: Submission, last: LastTime) -> None:
    drafter, signatory = accounts_for(session, submission.party_code)
    with clock_at(_SIGNED_AT - _DRAFTING):
        choose_language(session, submission, language_of(submission.party_code), drafter)
        batch = drafting(session, submission, form, drafter, Cause.CARRIED)
        _take_over(batch, last)
        batch.save("carry")
    with clock_at(_SIGNED_AT - _DRAFTING / 2):
        send_for_sign_off(session, submission, form, drafter)
    with clock_at(_SIGNED_AT):
        sign(session, submission, form, signatory, "en")


def _take_over(batch: Batch, last: LastTime, most: int = 0) -> None:
    """Say that all is still true, or so many places from the first one on."""
    done = 0
    for place in walk_places(last.form, last.document):
        said = said_at(last.form, batch.form, last.document, place)
        kept = [key for key, each in said.items() if each.kept is Kept.SAME]
        if batch.is_row(place):
            if batch.parts.get(place) is None:
                bring_over(batch, last, place, Carry.STILL_TRUE, sent=HERE)
        elif kept:
            carry(batch, last, place, kept, Carry.STILL_TRUE, sent=HERE)
            done += 1
        if most and done == most:
            return
