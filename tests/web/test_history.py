"""How a Party assessed its targets over time: page, drawing, files."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.base import now
from app.models.submission import Revision
from tests.make import make_revision, make_submission
from tests.page import Browse, words

REPORT = "/results/cbd/aichi-progress"
KENYA = f"{REPORT}/over-time/nr6/KEN"
SVG = "{http://www.w3.org/2000/svg}"


def assessment(row: str, progress: str, on: str) -> dict[str, Any]:
    answers = {"progress": progress, "confidence": "expert_opinion"}
    return {"row": row, "answers": answers | ({"assessed_on": on} if on else {})}


def documented(*rows: dict[str, Any], language: str = "fr") -> dict[str, Any]:
    target = {
        "is_aichi_target": "no",
        "title": {language: {"text": "Cible <une>"}},
        "level": "national",
        "main_targets": ["aichi-01"],
        "national_assessments": list(rows),
    }
    return {
        "targets_basis": "national_targets",
        "national_targets": [{"row": "n", "answers": target}],
    }


@pytest.fixture
def signed(session: Session) -> Revision:
    """Kenya has assessed one target four times: twice on the scale, once unknown, once undated."""
    document = documented(
        assessment("a", "on_track", "2018-01-01"),
        assessment("b", "no_change", "2016-07-01"),
        assessment("c", "unknown", "2015-01-01"),
        assessment("d", "moving_away", ""),
    )
    return make_revision(session, make_submission(session, "KEN"), document)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_all_assessments_stand_by_date(browse: Browse, signed: Revision, language: str) -> None:
    page = browse(KENYA, language=language)
    rows = [[words(cell) for cell in row.iter("td")] for row in page.all("tbody")[0].iter("tr")]
    assert len(rows) == 4
    assert [bool(on) for on, _, _ in rows] == [False, True, True, True]
    assert {th.get("lang") for th in page.all("th", scope="row")} == {"fr"}
    if language == "en":
        assert [on for on, _, _ in rows[1:]] == ["1 January 2015", "1 July 2016", "1 January 2018"]
        assert rows[3][1] == "On track to achieve the target"


def test_a_line_joins_what_is_on_the_scale(browse: Browse, signed: Revision) -> None:
    page = browse(KENYA)
    (wide, _) = [svg for svg in page.root.iter(f"{SVG}svg") if svg.get("role") == "img"]
    assert len(list(wide.iter(f"{SVG}circle"))) == 3  # the one without a date has no place
    joined = [line for line in wide.iter(f"{SVG}line") if line.get("stroke-width") == "2"]
    assert len(joined) == 1  # nothing leads from `unknown`


def test_it_can_be_saved(client: FlaskClient, browse: Browse, signed: Revision) -> None:
    links = browse(KENYA).links()
    for kind, start in (("SVG", b"<svg "), ("PNG", b"\x89PNG")):
        answer = client.get(links[f"Download chart as {kind}"])
        assert answer.data.startswith(start)
        name = f"cbd-aichi-progress.over-time.nr6.KEN.{kind.lower()}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_parties_behind_a_figure_lead_there(browse: Browse, signed: Revision) -> None:
    page = browse(f"{REPORT}/progress-by-region/parties?row=AFR&column=on_track")
    assert page.links()["Over time Kenya"] == KENYA


def test_without_a_date_there_is_no_drawing(browse: Browse, session: Session) -> None:
    document = documented(assessment("a", "on_track", ""), language="en")
    make_revision(session, make_submission(session, "KEN"), document)
    page = browse(KENYA)
    assert not page.all("figure")
    assert len(page.all("tbody")) == 1
    browse(f"{KENYA}/chart.svg", 404)


def test_without_an_assessment_it_says_so(browse: Browse, session: Session) -> None:
    make_revision(session, make_submission(session, "KEN"), documented())
    assert len(browse(KENYA).all("p", class_="empty")) == 1


def test_what_was_withdrawn_is_not_shown(
    browse: Browse, session: Session, signed: Revision
) -> None:
    signed.withdrawn_at = now()
    session.commit()
    browse(KENYA, 404)
    browse(f"{KENYA}/chart.png", 404)


@pytest.mark.parametrize("place", ["nr6/UGA", "nr6/XXX", "none/KEN"])
def test_what_is_not_there_is_said(browse: Browse, signed: Revision, place: str) -> None:
    browse(f"{REPORT}/over-time/{place}", 404)
