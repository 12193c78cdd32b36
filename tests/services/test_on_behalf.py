"""What came on paper: entered by a reviewer, confirmed by the Party; nothing counts before."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import (
    AlreadyExistsError,
    CollectionClosedError,
    InvalidAnswersError,
    InvalidInputError,
    WrongProposalStateError,
    WrongStatusError,
)
from app.files.stored import FileStore
from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.message import Message
from app.models.operation import Cause, Operation, State
from app.models.proposal import Proposal, ProposalState, Suggestion, SuggestionState
from app.models.submission import Submission
from app.services import on_behalf
from app.services.accepting import settled
from app.services.accounts import add_account
from app.services.audit import verify
from app.services.collections import close_collection
from app.services.events import latest_events
from app.services.keys import make_key
from app.services.on_behalf_reading import documents_of, entered_as, entry_of
from app.services.receipts import Issuer, issue, statement_of
from app.services.sources import attach, remove
from app.services.submissions import standing
from app.services.suggesting import suggest_document
from app.workflow import Status, status_of
from tests.services.test_submissions import DOCUMENT, Desk

PAPER = b"%PDF-1.7 a signed page"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def desk(
    two_parties: Session, kenya: Submission, short_form: Form, store: FileStore, drafter: Account
) -> Desk:
    """Return a desk of Kenya's publishing authority, with a document that a reviewer attached."""
    attach(two_parties, kenya, store, "report.pdf", PAPER, reviewer_of(two_parties))
    return Desk(two_parties, kenya, short_form, drafter)


def reviewer_of(session: Session) -> Account:
    found = session.scalar(select(Account).where(Account.role == Role.REVIEWER))
    return found or add_account(session, "reviewer@example.org", Role.REVIEWER, None)


def entered(desk: Desk, document: dict[str, Any] = DOCUMENT) -> Proposal:
    """Enter a document and ask the Party to confirm it."""
    reviewer = reviewer_of(desk.session)
    proposal = on_behalf.begin(desk.session, desk.submission, desk.form, "fr", reviewer)
    suggest_document(desk.session, proposal, desk.form, document)
    on_behalf.ask_to_confirm(desk.session, proposal, desk.form)
    return proposal


def confirm(desk: Desk, proposal: Proposal) -> Any:  # noqa: ANN401 - a revision
    return on_behalf.confirm(desk.session, proposal, desk.form, desk.account, "en")


def kinds_of_mail(desk: Desk) -> list[str]:
    desk.session.flush()
    return sorted(desk.session.scalars(select(Message.kind)))


def test_nothing_counts_before_the_party_confirms(desk: Desk) -> None:
    desk.replace({"kind": "b"})
    entered(desk)
    assert desk.submission.revisions == []
    assert desk.draft() == {"kind": "b"}
    assert desk.status() is Status.DRAFT
    assert kinds_of_mail(desk) == ["on_behalf_asked"]


def test_the_party_signs_exactly_what_was_entered(desk: Desk) -> None:
    desk.replace({"kind": "b", "year": "2010"})
    proposal = entered(desk)
    revision = confirm(desk, proposal)
    assert json.loads(revision.content) == DOCUMENT
    assert revision.signed_by == desk.account.id
    assert revision.language == "fr"
    assert status_of(standing(desk.submission)) is Status.SUBMITTED
    assert proposal.state is ProposalState.CLOSED
    states = set(desk.session.scalars(select(Suggestion.state)))
    assert states == {SuggestionState.ACCEPTED}
    assert kinds_of_mail(desk) == ["on_behalf_asked", "on_behalf_confirmed"]


def test_what_the_draft_held_stays_in_the_history_under_the_proposal(desk: Desk) -> None:
    desk.replace({"kind": "b"})
    proposal = entered(desk)
    confirm(desk, proposal)
    change = desk.session.scalars(
        select(Operation).where(
            Operation.question == "kind",
            Operation.cause == Cause.SUGGESTED,
            Operation.state == State.APPLIED,
        )
    ).one()
    assert (change.before, change.after, change.proposal_id) == ("b", "a", proposal.id)


def test_the_revision_says_from_which_documents_it_was_entered(
    desk: Desk, tmp_path: Path, store: FileStore
) -> None:
    revision = confirm(desk, entered(desk))
    entry = entered_as(desk.session, revision)
    assert entry is not None
    assert entry.sources == [1]
    sha256 = store.keep(PAPER)
    (event,) = latest_events(desk.session, desk.submission, 1)
    assert event.action == "confirm_on_behalf"
    assert event.details["documents"] == [sha256]
    assert (event.details["revision"], event.details["hash"]) == (1, revision.hash)
    make_key(tmp_path / "key.pem")
    receipt = issue(desk.session, Issuer(tmp_path / "key.pem", ""), revision, desk.form)
    assert statement_of(receipt)["entered_from"] == [sha256]


def test_a_revision_that_the_party_typed_says_nothing_of_documents(
    desk: Desk, tmp_path: Path
) -> None:
    desk.replace(DOCUMENT)
    make_key(tmp_path / "key.pem")
    receipt = issue(desk.session, Issuer(tmp_path / "key.pem", ""), desk.sign(), desk.form)
    assert "entered_from" not in statement_of(receipt)


def test_after_a_signature_it_becomes_the_next_revision(desk: Desk) -> None:
    desk.replace({"kind": "b", "things": DOCUMENT["things"]})
    desk.sign()
    revision = confirm(desk, entered(desk))
    assert revision.number == 2
    assert json.loads(revision.content) == DOCUMENT


def test_while_a_draft_awaits_sign_off_nothing_is_confirmed(desk: Desk) -> None:
    desk.replace(DOCUMENT)
    desk.send()
    proposal = entered(desk, {"kind": "b"})
    with pytest.raises(WrongStatusError):
        confirm(desk, proposal)


def test_what_cannot_be_signed_cannot_be_confirmed_but_taken_over(desk: Desk) -> None:
    desk.replace({"year": "2010"})
    proposal = entered(desk, {"things": DOCUMENT["things"]})
    with desk.session.begin_nested() as trial:
        with pytest.raises(InvalidAnswersError):
            confirm(desk, proposal)
        trial.rollback()
    left = on_behalf.take_over(desk.session, proposal, desk.form, desk.account)
    assert left == 0
    draft = desk.draft()
    assert draft["year"] == "2010"
    assert draft["things"] == DOCUMENT["things"]
    assert desk.submission.revisions == []
    assert "on_behalf_taken_over" in kinds_of_mail(desk)


def test_where_the_draft_says_something_else_it_stays_when_taken_over(desk: Desk) -> None:
    desk.replace({"kind": "b"})
    proposal = entered(desk)
    assert on_behalf.take_over(desk.session, proposal, desk.form, desk.account) == 1
    assert desk.draft()["kind"] == "b"
    (other,) = settled(desk.session, desk.submission, 9)
    assert (other.question, other.answer) == ("kind", DOCUMENT["kind"]), "nothing is lost"


def test_a_declined_one_goes_back_with_the_reason_and_nothing_is_lost(desk: Desk) -> None:
    proposal = entered(desk)
    with pytest.raises(InvalidInputError):
        on_behalf.decline(desk.session, proposal, desk.account, "  ")
    on_behalf.decline(desk.session, proposal, desk.account, "Page 2 is missing.")
    assert (proposal.state, proposal.note) == (ProposalState.OPEN, "Page 2 is missing.")
    assert "on_behalf_declined" in kinds_of_mail(desk)
    with pytest.raises(WrongProposalStateError):
        confirm(desk, proposal)
    on_behalf.ask_to_confirm(desk.session, proposal, desk.form)
    assert json.loads(confirm(desk, proposal).content) == DOCUMENT


def test_a_second_confirmation_is_refused(desk: Desk) -> None:
    proposal = entered(desk)
    confirm(desk, proposal)
    for verb in (confirm, lambda d, p: on_behalf.decline(d.session, p, d.account, "No")):
        with pytest.raises(WrongProposalStateError):
            verb(desk, proposal)


def test_one_thing_is_entered_at_a_time_and_only_from_a_document(
    desk: Desk, store: FileStore
) -> None:
    session, reviewer = desk.session, reviewer_of(desk.session)
    proposal = entered(desk)
    with pytest.raises(AlreadyExistsError):
        on_behalf.begin(session, desk.submission, desk.form, "fr", reviewer)
    confirm(desk, proposal)
    with pytest.raises(InvalidInputError):
        on_behalf.begin(session, desk.submission, desk.form, "fr", reviewer)
    attach(session, desk.submission, store, "more.pdf", PAPER + b"2", reviewer)
    with pytest.raises(InvalidInputError):
        on_behalf.begin(session, desk.submission, desk.form, "xx", reviewer)
    again = on_behalf.begin(session, desk.submission, desk.form, "en", reviewer)
    on_behalf.ask_to_confirm(session, again, desk.form)
    assert entry_of(session, again).sources == [2]


def test_a_document_that_the_party_took_answers_over_from_is_not_removed(
    desk: Desk, store: FileStore
) -> None:
    session, reviewer = desk.session, reviewer_of(desk.session)
    proposal = entered(desk)
    later = attach(session, desk.submission, store, "more.pdf", PAPER + b"2", reviewer)
    on_behalf.take_over(session, proposal, desk.form, desk.account)
    (source,) = documents_of(session, entry_of(session, proposal))
    with pytest.raises(InvalidInputError):
        remove(session, source, reviewer)
    remove(session, later, reviewer)


def test_a_document_that_is_confirmed_by_is_not_removed(desk: Desk) -> None:
    session, reviewer = desk.session, reviewer_of(desk.session)
    proposal = entered(desk)
    source = documents_of(session, entry_of(session, proposal))[0]
    with pytest.raises(InvalidInputError):
        remove(session, source, reviewer)
    on_behalf.give_up(session, proposal, reviewer)
    remove(session, source, reviewer)


def test_nothing_is_begun_or_confirmed_in_a_closed_collection(desk: Desk) -> None:
    proposal = entered(desk)
    close_collection(desk.submission.collection)
    with pytest.raises(CollectionClosedError):
        confirm(desk, proposal)
    on_behalf.give_up(desk.session, proposal, reviewer_of(desk.session))
    with pytest.raises(CollectionClosedError):
        on_behalf.begin(desk.session, desk.submission, desk.form, "fr", reviewer_of(desk.session))


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE on_behalf SET sources = '[]'", "what it was entered from changed"),
        ("UPDATE on_behalf SET revision = NULL", "its mark as entered on behalf is gone"),
        ("UPDATE on_behalf SET revision = 1", ""),
    ],
)
def test_the_audit_names_another_origin(
    desk: Desk, store: FileStore, tmp_path: Path, sql: str, told: str
) -> None:
    confirm(desk, entered(desk))
    make_key(tmp_path / "key.pem")
    desk.session.flush()
    desk.session.execute(text(sql))
    desk.session.expire_all()
    problems = list(verify(desk.session, Issuer(tmp_path / "key.pem", ""), store).problems())
    assert [told in problem for problem in problems] == ([True] if told else [])
