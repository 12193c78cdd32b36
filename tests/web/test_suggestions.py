"""Suggestions beside the pages of everybody else: who sees them, and who never does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.base import now
from app.models.proposal import ProposalKind
from app.models.submission import Submission
from app.services.delegates import invite
from app.services.proposals import Wished, propose
from app.services.submissions import send_for_sign_off, sign
from app.services.suggesting import suggest
from tests import make
from tests.page import Browse
from tests.web.test_comments import ANSWERS, everywhere

Draft = Callable[[Submission], dict[str, Any]]
SignIn = Callable[[Account], None]

WORD = "Bongo"  # in a suggestion alone


def test_a_partner_institution_has_the_same_pages_by_its_account(
    browse: Browse,
    client: FlaskClient,
    session: Session,
    kenya: Submission,
    tiny: Form,
    sign_in: SignIn,
    draft: Draft,
) -> None:
    partner = make.make_account(session, Role.PARTNER, name="An institution")
    drafter = make.make_account(session)
    wished = Wished(places=[Place("forest")])
    kind = ProposalKind.PARTNER
    proposal = propose(session, kenya, tiny, kind, drafter, wished, partner)
    home = f"/proposals/{proposal.id}"
    assert client.get(home).status_code == 404, "not of those who work for the Party"
    sign_in(partner)
    assert browse(home).h1 == "A tiny form"
    browse(f"{home}/draft/forest", data={"story": "Of an institution", "then": "stay"})
    browse(f"{home}/draft/animals", status=404)
    browse(f"{home}/hand-in", data={"then": ""})
    assert draft(kenya) == {}
    for address in (
        f"/submissions/{kenya.id}/draft/forest",
        f"/submissions/{kenya.id}/suggestions",
    ):
        assert client.get(address).status_code == 403
    sign_in(drafter)
    words = browse(f"/submissions/{kenya.id}/suggestions").words
    assert "Suggested by An institution" in words
    arabic = browse(f"/submissions/{kenya.id}/suggestions", language="ar")
    assert "An institution" in [each.text for each in arabic.all("bdi")], "apart from its date"
    other = browse(f"/submissions/{kenya.id}/suggestions?section=animals")
    assert other.links()["All suggestions"] == f"/submissions/{kenya.id}/suggestions"
    assert "One suggestion of others waits for you" in browse(f"/submissions/{kenya.id}").words
    sign_in(make.make_account(session, Role.READER))
    words = browse(f"/submissions/{kenya.id}/suggestions").words
    assert "Those who draft for your Party accept or decline suggestions." in words
    words = browse(f"/submissions/{kenya.id}").words
    assert "One suggestion waits" in words
    assert "for you" not in words
    proposal.ends_at = now() - timedelta(minutes=1)
    sign_in(partner)
    assert client.get(home).status_code == 410


@pytest.mark.parametrize("who", [None, *(role for role in Role if not role.is_national)], ids=str)
@pytest.mark.parametrize("is_signed", [True, False])
def test_nobody_but_party_and_holder_ever_sees_a_suggestion(
    client: FlaskClient,
    session: Session,
    tiny: Form,
    sign_in: SignIn,
    who: Role | None,
    *,
    is_signed: bool,
) -> None:
    submission = make.make_submission(session, form=tiny, draft=ANSWERS)
    drafter = make.make_account(session)
    wished = Wished(
        places=[Place("forest")],
        name=f"{WORD} Delegate",
        email="delegate@example.org",
        ends_at=now() + timedelta(days=9),
    )
    proposal, _secret = invite(session, submission, tiny, drafter, wished)
    suggest(session, proposal, tiny, Place("forest"), {"story": {"en": {"text": WORD}}})
    if is_signed:
        authority = make.make_account(session, Role.PUBLISHING_AUTHORITY)
        send_for_sign_off(session, submission, tiny, authority)
        sign(session, submission, tiny, authority, "en")
    if who is not None:
        sign_in(make.make_account(session, who))
    rules = (r.rule for r in client.application.url_map.iter_rules() if "GET" in (r.methods or ()))
    read = 0
    for address in everywhere(rules, submission):
        answer = client.get(address)
        assert WORD.encode() not in answer.data, address
        read += answer.status_code < 300
        if address.endswith(("/suggestions", "/delegates")):
            assert answer.status_code in {303, 403}, address
    assert read > 10
    refused = client.post(f"/submissions/{submission.id}/suggestions", data={"then": "accept:x:1"})
    assert refused.status_code in {401, 403}
