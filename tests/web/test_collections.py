"""Collections: dates, counts, and who has submitted; never who is at work on a draft."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.workflow import DraftStatus
from tests.make import make_account, make_collection, make_revision, make_submission
from tests.page import Browse, Page, words

WRITTEN = {"targets_basis": "national_targets"}


def parties_under(page: Page, id_: str) -> list[str]:
    """Return the Parties named in one section of the page."""
    found = [s for s in page.all("section") if any(e.get("id") == id_ for e in s.iter("h2"))]
    return [words(e) for s in found for e in s.iter() if e.tag == "li" or e.get("scope") == "row"]


def figures(page: Page) -> dict[str, str]:
    (shown,) = page.all("dl", class_="figures")
    names = [words(e) for e in shown.iter("dt")]
    return dict(zip(names, [words(e) for e in shown.iter("dd")], strict=True))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_a_collection_it_says_so(browse: Browse, language: str) -> None:
    assert browse("/collections/", language=language).all("p", class_="empty")


def test_the_last_opened_comes_first(session: Session, browse: Browse) -> None:
    make_collection(session, "nr5", opens_on=date(2014, 1, 1), due_on=date(2014, 3, 31))
    make_collection(session, "nr6")
    titles = browse("/collections/").all("a", class_="row-title")
    assert [a.get("href") for a in titles] == ["/collections/nr6", "/collections/nr5"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_collection_shows_who_has_submitted(
    session: Session, browse: Browse, language: str
) -> None:
    revision = make_revision(session, make_submission(session, "KEN"))
    make_revision(
        session, make_submission(session, "TZA"), withdrawn_at=datetime(2019, 1, 1, tzinfo=UTC)
    )
    page = browse("/collections/nr6", language=language)
    assert len(parties_under(page, "submitted")) == 1
    assert len(parties_under(page, "withdrawn")) == 1
    assert len(parties_under(page, "silent")) == 194
    assert f"/submissions/{revision.submission_id}" in page.links().values()


def test_counts_and_their_share(session: Session, browse: Browse) -> None:
    for party in ("KEN", "TZA", "UGA"):
        make_revision(session, make_submission(session, party))
    page = browse("/collections/nr6")
    assert figures(page) == {
        "Parties asked": "196",
        "Parties that have submitted": "3",
        "Share of those asked": "2%",  # 3 / 196 = 1.53 %
    }


def test_who_is_no_party_stands_in_no_count(session: Session, browse: Browse) -> None:
    collection = make_collection(session, also=("USA",))
    make_revision(session, make_submission(session, "USA", collection))
    page = browse("/collections/nr6")
    assert figures(page)["Parties asked"] == "196"
    assert figures(page)["Parties that have submitted"] == "0"
    assert len(parties_under(page, "submitted")) == 1


def test_a_draft_is_nobody_elses_business(
    session: Session, browse: Browse, sign_in: Callable[[Account], None]
) -> None:
    make_collection(session)
    before = browse("/collections/nr6").words
    make_submission(session, "KEN", draft=WRITTEN, draft_status=DraftStatus.AWAITING_SIGN_OFF)
    assert browse("/collections/nr6").words == before
    sign_in(make_account(session, Role.REVIEWER))
    assert browse("/collections/nr6").words == before
    sign_in(make_account(session, party="TZA"))
    assert "Awaiting sign-off" not in browse("/collections/nr6").words


def test_a_party_sees_where_its_own_stands(
    session: Session, browse: Browse, sign_in: Callable[[Account], None]
) -> None:
    make_submission(session, "KEN", draft=WRITTEN, draft_status=DraftStatus.AWAITING_SIGN_OFF)
    sign_in(make_account(session, party="KEN"))
    page = browse("/collections/nr6")
    assert "Awaiting sign-off" in page.words
    assert "Go to the draft" in page.links()


@pytest.mark.parametrize(
    ("opens_on", "due_on", "closed_at", "told"),
    [
        (date(2200, 1, 1), None, None, "Not open yet"),
        (date(2018, 1, 1), date(2200, 1, 1), None, "Open"),
        (date(2018, 1, 1), date(2018, 12, 31), None, "Open, past its due date"),
        (date(2018, 1, 1), None, datetime(2019, 1, 1, tzinfo=UTC), "Closed"),
    ],
)
def test_where_a_collection_stands_in_time(
    session: Session,
    browse: Browse,
    opens_on: date,
    due_on: date | None,
    closed_at: datetime | None,
    told: str,
) -> None:
    make_collection(session, opens_on=opens_on, due_on=due_on, closed_at=closed_at)
    assert words(browse("/collections/nr6").all("span", class_="tag")[0]) == told


def test_synthetic_data_is_marked(session: Session, browse: Browse) -> None:
    make_collection(session, is_synthetic=True)
    assert browse("/collections/nr6").all("section", class_="banner-synthetic")


def test_a_collection_that_is_none(browse: Browse) -> None:
    browse("/collections/nothing", 404)
