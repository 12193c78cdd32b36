"""Opening a collection asks the Parties of the day, once each."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import AlreadyExistsError, InvalidInputError
from app.forms.definition import Form
from app.models.base import clock_at
from app.models.party import PartyStatus
from app.models.submission import Submission
from app.services.collections import close_collection, is_open, open_collection


def test_each_party_is_asked_and_no_observer_but_by_name(
    two_parties: Session, short_form: Form
) -> None:
    open_collection(two_parties, "one", short_form, also=["VAT"])
    asked = {s.party_code: s.is_in_denominator for s in two_parties.scalars(select(Submission))}
    assert asked == {"KEN": True, "JOR": True, "VAT": False}


def test_a_form_of_an_agreement_with_known_parties_asks_those_alone(
    two_parties: Session, short_form: Form
) -> None:
    two_parties.add(
        PartyStatus(party_code="KEN", agreement="cpb", position=1, status="party", from_on=None)
    )
    for code, agreement in (("protocol", "cpb"), ("other", "np")):
        open_collection(two_parties, code, replace(short_form, agreement=agreement))
    asked = [(s.collection_code, s.party_code) for s in two_parties.scalars(select(Submission))]
    assert sorted(asked) == [("other", "JOR"), ("other", "KEN"), ("protocol", "KEN")]


def test_a_party_has_one_submission_in_a_collection(
    two_parties: Session, kenya: Submission
) -> None:
    two_parties.add(Submission(collection=kenya.collection, party_code="KEN"))
    with pytest.raises(IntegrityError):
        two_parties.flush()


def test_the_due_date_closes_nothing(two_parties: Session, short_form: Form) -> None:
    found = open_collection(
        two_parties, "one", short_form, opens_on=date(2018, 1, 1), due_on=date(2018, 12, 31)
    )
    with clock_at(datetime(2017, 12, 31, 23, tzinfo=UTC)):
        assert not is_open(found)
    with clock_at(datetime(2019, 6, 1, tzinfo=UTC)):
        assert is_open(found)
        close_collection(found)
        assert not is_open(found)


def test_what_was_due_long_ago_is_open_at_once(two_parties: Session, short_form: Form) -> None:
    found = open_collection(two_parties, "one", short_form, due_on=date(2018, 12, 31))
    assert found.opens_on == date(2018, 12, 31)
    assert is_open(found)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Not A Code"},
        {"opens_on": date(2019, 1, 1), "due_on": date(2018, 1, 1)},
        {"also": ["XXX"]},
    ],
)
def test_what_makes_no_sense_is_refused(
    two_parties: Session, short_form: Form, wrong: dict[str, object]
) -> None:
    given: dict[str, object] = {"code": "one", **wrong}
    with pytest.raises(InvalidInputError):
        open_collection(two_parties, form=short_form, **given)  # type: ignore[arg-type]


def test_a_code_is_used_once(two_parties: Session, kenya: Submission, short_form: Form) -> None:
    with pytest.raises(AlreadyExistsError):
        open_collection(two_parties, "test", short_form)
