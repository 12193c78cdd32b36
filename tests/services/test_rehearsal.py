"""Any collection can be rehearsed, but for one that holds real answers."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, RealDataError
from app.forms.catalogue import Catalogue
from app.models.base import now
from app.models.collection import Collection
from app.models.submission import Revision, Submission
from app.services.collections import open_collection
from app.services.reference import seed_reference
from app.services.rehearsal import Fate, accounts_for, plan_for, rehearse
from app.services.submissions import choose_language, standing
from app.workflow import status_of

FORMS = Catalogue(Path(__file__).parents[1] / "forms")


def opened(session: Session, form: str = "repeat", **dates: date) -> Collection:
    seed_reference(session)
    asked_of_parties = replace(FORMS.load(form, 1), agreement="cbd")
    opens_on, due_on = dates.get("opens_on"), dates.get("due_on")
    return open_collection(session, "trial", asked_of_parties, opens_on=opens_on, due_on=due_on)


def rehearsed(
    session: Session, collection: Collection, seed: str = "one", parties: int | None = 12
) -> Counter[Fate]:
    return rehearse(session, FORMS, collection, plan_for(collection, seed), parties)


def told(session: Session) -> list[tuple[str, str, list[str]]]:
    found = session.scalars(select(Submission).order_by(Submission.party_code))
    return [(s.party_code, status_of(standing(s)), [r.content for r in s.revisions]) for s in found]


@pytest.mark.parametrize("name", ["repeat", "matrix", "calculated", "repeat-in-repeat", "note"])
def test_parties_answer_any_form(empty_session: Session, name: str) -> None:
    collection = opened(empty_session, name)
    came = rehearsed(empty_session, collection)
    assert came.total() == 12
    signed = empty_session.scalars(select(Revision)).all()
    assert len({revision.submission_id for revision in signed}) == sum(
        count
        for fate, count in came.items()
        if fate not in {Fate.SILENT, Fate.DRAFT, Fate.AWAITING}
    )
    assert collection.is_synthetic


def test_it_is_alike_for_a_seed(empty_session: Session) -> None:
    collection = opened(empty_session)
    rehearsed(empty_session, collection)
    first = told(empty_session)
    empty_session.rollback()
    rehearsed(empty_session, opened(empty_session))
    assert told(empty_session) == first
    empty_session.rollback()
    rehearsed(empty_session, opened(empty_session), seed="other")
    assert told(empty_session) != first


def test_signatures_lie_between_opening_and_due_date(empty_session: Session) -> None:
    collection = opened(empty_session, opens_on=date(2018, 3, 1), due_on=date(2018, 12, 31))
    rehearsed(empty_session, collection, parties=40)
    signed = [r.signed_at.date() for r in empty_session.scalars(select(Revision)) if r.number == 1]
    assert date(2018, 3, 1) <= min(signed) < max(signed) <= date(2018, 12, 31)
    assert any(len(s.revisions) > 1 for s in empty_session.scalars(select(Submission)))


def test_what_opened_today_is_signed_now(empty_session: Session) -> None:
    rehearsed(empty_session, opened(empty_session), parties=40)
    for revision in empty_session.scalars(select(Revision)):
        assert abs((revision.signed_at - now()).total_seconds()) < 600


def test_those_who_have_answered_are_left_alone(empty_session: Session) -> None:
    collection = opened(empty_session)
    rehearsed(empty_session, collection)
    before = {party: rest for party, *rest in told(empty_session)}
    rehearsed(empty_session, collection, seed="later", parties=None)
    after = {party: rest for party, *rest in told(empty_session)}
    signed = [party for party, (_, contents) in before.items() if contents]
    assert signed
    assert all(before[party] == after[party] for party in signed)
    assert sum(bool(contents) for _, contents in after.values()) > 100


def test_real_answers_are_refused(empty_session: Session) -> None:
    collection = opened(empty_session)
    submission = empty_session.scalars(select(Submission)).first()
    assert submission is not None
    drafter, _ = accounts_for(empty_session, submission.party_code)
    choose_language(empty_session, submission, "en", drafter)
    empty_session.flush()
    with pytest.raises(RealDataError):
        rehearsed(empty_session, collection)
    assert not collection.is_synthetic


def test_no_parties_are_no_rehearsal(empty_session: Session) -> None:
    with pytest.raises(InvalidInputError):
        rehearsed(empty_session, opened(empty_session), parties=0)
