"""Results: tables as pages and files, and the Parties behind each figure."""

import json
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.submission import Submission
from tests.make import make_collection, make_revision, make_submission
from tests.page import Browse, Page, words

SVG = "{http://www.w3.org/2000/svg}"
REPORT = "/results/cbd/aichi-progress"
REGIONS = f"{REPORT}/progress-by-region"
TABLES = (
    "progress-by-region",
    "progress-by-target",
    "coverage-by-region",
    "confidence-by-progress",
    "confidence-by-target",
    "confidence-by-region",
)


def assessed(target: str, progress: str) -> dict[str, Any]:
    answers = {"progress": progress, "assessed_on": "2018-02-01", "confidence": "expert_opinion"}
    return {
        "targets_basis": "aichi_targets",
        "aichi_targets": {target: {"aichi_target_assessments": [{"row": "a", "answers": answers}]}},
    }


def national(progress: str, language: str) -> dict[str, Any]:
    answers = {"progress": progress, "assessed_on": "2018-02-01", "confidence": "expert_opinion"}
    target = {
        "is_aichi_target": "no",
        "title": {language: {"text": "أهداف <نا>"}},
        "level": "national",
        "main_targets": ["aichi-01"],
        "national_assessments": [{"row": "a", "answers": answers}],
    }
    return {
        "targets_basis": "national_targets",
        "national_targets": [{"row": "n", "answers": target}],
    }


@pytest.fixture
def kenya(session: Session) -> str:
    """Kenya has signed that it is on track for Target 1; return its submission."""
    revision = make_revision(
        session, make_submission(session, "KEN"), assessed("aichi-01", "on_track")
    )
    return revision.submission_id


def cells(page: Page, name: str) -> list[str]:
    """Return what stands in the row of that name."""
    row = next(tr for tr in page.all("tr") if words(tr).startswith(name))
    return [words(cell) for cell in row.iter("td")]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("address", ["/results/", REPORT, REGIONS])
def test_without_a_collection_it_says_so(browse: Browse, address: str, language: str) -> None:
    assert len(browse(address, language=language).all("p", class_="empty")) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("show", ["counts", "answered", "asked"])
@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_a_page(
    browse: Browse, kenya: str, table: str, show: str, language: str
) -> None:
    page = browse(f"{REPORT}/{table}?show={show}", language=language)
    assert all(th.get("scope") for th in page.all("th"))
    assert words(page.find("caption")).startswith(page.h1)
    assert len(page.all("tbody")) == 1


def test_results_lead_to_tables(browse: Browse, kenya: str) -> None:
    links = browse("/results/").links()
    assert links["Progress on one Aichi Target, by region"] == REGIONS
    links = browse(REPORT).links()
    assert links["Coverage by region"] == f"{REPORT}/coverage-by-region?collection=nr6"


def test_counts_and_shares_of_africa(browse: Browse, kenya: str) -> None:
    # exceed, on track, …, unknown; not assessed, no national target, not reported; answered, asked
    assert cells(browse(REGIONS), "Africa") == [
        "0",
        "1",
        "0",
        "0",
        "0",
        "0",
        "0",
        "0",
        "53",
        "1",
        "54",
    ]
    answered = cells(browse(f"{REGIONS}?show=answered"), "Africa")
    assert answered == ["1", "0%", "100%", "0%", "0%", "0%", "0%"]
    asked = cells(browse(f"{REGIONS}?show=asked"), "Africa")
    assert asked == ["54", "0%", "2%", "0%", "0%", "0%", "0%", "0%", "0%", "98%", "2%"]
    assert cells(browse(f"{REGIONS}?show=answered"), "Asia and the Pacific") == ["0"] + [""] * 6


def test_the_method_stands_under_the_table(browse: Browse, kenya: str) -> None:
    page = browse(REGIONS)
    assert "it is ours, not the Party's own rating" in page.words
    assert "Signed by then and not withdrawn: 1." in page.words
    assert "Sources differ on Türkiye" in page.words


def test_every_figure_opens_to_the_parties_behind_it(browse: Browse, kenya: str) -> None:
    africa = next(tr for tr in browse(REGIONS).all("tr") if words(tr).startswith("Africa"))
    links = [a.get("href", "") for a in africa.iter("a")]
    assert len(links) == 4  # on track, not reported, answered, asked; there is nobody behind a 0
    page = browse(links[0])
    assert page.h1 == "Africa: On track to achieve the target"
    (line,) = page.all("tbody")[0].iter("tr")
    assert "Kenya" in words(line)
    assert "1 February 2018" in words(line)
    signed = next(iter(line.iter("a"))).get("href")
    assert signed == f"/submissions/{kenya}/revisions/1"
    silent = browse(links[1])
    assert "Kenya" not in silent.words
    assert words(silent.all("tbody")[0]).count("Nothing signed") == 53


def test_a_national_target_is_shown_in_its_own_language(browse: Browse, session: Session) -> None:
    make_revision(session, make_submission(session, "JOR"), national("exceed", "ar"))
    page = browse(f"{REGIONS}/parties?row=AP&column=exceed&unit=assessments")
    title = page.find("td", lang="ar")
    assert (title.get("dir"), words(title)) == ("rtl", "أهداف <نا>")
    arabic = browse(f"{REGIONS}/parties?row=AP&column=exceed&unit=assessments", language="ar")
    assert not arabic.all("td", lang="ar")


def test_the_address_holds_what_was_chosen(browse: Browse, kenya: str) -> None:
    address = f"{REGIONS}?target=aichi-02&by=ldc&reviewed=reviewed&as_of=2019-01-01&show=asked"
    page = browse(address)
    chosen = {s.get("name"): o.get("value") for s in page.all("select") for o in s.iter("option")
              if o.get("selected") is not None}  # fmt: skip
    assert chosen == {
        "target": "aichi-02", "by": "ldc", "unit": "parties", "reviewed": "reviewed",
        "freshness": "all",
        "show": "asked",
    }  # fmt: skip
    assert page.find("input", id="choose-as_of").get("value") == "2019-01-01"
    other = page.links()["Progress by Aichi Target"]
    assert "as_of=2019-01-01" in other
    assert "by=ldc" not in other  # that table has no such choice
    fixed = page.links()["Address of this table at this data cut-off"]
    assert "as_of=2019-01-01T23" in fixed
    assert browse(fixed).h1 == page.h1


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_chart_above_it(
    browse: Browse, kenya: str, table: str, language: str
) -> None:
    page = browse(f"{REPORT}/{table}", language=language)
    drawn = [svg for svg in page.root.iter(f"{SVG}svg") if svg.get("role") == "img"]
    assert len(drawn) == 2  # one for a wide screen, one for a narrow one
    for svg in drawn:
        title = next(svg.iter(f"{SVG}title"))
        assert title.get("id") in svg.get("aria-labelledby", "").split()
        assert words(title).startswith(page.h1)
        assert svg.get("lang") == language
    assert words(page.find("figcaption")).startswith(page.h1)


def test_a_chart_repeats_the_figures_of_its_table(browse: Browse, kenya: str) -> None:
    page = browse(f"{REPORT}/confidence-by-progress")
    (wide, _) = [svg for svg in page.root.iter(f"{SVG}svg") if svg.get("role") == "img"]
    texts = [words(text).strip("\u2067\u2069") for text in wide.iter(f"{SVG}text")]
    figures = [text for text in texts if text.isdigit()]
    # one Party on track by expert opinion: the third cell of the second of six rows of four
    assert figures == ["0"] * 6 + ["1"] + ["0"] * 17


def test_a_chart_can_be_saved_and_quoted(client: FlaskClient, browse: Browse, kenya: str) -> None:
    links = browse(f"{REGIONS}?as_of=2019-01-01&show=counts").links()
    shown = client.get(links["Address of this chart"])
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "Counts." in shown.text
    assert "1 January 2019, 23:59:59 UTC" in shown.text
    for kind, start in (("SVG", b"<svg "), ("PNG", b"\x89PNG")):
        answer = client.get(links[f"Download chart as {kind}"])
        assert answer.data.startswith(start)
        name = f"cbd-aichi-progress.progress-by-region.nr6.{kind.lower()}"
        assert f'attachment; filename="{name}"' == answer.headers["Content-Disposition"]


def test_a_chart_of_synthetic_data_says_so(client: FlaskClient, session: Session) -> None:
    make_collection(session, is_synthetic=True)
    answer = client.get(f"{REGIONS}/chart.svg")
    assert ".synthetic.svg" in answer.headers["Content-Disposition"]
    assert "Synthetic data, made for demonstration." in answer.text


def test_downloads_hold_the_same_table(client: FlaskClient, browse: Browse, kenya: str) -> None:
    links = browse(f"{REGIONS}?as_of=2019-01-01").links()
    answer = client.get(links["Download as CSV"])
    assert answer.mimetype == "text/csv"
    assert "cbd-aichi-progress.progress-by-region.nr6.csv" in answer.headers["Content-Disposition"]
    assert answer.text.splitlines()[1].startswith("AFR,Africa,0,1,")
    found = json.loads(client.get(links["Download as JSON"]).text)
    assert found["rows"][0]["on_track"] == 1
    assert found["as_of"].startswith("2019-01-01T23:59:59")


def test_synthetic_data_is_marked(client: FlaskClient, browse: Browse, session: Session) -> None:
    make_collection(session, is_synthetic=True)
    for address in ("/results/", REPORT, REGIONS, f"{REGIONS}/parties?row=AFR&column=asked"):
        assert "Synthetic data" in browse(address).text
    answer = client.get(f"{REGIONS}/table.csv")
    assert ".synthetic.csv" in answer.headers["Content-Disposition"]
    assert client.get(f"{REGIONS}/table.json").json["synthetic"] is True  # type: ignore[index]


def test_several_collections_can_be_chosen(browse: Browse, session: Session, kenya: str) -> None:
    make_collection(session, "older")
    page = browse(f"{REGIONS}?collection=older")
    assert cells(page, "Africa")[8:] == ["54", "0", "54"]
    assert page.all("select", name="collection")


def test_names_that_a_table_does_not_know_are_left_alone(browse: Browse, kenya: str) -> None:
    assert browse(f"{REGIONS}?utm_source=mail&group=world").h1.startswith("Target 1")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/results/cbd/none", 404),
        (f"{REPORT}/none", 404),
        (f"{REPORT}/none/chart.svg", 404),
        (f"{REGIONS}/chart.png?target=none", 422),
        (f"{REGIONS}?collection=none", 404),
        (f"{REGIONS}?target=none", 422),
        (f"{REGIONS}?as_of=tomorrow", 422),
        (f"{REGIONS}/parties", 422),
        (f"{REGIONS}/parties?row=AFR&column=none", 422),
    ],
)
def test_what_is_not_there_is_said(browse: Browse, kenya: str, address: str, status: int) -> None:
    browse(address, status)


def test_nothing_but_a_table_imports_pandas() -> None:
    program = "import sys, app; sys.exit('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0


def test_a_collection_with_a_cut_off_offers_its_table_at_it(
    browse: Browse, session: Session, kenya: str
) -> None:
    session.get_one(Submission, kenya).collection.cut_off_on = date(2018, 11, 30)
    session.commit()
    address = next(
        address for said, address in browse(REGIONS).links().items() if "30 November 2018" in said
    )
    assert "as_of=2018-11-30" in address
    browse(address)
