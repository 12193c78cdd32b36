"""Partner institutions are let in until a day, to what is named, and can be let go."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import GrantEndedError, InvalidInputError, NotFoundError
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.audit import Act
from app.models.message import Message
from app.models.partner import GrantLevel, PartnerGrant
from app.models.proposal import ProposalKind, ProposalState
from app.models.submission import Submission
from app.services.comments import Said, begin, reply, threads_of
from app.services.partners import (
    Invited,
    end,
    grants_of,
    invite_to_draft,
    invite_to_signed,
    live_grant,
)
from app.services.proposals import proposals_of
from tests import make

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
EMAIL = "office@institution.example.org"
SAID = Said(text="Is this so?", language="en")


@pytest.fixture
def submission(session: Session) -> Submission:
    return make.make_submission(session, draft={})


@pytest.fixture
def authority(session: Session) -> Account:
    return make.make_account(session, Role.PUBLISHING_AUTHORITY)


def whom(**change: object) -> Invited:
    details = {"email": EMAIL, "name": "Institute of Forests", "ends_on": TOMORROW}
    return Invited(**(details | change))  # type: ignore[arg-type] # a test's own


def let_in(
    session: Session,
    submission: Submission,
    by: Account,
    level: GrantLevel = GrantLevel.COMMENT,
    sections: tuple[str, ...] = ("basis",),
    invited: Invited | None = None,
) -> PartnerGrant:
    return invite_to_draft(
        session,
        submission,
        make.aichi(),
        invited or whom(),
        by,
        level=level,
        sections=sections,
    )


def mails(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return [(m.kind, m.recipient) for m in session.scalars(select(Message).order_by(Message.id))]


def test_an_institution_is_invited_with_an_account_of_its_own(
    session: Session, submission: Submission, authority: Account
) -> None:
    grant = let_in(session, submission, authority)
    assert (grant.account.role, grant.account.party_code) == (Role.PARTNER, None)
    assert grant.account.name == "Institute of Forests"
    assert mails(session) == [("invitation", EMAIL), ("partner_invited", EMAIL)]
    assert grants_of(session, grant.account) == [grant]
    event = submission.events[-1]
    assert (event.action, event.details["sections"]) == ("open_to_partner", ["basis"])
    assert EMAIL not in str(event.details)


def test_one_that_has_an_account_is_told_and_keeps_it(
    session: Session, submission: Submission, authority: Account
) -> None:
    partner = make.make_account(session, Role.PARTNER, email=EMAIL, name="Forests")
    grant = let_in(session, submission, authority)
    assert (grant.account, partner.name) == (partner, "Forests")
    assert mails(session) == [("partner_invited", EMAIL)]
    of_jordan = make.make_submission(session, "JOR", draft={})
    other = let_in(session, of_jordan, make.make_account(session, party="JOR"))
    assert set(grants_of(session, partner)) == {grant, other}


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"email": "none"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"ends_on": date(2001, 1, 1)}, "ends_on"),
        ({"ends_on": date.max}, "ends_on"),
        ({"language": "tlh"}, "language"),
        ({"note": "x" * 5001}, "note"),
    ],
)
def test_what_will_not_do_is_named(
    session: Session,
    submission: Submission,
    authority: Account,
    change: dict[str, object],
    parameter: str,
) -> None:
    with pytest.raises(InvalidInputError) as found:
        let_in(session, submission, authority, invited=whom(**change))
    assert found.value.details["parameter"] == parameter


@pytest.mark.parametrize("sections", [(), ("none",), ("basis", "none")])
def test_the_sections_are_of_the_form(
    session: Session, submission: Submission, authority: Account, sections: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInputError):
        let_in(session, submission, authority, sections=sections)


def test_nobody_of_a_party_or_of_the_secretariat_is_made_a_partner(
    session: Session, submission: Submission, authority: Account
) -> None:
    for role in Role:
        if role is not Role.PARTNER:
            person = make.make_account(session, role)
            with pytest.raises(InvalidInputError):
                let_in(session, submission, authority, invited=whom(email=person.email))


def test_the_same_is_not_opened_twice_at_a_time(
    session: Session, submission: Submission, authority: Account
) -> None:
    grant = let_in(session, submission, authority)
    with pytest.raises(InvalidInputError):
        let_in(session, submission, authority)
    end(session, grant, authority)
    assert let_in(session, submission, authority).id != grant.id


def test_an_access_ends_on_its_day_everywhere_and_when_it_is_ended(
    session: Session, submission: Submission, authority: Account
) -> None:
    grant = let_in(session, submission, authority)
    assert grant.is_live(datetime(TOMORROW.year, TOMORROW.month, TOMORROW.day, 23, tzinfo=UTC))
    late = datetime.combine(TOMORROW + timedelta(days=1), datetime.min.time(), UTC)
    assert grant.is_live(late + timedelta(hours=11))
    assert not grant.is_live(late + timedelta(hours=12))
    assert live_grant(session, grant.id, grant.account) is grant
    end(session, grant, authority)
    end(session, grant, authority)
    assert [e.action for e in submission.events][-1] == "close_to_partner"
    with pytest.raises(GrantEndedError):
        live_grant(session, grant.id, grant.account)
    assert grants_of(session, grant.account) == []


def test_a_grant_is_its_partner_s_alone(
    session: Session, submission: Submission, authority: Account
) -> None:
    grant = let_in(session, submission, authority)
    for stranger in (authority, make.make_account(session, Role.PARTNER)):
        with pytest.raises(NotFoundError):
            live_grant(session, grant.id, stranger)
    with pytest.raises(NotFoundError):
        live_grant(session, "none", grant.account)


def test_who_may_draft_has_a_proposal_for_its_sections_which_ends_with_the_access(
    session: Session, submission: Submission, authority: Account
) -> None:
    grant = let_in(session, submission, authority, GrantLevel.DRAFT)
    (proposal,) = proposals_of(session, submission)
    assert (proposal.id, proposal.kind) == (grant.proposal_id, ProposalKind.PARTNER)
    assert (proposal.account_id, proposal.places) == (grant.account_id, ["basis"])
    assert proposal.allows(Place("basis"))
    assert not proposal.allows(Place("targets"))
    assert proposal.has_ended(datetime.now(UTC) + timedelta(days=4))
    end(session, grant, authority)
    assert proposal.state is ProposalState.CLOSED


def test_the_secretariat_opens_what_is_signed_of_one_collection(
    session: Session, submission: Submission
) -> None:
    administrator = make.make_account(session, Role.ADMINISTRATOR)
    collection = submission.collection
    grant = invite_to_signed(session, collection, whom(), administrator, sees_secretariat=True)
    assert (grant.level, grant.sections, grant.sees_secretariat) == (GrantLevel.READ, [], True)
    with pytest.raises(InvalidInputError):
        invite_to_signed(session, collection, whom(), administrator)
    end(session, grant, administrator)
    acts = session.scalars(select(Act).where(Act.subject == collection.code)).all()
    assert [a.action for a in acts][-2:] == ["open_to_partner", "close_to_partner"]
    assert submission.events == []


def test_a_partner_comments_in_its_sections_alone_and_is_answered(
    session: Session, submission: Submission, authority: Account
) -> None:
    grant, form = let_in(session, submission, authority), make.aichi()
    partner, drafter = grant.account, make.make_account(session)
    internal = begin(session, submission, form, Place("basis"), "", SAID, drafter)
    before = len(mails(session))
    thread = begin(session, submission, form, Place("basis"), "targets_basis", SAID, partner, grant)
    assert mails(session)[before:] == [("comment", drafter.email)]
    reply(session, thread, SAID, drafter)
    assert mails(session)[before + 1 :] == [("partner_comment", EMAIL)]
    assert threads_of(session, submission, grant=grant) == [thread]
    assert set(threads_of(session, submission)) == {internal, thread}
    for place in (Place("targets"), Place("aichi_assessments")):
        with pytest.raises(NotFoundError):
            begin(session, submission, form, place, "", SAID, partner, grant)
    end(session, grant, authority)
    before = len(mails(session))
    reply(session, thread, SAID, drafter)
    assert mails(session)[before:] == []
