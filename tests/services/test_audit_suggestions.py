"""The audit finds what was changed in suggestions."""

import pytest

from app.forms.places import Place
from app.models.proposal import ProposalKind
from app.services import submissions
from app.services.accepting import accept
from app.services.proposal_reading import waiting_in
from app.services.proposals import Wished, propose
from app.services.suggesting import suggest
from tests.services.conftest import Office


def suggest_and_accept(office: Office) -> None:
    """Suggest two answers, accept the first of them, and seal."""
    desk = (office.session, office.submission)
    submissions.revise(*desk, office.form, office.person)
    wished = Wished(places=[Place("start")])
    kind = ProposalKind.DELEGATE
    proposal = propose(*desk, office.form, kind, office.person, wished)
    typed = {"year": "2011", "reason": {"en": {"text": "Because"}}}
    suggest(office.session, proposal, office.form, Place("start"), typed)
    accept(*desk, office.form, waiting_in(office.session, proposal)[:1], office.person)
    office.seal()


def test_suggestions_that_are_as_they_were_saved_have_no_problem(office: Office) -> None:
    suggest_and_accept(office)
    assert office.problems() == []


SUGGESTIONS: dict[str, tuple[str, str]] = {
    "another text": (
        "UPDATE suggestion SET place = 'list' WHERE submission_id = :id AND number = 2",
        "suggestion 1: was changed since event",
    ),
    "gone": (
        "DELETE FROM suggestion WHERE submission_id = :id AND number = 2",
        "suggestion 2: missing",
    ),
    "accepted by nobody": (
        "UPDATE suggestion SET state = 'accepted' WHERE submission_id = :id",
        "suggestion 2: no event tells that it is accepted",
    ),
    "not accepted": (
        "UPDATE suggestion SET state = 'waiting' WHERE submission_id = :id",
        "suggestion 1: no event tells that it is waiting",
    ),
    "put in": (
        "UPDATE suggestion SET number = 9 WHERE submission_id = :id AND number = 2",
        "suggestion 9: no event tells of it",
    ),
}


@pytest.mark.parametrize("kind", SUGGESTIONS)
def test_a_suggestion_changed_behind_our_back_is_named(office: Office, kind: str) -> None:
    suggest_and_accept(office)
    sql, told = SUGGESTIONS[kind]
    office.change(sql)
    found = office.problems()
    assert any(told in problem for problem in found), found
