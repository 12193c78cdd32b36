"""Every act is a line, chained to the line before; and time only goes forward."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.models.account import Account
from app.models.audit import Trail
from app.models.base import clock_at, now
from app.models.submission import Submission
from app.receipts import FIRST, canonical_facts, link, timestamp
from app.services.acts import act_facts, record_act
from app.services.events import event_facts, record

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_events_are_chained_and_the_submission_keeps_the_head(
    two_parties: Session, kenya: Submission, drafter: Account
) -> None:
    for place in ("a", "b", "c"):
        record(kenya, "edit", drafter, place=place, count=3)
    two_parties.flush()
    two_parties.expire_all()
    previous = FIRST
    for number, line in enumerate(kenya.events, 1):
        assert (line.number, line.previous_hash) == (number, previous)
        assert line.hash == link(previous, event_facts(line))
        previous = line.hash
    assert (kenya.head_number, kenya.head_hash) == (3, previous)


def test_a_line_is_recorded_without_reading_the_others(
    two_parties: Session, kenya: Submission, drafter: Account
) -> None:
    for _ in range(5):
        record(kenya, "edit", drafter)
    two_parties.commit()
    assert kenya.head_number == 5
    assert drafter.id
    bind = two_parties.get_bind()
    assert isinstance(bind, Engine)
    said: list[str] = []
    event.listen(bind, "before_cursor_execute", lambda *args: said.append(str(args[2])))
    record(kenya, "edit", drafter)
    two_parties.flush()
    assert [sql.split()[0] for sql in said if "event" in sql] == ["INSERT"]


def test_a_clock_that_was_put_back_is_told_and_does_not_turn_the_order(
    kenya: Submission, drafter: Account
) -> None:
    with clock_at(NOON):
        first = record(kenya, "edit", drafter)
    with clock_at(NOON - timedelta(hours=1)):
        second = record(kenya, "edit", drafter)
    assert second.at == first.at + timedelta(microseconds=1)
    assert second.details == {"clock": "2026-05-01T11:00:00.000000Z"}
    third = record(kenya, "edit", drafter)
    assert second.at < third.at <= now()
    assert third.details == {}


def test_acts_have_a_chain_for_each_subject(two_parties: Session, drafter: Account) -> None:
    first = record_act(two_parties, "collection", "nr6", "open", drafter, due="2018-12-31")
    other = record_act(two_parties, "platform", "canopy", "backup", None)
    second = record_act(two_parties, "collection", "nr6", "close", drafter)
    two_parties.flush()
    assert [first.number, other.number, second.number] == [1, 1, 2]
    assert second.previous_hash == first.hash == link(FIRST, act_facts(first))
    trail = two_parties.get_one(Trail, ("collection", "nr6"))
    assert (trail.head_number, trail.head_hash) == (2, second.hash)


def test_moments_are_written_in_utc_with_microseconds() -> None:
    east = datetime.fromisoformat("2026-05-01T12:00:00+03:00")
    assert timestamp(east) == "2026-05-01T09:00:00.000000Z"


JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(facts=st.dictionaries(st.text(), JSON))
def test_the_order_of_keys_changes_no_hash_and_everything_else_does(
    facts: dict[str, object],
) -> None:
    turned = dict(reversed(list(facts.items())))
    assert link(FIRST, turned) == link(FIRST, facts)
    assert link("1" * 64, facts) != link(FIRST, facts)
    assert link(FIRST, facts | {"one more": None}) != link(FIRST, facts) or "one more" in facts


@pytest.mark.parametrize("number", [0.5, 2**53, float("nan")])
def test_facts_hold_no_number_that_others_might_write_otherwise(number: float) -> None:
    with pytest.raises(TypeError):
        canonical_facts({"count": number})
