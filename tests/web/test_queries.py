"""Queries on pages: who asks, who answers, who sees nothing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]

ANSWERS = {
    "has_forest": "yes",
    "trees": "5000",
    "keeper": "Word for the Secretariat",
    "diary": {"en": {"text": "Word for the Party"}},
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Zebras"}}}}],
}


@pytest.fixture
def signed(session: Session, tiny: Form) -> Submission:
    submission = make.make_submission(session, form=tiny)
    make.make_revision(session, submission, ANSWERS)
    return submission


@pytest.fixture
def reviewer(session: Session) -> Account:
    return make.make_account(session, Role.REVIEWER, name="Rita")


@pytest.fixture
def drafter(session: Session) -> Account:
    return make.make_account(session, name="Drafter")


def section_of(form: Form, question: str) -> str:
    return next(
        s.id for s in form.sections if question in {getattr(e, "id", "") for e in s.elements}
    )


@pytest.fixture
def about(tiny: Form, signed: Submission) -> str:
    """Return the address where one asks about the number of trees."""
    place = section_of(tiny, "trees")
    return f"/submissions/{signed.id}/queries/ask?place={place}&question=trees"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page(
    browse: Browse,
    signed: Submission,
    about: str,
    sign_in: SignIn,
    reviewer: Account,
    drafter: Account,
    language: str,
) -> None:
    home = f"/submissions/{signed.id}/queries"
    sign_in(reviewer)
    browse(home, language=language)
    browse(about, language=language)
    browse(about, language=language, data={"text": "Why?", "language": "en"})
    for page in (home, f"{home}/1", "/review/queries", "/review/", f"/review/{signed.id}/1"):
        browse(page, language=language)
    place = about.partition("?")[2]
    browse(f"/review/ask?collection=nr6&{place}", language=language)
    sign_in(drafter)
    for page in (home, f"{home}/1", f"/submissions/{signed.id}"):
        browse(page, language=language)


def test_a_reviewer_asks_about_an_answer_and_the_party_answers(
    browse: Browse, signed: Submission, sign_in: SignIn, reviewer: Account, drafter: Account
) -> None:
    sign_in(reviewer)
    review = browse(f"/review/{signed.id}/1")
    links = [a.get("href", "") for a in review.all("a") if "question=trees" in a.get("href", "")]
    page = browse(links[0])
    assert "5,000" in page.words
    typed = {"text": "So many?", "language": "en", "due_on": "2999-12-31"}
    assert "Asked." in browse(links[0], data=typed).words
    assert "Questions open" in browse(f"/review/{signed.id}/1").words
    sign_in(drafter)
    home = browse(f"/submissions/{signed.id}")
    assert "One query of the Secretariat waits for an answer" in home.words
    here = f"/submissions/{signed.id}/queries/1"
    assert "So many?" in browse(here).words
    answered = browse(f"{here}/answer", data={"text": "نعم", "language": "ar"})
    assert "Answered." in answered.words
    assert answered.find("div", lang="ar", dir="rtl").text == "نعم"
    assert "Every query of the Secretariat is answered" in browse(f"/submissions/{signed.id}").words
    sign_in(reviewer)
    assert "Resolved." in browse(f"{here}/resolve", data={}).words
    assert "Zebras" in browse(f"/submissions/{signed.id}/revisions/1").words


def test_the_public_and_other_parties_see_nothing_of_it(
    browse: Browse,
    client: FlaskClient,
    signed: Submission,
    about: str,
    session: Session,
    sign_in: SignIn,
    reviewer: Account,
) -> None:
    sign_in(reviewer)
    browse(about, data={"text": "So many?", "language": "en"})
    sign_in(make.make_account(session, party="JOR"))
    browse(f"/submissions/{signed.id}/queries", 403)
    browse(f"/submissions/{signed.id}/queries/1", 403)
    assert "Query 1" not in browse(f"/submissions/{signed.id}/revisions/1").words
    client.post("/sign-in/out")
    assert "Query 1" not in browse(f"/submissions/{signed.id}/revisions/1").words
    assert client.get(f"/submissions/{signed.id}/queries").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "Write what you want to say"),
        ({"text": "Why?", "due_on": "soon"}, "Enter a day from today on"),
        ({"text": "Why?", "due_on": "2001-01-01"}, "Enter a day from today on"),
    ],
)
def test_what_will_not_do_is_told_and_what_was_typed_stays(
    browse: Browse,
    about: str,
    sign_in: SignIn,
    reviewer: Account,
    typed: dict[str, str],
    said: str,
) -> None:
    sign_in(reviewer)
    page = browse(about, 422, data={"language": "fr", **typed})
    assert said in page.words
    assert (page.find("textarea").text or "").strip() == typed["text"].strip()


def test_an_answer_that_is_too_long_is_kept_on_the_page(
    browse: Browse,
    signed: Submission,
    about: str,
    sign_in: SignIn,
    reviewer: Account,
    drafter: Account,
) -> None:
    sign_in(reviewer)
    browse(about, data={"text": "So many?", "language": "en"})
    sign_in(drafter)
    here = f"/submissions/{signed.id}/queries/1"
    page = browse(f"{here}/answer", 422, data={"text": "x" * 5001, "language": "en"})
    assert page.find("textarea").text == "x" * 5001


def test_the_party_s_own_answers_are_not_shown_to_who_asks(
    browse: Browse, tiny: Form, signed: Submission, sign_in: SignIn, reviewer: Account
) -> None:
    sign_in(reviewer)
    place = section_of(tiny, "diary")
    ask = f"/submissions/{signed.id}/queries/ask?place={place}&question=diary"
    assert "Word for the Party" not in browse(ask).text
    browse(ask, 404, data={"text": "Why?", "language": "en"})


def test_many_parties_are_asked_at_once(
    browse: Browse,
    tiny: Form,
    signed: Submission,
    session: Session,
    sign_in: SignIn,
    reviewer: Account,
) -> None:
    make.make_revision(session, make.make_submission(session, "JOR", signed.collection), ANSWERS)
    sign_in(reviewer)
    ask = f"/review/ask?collection=nr6&place={section_of(tiny, 'trees')}&question=trees"
    page = browse(ask)
    assert [box.get("value") for box in page.all("input", name="party")] == ["JOR", "KEN"]
    typed = {"text": "In which year?", "language": "en"}
    assert "Choose at least one Party." in browse(ask, 422, data=typed).words
    sent = browse(ask, data={**typed, "party": ["JOR", "KEN"]})
    assert "2 queries" in sent.words
    assert "Jordan" in sent.words


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("?state=resolved", 0), ("?mine=1", 1), ("?overdue=1", 0), ("?collection=none", 0)],
)
def test_all_queries_can_be_narrowed(
    browse: Browse, about: str, sign_in: SignIn, reviewer: Account, query: str, count: int
) -> None:
    sign_in(reviewer)
    browse(about, data={"text": "So many?", "language": "en"})
    page = browse(f"/review/queries{query}")
    assert ("One query" in page.words, "No query fits" in page.words) == (count == 1, count == 0)


def test_a_query_is_handed_over_on_its_page(
    browse: Browse,
    signed: Submission,
    about: str,
    session: Session,
    sign_in: SignIn,
    reviewer: Account,
) -> None:
    other = make.make_account(session, Role.REVIEWER, name="Omar", email="omar@example.org")
    sign_in(reviewer)
    browse(about, data={"text": "So many?", "language": "en"})
    here = f"/submissions/{signed.id}/queries/1"
    page = browse(f"{here}/owner", data={"owner": other.id})
    assert "Handed over." in page.words
    assert page.words.count("Omar") == 2


def test_the_party_changes_only_what_was_asked_about(
    browse: Browse,
    tiny: Form,
    signed: Submission,
    about: str,
    sign_in: SignIn,
    reviewer: Account,
    drafter: Account,
) -> None:
    sign_in(reviewer)
    browse(about, data={"text": "So many?", "language": "en"})
    sign_in(drafter)
    page = browse(f"/submissions/{signed.id}/queries/1/take-up", data={})
    assert "only what the Secretariat asked about can be changed" in page.words
    shown = {field.get("name") for field in page.all("input") if field.get("type") != "hidden"}
    assert "trees" in shown
    assert "(locked)" in page.words
    here = f"/submissions/{signed.id}/draft/{section_of(tiny, 'trees')}"
    saved = browse(here, data={"trees": "7", "has_forest": "no", "then": "stay"})
    assert "Some of these answers are locked." in saved.words
    check = browse(f"/submissions/{signed.id}/check")
    assert "7" in check.words
    unlocked = browse(f"/submissions/{signed.id}/unlock", data={})
    assert "All answers can be changed now." in unlocked.words
    assert "(locked)" not in browse(here).words


def test_who_asks_about_an_answer_that_was_signed_anew_reads_it_first(
    browse: Browse,
    session: Session,
    signed: Submission,
    about: str,
    sign_in: SignIn,
    reviewer: Account,
) -> None:
    sign_in(reviewer)
    opened = browse(about).find("input", name="revision").get("value", "")
    make.make_revision(session, signed, {**ANSWERS, "trees": "6000"})
    typed = {"text": "So few?", "language": "en", "revision": opened}
    page = browse(about, 409, data=typed)
    assert "The Party has signed again since you opened this page" in page.words
    assert "6000" in page.words or "6,000" in page.words
    assert page.find("textarea", name="text").text == "So few?"
    typed["revision"] = page.find("input", name="revision").get("value", "")
    assert "Asked." in browse(about, data=typed).words


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_row_that_is_signed_away_under_a_query_leaves_its_pages(
    browse: Browse,
    session: Session,
    tiny: Form,
    signed: Submission,
    sign_in: SignIn,
    reviewer: Account,
    drafter: Account,
    language: str,
) -> None:
    home = f"/submissions/{signed.id}/queries"
    sign_in(reviewer)
    row = f"{home}/ask?place=animals/herds/r1&question=name"
    browse(row, data={"text": "Which?", "language": "en"})
    make.make_revision(session, signed, {k: v for k, v in ANSWERS.items() if k != "herds"})
    for page in (home, f"{home}/1", row, "/review/queries", f"/review/{signed.id}/2"):
        browse(page, language=language)
    sign_in(drafter)
    for page in (home, f"{home}/1", f"/submissions/{signed.id}"):
        browse(page, language=language)
    browse(f"{home}/1/take-up", language=language, data={})
    for section in tiny.sections:
        browse(f"/submissions/{signed.id}/draft/{section.id}", language=language)
    browse(f"{home}/1/answer", language=language, data={"text": "It is gone.", "language": "en"})


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_limited_draft_on_every_page(
    browse: Browse,
    tiny: Form,
    signed: Submission,
    about: str,
    sign_in: SignIn,
    reviewer: Account,
    drafter: Account,
    language: str,
) -> None:
    sign_in(reviewer)
    browse(about, data={"text": "So many?", "language": "en"})
    sign_in(drafter)
    browse(f"/submissions/{signed.id}/queries/take-up", data={})
    browse(f"/submissions/{signed.id}", language=language)
    for section in tiny.sections:
        browse(f"/submissions/{signed.id}/draft/{section.id}", language=language)
