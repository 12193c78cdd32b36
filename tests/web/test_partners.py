"""Partner institutions that a Party lets into its draft, and what they see: no more than that."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.message import Message
from app.models.partner import PartnerGrant
from app.models.submission import Submission
from app.services.comments import Said, begin
from app.services.partners import grants_of
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]

TOMORROW = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
ELSEWHERE = ("Gazelle", "Wildebeest", "Okapi", "Pangolin")  # what the partner must not see
ANSWERS = {
    "has_forest": "yes",
    "trees": "500",
    "story": {"en": {"text": "Baobab"}},
    "keeper": "Gazelle",  # for the Secretariat
    "diary": {"en": {"text": "Wildebeest"}},  # for the Party
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Pangolin"}}}}],
}


@pytest.fixture
def submission(session: Session, tiny: Form) -> Submission:
    return make.make_submission(session, form=tiny, draft=ANSWERS)


@pytest.fixture
def authority(session: Session) -> Account:
    return make.make_account(session, Role.PUBLISHING_AUTHORITY)


@pytest.fixture
def partner(session: Session) -> Account:
    return make.make_account(session, Role.PARTNER, name="Institute of Forests")


def typed(partner: Account, **change: object) -> dict[str, object]:
    fields: dict[str, object] = {"email": partner.email, "name": "Institute of Forests"}
    fields |= {"ends_on": TOMORROW, "level": "comment", "section": ["forest"]}
    return fields | change


@pytest.fixture
def grant(
    browse: Browse,
    session: Session,
    submission: Submission,
    sign_in: SignIn,
    authority: Account,
    partner: Account,
) -> PartnerGrant:
    """Return what the partner is invited to: to comment on the first section."""
    sign_in(authority)
    invited = browse(f"/submissions/{submission.id}/partners/invite", data=typed(partner))
    assert "Invited." in invited.words
    (found,) = grants_of(session, partner)
    sign_in(partner)
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page(
    browse: Browse,
    submission: Submission,
    grant: PartnerGrant,
    sign_in: SignIn,
    authority: Account,
    language: str,
) -> None:
    here = f"/invited/{grant.id}"
    at = f"{here}/comments/at/forest"
    browse(at, language=language, data={"text": "Why?", "language": "en"})
    for address in ("/", here, at, f"{at}?question=trees", f"{here}/comments/1"):
        browse(address, language=language)
    sign_in(authority)
    for address in ("", "/partners", "/partners/invite"):
        browse(f"/submissions/{submission.id}{address}", language=language)


def test_a_partner_reads_its_sections_and_comments_and_the_party_answers(
    browse: Browse,
    session: Session,
    submission: Submission,
    grant: PartnerGrant,
    sign_in: SignIn,
) -> None:
    sign_in(make.make_account(session))
    people = browse("/parties/KEN/people")
    assert "Institute of Forests" in people.words
    assert "Read and comment" in people.words
    sign_in(grant.account)
    home = browse("/")
    assert "What you are invited to" in home.words
    page = browse(home.links()["Draft of Kenya"])
    assert "Baobab" in page.words
    link = page.links()["Comment \N{EN DASH} How many trees?"]
    assert "Commented." in browse(link, data={"text": "So few?", "language": "en"}).words
    drafter = make.make_account(session, name="Drafter")
    sign_in(drafter)
    thread = browse(f"/submissions/{submission.id}/comments/1")
    assert "The partner institution Institute of Forests began this" in thread.words
    said = {"text": "Only the old ones.", "language": "en"}
    browse(f"/submissions/{submission.id}/comments/1/reply", data=said)
    sign_in(grant.account)
    answered = browse(f"/invited/{grant.id}/comments/1")
    assert "Only the old ones." in answered.words
    assert "Drafter" not in answered.words, "who answers for the Party is told by role"
    assert "National authorized user" in answered.words
    resolved = browse(f"/invited/{grant.id}/comments/1/resolve", data={})
    assert "Resolved." in resolved.words


def test_no_address_or_mail_tells_a_partner_how_many_comments_the_party_has(
    browse: Browse,
    session: Session,
    submission: Submission,
    grant: PartnerGrant,
    sign_in: SignIn,
) -> None:
    said = {"text": "Among ourselves.", "language": "en"}
    sign_in(make.make_account(session, name="Drafter"))
    for question in ("story", "trees"):
        browse(f"/submissions/{submission.id}/comments/at/forest?question={question}", data=said)
    sign_in(grant.account)
    home = browse(f"/invited/{grant.id}")
    link = home.links()["Comment \N{EN DASH} How many trees?"]
    begun = browse(link, data={"text": "So few?", "language": "en"})
    assert "So few?" in begun.words
    assert f"/invited/{grant.id}/comments/1/reply" in begun.text
    assert "/comments/3" not in begun.text + browse(f"/invited/{grant.id}").text
    browse(f"/invited/{grant.id}/comments/3", 404)
    browse(f"/invited/{grant.id}/comments/0", 404)
    sign_in(make.make_account(session, name="Colleague"))
    browse(f"/submissions/{submission.id}/comments/3/reply", data=said)
    session.expire_all()
    told = session.scalars(select(Message).where(Message.kind == "partner_comment")).one()
    assert told.details == {"grant": grant.id, "comments": 1}


def test_what_a_partner_drafts_is_a_suggestion_that_the_party_accepts(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    submission: Submission,
    sign_in: SignIn,
    authority: Account,
    partner: Account,
) -> None:
    sign_in(authority)
    fields = typed(partner, level="draft", note="Please tell about it.")
    browse(f"/submissions/{submission.id}/partners/invite", data=fields)
    sign_in(partner)
    (grant,) = grants_of(session, partner)
    page = browse(f"/invited/{grant.id}")
    assert "Please tell about it." in page.words
    home = browse(page.links()["Write your text"])
    assert home.links()["Draft of Kenya"] == f"/invited/{grant.id}", "the way back"
    page = browse(home.links()["Forests"])
    names = [field.get("name", "") for field in page.all("textarea")]
    story = next(name for name in names if name.startswith("story"))
    assert not any(name.startswith(("diary", "keeper")) for name in names)
    shown = {f.get("name", ""): f.get("value", "") for f in page.all("input", type="hidden")}
    browse(home.links()["Forests"], data=shown | {story: "Acacia", "then": "stay"})
    parts = {"<submission_id>": submission.id, "<grant_id>": grant.id, "<path:place>": "animals"}
    parts |= {"<proposal_id>": grant.proposal_id or "", "<container>": "herds"}
    for address in addresses(client, parts):
        answer = client.get(address)
        for word in ELSEWHERE:
            assert word.encode() not in answer.data, address
    sign_in(authority)
    suggested = browse(f"/submissions/{submission.id}/suggestions")
    assert "Acacia" in suggested.words
    assert "Institute of Forests" in suggested.words
    assert "Acacia" not in browse(f"/submissions/{submission.id}/check").words
    browse(f"/submissions/{submission.id}/partners/{grant.id}/end", data={})
    sign_in(partner)
    assert client.get(f"/proposals/{grant.proposal_id}").status_code == 410


def addresses(client: FlaskClient, parts: dict[str, str]) -> Iterator[str]:
    """Return every address that can be written with *parts*."""
    for rule in client.application.url_map.iter_rules():
        address = rule.rule
        for part, value in parts.items():
            address = address.replace(part, value)
        if "GET" in (rule.methods or ()) and "<" not in address:
            yield address


@pytest.mark.parametrize("place", ["forest", "animals", "animals/herds/r1"])
def test_a_partner_sees_nothing_but_what_it_is_invited_to(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    submission: Submission,
    tiny: Form,
    grant: PartnerGrant,
    place: str,
) -> None:
    said = Said(text="Okapi?", language="en")
    drafter = make.make_account(session)
    begin(session, submission, tiny, Place("forest"), "trees", said, drafter)
    parts = {"<submission_id>": submission.id, "<grant_id>": grant.id, "<code>": "KEN"}
    parts |= {"<int:number>": "1", "<path:place>": place, "<party>": "KEN"}
    read = 0
    for address in addresses(client, parts):
        answer = client.get(address)
        for word in ELSEWHERE:
            assert word.encode() not in answer.data, address
        if b"Baobab" in answer.data:
            assert address == f"/invited/{grant.id}"
            read += 1
        if address.startswith("/submissions/"):
            assert answer.status_code in {403, 404}, address
        if address.startswith(f"/invited/{grant.id}/comments"):
            is_in = address.endswith("/at/forest")
            assert answer.status_code == (200 if is_in else 404), address
    assert read == 1


def test_it_writes_nowhere_else(
    client: FlaskClient, session: Session, submission: Submission, grant: PartnerGrant
) -> None:
    parts = {"<submission_id>": submission.id, "<path:place>": "forest", "<int:number>": "1"}
    tried = 0
    for rule in client.application.url_map.iter_rules():
        address = rule.rule
        for part, value in parts.items():
            address = address.replace(part, value)
        is_of_it = address.startswith("/submissions/") and "<" not in address
        if is_of_it and "POST" in (rule.methods or ()):
            assert client.post(address).status_code in {401, 403, 404}, address
            tried += 1
    assert tried > 15
    session.expire_all()
    assert [event.action for event in submission.events] == ["open_to_partner"]


@pytest.mark.parametrize("question", ["keeper", "diary", "none"])
def test_it_cannot_comment_on_what_it_does_not_see(
    browse: Browse, grant: PartnerGrant, question: str
) -> None:
    at = f"/invited/{grant.id}/comments/at/forest?question={question}"
    browse(at, 404)
    browse(at, 404, data={"text": "Why?", "language": "en"})


def test_one_that_may_only_read_comments_nowhere(
    browse: Browse,
    session: Session,
    submission: Submission,
    grant: PartnerGrant,
    sign_in: SignIn,
    authority: Account,
) -> None:
    sign_in(authority)
    browse(f"/submissions/{submission.id}/partners/{grant.id}/end", data={})
    browse(f"/submissions/{submission.id}/partners/invite", data=typed(grant.account, level="read"))
    sign_in(grant.account)
    (reading,) = grants_of(session, grant.account)
    page = browse(f"/invited/{reading.id}")
    assert "Baobab" in page.words
    assert "Comment" not in page.words.split()
    at = f"/invited/{reading.id}/comments/at/forest"
    browse(at, 404)
    browse(at, 404, data={"text": "Why?", "language": "en"})


def test_an_access_that_was_ended_says_so_and_the_text_typed_is_still_there(
    browse: Browse,
    submission: Submission,
    grant: PartnerGrant,
    sign_in: SignIn,
    authority: Account,
) -> None:
    sign_in(authority)
    ended = browse(f"/submissions/{submission.id}/partners/{grant.id}/end", data={})
    assert "Ended." in ended.words
    sign_in(grant.account)
    assert "invited to nothing now" in browse("/").words
    assert "This access has ended" in browse(f"/invited/{grant.id}", 410).words
    at = f"/invited/{grant.id}/comments/at/forest"
    refused = browse(
        *(at, 410),
        data={"text": "Why so few of them?", "language": "en"},
        headers={"Origin": "http://localhost"},
    )
    assert "Why so few of them?" in refused.words


def test_it_is_its_own_and_nobody_else_s(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    grant: PartnerGrant,
    sign_in: SignIn,
) -> None:
    sign_in(make.make_account(session, Role.PARTNER))
    browse(f"/invited/{grant.id}", 404)
    browse(f"/invited/{grant.id}/parties", 404)
    browse(f"/invited/{grant.id}/answers.xlsx", 404)
    for role in Role:
        if role is not Role.PARTNER:
            sign_in(make.make_account(session, role))
            browse(f"/invited/{grant.id}", 403)
    client.post("/sign-in/out")
    assert client.get(f"/invited/{grant.id}").status_code == 303


def test_only_a_designated_publishing_authority_invites(
    browse: Browse, session: Session, submission: Submission, sign_in: SignIn, partner: Account
) -> None:
    here = f"/submissions/{submission.id}/partners"
    for person in (
        make.make_account(session),
        make.make_account(session, Role.READER),
        make.make_account(session, Role.PUBLISHING_AUTHORITY, "JOR"),
        make.make_account(session, Role.PUBLISHING_AUTHORITY, designated=False),
        make.make_account(session, Role.REVIEWER),
        make.make_account(session, Role.ADMINISTRATOR),
        partner,
    ):
        sign_in(person)
        browse(here, 403)
        browse(f"{here}/invite", 403)
        browse(f"{here}/invite", 403, data=typed(partner))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"email": "none"}, "Enter an e-mail address."),
        ({"name": ""}, "Enter the name of the institution"),
        ({"ends_on": "soon"}, "Enter a day from today on"),
        ({"ends_on": "2001-01-01"}, "Enter a day from today on"),
        ({"section": []}, "Choose at least one section."),
    ],
)
def test_what_will_not_do_is_told_and_what_was_typed_stays(
    browse: Browse,
    submission: Submission,
    sign_in: SignIn,
    authority: Account,
    partner: Account,
    change: dict[str, object],
    told: str,
) -> None:
    sign_in(authority)
    fields = typed(partner, note="Please look at trees.") | change
    page = browse(f"/submissions/{submission.id}/partners/invite", 422, data=fields)
    assert told in page.words
    assert (page.find("textarea").text or "").strip() == "Please look at trees."


def test_after_signing_the_draft_is_gone_for_it_too(
    browse: Browse, session: Session, submission: Submission, grant: PartnerGrant
) -> None:
    session.delete(submission.draft)
    make.make_revision(session, submission, ANSWERS)
    session.flush()
    session.expire_all()
    page = browse(f"/invited/{grant.id}")
    assert "There is no draft now." in page.words
    assert "Baobab" in browse(page.links()["Read what was signed"]).words


def test_all_that_is_empty_is_told_at_once(
    browse: Browse, submission: Submission, sign_in: SignIn, authority: Account
) -> None:
    sign_in(authority)
    page = browse(f"/submissions/{submission.id}/partners/invite", 422, data={"level": "read"})
    told = [link for link in page.links().values() if link.startswith("#")]
    assert told[-4:] == ["#email", "#name", "#sections", "#ends_on"]
