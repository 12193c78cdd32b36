"""The people of a Party: who sees them, who manages them, who is away, and handing over."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.categories import Category
from app.models.account import Account, Role
from app.models.base import now
from app.models.designation import Absence, Designation
from app.models.message import Message
from app.models.proposal import ProposalKind
from app.services.accounts import account_of
from app.services.designations import designate, record_absence
from app.services.hand_over import hand_over
from app.services.proposals import Wished, close, propose
from app.workflow import DraftStatus
from tests.api.conftest import SIGNABLE
from tests.make import LONG_AGO, PASSWORD, aichi, make_account, make_revision, make_submission
from tests.page import Browse

PEOPLE = "/parties/KEN/people"
SignIn = Callable[[Account], None]
INVITED = {"email": "new@example.org", "name": "", "role": "reader", "language": "fr"}


@pytest.fixture
def authority(session: Session, sign_in: SignIn) -> Account:
    account = make_account(session, Role.PUBLISHING_AUTHORITY, name="Signatory")
    sign_in(account)
    return account


@pytest.fixture
def drafter(session: Session) -> Account:
    return make_account(session, name="Drafter", email="drafter@example.org", password=PASSWORD)


def alternate_of(session: Session) -> Account:
    account = make_account(
        session, Role.PUBLISHING_AUTHORITY, name="Stand-in", designated=False, password=PASSWORD
    )
    designate(session, account, Category.PRIMARY, LONG_AGO, is_alternate=True, by=None)
    return account


@pytest.mark.parametrize("role", [role for role in Role if role.is_national])
def test_the_people_of_a_party_see_each_other(
    session: Session, drafter: Account, sign_in: SignIn, browse: Browse, role: Role
) -> None:
    nameless = make_account(session, role)
    sign_in(nameless)
    page = browse("/")
    page = browse(page.links()["People"])
    assert "drafter@example.org" in page.words
    titles = ["".join(each.itertext()).strip() for each in page.all("p", class_="row-title")]
    assert any(title.startswith(nameless.email) for title in titles), (
        "so its buttons are told apart"
    )
    manages = role is Role.PUBLISHING_AUTHORITY
    assert ("Invite somebody" in page.words) is manages


@pytest.mark.parametrize(
    ("role", "party"),
    [
        (Role.PUBLISHING_AUTHORITY, "UGA"),
        (Role.PARTNER, ""),
        (Role.REVIEWER, ""),
        (Role.ANALYST, ""),
        (Role.ADMINISTRATOR, ""),
    ],
)
def test_nobody_else_sees_them(
    session: Session,
    drafter: Account,
    sign_in: SignIn,
    client: FlaskClient,
    role: Role,
    party: str,
) -> None:
    sign_in(make_account(session, role, party))
    for address in ("", "/invite", f"/{drafter.id}/hand-over"):
        answer = client.get(f"{PEOPLE}{address}")
        assert answer.status_code == 403
        assert "drafter@example.org" not in answer.text


@pytest.mark.parametrize(
    "who", [Role.NATIONAL_AUTHORIZED_USER, Role.READER, Role.PUBLISHING_AUTHORITY]
)
def test_only_who_is_designated_manages_them(
    session: Session, drafter: Account, sign_in: SignIn, client: FlaskClient, who: Role
) -> None:
    sign_in(make_account(session, who, designated=False))
    acts = ("invite-again", "revoke-invitation", "deactivate", "reactivate", "hand-over")
    answers = [client.post(f"{PEOPLE}/{drafter.id}/{act}").status_code for act in acts]
    answers.append(client.post(f"{PEOPLE}/invite", data=INVITED).status_code)
    assert set(answers) == {403}
    session.refresh(drafter)
    assert drafter.deactivated_at is None


def test_inviting_a_colleague(session: Session, authority: Account, browse: Browse) -> None:
    page = browse(f"{PEOPLE}/invite", data={**INVITED, "email": "none"}, status=422)
    assert "Enter an e-mail address." in page.words
    page = browse(f"{PEOPLE}/invite", data=INVITED)
    assert "The invitation is on its way." in page.words
    assert "Invited" in page.words
    invited = account_of(session, "new@example.org")
    assert (invited.role, invited.party_code, invited.language) == (Role.READER, "KEN", "fr")
    page = browse(f"{PEOPLE}/invite", data=INVITED, status=422)
    assert "has an account already" in page.words
    browse(f"{PEOPLE}/{invited.id}/invite-again", data={})
    page = browse(f"{PEOPLE}/{invited.id}/revoke-invitation", data={})
    assert "Deactivated" in page.words
    assert len(session.scalars(select(Message)).all()) == 2


def test_a_party_makes_nobody_a_signatory(
    session: Session, authority: Account, client: FlaskClient
) -> None:
    for role in ("publishing_authority", "administrator", "partner"):
        wanted = {**INVITED, "role": role}
        assert client.post(f"{PEOPLE}/invite", data=wanted).status_code == 422
    other = make_account(session, Role.PUBLISHING_AUTHORITY)
    elsewhere = make_account(session, party="UGA")
    for account in (other, elsewhere, authority):
        answer = client.post(f"{PEOPLE}/{account.id}/deactivate")
        assert answer.status_code == 404


def test_letting_somebody_in_no_more_and_again(
    session: Session, authority: Account, drafter: Account, browse: Browse
) -> None:
    page = browse(f"{PEOPLE}/{drafter.id}/deactivate", data={})
    assert "Let in again" in page.words
    session.refresh(drafter)
    assert drafter.deactivated_at is not None
    browse(f"{PEOPLE}/{drafter.id}/reactivate", data={})
    session.refresh(drafter)
    assert drafter.deactivated_at is None


def test_an_absence_lets_the_alternate_sign(
    session: Session, authority: Account, sign_in: SignIn, browse: Browse, client: FlaskClient
) -> None:
    alternate = alternate_of(session)
    submission = make_submission(
        session, draft=SIGNABLE, draft_status=DraftStatus.AWAITING_SIGN_OFF
    )
    signing = f"/submissions/{submission.id}/sign"
    sign_in(alternate)
    assert "You cannot sign this now" in client.get(signing).text
    sign_in(authority)
    today = now().date()
    wrong = {"from_on": today.isoformat(), "to_on": (today - timedelta(days=1)).isoformat()}
    page = browse(f"{PEOPLE}/absences", data=wrong, status=422)
    assert "The last day comes before the first." in page.words
    page = browse(f"{PEOPLE}/absences", data={**wrong, "from_on": "soon"}, status=422)
    assert "Enter a day, such as 2026-12-31." in page.words
    page = browse(f"{PEOPLE}/absences", data={"from_on": str(today), "to_on": str(today)})
    assert "away until" in page.words
    assert "alternate: may sign now" in page.words
    assert "Away" in browse(f"/submissions/{submission.id}").words
    sign_in(alternate)
    assert "(alternate)" in browse(signing).words
    browse(signing, data={})
    page = browse(f"/submissions/{submission.id}/revisions/1")
    assert "Primary national focal point (alternate)" in page.words
    page = browse(f"/submissions/{submission.id}/revisions/1/receipt")
    assert "Primary national focal point (alternate)" in page.words


def test_an_absence_is_ones_own(
    session: Session, authority: Account, sign_in: SignIn, client: FlaskClient
) -> None:
    absence = record_absence(session, authority, date(2026, 1, 1), date(2099, 1, 1), authority)
    end = f"{PEOPLE}/absences/{absence.id}/end"
    period = {"from_on": "2026-01-01", "to_on": "2099-01-01"}
    for account in (alternate_of(session), make_account(session)):
        sign_in(account)
        assert client.post(end).status_code == 404
    assert client.post(f"{PEOPLE}/absences", data=period).status_code == 404  # a drafter
    sign_in(authority)
    assert client.post(end).status_code == 303
    session.refresh(absence)
    assert absence.ended_at is not None


def test_a_vacant_post_is_shown(session: Session, sign_in: SignIn, browse: Browse) -> None:
    sign_in(make_account(session))
    submission = make_submission(session, draft={})
    for address in (PEOPLE, f"/submissions/{submission.id}"):
        page = browse(address)
        assert "Vacant" in page.words
        assert "Nobody is designated." in page.words
    assert "nobody can at present" in browse(f"/submissions/{submission.id}").words


def test_who_is_not_designated_withdraws_nothing(
    session: Session, sign_in: SignIn, client: FlaskClient
) -> None:
    revision = make_revision(session)
    sign_in(make_account(session, Role.PUBLISHING_AUTHORITY, designated=False))
    address = f"/submissions/{revision.submission_id}/withdraw"
    assert client.post(address, data={"note": "x"}).status_code == 403
    assert "Withdraw" not in client.get(f"/submissions/{revision.submission_id}").text


def test_handing_over_to_a_colleague(
    session: Session, authority: Account, drafter: Account, browse: Browse, client: FlaskClient
) -> None:
    successor = make_account(session, name="Successor")
    address = f"{PEOPLE}/{drafter.id}/hand-over"
    page = browse(address)
    assert "Nothing waits for this person alone." in page.words
    page = browse(address, data={"successor": "", "language": "en"}, status=422)
    assert "Choose who takes over." in page.words
    page = browse(address, data={"successor": successor.id, "language": "en"})
    assert "Handed over to Successor." in page.words
    session.refresh(drafter)
    assert drafter.handed_over_to == successor.id


def test_handing_over_to_somebody_new(
    session: Session, authority: Account, drafter: Account, browse: Browse
) -> None:
    address = f"{PEOPLE}/{drafter.id}/hand-over"
    new = {"successor": "new", "email": "none", "name": "Newcomer", "language": "es"}
    page = browse(address, data=new, status=422)
    assert "Enter an e-mail address." in page.words
    page = browse(address, data={**new, "email": drafter.email}, status=422)
    assert "has an account already" in page.words
    browse(address, data={**new, "email": "new@example.org"})
    session.expire_all()
    invited = account_of(session, "new@example.org")
    assert drafter.handed_over_to == invited.id
    assert (invited.role, invited.party_code) == (Role.NATIONAL_AUTHORIZED_USER, "KEN")


def test_who_signs_hands_over_and_the_post_is_vacant(
    session: Session, authority: Account, drafter: Account, browse: Browse, sign_in: SignIn
) -> None:
    page = browse(f"{PEOPLE}/{authority.id}/hand-over")
    assert "A designation does not go over" in page.words
    browse(f"{PEOPLE}/{authority.id}/hand-over", data={"successor": drafter.id, "language": "en"})
    sign_in(drafter)
    assert "Vacant" in browse(PEOPLE).words


def test_the_leaver_is_told_at_signing_in(
    session: Session, drafter: Account, client: FlaskClient
) -> None:
    hand_over(session, drafter, make_account(session), make_account(session))
    told = "This account was handed over to somebody else"
    right = {"email": drafter.email, "password": PASSWORD}
    answer = client.post("/sign-in", data=right)
    assert answer.status_code == 422
    assert told in answer.text
    answer = client.post("/sign-in", data={**right, "password": "wrong"})
    assert told not in answer.text


def test_an_administrator_records_designations_and_absences(
    session: Session, sign_in: SignIn, browse: Browse
) -> None:
    signing = make_account(session, Role.PUBLISHING_AUTHORITY, designated=False)
    sign_in(make_account(session, Role.ADMINISTRATOR))
    home = f"/admin/accounts/{signing.id}"
    assert "this account signs nothing" in browse(home).words
    letter = {"category": "taxonomy", "from_on": "2026-03-01", "letter": "NOTE 1", "to_on": ""}
    page = browse(f"{home}/designations", data={**letter, "letter": ""}, status=422)
    assert "Enter the reference of the letter." in page.words
    page = browse(f"{home}/designations", data={**letter, "letter_on": "2026-02-01"})
    assert "Focal point for the Global Taxonomy Initiative" in page.words
    assert "letter NOTE 1" in page.words
    page = browse(f"{home}/designations", data=letter, status=422)
    assert "recorded for some of these days" in page.words
    made = session.scalars(select(Designation)).one()
    browse(f"{home}/designations/{made.id}/end", data={})
    session.refresh(made)
    assert made.ended_at is not None
    period = {"from_on": "2026-01-01", "to_on": "2099-01-01"}
    assert "Away:" in browse(f"{home}/absences", data=period).words
    absence = session.scalars(select(Absence)).one()
    browse(f"{home}/absences/{absence.id}/end", data={})
    session.refresh(absence)
    assert absence.ended_at is not None


def test_an_administrator_hands_over_any_account(
    session: Session, sign_in: SignIn, browse: Browse
) -> None:
    leaver = make_account(session, Role.REVIEWER, name="Leaver")
    successor = make_account(session, Role.REVIEWER, name="Successor")
    submission = make_submission(session)
    submission.reviewer_id = leaver.id
    sign_in(make_account(session, Role.ADMINISTRATOR))
    address = f"/admin/accounts/{leaver.id}/hand-over"
    assert "1 submission to review" in browse(address).words
    browse(address, data={"successor": successor.id, "language": "en"})
    session.refresh(submission)
    assert submission.reviewer_id == successor.id


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages(
    session: Session, authority: Account, drafter: Account, browse: Browse, language: str
) -> None:
    for address in ("", "/invite", f"/{drafter.id}/hand-over"):
        browse(f"{PEOPLE}{address}", language=language)


def test_delegates_are_shown_while_they_write(
    session: Session, authority: Account, browse: Browse
) -> None:
    submission = make_submission(session, draft={})
    wished = Wished(name="Wetlands unit", email="unit@example.org", places=None)
    given = (session, submission, aichi(), ProposalKind.DELEGATE, authority, wished)
    proposal = propose(*given)
    page = browse(PEOPLE)
    assert proposal.id in page.links()["Wetlands unit"]
    assert "Delegate: has a link, and no account" in page.words
    nobody = "Nobody else is invited to write for your Party."
    proposal.ends_at = now() - timedelta(minutes=1)
    assert nobody in browse(PEOPLE).words, "who is let in no more does not write"
    proposal.ends_at = None
    assert nobody not in browse(PEOPLE).words
    close(session, proposal, authority)
    assert nobody in browse(PEOPLE).words
