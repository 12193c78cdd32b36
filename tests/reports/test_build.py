"""The tables of the Aichi report, over eight Parties: numbers written out."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import InvalidInputError, NotFoundError
from app.models.collection import Collection
from app.models.submission import Submission
from app.reports.build import build_table
from app.reports.definition import Report
from app.workflow import ReviewStatus
from tests.make import forms, make_collection, make_review, make_submission
from tests.reports.conftest import (
    DOCUMENTS,
    JORDAN,
    KENYA,
    POLAND,
    UGANDA,
    build,
    counts,
    shared,
    shares,
    sign,
)


def test_progress_on_one_target_by_region(session: Session, collection: Collection) -> None:
    table = build(session, "progress-by-region", target="aichi-11")
    assert counts(table) == {
        # Kenya, South Africa; Uganda is silent
        "AFR": {
            "insufficient_rate": 1, "on_track": 1, "not_reported": 1, "answered": 2, "asked": 3,
        },
        # Japan, Jordan
        "AP": {"not_assessed": 1, "no_national_target": 1, "asked": 2},
        "CEE": {"unknown": 1, "answered": 1, "asked": 1},  # Poland
        "GRULAC": {"exceed": 1, "answered": 1, "asked": 1},  # Brazil
        "WEOG": {"moving_away": 1, "answered": 1, "asked": 1},  # Canada
        "world": {
            "exceed": 1, "on_track": 1, "insufficient_rate": 1, "moving_away": 1, "unknown": 1,
            "not_assessed": 1, "no_national_target": 1, "not_reported": 1,
            "answered": 5, "asked": 8,
        },
    }  # fmt: skip


def test_shares_of_those_who_answered_and_of_all_who_were_asked(
    session: Session, collection: Collection
) -> None:
    table = build(session, "progress-by-region", target="aichi-11")
    # Five answers, one in each of five categories: 20 each.
    assert shares(table, "world", "answered") == {
        "exceed": 20, "on_track": 20, "insufficient_rate": 20, "no_change": 0, "moving_away": 20,
        "unknown": 20,
    }  # fmt: skip
    # Eight asked, one in each of eight classes: 12.5 each. Rounded down they sum to 96; the four
    # points left over go to the four that stand first.
    assert shares(table, "world", "asked") == {
        "exceed": 13, "on_track": 13, "insufficient_rate": 13, "no_change": 0, "moving_away": 13,
        "unknown": 12, "not_assessed": 12, "no_national_target": 12, "not_reported": 12,
    }  # fmt: skip
    assert table.rows[-1]["answered_of_asked"] == 63  # 5 of 8, rounded from its own count


def test_there_is_no_share_where_nobody_answered(session: Session, collection: Collection) -> None:
    table = build(session, "progress-by-region", target="aichi-11")
    assert set(shares(table, "AP", "answered").values()) == {None}
    assert shares(table, "AP", "asked")["not_assessed"] == 50


def test_the_regions_sum_to_the_world_for_every_target(
    session: Session, collection: Collection
) -> None:
    for number in range(1, 21):
        table = build(session, "progress-by-region", target=f"aichi-{number:02}")
        *regions, world = table.rows
        for column in table.columns:
            if column.kind == "count":
                assert sum(int(row[column.id] or 0) for row in regions) == world[column.id]


def test_progress_by_target_worldwide_and_in_a_group(
    session: Session, collection: Collection
) -> None:
    world = counts(build(session, "progress-by-target"))
    assert list(world) == [f"aichi-{number:02}" for number in range(1, 21)]
    assert world["aichi-12"] == {
        "insufficient_rate": 1,  # Kenya
        "on_track": 1,  # Canada
        "not_assessed": 1,  # South Africa reports on the Aichi Targets, not on this one
        "no_national_target": 4,  # Brazil, Japan, Jordan, Poland
        "not_reported": 1,  # Uganda
        "answered": 2,
        "asked": 8,
    }
    africa = counts(build(session, "progress-by-target", group="cbd_region:AFR"))
    assert africa["aichi-12"] == {
        "insufficient_rate": 1, "not_assessed": 1, "not_reported": 1, "answered": 1, "asked": 3,
    }  # fmt: skip


def test_assessments_count_targets_instead_of_parties(
    session: Session, collection: Collection
) -> None:
    table = build(session, "progress-by-region", target="aichi-11", unit="assessments")
    assert {column.unit for column in table.columns if column.kind == "count"} == {"assessments"}
    found = counts(table)
    # Kenya has two targets for it, South Africa assesses it directly; Uganda has nothing to count.
    assert found["AFR"] == {"insufficient_rate": 1, "on_track": 2, "answered": 3, "asked": 3}
    assert found["AP"] == {"not_assessed": 1, "asked": 1}  # Japan's; Jordan has none
    assert found["GRULAC"] == {"unknown": 1, "exceed": 1, "answered": 2, "asked": 2}
    assert found["world"]["asked"] == 3 + 1 + 1 + 2 + 1
    assert "not_reported" not in {column.id for column in table.columns}


def test_coverage_by_region(session: Session, collection: Collection) -> None:
    found = counts(build(session, "coverage-by-region"))
    assert found["AFR"] == {"not_reviewed": 2, "not_reported": 1, "answered": 2, "asked": 3}
    assert found["world"] == {"not_reviewed": 7, "not_reported": 1, "answered": 7, "asked": 8}
    assert build(session, "coverage-by-region").rows[0]["answered_of_asked"] == 67  # 2 of 3


def test_coverage_of_assessments(session: Session, collection: Collection) -> None:
    found = counts(build(session, "coverage-by-region", unit="assessments"))
    # Kenya: targets 11, 11 and 12; South Africa: 1 of the 20 Aichi Targets
    assert found["AFR"] == {"assessed": 3 + 1, "not_assessed": 19, "answered": 4, "asked": 23}
    assert found["WEOG"] == {"assessed": 2, "not_assessed": 18, "answered": 2, "asked": 20}


def test_confidence_beside_progress(session: Session, collection: Collection) -> None:
    sign(session, JORDAN, shared(t11="on_track"))
    found = counts(build(session, "confidence-by-progress", target="aichi-11"))
    assert found["on_track"] == {  # South Africa and Jordan
        "comprehensive_indicators": 2, "answered": 2, "counted": 2,
    }  # fmt: skip
    assert found["no_change"] == {}
    assert found["all"] == {
        "comprehensive_indicators": 3,  # with Canada
        "partial_indicators": 3,  # Kenya, Poland, Brazil
        "answered": 6,
        "counted": 6,
    }
    by_region = counts(build(session, "confidence-by-region", target="aichi-11"))
    assert by_region["AFR"] == {
        "comprehensive_indicators": 1, "partial_indicators": 1, "not_reported": 1, "answered": 2,
        "asked": 3,
    }  # fmt: skip


def test_a_cut_off_looks_back(session: Session, collection: Collection) -> None:
    first = session.scalars(select(Submission).where(Submission.party_code == KENYA)).one()
    second = sign(session, KENYA, shared(t11="exceed"))  # signed a day later
    at = {"target": "aichi-11", "by": "cbd_region"}
    assert counts(build(session, "progress-by-region", **at))["AFR"]["exceed"] == 1
    before = build(session, "progress-by-region", as_of="2018-12-01", **at)
    assert counts(before)["AFR"]["insufficient_rate"] == 1
    nothing = build(session, "progress-by-region", as_of="2018-11-30", **at)
    assert counts(nothing)["world"] == {"not_reported": 8, "asked": 8}
    second.withdrawn_at = datetime(2019, 5, 1, 12, tzinfo=UTC)
    withdrawn = counts(build(session, "progress-by-region", as_of="2019-05-01T12:00:00Z", **at))
    assert withdrawn["AFR"]["not_reported"] == 2  # the first revision does not come back
    still = counts(build(session, "progress-by-region", as_of="2019-05-01T11:59:59Z", **at))
    assert still["AFR"]["exceed"] == 1
    assert len(first.revisions) == 2


def test_reviewed_only_tells_who_is_left_out(session: Session, collection: Collection) -> None:
    kenya = make_submission(session, KENYA).revisions[0]
    make_review(session, kenya, ReviewStatus.REVIEWED)
    make_review(session, make_submission(session, POLAND).revisions[0])  # begun, not closed
    table = build(session, "progress-by-region", target="aichi-11", reviewed="reviewed")
    assert counts(table)["AFR"] == {
        "insufficient_rate": 1, "not_reviewed": 1, "not_reported": 1, "answered": 1, "asked": 3,
    }  # fmt: skip
    assert counts(table)["world"]["not_reviewed"] == 6
    told = (
        "Parties asked: 8. Signed by then and not withdrawn: 7. Of these, with a closed review: 1."
    )
    for reviewed in ("all", "reviewed"):
        notes = build(session, "progress-by-region", reviewed=reviewed).notes
        assert any(told in note for note in notes)
    coverage = counts(build(session, "coverage-by-region", reviewed="reviewed"))
    assert coverage["AFR"] == {
        "reviewed": 1, "not_reviewed": 1, "not_reported": 1, "answered": 1, "asked": 3,
    }  # fmt: skip
    early = build(session, "coverage-by-region", as_of="2019-01-01")
    assert "reviewed" not in counts(early)["world"]  # the review was closed later


def test_membership_is_as_of_a_day(session: Session) -> None:
    make_collection(session)
    sign(session, "BHR", shared(t11="on_track"))
    by = {"target": "aichi-11", "by": "sids"}
    then = counts(build(session, "progress-by-region", members_on="2023-04-01", **by))
    now = counts(build(session, "progress-by-region", members_on="2023-06-01", **by))
    sids = next(code for code in then if code not in {"no_group", "world"})
    assert then[sids]["on_track"] == now["no_group"]["on_track"] == 1
    assert then["world"] == now["world"]
    assert then[sids]["asked"] + then["no_group"]["asked"] == 196


def test_the_day_of_membership_is_the_due_date_else_the_cut_off(
    session: Session, report: Report
) -> None:
    make_collection(session)
    assert build(session, "coverage-by-region").members_on == date(2018, 12, 31)
    make_collection(session, "undated", due_on=None)
    table = build_table(
        session,
        forms(),
        report,
        "coverage-by-region",
        "undated",
        {"as_of": "2020-02-02"},
    )
    assert table.members_on == date(2020, 2, 2)


def test_the_cut_off_is_now_unless_another_is_asked_for(
    session: Session, collection: Collection
) -> None:
    collection.cut_off_on = date(2018, 11, 30)
    assert counts(build(session, "coverage-by-region"))["world"]["answered"] == 7
    then = build(session, "coverage-by-region", as_of="2018-11-30")
    assert counts(then)["world"] == {"not_reported": 8, "asked": 8}


def test_areas_that_overlap_have_no_sum(session: Session, collection: Collection) -> None:
    table = build(session, "progress-by-region", by="un_area")
    assert "world" not in counts(table)
    assert any("there is no sum" in note for note in table.notes)


def test_who_is_no_party_is_in_no_count(session: Session) -> None:
    make_collection(session, also=("VAT",))
    sign(session, "VAT", shared(t11="on_track"))
    world = counts(build(session, "progress-by-region", target="aichi-11"))["world"]
    assert world == {"not_reported": 196, "asked": 196}


def test_a_collection_that_asks_nobody_has_a_table_of_zeros(session: Session) -> None:
    make_collection(session)
    session.execute(update(Submission).values(is_in_denominator=False))
    assert counts(build(session, "progress-by-region"))["world"] == {}


def test_arabic_changes_the_words_and_nothing_else(
    session: Session, collection: Collection
) -> None:
    english, arabic = (build(session, "progress-by-region", locale) for locale in ("en", "ar"))
    assert counts(english) == counts(arabic)
    assert [c.id for c in english.columns] == [c.id for c in arabic.columns]
    assert {c.label for c in english.columns}.isdisjoint(c.label for c in arabic.columns)
    assert set(english.notes).isdisjoint(arabic.notes)


def test_what_was_derived_is_read_anew_for_a_new_revision(
    session: Session, collection: Collection
) -> None:
    before = counts(build(session, "progress-by-region", target="aichi-11"))
    assert counts(build(session, "progress-by-region", target="aichi-11")) == before
    sign(session, UGANDA, DOCUMENTS[KENYA])
    after = counts(build(session, "progress-by-region", target="aichi-11"))
    assert after["AFR"]["insufficient_rate"] == 2


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        ({"target": "aichi-21"}, "target"),
        ({"by": "continents"}, "by"),
        ({"unit": "people"}, "unit"),
        ({"reviewed": "maybe"}, "reviewed"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"members_on": "2018-02-30"}, "members_on"),
        ({"group": "world"}, "group"),  # a parameter of other tables
    ],
)
def test_a_parameter_that_is_not_understood_is_named(
    session: Session, collection: Collection, params: dict[str, str], wrong: str
) -> None:
    with pytest.raises(InvalidInputError) as error:
        build(session, "progress-by-region", **params)
    assert error.value.details["parameter"] == wrong
    assert error.value.details["allowed"]


def test_an_unknown_table_or_collection_is_not_found(
    session: Session, collection: Collection, report: Report
) -> None:
    with pytest.raises(NotFoundError):
        build(session, "regress-by-region")
    with pytest.raises(NotFoundError):
        build_table(session, forms(), report, "progress-by-region", "nr99", {})


def test_the_note_names_the_classes_that_are_answers(
    session: Session, collection: Collection
) -> None:
    notes = build(session, "confidence-by-region").notes
    (told,) = [note for note in notes if note.startswith('"Answered"')]
    assert "comprehensive indicators; It rests on partial indicators" in told
    (told,) = [n for n in build(session, "progress-by-target").notes if n.startswith('"Answered"')]
    assert "Moving away from the target; Unknown" in told
