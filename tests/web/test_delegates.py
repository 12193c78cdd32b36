"""A delegate writes by a link; the Party reads, accepts or declines. No text is lost on the way."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.models.account import Account, Role
from app.models.base import now
from app.models.message import Message
from app.models.proposal import (
    Proposal,
    ProposalLink,
    Suggestion,
    SuggestionState,
)
from app.models.submission import Event, Submission
from app.services.delegates import remind_before_due
from tests import make
from tests.page import Browse, Page

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]

WHOM = {"name": "Ama Delegate", "email": "ama@example.org", "language": "en"}


@pytest.fixture
def secret(browse: Browse, kenya: Submission, session: Session) -> str:
    """Return the secret of a link to the sections of forests and animals."""
    data = {**WHOM, "place": ["forest", "animals"], "note": "Please write about trees."}
    browse(f"/submissions/{kenya.id}/delegates/new", data=data)
    return str(mailed(session)[-1]["secret"])


def mailed(session: Session) -> list[dict[str, Any]]:
    session.expire_all()
    return [
        dict(message.details) for message in session.scalars(select(Message).order_by(Message.id))
    ]


def hidden(page: Page) -> dict[str, str]:
    """Return what the page's form posts unseen, but for its token."""
    fields = page.all("input", type="hidden")
    return {
        f.get("name", ""): f.get("value", "")
        for f in fields
        if f.get("name") in (".version", ".seen")
    }


def suggestions(session: Session) -> list[Suggestion]:
    session.expire_all()
    return list(session.scalars(select(Suggestion).order_by(Suggestion.number)))


def test_a_delegate_writes_and_the_party_accepts(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    kenya: Submission,
    secret: str,
    draft: Draft,
    sign_in: SignIn,
) -> None:
    client.post("/sign-in/out")
    home = browse(f"/d/{secret}")
    assert "Please write about trees." in home.words
    assert "Rivers" not in home.words
    page = browse(f"/d/{secret}/draft/forest")
    data = {
        **hidden(page),
        "has_forest": "yes",
        "trees": "12",
        "story": "Once there was",
        "then": "stay",
    }
    browse(f"/d/{secret}/draft/forest", data=data)
    assert draft(kenya) == {}
    assert "Once there was" in browse(f"/d/{secret}/draft/forest").text
    page = browse(f"/d/{secret}/hand-in", data={"then": ""})
    assert "Handed in" in page.words
    assert mailed(session)[-1]["name"] == "Ama Delegate"
    sign_in(make.make_account(session, name="Second"))
    assert "3 suggestions of others wait for you" in browse(f"/submissions/{kenya.id}").words
    beside = browse(f"/submissions/{kenya.id}/draft/forest")
    assert "Suggested by Ama Delegate" in beside.words
    page = browse(f"/submissions/{kenya.id}/suggestions")
    data = {**hidden(page), "then": "accept-in:forest", **in_section(page)}
    page = browse(f"/submissions/{kenya.id}/suggestions", data=data)
    assert draft(kenya)["trees"] == "12"
    assert draft(kenya)["story"] == {"en": {"text": "Once there was"}}
    told = browse(f"/submissions/{kenya.id}/history").words
    assert "Suggestion accepted by Second" in told
    assert "(suggested by Ama Delegate)" in told
    assert (
        "Suggested by Ama Delegate, accepted"
        in browse(f"/submissions/{kenya.id}/draft/forest").words
    )
    assert "3 answers were suggested by others" in browse(f"/submissions/{kenya.id}/check").words
    events = browse(f"/submissions/{kenya.id}").words
    assert "Answers suggested" in events


def in_section(page: Page) -> dict[str, Any]:
    """Return the hidden fields that say which suggestions the page showed."""
    names = [
        f.get("value", "") for f in page.all("input", type="hidden") if f.get("name") == "shown"
    ]
    own = {
        f.get("name", ""): f.get("value", "")
        for f in page.all("input", type="hidden")
        if f.get("name", "").startswith("in.")
    }
    return {"shown": names, **own}


def test_a_delegate_sees_nothing_beside_its_parts(
    browse: Browse, client: FlaskClient, kenya: Submission, secret: str
) -> None:
    client.post(
        f"/submissions/{kenya.id}/draft/forest",
        data={"has_forest": "yes", "diary": "A private note", "keeper": "The keeper"},
    )
    client.post("/sign-in/out")
    page = browse(f"/d/{secret}/draft/forest")
    assert "The keeper" in page.text
    assert "A private note" not in page.text
    assert "Private notes" not in page.words
    browse(f"/d/{secret}/draft/rivers", status=404)
    browse(f"/d/{secret}/draft/nowhere", status=404)


def test_what_is_for_the_party_alone_cannot_be_suggested(
    client: FlaskClient, session: Session, secret: str
) -> None:
    client.post(f"/d/{secret}/draft/forest", data={"diary": "Mine", "uses": ["", "fire"]})
    assert [each.question for each in suggestions(session)] == ["uses"]


def test_rows_are_suggested_listed_and_taken_back(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    secret: str,
    kenya: Submission,
    draft: Draft,
) -> None:
    page = browse(f"/d/{secret}/draft/animals/herds/add")
    action = page.all("form", method="post")[-1].get("action", "")
    assert re.match(rf"/d/{secret}/draft/animals/herds/[0-9a-f-]{{36}}$", action)
    client.post(action, data={**hidden(page), "name": "Zebras"})
    listed = browse(f"/d/{secret}/draft/animals")
    assert "Zebras" in listed.words
    assert "Move up" not in listed.words
    assert "herds" not in draft(kenya)
    browse(f"{action}/remove")
    page = browse(f"{action}/remove", data={"x": ""})
    assert "Zebras" not in page.words
    assert {each.state for each in suggestions(session)} == {SuggestionState.TAKEN_BACK}


def test_an_old_page_of_a_delegate_asks_and_loses_nothing(
    browse: Browse, client: FlaskClient, session: Session, secret: str
) -> None:
    page = browse(f"/d/{secret}/draft/forest")
    client.post(f"/d/{secret}/draft/forest", data={**hidden(page), "story": "One"})
    address, old = f"/d/{secret}/draft/forest", {**hidden(page), "story": "Two"}
    asked = browse(address, data=old, status=409)
    assert "Changed from another page too: Tell about it" in asked.words
    (box,) = asked.all("textarea", id="q-story")
    assert (box.text or "").strip() == "Two"
    client.post(address, data={**hidden(asked), "story": "Two"})
    found = {each.state: each.answer["en"]["text"] for each in suggestions(session)}
    assert found[SuggestionState.WAITING] == "Two"
    assert found[SuggestionState.REPLACED] == "One"
    assert found[SuggestionState.CLASH] == "Two"


def test_the_party_is_asked_where_it_has_changed_the_answer_since(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    secret: str,
    kenya: Submission,
    draft: Draft,
) -> None:
    client.post(f"/d/{secret}/draft/forest", data={"story": "Suggested text"})
    client.post(f"/submissions/{kenya.id}/draft/forest", data={"story": "Own text"})
    address = f"/submissions/{kenya.id}/suggestions"
    page = browse(address)
    assert "The Party has changed this answer since." in page.words
    data = {**hidden(page), "then": "accept-in:forest", **in_section(page)}
    page = browse(address, data=data)
    assert "Some were not taken" in page.words
    assert draft(kenya)["story"] == {"en": {"text": "Own text"}}
    (one,) = [each for each in suggestions(session) if each.state is SuggestionState.WAITING]
    name = f"{one.proposal_id}:{one.number}"
    browse(address, data={**hidden(page), "then": f"accept:{name}"})
    assert draft(kenya)["story"] == {"en": {"text": "Suggested text"}}


def test_what_is_declined_is_kept_and_shown(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    secret: str,
    kenya: Submission,
    draft: Draft,
) -> None:
    client.post(f"/d/{secret}/draft/forest", data={"story": "Suggested text"})
    (one,) = suggestions(session)
    address = f"/submissions/{kenya.id}/suggestions"
    data = {"then": f"decline:{one.proposal_id}:{one.number}"}
    page = browse(address, data=data)
    assert "No suggestion waits." in page.words
    assert "Suggested text" in page.words
    assert "story" not in draft(kenya)


def test_links_that_are_foreign_old_or_over_are_refused_politely(
    browse: Browse, client: FlaskClient, session: Session, secret: str, kenya: Submission
) -> None:
    assert browse("/d/nonsense", status=404).h1 == "This link is not known"
    proposal = session.scalars(select(Proposal)).one()
    home = f"/submissions/{kenya.id}/delegates/{proposal.id}"
    client.post(f"{home}/send-again")
    newer = mailed(session)[-1]["secret"]
    assert newer != secret
    assert browse(f"/d/{secret}", status=404).h1 == "This link is not known"
    assert browse(f"/d/{newer}").response.headers["Cache-Control"] == "private, no-store"
    client.post(f"{home}/end")
    gone = browse(f"/d/{newer}/draft/forest", data={"story": "Late but not lost"}, status=410)
    assert gone.h1 == "This invitation has ended"
    assert browse(f"/d/{newer}", status=410).h1 == "This invitation has ended"
    assert suggestions(session) == []


def test_text_that_comes_too_late_is_on_the_page_that_refuses_it(
    client: FlaskClient, session: Session, secret: str
) -> None:
    proposal = session.scalars(select(Proposal)).one()
    proposal.ends_at = now() - timedelta(minutes=1)
    session.flush()
    data = {"story": "Late but not lost"}
    answer = client.post(
        f"/d/{secret}/draft/forest", data=data, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 410
    assert "Late but not lost" in answer.text


def test_the_database_and_the_audit_trail_keep_no_secret_and_no_name(
    session: Session, secret: str
) -> None:
    links = session.scalars(select(ProposalLink)).all()
    assert secret not in {link.hash for link in links}
    told = str([event.details for event in session.scalars(select(Event))])
    assert "ama@example.org" not in told
    assert "Ama" not in told


def test_a_reminder_goes_out_once_before_the_due_date(
    client: FlaskClient, session: Session, kenya: Submission, secret: str
) -> None:
    proposal = session.scalars(select(Proposal)).one()
    proposal.due_on, proposal.created_at = (
        now().date() + timedelta(days=2),
        now() - timedelta(days=9),
    )
    session.flush()
    assert remind_before_due(session, now().date()) == 1
    assert remind_before_due(session, now().date()) == 0
    reminder = mailed(session)[-1]
    assert reminder["due_on"] == proposal.due_on.isoformat()
    assert client.get(f"/d/{reminder['secret']}").status_code == 200
    assert client.get(f"/d/{secret}").status_code == 200, "the link before works on"


def test_what_lacks_in_an_invitation_is_told(browse: Browse, kenya: Submission) -> None:
    address = f"/submissions/{kenya.id}/delegates/new"
    page = browse(address, data={"name": "", "email": "nobody", "due_on": "2001-01-01"}, status=422)
    told = [link for link in page.links() if link.startswith(("Enter", "Choose"))]
    assert told == [
        "Enter a name.",
        "Enter an e-mail address.",
        "Choose at least one part.",
        "Enter a day from today on, such as 2026-12-31.",
    ]


def test_one_invites_to_one_row_from_its_page(
    browse: Browse, client: FlaskClient, session: Session, kenya: Submission
) -> None:
    client.post(f"/submissions/{kenya.id}/draft/animals/herds/r1", data={"name": "Zebras"})
    client.post(f"/submissions/{kenya.id}/draft/animals/herds/r2", data={"name": "Gnus"})
    place = "animals/herds/r1"
    page = browse(f"/submissions/{kenya.id}/delegates/new?place={place}")
    assert "Zebras" in page.words
    client.post(f"/submissions/{kenya.id}/delegates/new", data={**WHOM, "place": place})
    secret = mailed(session)[-1]["secret"]
    assert "Herd: Zebras" in browse(f"/d/{secret}").words
    assert browse(f"/d/{secret}/draft/{place}").h1 == "Herd: Zebras"
    browse(f"/d/{secret}/draft/animals", status=404)
    browse(f"/d/{secret}/draft/animals/herds/r2", status=404)
    browse(f"/d/{secret}/draft/{place}/sightings/add")


@pytest.mark.parametrize(
    ("role", "party", "status"),
    [
        (Role.PUBLISHING_AUTHORITY, "KEN", 200),
        (Role.READER, "KEN", 403),
        (Role.NATIONAL_AUTHORIZED_USER, "UGA", 403),
        (Role.REVIEWER, "", 403),
        (Role.ANALYST, "", 403),
        (Role.PARTNER, "", 403),
        (Role.ADMINISTRATOR, "", 403),
    ],
)
def test_who_invites_delegates(
    client: FlaskClient,
    session: Session,
    kenya: Submission,
    sign_in: SignIn,
    role: Role,
    party: str,
    status: int,
) -> None:
    sign_in(make.make_account(session, role, party))
    assert client.get(f"/submissions/{kenya.id}/delegates").status_code == status
    reading = 200 if role in (Role.PUBLISHING_AUTHORITY, Role.READER) else 403
    assert client.get(f"/submissions/{kenya.id}/suggestions").status_code == reading


def test_the_invitation_can_be_changed_and_asked_for_again(
    browse: Browse, client: FlaskClient, session: Session, kenya: Submission, secret: str
) -> None:
    proposal = session.scalars(select(Proposal)).one()
    home = f"/submissions/{kenya.id}/delegates/{proposal.id}"
    due = (now().date() + timedelta(days=10)).isoformat()
    assert "Saved." in browse(f"{home}/dates", data={"due_on": due, "ends_on": ""}).words
    proposal.due_on = now().date() - timedelta(days=1)
    later = {"due_on": proposal.due_on.isoformat(), "ends_on": due}
    assert "Saved." in browse(f"{home}/dates", data=later).words, "a due date that is over stays"
    early = (now().date() + timedelta(days=1)).isoformat()
    wrong = browse(f"{home}/dates", data={"due_on": due, "ends_on": early}, status=422)
    assert "The last day cannot be before the due date." in wrong.words
    client.post(f"/d/{secret}/draft/forest", data={"story": "Text"})
    client.post(f"/d/{secret}/hand-in")
    page = browse(f"{home}/ask-again", data={"note": "More on birds, please."})
    assert "Asked." in page.words
    assert "More on birds, please." in browse(f"/d/{mailed(session)[-1]['secret']}").words


def test_the_list_asks_no_more_of_the_database_however_many_are_invited(
    browse: Browse, client: FlaskClient, session: Session, kenya: Submission, secret: str
) -> None:
    here = f"/submissions/{kenya.id}/delegates"
    client.post(f"/d/{secret}/draft/forest", data={"story": "Text"})
    few = statements(lambda: browse(here))
    for n in range(5):
        data = {**WHOM, "email": f"d{n}@example.org", "place": ["forest"]}
        browse(f"{here}/new", data=data)
    assert statements(lambda: browse(here)) == few
    assert "One suggestion waits" in browse(here).words


def statements(act: Callable[[], object]) -> int:
    """Return how many statements an act sends to the database."""
    sent: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:  # noqa: ANN401
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(sent)


def test_each_suggestion_leads_to_its_place_in_the_draft_or_around_it(
    browse: Browse, client: FlaskClient, kenya: Submission, secret: str
) -> None:
    client.post(f"/d/{secret}/draft/animals/herds/r1", data={"name": "Zebras"})
    client.post(f"/d/{secret}/draft/forest", data={"story": "Text"})
    links = browse(f"/submissions/{kenya.id}/suggestions").links()
    for label in ("A new entry", "What is it called?", "Tell about it"):
        browse(links[label])
    listed = browse(f"/submissions/{kenya.id}/draft/animals")
    assert "A new entry" in listed.words
    assert "Accept or decline" in listed.words


def test_links_cannot_be_tried_out_and_mistakes_of_a_delegate_do_not_count(
    client: FlaskClient, secret: str
) -> None:
    for _ in range(12):
        wrong = client.post(f"/d/{secret}/draft/forest", data={"has_forest": ""})
        assert wrong.status_code == 422
    answers = [client.get(f"/d/wrong-{n}").status_code for n in range(11)]
    assert answers == [404] * 10 + [429]


def test_what_its_holder_has_changed_meanwhile_is_not_said_to_be_accepted(
    browse: Browse, client: FlaskClient, kenya: Submission, session: Session, secret: str
) -> None:
    client.post(f"/d/{secret}/draft/forest", data={"story": "Text"})
    first = session.scalars(select(Suggestion)).one()
    name = f"{first.proposal_id}:{first.number}"
    client.post(f"/d/{secret}/draft/forest", data={"story": "Another text"})
    here = f"/submissions/{kenya.id}/suggestions"
    words = browse(here, data={"then": f"accept:{name}"}).words
    assert "Some were not taken: they were changed or declined" in words
    assert "It is in the draft." not in words
