"""Suggestions that a page saves by itself: by the link of a delegate, and by an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.models.account import Account, Role
from app.models.base import clock_at, now
from app.models.message import Message
from app.models.proposal import Proposal, ProposalKind, Suggestion, SuggestionState
from app.models.submission import Submission
from app.services.accepting import accept
from app.services.audit_suggestions import check_suggestions
from app.services.proposals import Wished, propose
from tests import make
from tests.page import Browse
from tests.web.test_operations import Json, Typist

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]

WHOM = {"name": "Ama Delegate", "email": "ama@example.org", "language": "en"}


class Holder(Typist):
    """Who suggests, with one page open."""

    def __init__(self, client: FlaskClient, home: str, page: str) -> None:
        self.client, self.home, self.page, self.count = client, home, page, 0

    def post(self, *operations: dict[str, Any], status: int = 200, **more: Json) -> Json:
        return super().post(*operations, status=status, **{"draft": 0, **more})


@pytest.fixture
def secret(browse: Browse, kenya: Submission, session: Session) -> str:
    """Return the secret of a link to the sections of forests and animals."""
    browse(f"/submissions/{kenya.id}/delegates/new", data={**WHOM, "place": ["forest", "animals"]})
    return newest_link(session)


@pytest.fixture
def one(client: FlaskClient, secret: str) -> Holder:
    return Holder(client, f"/d/{secret}", "page-1")


@pytest.fixture
def two(client: FlaskClient, secret: str) -> Holder:
    return Holder(client, f"/d/{secret}", "page-2")


def newest_link(session: Session) -> str:
    session.expire_all()
    last = session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    return str(last.details["secret"])


def written(session: Session, question: str) -> list[tuple[Any, str]]:
    """Return every text that was suggested for an answer, with what became of it."""
    session.expire_all()
    found = session.scalars(select(Suggestion).order_by(Suggestion.number))
    return [(_plain(each.answer), each.state.value) for each in found if each.question == question]


def _plain(answer: Json) -> Json:
    return answer["en"]["text"] if isinstance(answer, dict) else answer


def test_what_a_delegate_types_is_kept_as_a_suggestion_and_is_in_no_draft(
    one: Holder, session: Session, kenya: Submission, draft: Draft
) -> None:
    answer = one.post(one.operation(has_forest="yes", trees="12"), one.operation(story="Tall."))
    assert [each["result"] for each in answer["operations"]] == ["applied", "applied"]
    assert answer["version"] == 3
    assert answer["saved_at"].endswith("Z")
    assert written(session, "story") == [("Tall.", "waiting")]
    assert draft(kenya) == {}
    assert [problems for _count, problems in check_suggestions(session)] == [[]]


def test_an_operation_suggests_once_however_often_it_is_sent(
    one: Holder, two: Holder, session: Session
) -> None:
    first = one.operation(trees="12")
    assert one.post(first)["operations"][0]["result"] == "applied"
    assert two.send("forest", 1, trees="13")["result"] == "applied"
    again = one.post(first, first)
    assert [each["result"] for each in again["operations"]] == ["applied", "applied"]
    assert again["operations"][0]["answers"][0]["fields"]["trees"] == ["13"]
    assert again["version"] == 2
    assert written(session, "trees") == [("12", "replaced"), ("13", "waiting")]


def test_a_page_follows_itself_and_an_older_text_of_it_undoes_no_newer_one(
    one: Holder, session: Session
) -> None:
    older, newer = one.operation(story="Tal"), one.operation(story="Tall")
    assert one.post(newer)["operations"][0]["result"] == "applied"
    assert one.post(older)["operations"][0]["result"] == "same"
    assert one.send(story="Tall trees")["result"] == "applied"
    assert written(session, "story") == [("Tall", "replaced"), ("Tall trees", "waiting")]


def test_two_pages_at_one_answer_are_asked_and_both_texts_are_kept(
    one: Holder, two: Holder, session: Session
) -> None:
    assert one.send(story="Mine")["result"] == "applied"
    told = two.send(story="Other")
    assert told["result"] == "clash"
    assert told["answers"][0]["fields"]["story"] == ["Mine"]
    assert "Mine" in told["answers"][0]["html"]
    assert written(session, "story") == [("Mine", "waiting"), ("Other", "clash")]
    assert two.send("forest", told["version"], story="Other")["result"] == "applied"
    assert one.send(story="Mine, again")["result"] == "clash"
    assert written(session, "story")[2] == ("Other", "waiting")


def test_a_page_is_told_what_another_page_has_changed_or_taken_back(
    one: Holder, two: Holder
) -> None:
    version = two.post(two.operation(trees="12", has_forest="yes"))["version"]
    one.post(one.operation("animals", 0, nearest="aichi-01"))
    assert {each["question"] for each in one.changes(0, place="forest")["changes"]} == {
        "has_forest",
        "trees",
    }
    assert two.changes(0, place="forest")["changes"] == [], "its own"
    assert one.changes(version, place="forest")["changes"] == []
    two.send(trees="")
    (change,) = one.changes(version, place="forest")["changes"]
    assert (change["question"], change["fields"]["trees"]) == ("trees", [""])


def test_a_page_goes_on_where_the_party_has_accepted_meanwhile(
    one: Holder, session: Session, kenya: Submission, tiny: Form, draft: Draft
) -> None:
    one.send(story="Tall")
    first = session.scalars(select(Suggestion)).one()
    accept(session, kenya, tiny, [first], make.make_account(session, email="b@example.org"))
    session.commit()
    assert one.send(story="Tall trees")["result"] == "applied"
    newest = session.scalars(select(Suggestion).order_by(Suggestion.number.desc())).first()
    assert newest is not None
    assert (_plain(newest.base), _plain(newest.answer)) == ("Tall", "Tall trees")
    assert draft(kenya)["story"]["en"]["text"] == "Tall"


def test_only_what_the_invitation_names_is_taken(one: Holder, session: Session) -> None:
    (refused,) = one.post(one.operation("rivers", 0, length="12"))["operations"]
    assert refused["result"] == "refused"
    assert one.send(diary="For the Party alone")["result"] == "same"
    (refused,) = one.post(one.operation() | {"kind": "remove_row"})["operations"]
    assert refused["result"] == "refused"
    assert one.post(one.operation(trees="1"), status=401, account="somebody")["code"]
    assert one.post(one.operation(trees="1"), status=422, draft="x")["code"] == "invalid_input"
    one.changes(0, status=404, place="rivers")
    one.changes(0, status=401, place="forest", account="somebody")
    assert session.scalars(select(Suggestion)).all() == []


def test_writing_after_handing_in_says_that_it_is_to_be_handed_in_again(
    one: Holder, client: FlaskClient
) -> None:
    assert not one.post(one.operation(trees="12"))["is_open_again"]
    client.post(f"{one.home}/hand-in")
    assert one.post(one.operation(trees="13"))["is_open_again"]
    assert not one.post(one.operation(trees="14"))["is_open_again"]


def test_what_a_save_button_has_posted_is_not_suggested_again_by_what_waited(
    one: Holder, two: Holder, client: FlaskClient, session: Session
) -> None:
    waits = one.operation(story="Tall")
    posted = {
        "story": "Tall",
        "story.language": "en",
        ".page": one.page,
        ".version": "0",
        ".seen": "0",
        ".op.story": f"{waits['id']}:1",
        "then": "stay",
    }
    assert client.post(f"{one.home}/draft/forest", data=posted).status_code == 303
    two.send("forest", 1, story="Taller")
    assert one.post(waits)["operations"][0]["answers"][0]["fields"]["story"] == ["Taller"]
    assert written(session, "story") == [("Tall", "replaced"), ("Taller", "waiting")]


def test_the_key_of_what_waits_is_handed_out_by_an_open_link_alone(
    client: FlaskClient, session: Session, kenya: Submission, secret: str
) -> None:
    answer = client.get(f"/d/{secret}/key")
    assert answer.json is not None
    assert "no-store" in answer.headers["Cache-Control"]
    proposal = session.scalars(select(Proposal)).one()
    assert answer.json["account"] == f"proposal-{proposal.id}"
    home = f"/submissions/{kenya.id}/delegates/{proposal.id}"
    client.post(f"{home}/send-again")
    newer = newest_link(session)
    assert client.get(f"/d/{newer}/key").json == answer.json, "what waits can still be read"
    assert client.get(f"/d/{secret}/key").status_code == 404
    with clock_at(now() + timedelta(days=400)):
        assert client.get(f"/d/{newer}/key").status_code == 410
    client.post(f"{home}/end")
    assert client.get(f"/d/{newer}/key").status_code == 410
    session.expire_all()
    assert proposal.browser_key == {}


def test_two_invitations_have_two_keys(
    browse: Browse, client: FlaskClient, session: Session, kenya: Submission, secret: str
) -> None:
    browse(f"/submissions/{kenya.id}/delegates/new", data={**WHOM, "place": ["forest"]})
    other = newest_link(session)
    keys = {client.get(f"/d/{link}/key").text for link in (secret, other)}
    assert len(keys) == 2


def test_a_page_of_an_older_link_that_goes_on_asking_shuts_out_nobody(
    one: Holder, client: FlaskClient, session: Session, kenya: Submission
) -> None:
    proposal = session.scalars(select(Proposal)).one()
    client.post(f"/submissions/{kenya.id}/delegates/{proposal.id}/send-again")
    newer = newest_link(session)
    for _ in range(12):
        assert one.post(one.operation(trees="1"), status=404)["code"] == "not_found"
    assert client.get(f"/d/{newer}").status_code == 200


@pytest.mark.parametrize("kind", [ProposalKind.PARTNER, ProposalKind.ON_BEHALF])
def test_who_has_an_account_saves_as_that_account_and_nobody_else_does(
    client: FlaskClient,
    session: Session,
    kenya: Submission,
    tiny: Form,
    sign_in: SignIn,
    draft: Draft,
    kind: ProposalKind,
) -> None:
    role = Role.PARTNER if kind is ProposalKind.PARTNER else Role.REVIEWER
    holder = make.make_account(session, role, email="holder@example.org")
    inviter = make.make_account(session, email="inviter@example.org")
    wished = Wished(places=None, ends_at=now() + timedelta(days=9))
    proposal = propose(session, kenya, tiny, kind, inviter, wished, holder)
    session.commit()
    one = Holder(client, f"/proposals/{proposal.id}", "page-1")
    one.post(one.operation(trees="1"), status=404)
    sign_in(holder)
    assert one.post(one.operation(story="Tall"), account=holder.id)["version"] == 1
    assert one.changes(0, place="forest", account=holder.id)["changes"] == []
    assert one.post(one.operation(story="No"), status=401, account=inviter.id)["code"]
    assert draft(kenya) == {}
    client.post("/sign-in/out")
    assert one.post(one.operation(story="Lost?"), status=401)["code"] == "not_signed_in"
    assert written(session, "story") == [("Tall", SuggestionState.WAITING.value)]


def test_pages_of_who_suggests_save_by_themselves(
    browse: Browse, secret: str, session: Session
) -> None:
    for address in (f"/d/{secret}", f"/d/{secret}/draft/forest"):
        page = browse(address)
        (line,) = page.all("section", class_="saving")
        proposal = session.scalars(select(Proposal)).one()
        assert line.get("data-account") == f"proposal-{proposal.id}"
        assert line.get("data-operations") == f"/d/{secret}/operations?lang=en"
