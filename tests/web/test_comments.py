"""Comments on pages: who writes, who is told, who never sees them."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from app.services.submissions import send_for_sign_off, sign
from app.workflow import DraftStatus
from tests import make
from tests.page import Browse

SignIn = Callable[[Account], None]

ANSWERS = {
    "has_forest": "yes",
    "trees": "500",
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Zebras"}}}}],
}
SECRET = "Okapi"  # in a comment alone


@pytest.fixture
def submission(session: Session, tiny: Form) -> Submission:
    return make.make_submission(session, form=tiny, draft=ANSWERS)


@pytest.fixture
def reader(session: Session) -> Account:
    return make.make_account(session, Role.READER, name="Rosa")


@pytest.fixture
def drafter(session: Session) -> Account:
    return make.make_account(session, name="Drafter")


def here(submission: Submission, rest: str = "") -> str:
    return f"/submissions/{submission.id}/comments{rest}"


def typed(text: str = "So few?", language: str = "en") -> dict[str, str]:
    return {"text": text, "language": language}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", [Role.READER, Role.NATIONAL_AUTHORIZED_USER])
def test_every_page(
    browse: Browse,
    session: Session,
    submission: Submission,
    sign_in: SignIn,
    language: str,
    role: Role,
) -> None:
    sign_in(make.make_account(session, role))
    browse(here(submission), language=language)
    at = here(submission, "/at/animals/herds/r1")
    for address in (at, f"{at}?question=name", here(submission, "/at/forest?question=trees")):
        browse(address, language=language)
        browse(address, language=language, data=typed())
        browse(address, language=language)
    for address in (
        here(submission),
        here(submission, "/1"),
        f"/submissions/{submission.id}",
        f"/submissions/{submission.id}/check",
    ):
        browse(address, language=language)


def test_a_reader_comments_on_what_it_reads_and_the_drafter_answers(
    browse: Browse, submission: Submission, sign_in: SignIn, reader: Account, drafter: Account
) -> None:
    sign_in(reader)
    home = browse(f"/submissions/{submission.id}")
    check = browse(home.links()["Read the draft"])
    page = browse(check.links()["Comment \N{EN DASH} How many trees?"])
    assert "500" in page.words
    said = browse(check.links()["Comment \N{EN DASH} How many trees?"], data=typed())
    assert "Commented." in said.words
    assert "Rosa" in said.words
    assert "Resolve: nothing is left to do" in said.words, "one's own"
    sign_in(drafter)
    assert "One open comment on the draft" in browse(f"/submissions/{submission.id}").words
    page = browse(f"/submissions/{submission.id}/draft/forest")
    link = page.links()["One open comment \N{EN DASH} How many trees?"]
    assert "So few?" in browse(link).words
    browse(f"/submissions/{submission.id}/draft/forest", data={"trees": "900", ".version": "0"})
    thread = browse(here(submission, "/1"))
    assert "900" in thread.words
    assert "It was changed after these comments began." in thread.words
    answered = browse(here(submission, "/1/reply"), data=typed("نعم", "ar"))
    assert answered.find("div", lang="ar", dir="rtl").text == "نعم"
    assert "Resolved." in browse(here(submission, "/1/resolve"), data={}).words
    assert "open comment" not in browse(f"/submissions/{submission.id}").words
    page = browse(f"/submissions/{submission.id}/draft/forest")
    assert "One resolved comment \N{EN DASH} How many trees?" in page.links()


def test_a_section_and_a_row_are_commented_on_from_their_page(
    browse: Browse, submission: Submission, sign_in: SignIn, drafter: Account
) -> None:
    sign_in(drafter)
    page = browse(f"/submissions/{submission.id}/draft/animals/herds/r1")
    at = browse(page.links()["Comment on this page"])
    assert "Zebras" in at.words
    assert "What is it called?" in at.links()
    browse(page.links()["Comment on this page"], data=typed("Are there giraffes?"))
    check = browse(f"/submissions/{submission.id}/check")
    assert "One open comment \N{EN DASH} Zebras" in check.links()


def test_a_reader_resolves_nothing_of_others_and_changes_no_answer(
    browse: Browse, submission: Submission, sign_in: SignIn, reader: Account, drafter: Account
) -> None:
    sign_in(drafter)
    browse(here(submission, "/at/forest"), data=typed())
    sign_in(reader)
    assert "Those who draft resolve these comments" in browse(here(submission, "/1")).words
    browse(here(submission, "/1/resolve"), 403, data={})
    browse(f"/submissions/{submission.id}/draft/forest", 403)
    browse(f"/submissions/{submission.id}/draft/forest", 403, data={"trees": "1"})


@pytest.mark.parametrize("address", ["/at/forest?question=trees", "/1/reply"])
@pytest.mark.parametrize("text", ["  ", "x" * 5001])
def test_what_will_not_do_is_told_and_what_was_typed_stays(
    browse: Browse,
    submission: Submission,
    sign_in: SignIn,
    reader: Account,
    address: str,
    text: str,
) -> None:
    sign_in(reader)
    browse(here(submission, "/at/forest"), data=typed())
    page = browse(here(submission, address), 422, data=typed(text, "fr"))
    assert "Write what you want to say" in page.words
    assert (page.find("textarea").text or "").strip() == text.strip()
    assert page.find("option", selected="", value="fr") is not None


def test_what_is_not_there(
    browse: Browse, submission: Submission, sign_in: SignIn, reader: Account
) -> None:
    sign_in(reader)
    for address in ("/9", "/at/none", "/at/forest?question=none"):
        browse(here(submission, address), 404)
    browse(here(submission, "/at/animals/herds/never"), 404, data=typed())


def test_before_signing_it_is_told_and_after_signing_it_is_read(
    browse: Browse,
    session: Session,
    submission: Submission,
    tiny: Form,
    sign_in: SignIn,
    reader: Account,
) -> None:
    sign_in(reader)
    browse(here(submission, "/at/animals/herds/r1"), data=typed())
    authority = make.make_account(session, Role.PUBLISHING_AUTHORITY)
    send_for_sign_off(session, submission, tiny, authority)
    sign_in(authority)
    assert "One open comment on the draft" in browse(f"/submissions/{submission.id}/sign").words
    sign(session, submission, tiny, authority, "en")
    page = browse(here(submission))
    assert "Zebras" in page.words
    assert "There is no draft now" in page.words
    assert "There is no draft now" in browse(here(submission, "/1")).words
    browse(here(submission, "/1/reply"), 409, data=typed("Late"))
    browse(here(submission, "/1/resolve"), data={})


def everywhere(app_rules: Iterator[str], submission: Submission) -> Iterator[str]:
    """Return the addresses that need no more than a submission."""
    parts = {
        "<submission_id>": submission.id,
        "<code>": "nr6",
        "<party>": "KEN",
        "<int:number>": "1",
        "<path:place>": "forest",
        "<form>": "tiny",
        "<int:version>": "1",
    }
    for rule in app_rules:
        address = rule
        for part, value in parts.items():
            address = address.replace(part, value)
        if "<" not in address:
            yield address


@pytest.mark.parametrize("who", [None, *(role for role in Role if not role.is_national)], ids=str)
def test_nobody_but_the_party_ever_sees_a_comment(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    submission: Submission,
    tiny: Form,
    sign_in: SignIn,
    reader: Account,
    who: Role | None,
) -> None:
    sign_in(reader)
    browse(here(submission, "/at/forest?question=trees"), data=typed(f"{SECRET}?"))
    authority = make.make_account(session, Role.PUBLISHING_AUTHORITY)
    send_for_sign_off(session, submission, tiny, authority)
    sign(session, submission, tiny, authority, "en")
    client.post("/sign-in/out")
    if who is not None:
        sign_in(make.make_account(session, who))
    rules = (
        rule.rule
        for rule in client.application.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    )
    read = 0
    for address in everywhere(rules, submission):
        answer = client.get(address)
        assert SECRET.encode() not in answer.data, address
        read += answer.status_code < 300
        if "/comments" in address:
            assert answer.status_code in {303, 403}, address
    assert read > 10


def test_another_party_is_refused(
    browse: Browse, session: Session, submission: Submission, sign_in: SignIn, reader: Account
) -> None:
    sign_in(reader)
    browse(here(submission, "/at/forest"), data=typed())
    for role in Role:
        if role.is_national:
            sign_in(make.make_account(session, role, "JOR"))
            browse(here(submission), 403)
            browse(here(submission, "/1"), 403)
            browse(here(submission, "/at/forest"), 403)
            browse(here(submission, "/at/forest"), 403, data=typed())
            browse(here(submission, "/1/reply"), 403, data=typed())
            browse(here(submission, "/1/resolve"), 403, data={})


def test_a_draft_that_awaits_sign_off_is_commented_on(
    browse: Browse, session: Session, submission: Submission, sign_in: SignIn, reader: Account
) -> None:
    assert submission.draft is not None
    submission.draft.status = DraftStatus.AWAITING_SIGN_OFF
    session.flush()
    sign_in(reader)
    assert "Commented." in browse(here(submission, "/at/forest"), data=typed()).words
