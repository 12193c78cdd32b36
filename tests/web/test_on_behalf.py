"""Entering on behalf of a Party, on pages: from the document to the signature of the Party."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.files.stored import FileStore
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.proposal import Proposal, ProposalState
from app.models.submission import Submission
from app.services import on_behalf
from app.services.proposals import go_on
from app.services.sources import attach
from app.services.suggesting import suggest_document
from tests import make
from tests.page import Browse, words

SignIn = Callable[[Account], None]

PAPER = b"%PDF-1.7 a signed page"
ANSWERS: dict[str, Any] = {
    "has_forest": "yes",
    "trees": "500",
    "herds": [{"row": "r1", "answers": {"name": {"fr": {"text": "Zebres"}}}}],
}
OF_PARTY = ("draft", "draft_part", "operation", "revision")


@pytest.fixture
def store(app: Flask, tmp_path: Path) -> Iterator[FileStore]:
    before, app.config["FILES_DIR"] = app.config["FILES_DIR"], tmp_path
    yield FileStore(tmp_path)
    app.config["FILES_DIR"] = before


@pytest.fixture
def reviewer(session: Session) -> Account:
    return make.make_account(session, Role.REVIEWER, name="Rita")


@pytest.fixture
def signatory(session: Session) -> Account:
    return make.make_account(session, Role.PUBLISHING_AUTHORITY, name="Sam")


@pytest.fixture
def kenya(session: Session, tiny: Form, store: FileStore, reviewer: Account) -> Submission:
    """Return Kenya's submission with a draft, and a document that a reviewer attached."""
    submission = make.make_submission(
        session, form=tiny, draft={"has_forest": "no", "story": {"en": {"text": "Hush"}}}
    )
    attach(session, submission, store, "report.pdf", PAPER, reviewer)
    return submission


@pytest.fixture
def enter(session: Session, kenya: Submission, tiny: Form, reviewer: Account) -> Callable[..., str]:
    """Return a function that enters answers and asks to confirm; returns the Party's address."""

    def enter_answers(answers: dict[str, Any] = ANSWERS) -> str:
        proposal = on_behalf.begin(session, kenya, tiny, "fr", reviewer)
        suggest_document(session, proposal, tiny, answers)
        on_behalf.ask_to_confirm(session, proposal, tiny)
        return f"/submissions/{kenya.id}/on-behalf/{proposal.id}"

    return enter_answers


def the_proposal(session: Session) -> Proposal:
    session.expire_all()
    return session.scalars(select(Proposal)).one()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page(
    browse: Browse,
    kenya: Submission,
    enter: Callable[..., str],
    reviewer: Account,
    signatory: Account,
    sign_in: SignIn,
    language: str,
) -> None:
    sign_in(reviewer)
    browse(f"/submissions/{kenya.id}/sources/", language=language)
    here = enter()
    browse(f"/submissions/{kenya.id}/sources/", language=language)
    browse(f"{here}/give-up", language=language)
    sign_in(signatory)
    browse(f"/submissions/{kenya.id}", language=language)
    browse(here, language=language)
    browse(f"{here}/decline", 422, data={"reason": ""}, language=language)
    browse(f"{here}/decline", data={"reason": "Page 2 is missing."}, language=language)
    browse(here, language=language)


def test_the_queue_marks_what_the_party_is_to_confirm(
    browse: Browse, session: Session, enter: Callable[..., str], reviewer: Account, sign_in: SignIn
) -> None:
    def rows(state: str) -> str:
        bodies = browse(f"/review/?on_behalf={state}").all("tbody")
        return " ".join(words(body) for body in bodies)

    sign_in(reviewer)
    enter()
    assert "Kenya" in rows("handed_in")
    assert "Waits for the Party to confirm" in rows("handed_in")
    assert rows("open") == ""
    go_on(session, the_proposal(session))
    assert "Being entered" in rows("open")
    on_behalf.give_up(session, the_proposal(session), reviewer)
    assert rows("open") == rows("handed_in") == ""


def test_from_the_document_to_the_signature_of_the_party(
    browse: Browse,
    kenya: Submission,
    session: Session,
    reviewer: Account,
    signatory: Account,
    sign_in: SignIn,
) -> None:
    sign_in(reviewer)
    home = browse(f"/submissions/{kenya.id}/on-behalf/", data={"language": "fr"})
    proposal = the_proposal(session)
    assert f"/proposals/{proposal.id}" in str(home.response.request.path)
    assert home.links()["Documents from the Party"] == f"/submissions/{kenya.id}/sources/"
    page = f"/proposals/{proposal.id}/draft"
    first = browse(f"{page}/forest")
    assert "Hush" not in first.text
    assert first.find("input", name=".version").get("value") == "0"
    browse(f"{page}/forest", data={"has_forest": "yes", "trees": "500", "then": "continue"})
    browse(f"{page}/animals/herds/r1", data={"name": "Zebres", "then": "continue"})
    told = browse(f"/proposals/{proposal.id}/hand-in", data={})
    assert the_proposal(session).state is ProposalState.HANDED_IN
    assert "told by mail" in told.words
    sign_in(signatory)
    party = browse(f"/submissions/{kenya.id}")
    assert "The Secretariat has entered a report on behalf of your Party" in party.words
    here = f"/submissions/{kenya.id}/on-behalf/{proposal.id}"
    shown = browse(here)
    assert "report.pdf" in shown.words
    assert "What is different from your draft" in shown.words
    seen = shown.find("input", name="seen").get("value", "")
    signed = browse(f"{here}/confirm", data={"seen": seen})
    assert "Confirmed and signed." in signed.words
    assert "from documents that the Party sent" in signed.words
    session.expire_all()
    (revision,) = kenya.revisions
    assert '"Zebres"' in revision.content
    assert '{"fr":' in revision.content
    assert "Hush" not in revision.content
    public = browse(f"/submissions/{kenya.id}/revisions/1")
    assert "By the Secretariat on behalf of the Party" in public.words


def test_everybody_reads_that_it_was_entered_on_behalf_and_nobody_reads_the_document(
    browse: Browse,
    client: FlaskClient,
    kenya: Submission,
    enter: Callable[..., str],
    signatory: Account,
    sign_in: SignIn,
) -> None:
    here = enter()
    sign_in(signatory)
    seen = browse(here).find("input", name="seen").get("value", "")
    browse(f"{here}/confirm", data={"seen": seen})
    client.delete_cookie("canopy")
    assert "By the Secretariat on behalf" in browse(f"/submissions/{kenya.id}/revisions/1").words
    assert client.get(f"/submissions/{kenya.id}/sources/1").status_code in {302, 303}


def test_what_was_changed_after_it_was_read_is_not_signed(
    browse: Browse,
    kenya: Submission,
    enter: Callable[..., str],
    session: Session,
    tiny: Form,
    signatory: Account,
    sign_in: SignIn,
) -> None:
    here = enter()
    sign_in(signatory)
    seen = browse(here).find("input", name="seen").get("value", "")
    suggest_document(session, the_proposal(session), tiny, {**ANSWERS, "trees": "600"})
    browse(f"{here}/confirm", 409, data={"seen": seen})  # it is being entered again
    on_behalf.ask_to_confirm(session, the_proposal(session), tiny)
    page = browse(f"{here}/confirm", 409, data={"seen": seen})
    assert "The answers have changed since you opened this page" in page.words
    session.expire_all()
    assert kenya.revisions == []


def test_what_cannot_be_signed_is_taken_into_the_draft(
    browse: Browse,
    enter: Callable[..., str],
    signatory: Account,
    sign_in: SignIn,
) -> None:
    here = enter({"trees": "500"})
    sign_in(signatory)
    page = browse(here)
    assert "What stands in the way of signing" in page.words
    assert "Confirm, sign and publish" not in page.words
    assert "is in your draft now" in browse(f"{here}/take-over", data={}).words


def test_the_reviewer_reads_why_it_was_declined(
    browse: Browse,
    kenya: Submission,
    enter: Callable[..., str],
    session: Session,
    reviewer: Account,
    signatory: Account,
    sign_in: SignIn,
) -> None:
    here = enter()
    sign_in(signatory)
    browse(f"{here}/decline", data={"reason": "Page 2 is missing."})
    sign_in(reviewer)
    page = browse(f"/submissions/{kenya.id}/sources/")
    assert "The Party declined it: Page 2 is missing." in page.words
    assert "Page 2 is missing." in browse(f"/proposals/{the_proposal(session).id}").words
    assert "Given up." in browse(f"{here}/give-up", data={}).words


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("party", ["KEN", "JOR"])
def test_only_who_signs_for_the_party_decides(
    client: FlaskClient,
    kenya: Submission,
    enter: Callable[..., str],
    session: Session,
    sign_in: SignIn,
    role: Role | None,
    party: str,
) -> None:
    here = enter()
    client.delete_cookie("canopy")
    if role:
        sign_in(make.make_account(session, role, party))
    is_own = role is not None and role.is_national and party == "KEN"
    answer = client.get(here)
    assert (answer.status_code == 200) == is_own
    assert is_own or "Hush" not in answer.text
    may_sign = is_own and role is Role.PUBLISHING_AUTHORITY
    expected = {"decline": 422, "confirm": 409} if may_sign else {}
    for act in ("decline", "confirm"):
        status = client.post(f"{here}/{act}").status_code
        assert status == expected.get(act, status)
        assert may_sign or status in {401, 403}
    may_enter = role is Role.REVIEWER
    assert (client.post(f"{here}/give-up").status_code == 303) == may_enter
    session.expire_all()
    assert kenya.revisions == []


def test_a_publishing_authority_without_a_designation_cannot_confirm(
    browse: Browse, enter: Callable[..., str], session: Session, sign_in: SignIn
) -> None:
    here = enter()
    sign_in(make.make_account(session, Role.PUBLISHING_AUTHORITY, designated=False))
    assert "Confirm, sign and publish" not in browse(here).words
    browse(f"{here}/confirm", 403, data={"seen": "x"})


def test_whatever_a_reviewer_enters_the_partys_own_rows_stay_as_they_are(
    browse: Browse,
    client: FlaskClient,
    kenya: Submission,
    session: Session,
    reviewer: Account,
    sign_in: SignIn,
) -> None:
    """The Secretariat changes no answer, also where it types."""

    def rows() -> list[object]:
        session.commit()
        return [session.execute(text(f"SELECT * FROM {t}")).all() for t in OF_PARTY]  # noqa: S608 - ours

    before = rows()
    sign_in(reviewer)
    browse(f"/submissions/{kenya.id}/on-behalf/", data={"language": "en"})
    proposal = the_proposal(session)
    page = f"/proposals/{proposal.id}/draft"
    browse(f"{page}/forest", data={"has_forest": "yes", "trees": "500", "then": "continue"})
    browse(f"{page}/animals/herds/r1", data={"name": "Zebras", "then": "continue"})
    client.post(f"{page}/animals/herds/r1/remove")
    browse(f"/proposals/{proposal.id}/hand-in", data={})
    browse(f"/proposals/{proposal.id}/go-on", data={})
    here = f"/submissions/{kenya.id}/on-behalf/{proposal.id}"
    for act in ("confirm", "decline", "take-over"):
        assert client.post(f"{here}/{act}").status_code == 403
    browse(f"{here}/give-up", data={})
    assert rows() == before
    for path in ("", "/draft/forest", "/hand-in"):
        assert client.get(f"/proposals/{proposal.id}{path}").status_code in {404, 405, 409, 410}


def test_nothing_can_be_begun_without_a_document(
    browse: Browse,
    session: Session,
    tiny: Form,
    store: FileStore,
    reviewer: Account,
    sign_in: SignIn,
) -> None:
    submission = make.make_submission(session, form=tiny)
    sign_in(reviewer)
    page = browse(f"/submissions/{submission.id}/on-behalf/", 422, data={"language": "en"})
    assert "Attach the document of the Party first." in page.words


def test_what_is_entered_already_is_not_begun_again(
    browse: Browse, kenya: Submission, enter: Callable[..., str], sign_in: SignIn, session: Session
) -> None:
    here = enter()
    sign_in(make.make_account(session, Role.REVIEWER))
    page = browse(f"/submissions/{kenya.id}/on-behalf/", 409, data={"language": "fr"})
    assert "Somebody enters it already" in page.words
    browse(f"{here}/give-up", data={"then": ""})
    refused = browse(f"{here}/give-up", 409, data={"then": ""})
    assert browse(refused.links()["Read the documents"]).h1 == "Documents from the Party"


def test_what_is_handed_in_without_a_document_leads_to_attaching_one(
    browse: Browse, kenya: Submission, session: Session, reviewer: Account, sign_in: SignIn
) -> None:
    sign_in(reviewer)
    browse(f"/submissions/{kenya.id}/on-behalf/", data={"language": "fr"})
    proposal = the_proposal(session)
    browse(f"/submissions/{kenya.id}/sources/1/remove", data={"then": ""})
    page = browse(f"/proposals/{proposal.id}/hand-in", data={"then": ""})
    assert page.h1 == "Documents from the Party"
    assert "Attach the document of the Party first." in page.words
    assert the_proposal(session).state is ProposalState.OPEN


def test_what_the_draft_says_otherwise_can_still_be_read_after_taking_over(
    browse: Browse,
    kenya: Submission,
    enter: Callable[..., str],
    signatory: Account,
    sign_in: SignIn,
) -> None:
    here = enter({"has_forest": "yes", "story": {"fr": {"text": "Baobab"}}, "trees": "500"})
    sign_in(signatory)
    assert "says something else" in browse(f"{here}/take-over", data={}).words
    words = browse(f"/submissions/{kenya.id}/suggestions").words
    assert "Texts that are not used" in words
    assert "Suggested by Rita" in words
