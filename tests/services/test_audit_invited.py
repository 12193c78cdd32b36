"""Who was invited to what: a change of it behind our back is found, and named."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.forms.places import Place
from app.models.account import Account, Role
from app.models.deadlines import end_of
from app.models.partner import GrantLevel, PartnerGrant
from app.models.proposal import Proposal, ProposalKind
from app.services import partners, proposals
from app.services.accounts import add_account
from app.services.hand_over import hand_over
from app.services.proposals import Wished
from tests.services.conftest import Office

DAY = datetime.now(UTC).date() + timedelta(days=9)
INVITED = partners.Invited(email="one@institution.example.org", name="Institute", ends_on=DAY)
OTHER = partners.Invited(email="two@institution.example.org", name="Museum", ends_on=DAY)


@pytest.fixture
def inviting(office: Office) -> Office:
    """An institution drafts, another reads what is signed, and a delegate writes by a link."""
    session, submission, by = office.session, office.submission, office.person
    partners.invite_to_draft(
        session, submission, office.form, INVITED, by, level=GrantLevel.DRAFT, sections=["start"]
    )
    partners.invite_to_signed(session, submission.collection, OTHER, by)
    wished = Wished(
        places=[Place("start")],
        name="Ann",
        email="ann@example.org",
        due_on=DAY,
        ends_at=end_of(DAY),
    )
    proposals.propose(session, submission, office.form, ProposalKind.DELEGATE, by, wished)
    office.seal()
    return office


TAMPERINGS = {
    "sections": (
        'UPDATE partner_grant SET sections = \'["start", "more"]\' WHERE submission_id IS NOT NULL',
        "sections not as",
    ),
    "level": (
        "UPDATE partner_grant SET level = 'comment' WHERE submission_id IS NOT NULL",
        "level not as",
    ),
    "last day": (
        "UPDATE partner_grant SET ends_on = '2099-01-01' WHERE submission_id IS NOT NULL",
        "ends_on not as",
    ),
    "end": (
        "UPDATE partner_grant SET ended_at = '2026-01-01 00:00:00' WHERE submission_id IS NOT NULL",
        "ended not as",
    ),
    "what it sees": (
        (
            "UPDATE partner_grant SET sees_secretariat = NOT sees_secretariat"
            " WHERE collection_code IS NOT NULL"
        ),
        "sees_secretariat not as",
    ),
    "whose": (
        (
            "UPDATE partner_grant SET account_id = (SELECT id FROM account"
            " WHERE email LIKE 'two@%') WHERE submission_id IS NOT NULL"
        ),
        "partner not as",
    ),
    "of what": (
        (
            "UPDATE partner_grant SET submission_id = (SELECT id FROM submission"
            " WHERE id <> :id LIMIT 1) WHERE submission_id IS NOT NULL"
        ),
        "subject not as",
    ),
    "no grant": ("DELETE FROM partner_grant WHERE submission_id IS NULL", "missing"),
    "a grant of nobody": (
        (
            "UPDATE partner_grant SET id = '0190aaaa-0000-7000-8000-000000000000'"
            " WHERE submission_id IS NOT NULL"
        ),
        "grant 0190aaaa-0000-7000-8000-000000000000: no event tells that it was given",
    ),
    "places": ("UPDATE proposal SET places = NULL", "places not as"),
    "due date": ("UPDATE proposal SET due_on = '2099-01-01'", "due_on not as"),
    "end of a link": ("UPDATE proposal SET ends_at = '2099-01-01 00:00:00'", "ends_at not as"),
    "state": ("UPDATE proposal SET state = 'handed_in'", "state not as"),
    "closed": ("UPDATE proposal SET state = 'closed'", "state not as"),
    "kind": ("UPDATE proposal SET kind = 'on_behalf'", "kind not as"),
    "address": (
        "UPDATE proposal SET email = 'eve@example.org' WHERE kind = 'delegate'",
        "whom not as",
    ),
    "name": ("UPDATE proposal SET name = 'Eve' WHERE kind = 'delegate'", "whom not as"),
    "holder": (
        (
            "UPDATE proposal SET account_id = (SELECT id FROM account WHERE email LIKE 'two@%')"
            " WHERE kind = 'partner'"
        ),
        "holder not as",
    ),
}


def test_who_is_invited_is_as_events_tell(inviting: Office) -> None:
    assert inviting.problems() == []


@pytest.mark.parametrize(("sql", "said"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_change_is_named(inviting: Office, sql: str, said: str) -> None:
    inviting.change(sql)
    found = inviting.problems()
    assert any(said in problem for problem in found), found


def test_no_personal_datum_is_in_an_event(inviting: Office) -> None:
    told = " ".join(str(event.details) for event in inviting.submission.events)
    assert "ann@" not in told
    assert "Ann" not in told


def test_an_honest_history_is_clean(inviting: Office) -> None:
    session, by = inviting.session, inviting.person
    delegate = session.scalars(select(Proposal).where(Proposal.kind == ProposalKind.DELEGATE)).one()
    proposals.change_dates(session, delegate, by, due_on=None, ends_at=None)
    proposals.hand_in(session, delegate)
    assert inviting.problems() == []
    proposals.go_on(session, delegate)
    proposals.hand_in(session, delegate)
    proposals.ask_again(session, delegate, by)
    assert inviting.problems() == []
    proposals.close(session, delegate, by)
    grants = session.scalars(select(PartnerGrant)).all()
    colleague = add_account(session, "three@institution.example.org", Role.PARTNER)
    first = session.scalars(select(Account).where(Account.email == INVITED.email)).one()
    hand_over(session, first, colleague, by)
    assert inviting.problems() == []
    for grant in grants:
        partners.end(session, grant, by)
    assert inviting.problems() == []
    inviting.change("UPDATE partner_grant SET ended_at = NULL")
    found = inviting.problems()
    assert sum("ended not as" in problem for problem in found) == len(grants), found
