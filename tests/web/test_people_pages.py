"""Pages about who does what ask the database as often for many as for few."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.forms.definition import Form
from app.forms.places import Place
from app.models.account import Account, Role
from app.models.base import clock_at, now
from app.models.partner import GrantLevel
from app.models.proposal import ProposalKind
from app.models.submission import Submission
from app.services.comments import Said, begin
from app.services.partners import Invited, invite_to_draft
from app.services.proposals import Wished, propose
from app.services.suggesting import suggest
from tests import make

SignIn = Callable[[Account], None]

PEOPLE = "/parties/KEN/people"


def test_no_page_asks_for_each_line(
    client: FlaskClient, session: Session, tiny: Form, sign_in: SignIn
) -> None:
    submission = make.make_submission(session, form=tiny, draft={"has_forest": "yes"})
    authority = make.make_account(session, Role.PUBLISHING_AUTHORITY)
    wished = Wished(places=None, name="Delegate", email="delegate@example.org")
    given = (session, submission, tiny, ProposalKind.DELEGATE, authority, wished)
    proposal = propose(*given)
    here = f"/submissions/{submission.id}"
    pages = (PEOPLE, f"{here}/comments", f"{here}/suggestions", f"{here}/draft/animals")
    sign_in(authority)

    def add(number: int) -> None:
        make.make_account(session)
        let_in(session, submission, tiny, authority)
        said = Said(text="?", language="en")
        begin(session, submission, tiny, Place("forest"), "story", said, authority)
        row = Place("animals").child("herds", f"row-{number}")
        suggest(session, proposal, tiny, row, {"name": {"en": {"text": f"Herd {number}"}}})
        session.flush()

    with clock_at(now()):  # else the minute in which one was last seen is written once more
        add(0)
        for page in pages:
            client.get(page)
        few = [queries_of(client, session, page) for page in pages]
        for number in range(1, 9):
            add(number)
        many = [queries_of(client, session, page) for page in pages]
    assert all(after <= before for before, after in zip(few, many, strict=True)), (few, many)


def let_in(session: Session, submission: Submission, form: Form, authority: Account) -> None:
    partner = make.make_account(session, Role.PARTNER)
    ends_on = (now() + timedelta(days=2)).date()
    invited = Invited(email=partner.email, name="Institute", ends_on=ends_on)
    level, sections = GrantLevel.COMMENT, ["forest"]
    invite_to_draft(session, submission, form, invited, authority, level=level, sections=sections)


def queries_of(client: FlaskClient, session: Session, address: str) -> int:
    """Return how often a page asks the database."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    engine = session.get_bind()
    session.expire_all()
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)
