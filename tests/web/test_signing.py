"""From a draft to a signed revision, and what readers see of it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.submission import Submission
from app.workflow import DraftStatus
from tests import make
from tests.page import Browse, words

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]
Signing = Callable[[], Account]

ORIGIN = {"Origin": "http://localhost"}
COMPLETE = {
    "has_forest": "yes",
    "trees": "12",
    "story": {"en": {"text": "A public story."}},
    "keeper": "Word for the Secretariat",
    "diary": {"en": {"text": "Word for the Party"}},
    "herds": [{"row": "r1", "answers": {"name": {"en": {"text": "Zebras"}}}}],
}


@pytest.fixture
def complete(session: Session, tiny: Form, sign_in: SignIn) -> Submission:
    """Return a complete draft of Kenya; somebody who drafts is signed in."""
    sign_in(make.make_account(session))
    return make.make_submission(session, form=tiny, draft=COMPLETE)


@pytest.fixture
def awaiting(complete: Submission) -> Submission:
    assert complete.draft is not None
    complete.draft.status = DraftStatus.AWAITING_SIGN_OFF
    return complete


def home(submission: Submission) -> str:
    return f"/submissions/{submission.id}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_check_page_names_all_that_is_missing(
    browse: Browse, kenya: Submission, language: str
) -> None:
    page = browse(f"{home(kenya)}/check", language=language)
    summary = page.find("section", class_="error-summary")
    links = [a.get("href") for a in summary.iter("a")]
    assert links == [
        f"{home(kenya)}/draft/forest?problems=1#q-has_forest",
        f"{home(kenya)}/draft/animals?problems=1#at-animals-herds",
    ]
    for link in filter(None, links):
        there = browse(link.partition("#")[0], language=language)
        assert f'id="{link.partition("#")[2]}"' in there.text


def test_a_draft_with_problems_is_not_sent(
    browse: Browse, client: FlaskClient, kenya: Submission
) -> None:
    assert "Send for sign-off" not in browse(f"{home(kenya)}/check").words
    assert client.post(f"{home(kenya)}/send").status_code == 422
    assert "Draft" in browse(home(kenya)).words


def test_the_way_of_a_draft_to_the_public(
    browse: Browse, complete: Submission, signing: Signing, client: FlaskClient
) -> None:
    assert "Send for sign-off" in browse(f"{home(complete)}/check").words
    page = browse(f"{home(complete)}/send", data={})
    assert "The publishing authority of your Party reads the draft" in page.words
    assert client.get(f"{home(complete)}/draft/forest").status_code == 409
    signing()
    assert "awaits your signature" in browse(home(complete)).words
    page = browse(f"{home(complete)}/sign")
    assert "What your signature means" in page.words
    page = browse(f"{home(complete)}/sign", data={})
    assert page.h1 == "Receipt"
    assert "Submitted" in browse(home(complete)).words
    client.post("/sign-in/out")
    assert client.get(home(complete)).location.endswith(f"{home(complete)}/revisions/1")
    assert "A public story." in browse(f"{home(complete)}/revisions/1").words


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (None, {"A public story."}),
        (Role.REVIEWER, {"A public story.", "Word for the Secretariat"}),
        (
            Role.PUBLISHING_AUTHORITY,
            {"A public story.", "Word for the Secretariat", "Word for the Party"},
        ),
    ],
)
@pytest.mark.parametrize("suffix", ["", "/print"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_reader_sees_the_answers_meant_for_it(
    browse: Browse,
    session: Session,
    tiny: Form,
    sign_in: SignIn,
    role: Role | None,
    sees: set[str],
    suffix: str,
    language: str,
) -> None:
    submission = make.make_submission(session, form=tiny)
    revision = make.make_revision(session, submission, COMPLETE)
    if role:
        sign_in(make.make_account(session, role))
    page = browse(f"{home(submission)}/revisions/1{suffix}", language=language)
    every = {"A public story.", "Word for the Secretariat", "Word for the Party"}
    assert {word for word in every if word in page.text} == sees
    assert revision.hash in page.words


def test_only_the_publishing_authority_signs(
    client: FlaskClient, awaiting: Submission, session: Session, sign_in: SignIn
) -> None:
    for account in (
        make.make_account(session),
        make.make_account(session, Role.PUBLISHING_AUTHORITY, "JOR"),
        make.make_account(session, Role.REVIEWER),
        make.make_account(session, Role.ADMINISTRATOR),
    ):
        sign_in(account)
        for act in ("sign", "send-back", "withdraw", "discard"):
            assert client.get(f"{home(awaiting)}/{act}").status_code == 403
            assert client.post(f"{home(awaiting)}/{act}").status_code == 403


def test_what_is_refused_for_its_status_leads_on_to_what_it_is_about(
    browse: Browse, awaiting: Submission, draft: Draft
) -> None:
    address = f"{home(awaiting)}/draft/animals/herds/r1"
    page = browse(address, 409, data={"name": "Late"}, headers=ORIGIN)
    assert f"{home(awaiting)}/check#at-animals" in [a.get("href") for a in page.all("a")]
    assert 'id="at-animals"' in browse(f"{home(awaiting)}/check").text
    assert awaiting.draft is not None
    awaiting.draft.status = DraftStatus.OPEN
    typed = {field.get("name", ""): (field.text or "").strip() for field in page.all("textarea")}
    assert typed == {"name": "Late"}
    assert page.find("form", action=address).get("method") == "post"
    browse(address, data=typed, headers=ORIGIN)
    assert draft(awaiting)["herds"][0]["answers"] == {"name": {"en": {"text": "Late"}}}
    awaiting.draft.status = DraftStatus.AWAITING_SIGN_OFF
    page = browse(f"{home(awaiting)}/send", 409, data={})
    assert home(awaiting) in [a.get("href") for a in page.find("main").iter("a")]


def test_what_is_sent_back_says_why(
    browse: Browse, awaiting: Submission, signing: Signing, session: Session, sign_in: SignIn
) -> None:
    signing()
    browse(f"{home(awaiting)}/send-back")
    page = browse(f"{home(awaiting)}/send-back", data={"note": "Count <again>.\nAll trees."})
    assert "Count <again>." in page.words
    sign_in(make.make_account(session))
    assert "Count <again>." in browse(home(awaiting)).words
    browse(f"{home(awaiting)}/draft/forest")


def test_a_revision_shows_what_is_new_before_it_is_signed(
    browse: Browse, awaiting: Submission, signing: Signing
) -> None:
    signing()
    browse(f"{home(awaiting)}/sign", data={})
    browse(f"{home(awaiting)}/revise")
    assert "In revision" in browse(f"{home(awaiting)}/revise", data={}).words
    forest = {"has_forest": "yes", "trees": "24"}
    browse(f"{home(awaiting)}/draft/forest", data=forest)
    browse(f"{home(awaiting)}/draft/animals/herds/r2", data={"name": "Gnus"})
    browse(f"{home(awaiting)}/send", data={})
    page = browse(f"{home(awaiting)}/sign")
    assert "How many trees? Before 12 Now 24" in page.words
    assert "What is it called? Before Not answered Now Gnus" in page.words
    assert "A public story." in browse(f"{home(awaiting)}/revisions/1").words
    browse(f"{home(awaiting)}/sign", data={})
    assert "A later revision has replaced this one." in (
        browse(f"{home(awaiting)}/revisions/1").words
    )
    assert "24" in browse(f"{home(awaiting)}/revisions/2").words


def test_a_revision_can_be_discarded(
    browse: Browse, awaiting: Submission, signing: Signing, draft: Draft
) -> None:
    signing()
    browse(f"{home(awaiting)}/sign", data={})
    browse(f"{home(awaiting)}/revise", data={})
    assert draft(awaiting)["trees"] == "12"
    browse(f"{home(awaiting)}/discard")
    assert "Submitted" in browse(f"{home(awaiting)}/discard", data={}).words
    assert draft(awaiting) == {}


def test_what_is_withdrawn_is_opened_no_more(
    browse: Browse, client: FlaskClient, awaiting: Submission, signing: Signing
) -> None:
    signing()
    browse(f"{home(awaiting)}/sign", data={})
    browse(f"{home(awaiting)}/withdraw")
    page = browse(f"{home(awaiting)}/withdraw", data={"note": "An error."})
    assert "Withdrawn" in page.words
    assert "An error." in page.words
    assert client.get(f"{home(awaiting)}/revisions/1").status_code == 404
    client.post("/sign-in/out")
    for path in ("", "/revisions/1", "/revisions/1/print"):
        assert client.get(f"{home(awaiting)}{path}").status_code == 404


def test_the_note_of_a_withdrawal_is_for_the_party_alone(
    client: FlaskClient, session: Session, tiny: Form
) -> None:
    submission = make.make_submission(session, form=tiny)
    make.make_revision(session, submission, COMPLETE)
    answer = client.get(home(submission), follow_redirects=True)
    assert "What happened so far" not in answer.text


def test_what_was_signed_elsewhere_is_marked(browse: Browse, session: Session, tiny: Form) -> None:
    submission = make.make_submission(session, form=tiny)
    make.make_revision(session, submission, COMPLETE).is_signed_elsewhere = True
    assert "Imported as signed elsewhere" in browse(f"{home(submission)}/revisions/1").words


def test_signing_needs_its_csrf_token(
    client: FlaskClient, awaiting: Submission, signing: Signing
) -> None:
    signing()
    answer = client.post(f"{home(awaiting)}/sign", headers={"X-CSRFToken": "wrong"})
    assert answer.status_code == 400
    assert not awaiting.revisions


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_signing(
    browse: Browse, awaiting: Submission, signing: Signing, language: str
) -> None:
    signing()
    for path in ("", "/check", "/sign", "/send-back"):
        browse(f"{home(awaiting)}{path}", language=language)
    browse(f"{home(awaiting)}/sign", data={})
    for path in ("", "/revise", "/withdraw", "/revisions/1", "/revisions/1/print"):
        browse(f"{home(awaiting)}{path}", language=language)
    browse(f"{home(awaiting)}/revise", data={})
    for path in ("", "/discard", "/check"):
        browse(f"{home(awaiting)}{path}", language=language)


def test_two_signed_revisions_are_compared_as_far_as_the_reader_may_see(
    browse: Browse, session: Session, kenya: Submission, client: FlaskClient
) -> None:
    for trees, diary in (("5", "One"), ("6", "Two"), ("7", "Three")):
        said = {"diary": {"en": {"text": diary}}, "has_forest": "yes", "trees": trees}
        make.make_revision(session, kenya, said)
    here = f"/submissions/{kenya.id}/changes"
    page = browse(here)
    changes = [words(e) for e in page.all("dl", **{"class": "before-after"})]
    assert changes == ["Before 6 Now 7", "Before Two Now Three"]
    assert "Before 5 Now 7" in browse(f"{here}?from=1&to=3").words
    client.post("/sign-in/out")
    public = browse(here)
    assert "Before 6 Now 7" in public.words
    assert "Two" not in public.words
    browse(f"{here}?from=1&to=9", 404)


def test_one_revision_has_nothing_to_be_compared_with(
    browse: Browse, session: Session, kenya: Submission
) -> None:
    make.make_revision(session, kenya, {})
    browse(f"/submissions/{kenya.id}/changes", 404)
    assert "What changed" not in browse(f"/submissions/{kenya.id}/revisions/1").words
