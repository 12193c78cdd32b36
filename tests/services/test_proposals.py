"""Proposals: what a holder sees and writes, what a Party makes of it, and what is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import (
    NotFoundError,
    ProposalEndedError,
    WrongProposalStateError,
    WrongStatusError,
)
from app.forms.definition import Form
from app.forms.places import Place
from app.forms.unlocked import Unlocked
from app.models.account import Account, Role
from app.models.base import clock_at, now
from app.models.operation import Cause, State
from app.models.proposal import Proposal, ProposalKind, ProposalState, SuggestionState
from app.models.submission import Event, Submission
from app.services import proposals, submissions
from app.services.accepting import accept, accept_all, counts, decline, waiting
from app.services.accounts import add_account
from app.services.draft_history import last_own, undo
from app.services.drafts import draft_document, version_of
from app.services.proposal_reading import ProposalReader, waiting_in
from app.services.proposals import Wished, propose
from app.services.submissions import drafting
from app.services.suggested_marks import suggested_at
from app.services.suggesting import suggest, suggest_document
from app.services.suggestion_pages import Shown
from tests.services.test_submissions import DOCUMENT, START, THING, Desk

LIST = Place("list")


@pytest.fixture
def desk(two_parties: Session, kenya: Submission, short_form: Form, drafter: Account) -> Desk:
    return Desk(two_parties, kenya, short_form, drafter)


@pytest.fixture
def proposal(desk: Desk) -> Proposal:
    """Return an invitation to the list of things."""
    wished = Wished(places=[LIST], name="A delegate", email="delegate@example.org")
    kind = ProposalKind.DELEGATE
    return propose(desk.session, desk.submission, desk.form, kind, desk.account, wished)


def read(desk: Desk, proposal: Proposal) -> dict[str, Any]:
    desk.session.flush()
    return ProposalReader(desk.session, desk.submission, desk.form, proposal).whole()


def accept_first(desk: Desk, proposal: Proposal, since: int | None = None) -> State:
    found = waiting_in(desk.session, proposal)
    (told,) = accept(desk.session, desk.submission, desk.form, found[:1], desk.account, since=since)
    return told.state


def test_a_suggestion_is_in_no_draft_until_it_is_accepted(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    assert desk.draft() == DOCUMENT
    assert "Lantern" in str(read(desk, proposal))
    assert counts(desk.session, desk.submission) == {"list": 1}
    assert accept_first(desk, proposal) is State.APPLIED
    assert "Lantern" in str(desk.draft())
    assert counts(desk.session, desk.submission) == {}
    found = suggested_at(desk.session, desk.submission, THING)
    assert found == {"thing_name": proposal}


def test_what_was_taken_back_is_marked_as_suggested_no_more(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    accept_first(desk, proposal)
    last = last_own(desk.session, desk.submission, desk.account)
    assert last is not None
    batch = drafting(desk.session, desk.submission, desk.form, desk.account, Cause.UNDONE)
    undo(batch, last)
    batch.save()
    assert desk.draft() == DOCUMENT
    assert suggested_at(desk.session, desk.submission, THING) == {}


def test_who_suggested_and_who_accepted_is_in_the_history(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    accept_first(desk, proposal)
    assert waiting_in(desk.session, proposal) == []
    operation = last_own(desk.session, desk.submission, desk.account)
    assert operation is not None
    assert (operation.cause, operation.proposal_id) == (Cause.SUGGESTED, proposal.id)
    actions = [event.action for event in desk.session.query(Event).order_by(Event.number)]
    assert actions[-2:] == ["suggest", "accept_suggestions"]
    batch = drafting(desk.session, desk.submission, desk.form, desk.account, Cause.UNDONE)
    assert undo(batch, operation).state is State.APPLIED
    assert desk.draft() == DOCUMENT


def test_the_party_is_asked_where_it_has_changed_the_answer_since(
    desk: Desk, proposal: Proposal
) -> None:
    desk.replace(DOCUMENT)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    desk.save(THING, thing_name="Torch")
    (found,) = waiting(desk.session, desk.submission, desk.form)
    assert (found.is_clash, found.present, found.proposed) == (True, "Torch", "Lantern")
    seen = version_of(desk.session, desk.submission)
    assert accept_first(desk, proposal) is State.CLASH
    assert "Torch" in str(desk.draft())
    desk.save(THING, thing_name="Candle")
    assert accept_first(desk, proposal, since=seen) is State.CLASH
    assert accept_first(desk, proposal, since=version_of(desk.session, desk.submission)) is (
        State.APPLIED
    )
    assert "Lantern" in str(desk.draft())


def test_a_text_in_another_language_stays_when_one_is_accepted(desk: Desk) -> None:
    desk.replace({**DOCUMENT, "reason": {"en": {"text": "Old"}}})
    wished = Wished(places=[START])
    made = propose(
        desk.session, desk.submission, desk.form, ProposalKind.DELEGATE, desk.account, wished
    )
    suggest(desk.session, made, desk.form, START, {"reason": {"en": {"text": "New"}}})
    desk.save(START, reason={"en": {"text": "Old"}, "fr": {"text": "Vieux"}})
    assert accept_first(desk, made) is State.APPLIED
    assert desk.draft()["reason"] == {"en": {"text": "New"}, "fr": {"text": "Vieux"}}


def test_of_two_pages_of_one_holder_the_old_one_asks(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    shown = Shown(version_of(desk.session, desk.submission), proposal.version)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "First"}, shown)
    (told,) = suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Second"}, shown)
    assert (told.state, told.answer, told.mine) == (SuggestionState.CLASH, "First", "Second")
    shown = Shown(shown.draft, proposal.version)
    (told,) = suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Second"}, shown)
    assert told.state is SuggestionState.WAITING
    assert [each.answer for each in waiting_in(desk.session, proposal)] == ["Second"]


def test_what_is_typed_back_to_the_draft_is_suggested_no_more(
    desk: Desk, proposal: Proposal
) -> None:
    desk.replace(DOCUMENT)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "First"})
    (told,) = suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lamp"})
    assert told.state is SuggestionState.TAKEN_BACK
    assert waiting_in(desk.session, proposal) == []


def test_a_row_comes_with_the_first_answer_in_it(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    new = LIST.child("things", "new")
    note = new.child("notes", "n")
    suggest(desk.session, proposal, desk.form, new, {"thing_name": "Lantern"})
    suggest(desk.session, proposal, desk.form, note, {"note_text": {"en": {"text": "Bright"}}})
    found = waiting_in(desk.session, proposal)
    assert [each.kind.value for each in found] == ["add_row", "answer", "add_row", "answer"]
    accept(desk.session, desk.submission, desk.form, [found[-1]], desk.account)
    rows = desk.draft()["things"]
    notes = [{"row": "n", "answers": {"note_text": {"en": {"text": "Bright"}}}}]
    assert rows[-1] == {"row": "new", "answers": {"notes": notes}}
    assert [each.question for each in waiting_in(desk.session, proposal)] == ["thing_name"]


def test_declining_a_row_declines_what_is_in_it(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    new = LIST.child("things", "new")
    suggest(desk.session, proposal, desk.form, new, {"thing_name": "Lantern"})
    row, _answer = waiting_in(desk.session, proposal)
    assert len(decline(desk.session, desk.submission, [row], desk.account)) == 2
    assert waiting_in(desk.session, proposal) == []
    assert desk.draft() == DOCUMENT
    assert read(desk, proposal) == DOCUMENT


def test_a_row_that_the_party_removed_comes_back_with_what_is_accepted(
    desk: Desk, proposal: Proposal
) -> None:
    desk.replace(DOCUMENT)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    submissions.remove_row(desk.session, desk.submission, desk.form, THING, desk.account)
    assert accept_first(desk, proposal) is State.APPLIED
    (row,) = [row for row in desk.draft()["things"] if row["row"] == "one"]
    assert row["answers"]["thing_name"] == "Lantern"


def test_a_holder_writes_only_where_it_is_invited(desk: Desk, proposal: Proposal) -> None:
    with pytest.raises(NotFoundError):
        suggest(desk.session, proposal, desk.form, START, {"year": "2005"})
    with pytest.raises(NotFoundError):
        suggest(desk.session, proposal, desk.form, Place("nowhere"), {})


def test_nobody_writes_in_what_has_ended(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    proposal.ends_at = now() + timedelta(days=1)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    with clock_at(now() + timedelta(days=2)), pytest.raises(ProposalEndedError):
        suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Torch"})
    proposals.close(desk.session, proposal, desk.account)
    with pytest.raises(ProposalEndedError):
        suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Torch"})
    with pytest.raises(WrongProposalStateError):
        proposals.close(desk.session, proposal, desk.account)
    assert accept_first(desk, proposal) is State.APPLIED


def test_to_write_after_handing_in_opens_it_again(desk: Desk, proposal: Proposal) -> None:
    proposals.hand_in(desk.session, proposal)
    with pytest.raises(WrongProposalStateError):
        proposals.hand_in(desk.session, proposal)
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    assert proposal.state is ProposalState.OPEN


def test_what_is_signed_lies_under_suggestions_where_there_is_no_draft(
    desk: Desk, proposal: Proposal
) -> None:
    desk.replace(DOCUMENT)
    desk.sign()
    assert read(desk, proposal) == DOCUMENT
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    with pytest.raises(WrongStatusError):
        accept_first(desk, proposal)
    desk.revise()
    assert accept_first(desk, proposal) is State.APPLIED


def test_what_is_locked_waits(desk: Desk, proposal: Proposal) -> None:
    desk.replace(DOCUMENT)
    desk.sign()
    suggest(desk.session, proposal, desk.form, THING, {"thing_name": "Lantern"})
    desk.revise()
    assert desk.submission.draft is not None
    desk.submission.draft.unlocked = Unlocked(frozenset({("start", "year")})).written()
    (found,) = waiting(desk.session, desk.submission, desk.form, place=THING)
    assert found.is_locked
    assert accept_first(desk, proposal) is State.LOCKED
    assert desk.draft() == DOCUMENT


def test_on_behalf_nothing_of_the_draft_is_read(desk: Desk) -> None:
    desk.replace({**DOCUMENT, "year": "1999"})
    reviewer = add_account(desk.session, "reviewer@example.org", Role.REVIEWER)
    made = propose(
        desk.session,
        desk.submission,
        desk.form,
        ProposalKind.ON_BEHALF,
        reviewer,
        Wished(places=None),
        reviewer,
    )
    assert read(desk, made) == {}
    on_paper = {"kind": "a", "things": [{"row": "p", "answers": {"thing_name": "Paper"}}]}
    suggest_document(desk.session, made, desk.form, on_paper)
    assert read(desk, made) == on_paper
    suggest_document(desk.session, made, desk.form, {**on_paper, "kind": "b"})
    assert read(desk, made) == {**on_paper, "kind": "b"}
    assert waiting(desk.session, desk.submission, desk.form) == []
    seen = version_of(desk.session, desk.submission)
    decided = accept_all(desk.session, desk.submission, desk.form, made, desk.account, since=seen)
    assert {each.state for each in decided} == {State.APPLIED}
    draft = draft_document(desk.form, desk.submission)
    assert draft["kind"] == "b"
    assert draft["year"] == "1999"
    assert draft["things"][-1] == on_paper["things"][0]
