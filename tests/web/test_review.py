"""The Secretariat reads what was signed, and can do nothing else to it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access import permission_of
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from app.rights import Right
from app.workflow import ReviewStatus
from tests import make
from tests.page import Browse, words

SignIn = Callable[[Account], None]

ANSWERS = {
    "has_forest": "yes",
    "trees": "5000",
    "many.explanation": {"en": {"text": "A big forest."}},
    "keeper": "Word for the Secretariat",
    "diary": {"en": {"text": "Word for the Party"}},
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Zebras"}}}}],
}
OF_PARTY = ("draft", "draft_part", "operation", "revision")
KEPT = ("draft", "draft_part", "revision", "event")


@pytest.fixture
def signed(session: Session, tiny: Form, sign_in: SignIn) -> Submission:
    """Return Kenya's submission with a signed revision; a reviewer is signed in."""
    submission = make.make_submission(session, form=tiny)
    make.make_revision(session, submission, ANSWERS)
    sign_in(make.make_account(session, Role.REVIEWER))
    return submission


def listed(browse: Browse, query: str = "") -> list[str]:
    page = browse(f"/review/{query}")
    return [words(e) for e in page.all("th", scope="row")]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_the_review(browse: Browse, signed: Submission, language: str) -> None:
    browse("/review/", language=language)
    browse(f"/review/{signed.id}/1", language=language)


def test_the_queue_lists_all_who_were_asked(browse: Browse, signed: Submission) -> None:
    every = listed(browse)
    assert len(every) == 196
    assert (every[0].split()[0], every[-1].split()[0]) == ("Afghanistan", "Zimbabwe")
    assert "Kenya Africa" in every


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?status=submitted", ["Kenya Africa"]),
        ("?status=submitted&review=not_started", ["Kenya Africa"]),
        ("?review=reviewed", []),
        ("?status=withdrawn", []),
    ],
)
def test_the_queue_can_be_narrowed(
    browse: Browse, signed: Submission, query: str, expected: list[str]
) -> None:
    assert listed(browse, query) == expected


def test_an_empty_queue_says_so(browse: Browse, signed: Submission) -> None:
    assert "No Party fits these filters." in browse("/review/?status=withdrawn").words


def test_without_a_collection_there_is_nothing_to_review(
    browse: Browse, session: Session, sign_in: SignIn
) -> None:
    sign_in(make.make_account(session, Role.REVIEWER))
    assert "No collection has been opened yet." in browse("/review/").words


def test_a_reviewer_reads_answers_checks_and_explanations(
    browse: Browse, signed: Submission
) -> None:
    page = browse(f"/review/{signed.id}/1")
    assert "Word for the Secretariat" in page.words
    assert "Word for the Party" not in page.text
    assert "That is very many trees. Forests" in page.words
    assert "A big forest." in page.words


def test_a_review_is_opened_closed_and_taken_up_again(
    browse: Browse, signed: Submission, session: Session
) -> None:
    here = f"/review/{signed.id}/1"
    assert "Open the review" in browse(here).words
    assert "In review" in browse(f"{here}/start", data={}).words
    page = browse(f"{here}/close", data={})
    assert "Reviewed" in page.words
    assert "Take the review up again" in page.words
    session.expire_all()
    review = signed.revisions[0].review
    assert review is not None
    assert review.status is ReviewStatus.REVIEWED


def test_what_was_not_opened_cannot_be_closed(client: FlaskClient, signed: Submission) -> None:
    assert client.post(f"/review/{signed.id}/1/close").status_code == 409


def test_an_administrator_reads_but_does_not_review(
    browse: Browse, client: FlaskClient, signed: Submission, session: Session, sign_in: SignIn
) -> None:
    sign_in(make.make_account(session, Role.ADMINISTRATOR))
    assert "Open the review" not in browse(f"/review/{signed.id}/1").words
    assert client.post(f"/review/{signed.id}/1/start").status_code == 403


def test_no_party_reads_the_queue(
    browse: Browse, signed: Submission, session: Session, sign_in: SignIn
) -> None:
    sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY))
    browse("/review/", status=403)
    browse(f"/review/{signed.id}/1", status=403)


def test_a_reviewer_sees_no_draft(
    client: FlaskClient, session: Session, tiny: Form, sign_in: SignIn
) -> None:
    submission = make.make_submission(session, form=tiny, draft={"story": {"en": {"text": "Hush"}}})
    sign_in(make.make_account(session, Role.REVIEWER))
    paths = ("", "/check", "/sign", "/draft/forest", "/revisions/1")
    for path in [f"/submissions/{submission.id}{path}" for path in paths]:
        answer = client.get(path)
        assert answer.status_code in {403, 404}, path
        assert "Hush" not in answer.text
    assert client.get(f"/review/{submission.id}/1").status_code == 404
    assert "Hush" not in client.get("/review/").text


def test_no_route_lets_a_reviewer_touch_what_a_party_says(
    app: Flask, client: FlaskClient, signed: Submission, session: Session
) -> None:
    """Walk every address that takes a submission, with every method that changes something."""
    arguments = {
        "submission_id": signed.id,
        "place": "forest",
        "container": "herds",
        "number": 1,
        "code": signed.collection_code,
        "party": signed.party_code,
    }
    before = {table: _rows(session, table) for table in KEPT}
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    walked = 0
    for rule in app.url_map.iter_rules():
        if "submission_id" not in rule.arguments or rule.endpoint.startswith("review."):
            continue
        path = adapter.build(rule.endpoint, {a: arguments.get(a, "none") for a in rule.arguments})
        for method in {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            answer = client.open(path, method=method, data={"story": "Mine.", "note": "x"})
            is_own = permission_of(app.view_functions[rule.endpoint]) == Right.ENTER_ON_BEHALF
            expected = {404, 422} if is_own else {401, 403, 404, 415}
            assert answer.status_code in expected, f"{method} {path}"
            walked += 1
    assert walked > 8
    session.rollback()
    assert {table: _rows(session, table) for table in KEPT} == before


@pytest.mark.parametrize("role", [role for role in Role if not role.is_national])
def test_no_route_at_all_changes_an_answer_for_anybody_but_the_party(
    app: Flask,
    client: FlaskClient,
    signed: Submission,
    session: Session,
    sign_in: SignIn,
    role: Role,
) -> None:
    """Walk every address that changes something, whatever it takes, as everybody else."""
    session.commit()
    account = make.make_account(session, role)
    before = {table: _rows(session, table) for table in OF_PARTY}
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    posted = {"story": "Mine.", "note": "x", "text": "x", "language": "en", "code": "nr6"}
    walked = 0
    for rule in app.url_map.iter_rules():
        known = {"submission_id": signed.id, "code": "nr6", "party": "KEN", "number": 1}
        arguments = {name: known.get(name, "forest") for name in rule.arguments}
        if rule.rule.startswith("/api/") or not {"POST"} & (rule.methods or set()):
            continue
        sign_in(account)
        path = adapter.build(rule.endpoint, arguments, method="POST")
        assert client.post(path, data=posted).status_code < 500, path
        walked += 1
    assert walked > 80
    session.rollback()
    assert {table: _rows(session, table) for table in OF_PARTY} == before


def _rows(session: Session, table: str) -> list[tuple[object, ...]]:
    found = session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))  # noqa: S608 - our own
    return [tuple(row) for row in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?activity=submitted", ["Kenya Africa"]),
        ("?complete=no", ["Kenya Africa"]),
        ("?complete=yes", []),
        ("?age=7", ["Kenya Africa"]),
        ("?age=none", []),
        ("?reviewer=nobody&status=submitted", ["Kenya Africa"]),
    ],
)
def test_the_queue_knows_how_far_how_complete_and_how_old(
    browse: Browse, signed: Submission, query: str, expected: list[str]
) -> None:
    assert listed(browse, query) == expected


def test_reviews_are_assigned_in_the_queue(
    browse: Browse, signed: Submission, session: Session
) -> None:
    rita = make.make_account(session, Role.REVIEWER, name="Rita", email="rita@example.org")
    chosen = {"collection": "nr6", "submission": [signed.id], "assignee": rita.id}
    page = browse("/review/assign?status=submitted", data=chosen)
    assert "Assigned." in page.words
    assert listed(browse, f"?reviewer={rita.id}") == ["Kenya Africa"]
    nothing = browse("/review/assign", data={"collection": "nr6", "assignee": rita.id})
    assert "Choose at least one Party" in nothing.words


def test_a_party_lets_the_secretariat_see_where_it_works(
    browse: Browse,
    client: FlaskClient,
    signed: Submission,
    tiny: Form,
    session: Session,
    sign_in: SignIn,
) -> None:
    submission = make.make_submission(session, "JOR", signed.collection, draft={})
    sign_in(make.make_account(session, party="JOR"))
    home = f"/submissions/{submission.id}"
    assert "sees which section" in browse(f"{home}/help", data={"shown": "1"}).words
    client.get(f"{home}/draft/changes?since=0&place={tiny.sections[0].id}")
    sign_in(make.make_account(session, Role.REVIEWER, email="r2@example.org"))
    assert "Working on:" in browse("/review/").words
