"""The reference data in a real database: counts that are known, and loading again."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.membership import group_names, members, parties_on, party_names
from app.models.party import GroupMember, Party, PartyName, Target, TargetName
from app.reference.files import LANGUAGES
from app.services.reference import seed_reference


@pytest.fixture
def session(empty_session: Session) -> Session:
    seed_reference(empty_session)
    return empty_session


@pytest.mark.parametrize(
    ("day", "parties"),
    [
        (date(2014, 3, 31), 193),
        (date(2014, 5, 18), 194),  # South Sudan
        (date(2015, 4, 2), 195),  # State of Palestine
        (date(2015, 5, 4), 195),
        (date(2015, 5, 5), 196),  # Andorra
        (date(2024, 10, 31), 196),
    ],
)
def test_how_many_parties_on_a_day(session: Session, day: date, parties: int) -> None:
    assert len(parties_on(session, "cbd", day)) == parties


def test_signatories_and_observers_are_no_parties(session: Session) -> None:
    assert not {"USA", "VAT"}.intersection(parties_on(session, "cbd", date(2024, 1, 1)))
    assert session.scalar(select(func.count()).select_from(Party)) == 198


def test_the_regions_hold_all_parties_once(session: Session) -> None:
    day = date(2018, 12, 31)
    of = members(session, "cbd_region", day)
    regions = [of[party] for party in parties_on(session, "cbd", day)]
    assert all(len(codes) == 1 for codes in regions)
    counted = {code: regions.count((code,)) for code in group_names(session, "cbd_region", "en")}
    assert counted == {"AFR": 54, "AP": 57, "CEE": 23, "GRULAC": 33, "WEOG": 29}


def test_a_party_may_be_in_several_areas_and_the_european_union_is_in_none(
    session: Session,
) -> None:
    areas = members(session, "un_area", date(2018, 12, 31))
    assert areas["KEN"] == ("002", "202", "014")
    assert "EUR" not in areas


@pytest.mark.parametrize(
    ("scheme", "party", "day", "expected"),
    [
        ("sids", "BHR", date(2018, 12, 31), True),
        ("sids", "BHR", date(2023, 3, 31), True),
        ("sids", "BHR", date(2023, 5, 1), False),
        ("sids", "FJI", date(2015, 5, 5), True),
        ("ldc", "WSM", date(2013, 12, 31), True),
        ("ldc", "WSM", date(2015, 5, 5), False),
        ("ldc", "SSD", date(2011, 12, 31), False),
        ("ldc", "SSD", date(2015, 5, 5), True),
        ("eu", "HRV", date(2013, 6, 30), False),
        ("eu", "HRV", date(2013, 7, 1), True),
        ("eu", "GBR", date(2020, 1, 31), True),
        ("eu", "GBR", date(2020, 2, 1), False),
        ("dac", "EST", date(2023, 7, 3), False),
        ("dac", "EST", date(2023, 7, 4), True),
        ("dac", "EUR", date(2015, 5, 5), True),
        ("lldc", "NPL", date(2015, 5, 5), True),
        ("wesp", "KEN", date(2015, 5, 5), True),
    ],
)
def test_membership_is_dated(
    session: Session, scheme: str, party: str, day: date, expected: object
) -> None:
    assert (party in members(session, scheme, day)) is expected


def test_an_undated_membership_says_for_which_day_its_source_speaks(session: Session) -> None:
    undated = session.scalars(
        select(GroupMember).where(
            GroupMember.from_on.is_(None),
            GroupMember.to_on.is_(None),
            GroupMember.as_of.is_(None),
            GroupMember.scheme != "wesp",  # the source does not state its edition
        )
    ).all()
    assert undated == []
    assert session.scalars(select(GroupMember).where(GroupMember.source == "")).all() == []


def test_names_are_there_in_six_languages(session: Session) -> None:
    for language in LANGUAGES:
        assert len(party_names(session, language)) == 198
        assert len(group_names(session, "un_area", language)) == 34
        assert len(group_names(session, "cbd_region", language)) == 5
    names = session.scalars(select(PartyName.name)).all()
    assert all(name.strip() == name != "" for name in names)


def test_targets_and_goals_are_there_with_their_deadlines(session: Session) -> None:
    targets = session.scalars(select(Target).order_by(Target.position)).all()
    assert [t.code for t in targets] == [f"aichi-{n:02}" for n in range(1, 21)]
    assert [t.position for t in targets if t.due_year == 2015] == [10, 16, 17]
    assert {t.due_year for t in targets} == {2015, 2020}
    assert session.scalar(select(func.count()).select_from(TargetName)) == 25 * 6


def test_loading_twice_changes_nothing(session: Session) -> None:
    assert seed_reference(session)["changes"] == 0


def test_loading_puts_right_what_differs_from_the_files(session: Session) -> None:
    name = session.get_one(PartyName, ("KEN", "en", 0))
    name.name = "Kenia"
    session.delete(session.get_one(TargetName, ("aichi-01", "fr")))
    session.add(TargetName(code="aichi-99", language="fr", name="x", is_official=False))
    session.flush()
    assert seed_reference(session)["changes"] == 3
    assert name.name == "Kenya"
    assert session.get(TargetName, ("aichi-99", "fr")) is None
